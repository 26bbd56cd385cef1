// A full disk as Elasticsearch meets it: above the flood stage it blocks writing to all indices, and lifts that
// when there is space again. The disk is really full where it can be limited; else the stage is set so low that
// any disk is above it.
import { setTimeout as sleep } from "node:timers/promises";
import { Client, errors } from "@elastic/elasticsearch";
import { ELASTIC_USER } from "../servers/addresses.ts";
import type { RealServer } from "./real-server.ts";

/** Shares in use above which it acts. */
const STAGES = { low: "90%", high: "93%", flood_stage: "95%" };
/** Free bytes below which it acts: more than any disk has. */
const ALWAYS = { low: "1pb", high: "1pb", flood_stage: "1pb" };
const FULL_SHARE = 0.97;
/** Its least; only then it looks at the disk again. */
const LOOK_SECONDS = 10;
const NOTICE_MS_MAX = 40_000;
const POLL_MS = 300;
const ANSWER_MS = 30_000;
const BLOCK = "index.blocks.read_only_allow_delete";

/** Lets it look at its disk, which test servers don't by themselves. */
export async function watchDisk(server: RealServer): Promise<void> {
  await withClient(server, (client) => putStages(client, STAGES));
}

/** Resolves when it has noticed, or can't be asked. */
export async function fillElasticsearch(server: RealServer): Promise<void> {
  await withClient(server, async (client) => {
    if (server.quota !== undefined) server.quota.fill(FULL_SHARE);
    else await putStages(client, ALWAYS);
    const until = Date.now() + NOTICE_MS_MAX;
    while (Date.now() < until && !(await isBlocked(client))) await sleep(POLL_MS);
  });
}

export async function freeElasticsearch(server: RealServer): Promise<void> {
  if (server.quota !== undefined) server.quota.free();
  else await watchDisk(server);
}

async function putStages(client: Client, stages: typeof STAGES): Promise<void> {
  const watermarks = Object.entries(stages).map(
    ([name, value]) => [`cluster.routing.allocation.disk.watermark.${name}`, value] as const,
  );
  await client.cluster.putSettings({
    persistent: {
      "cluster.routing.allocation.disk.threshold_enabled": true,
      "cluster.info.update.interval": `${LOOK_SECONDS}s`,
      ...Object.fromEntries(watermarks),
    },
  });
}

async function isBlocked(client: Client): Promise<boolean> {
  try {
    const settings = await client.indices.getSettings({ index: "*", flat_settings: true });
    return Object.values(settings).some((one) => JSON.stringify(one).includes(`"${BLOCK}":"true"`));
  } catch (error) {
    if (error instanceof errors.ElasticsearchClientError) return false;
    throw error;
  }
}

async function withClient<T>(
  { port }: RealServer,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const node = `http://127.0.0.1:${port}`;
  const client = new Client({ node, auth: ELASTIC_USER, maxRetries: 3, requestTimeout: ANSWER_MS });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
