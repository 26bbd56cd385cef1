// What `heidewacht doctor` looks at in Elasticsearch: each node, its version, health, disk, shards, clock,
// and what we may do there, compared with what we need.
import type { Client } from "@elastic/elasticsearch";
import type { Elasticsearch } from "../../elasticsearch/connection.ts";
import type { NeededPrivileges } from "../../elasticsearch/privileges.ts";
import { type Check, CLOCK_DIFFERENCE_MAX_MS, clockOff, faultLine, type Line } from "./check.ts";
import { layoutLines, templateLines } from "./elasticsearch-data-checks.ts";
import { diskLines } from "./elasticsearch-disk-check.ts";
import type { DoctorText } from "./messages.ts";

const MAJORS = ["8", "9"];
/** Share of the shards that the cluster allows from which on we warn. */
const SHARDS_SHARE = 0.9;
/** Shards that a node takes where nothing else is set (cluster.max_shards_per_node). */
const SHARDS_PER_NODE = 1000;
/** Rights that nothing of ours uses: whoever has them could do too much. */
const TOO_MUCH = ["all", "manage_security"];

export interface ElasticsearchChecksParts {
  /** One client a node, by its URL. */
  readonly nodes: ReadonlyMap<string, Elasticsearch>;
  /** Any of them, for names and settings. */
  readonly elasticsearch: Elasticsearch;
  readonly tenants: readonly string[];
  readonly needed: NeededPrivileges;
  /** Share of the disk below which free space is too little, 0 to 1. */
  readonly freeShareMin: number;
  readonly now: () => number;
  readonly text: DoctorText;
}

/** The checks. */
export function elasticsearchChecks(parts: ElasticsearchChecksParts): Check[] {
  const { nodes, text } = parts;
  const any =
    (look: (client: Client, signal: AbortSignal) => Promise<Line[]>) =>
    async (signal: AbortSignal) => {
      const client = await firstThatAnswers([...nodes.values()], signal);
      return look(client, signal);
    };
  return [
    ...[...nodes].map(([url, { client }]) => ({
      name: `Elasticsearch ${url}`,
      run: (signal: AbortSignal) => nodeLines(client, text, signal),
    })),
    { name: text.health, run: any((client, signal) => healthLines(client, text, signal)) },
    { name: text.esDisk, run: any(seen("monitor", parts, diskLines)) },
    { name: text.esTemplates, run: any(seen("manage_index_templates", parts, templateLines)) },
    { name: text.esLayouts, run: any(seen("read", parts, layoutLines)) },
    { name: text.esRights, run: any((client, signal) => rightLines(client, parts, signal)) },
    { name: text.esClock, run: any((client, signal) => clockLines(client, parts, signal)) },
  ];
}

type Look<Parts> = (client: Client, parts: Parts, signal: AbortSignal) => Promise<Line[]>;

/** Looks, or says which right is missing to do so. */
function seen(
  right: string,
  parts: ElasticsearchChecksParts,
  look: Look<ElasticsearchChecksParts>,
) {
  return async (client: Client, signal: AbortSignal): Promise<Line[]> =>
    (await permitted(look(client, parts, signal))) ?? [unseen(parts.text, right)];
}

async function firstThatAnswers(
  all: readonly Elasticsearch[],
  signal: AbortSignal,
): Promise<Client> {
  return Promise.any(
    all.map(async ({ client }) => {
      await client.info(undefined, { signal });
      return client;
    }),
  );
}

async function nodeLines(client: Client, text: DoctorText, signal: AbortSignal): Promise<Line[]> {
  try {
    const { version, cluster_name: cluster } = await client.info(undefined, { signal });
    const isKnown = MAJORS.includes(version.number.split(".")[0] ?? "");
    if (isKnown) return [{ outcome: "good", text: text.esVersion(version.number, cluster) }];
    return [{ outcome: "bad", text: text.esOther(version.number), mend: text.esOtherMend }];
  } catch (error) {
    const isRefused = statusOf(error) === 401;
    return [faultLine(error, isRefused ? text.esSignInMend : text.esMend)];
  }
}

async function healthLines(client: Client, text: DoctorText, signal: AbortSignal): Promise<Line[]> {
  const health = await permitted(client.cluster.health(undefined, { signal }));
  if (health === undefined) return [unseen(text, "monitor")];
  const lines: Line[] = [];
  const { status, number_of_data_nodes: nodes, unassigned_shards: unassigned } = health;
  const words = text.clusterHealth(status, nodes, unassigned);
  const outcome = status === "red" ? "bad" : status === "yellow" ? "warning" : "good";
  // A single node has no place for copies: that is how it was built, not a fault.
  if (outcome === "good") lines.push({ outcome, text: words });
  else lines.push({ outcome, text: words, mend: text.clusterMend });
  const limit = nodes * SHARDS_PER_NODE;
  if (health.active_shards > limit * SHARDS_SHARE) {
    const shards = text.shards(health.active_shards, limit);
    lines.push({ outcome: "warning", text: shards, mend: text.shardsMend });
  }
  return lines;
}

async function rightLines(
  client: Client,
  { needed, text }: ElasticsearchChecksParts,
  signal: AbortSignal,
): Promise<Line[]> {
  const cluster: string[] = [...needed.cluster, ...TOO_MUCH];
  const index = needed.indices.map(({ names, privileges }) => {
    return { names: [...names], privileges: [...privileges] };
  });
  const answer = await client.transport.request<HasPrivileges>(
    {
      method: "POST",
      path: "/_security/user/_has_privileges",
      body: { cluster, index: [...index, { names: ["*"], privileges: ["all"] }] },
    },
    { signal },
  );
  const lacking = [
    ...needed.cluster.filter((name) => answer.cluster[name] !== true),
    ...needed.indices.flatMap(({ names, privileges }) =>
      names.flatMap((name) =>
        privileges
          .filter((privilege) => answer.index[name]?.[privilege] !== true)
          .map((privilege) => `${name}: ${privilege}`),
      ),
    ),
  ];
  const excess = [
    ...TOO_MUCH.filter((name) => answer.cluster[name] === true),
    ...(answer.index["*"]?.all === true ? ["*: all"] : []),
  ];
  const lines: Line[] = [];
  if (lacking.length > 0) {
    lines.push({ outcome: "bad", text: text.esLacks(lacking.join(", ")), mend: text.esRightsMend });
  }
  if (excess.length > 0) {
    const words = text.esExcess(answer.username, excess.join(", "));
    lines.push({ outcome: "warning", text: words, mend: text.esRightsMend });
  }
  if (lines.length > 0) return lines;
  return [{ outcome: "good", text: text.esRightsGood(answer.username) }];
}

interface HasPrivileges {
  readonly username: string;
  readonly cluster: Readonly<Record<string, boolean>>;
  readonly index: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

async function clockLines(
  client: Client,
  { text, now }: ElasticsearchChecksParts,
  signal: AbortSignal,
): Promise<Line[]> {
  const before = now();
  const stats = await permitted(
    client.nodes.stats(
      { metric: "os", filter_path: "nodes.*.os.timestamp,nodes.*.name" },
      { signal },
    ),
  );
  if (stats === undefined) return [unseen(text, "monitor")];
  const after = now();
  return Object.values(stats.nodes).map((node) => {
    const { timestamp = before } = node.os ?? {};
    const off = clockOff(timestamp, before, after);
    const words = text.clock(node.name ?? "?", off);
    if (Math.abs(off) <= CLOCK_DIFFERENCE_MAX_MS) return { outcome: "good", text: words };
    return { outcome: "warning", text: words, mend: text.clockMend };
  });
}

function unseen(text: DoctorText, right: string): Line {
  return { outcome: "warning", text: text.esUnseen(right), mend: text.esUnseenMend };
}

/** Undefined where we have no right to ask. */
async function permitted<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 403) return undefined;
    throw error;
  }
}

/** HTTP status of an answer that is an error. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
