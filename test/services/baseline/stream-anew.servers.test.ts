// The topic of observations is deleted on a real broker, and made anew by who writes to it next: its offsets
// begin again below those that the stage remembers, and nothing that comes then may be taken for known.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { afterAll, expect, it } from "vitest";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { openKafkaBus } from "../../../services/bus/kafka.ts";
import { kafkaBroker, ownPrefix } from "../../servers/addresses.ts";
import { deleteTopics } from "../../servers/kafka-cleaning.ts";
import {
  batches,
  publishIdle,
  settled,
  settledUpTo,
  signalsOf,
  stageTopics,
  startOwner,
  TENANT,
  undisturbed,
} from "./keyed-stage.ts";

const folder = mkdtempSync(join(tmpdir(), "heidewacht-anew-"));
const prefixes: string[] = [];
afterAll(async () => {
  await deleteTopics(kafkaBroker(), prefixes);
  rmSync(folder, { recursive: true });
});

function openBus() {
  const prefix = ownPrefix();
  prefixes.push(prefix);
  const connection = {
    brokers: [kafkaBroker()],
    clientId: "test",
    tls: undefined,
    sasl: undefined,
  };
  return openKafkaBus({
    ...{ connection, prefix, client: "platformatic", compression: "none" },
    ...{ topics: stageTopics(), sealedTopics: [], tenants: [TENANT] },
    ...{ sessionTimeoutMs: 6000, logger: pino({ level: "silent" }) },
  });
}

async function deleteStream(): Promise<void> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafkaBroker()] });
  const topic = `${prefixes.at(-1)}.${TENANT}.observations`;
  await admin.deleteTopics({ topics: [topic] });
  // The broker still takes records for a moment, and deletes them with the topic.
  while ((await admin.listTopics()).includes(topic)) await sleep(10);
  await admin.close();
}

it.each([
  ["under its owner", true],
  ["while it has no owner", false],
])("a stream that is deleted %s loses only what nobody had read", async (_, isOwned) => {
  const bus = await openBus();
  const all = batches();
  let owner = await startOwner(bus);
  for (const records of all.slice(0, 60)) await bus.publish(TENANT, "observations", records);
  await settledUpTo(bus);
  if (!isOwned) await owner.close();
  await deleteStream();
  // Some of it before anybody takes over, fewer records than there were.
  for (const records of all.slice(60, 70)) await bus.publish(TENANT, "observations", records);
  if (!isOwned) owner = await startOwner(bus);
  for (const records of all.slice(70)) await bus.publish(TENANT, "observations", records);
  await publishIdle(bus);
  await settled(bus, [owner]);
  await owner.close();
  const signals = await signalsOf(bus);
  await bus.close();
  const topics = stageTopics();
  const dataDir = join(folder, prefixes.at(-1) ?? "");
  expect(signals).toEqual(
    await undisturbed(openEmbeddedBus({ dataDir, topics, sealedTopics: [] })),
  );
});
