// One simulated day on a shippers' topic of the real Kafka, and what an installation makes of it: the
// embedded one in this process, or one of several processes over Kafka and Elasticsearch.
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { pino } from "pino";
import { parse, stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import type { ServiceName } from "../../config/services.ts";
import { createToken } from "../../services/api/api-tokens.ts";
import { findingRowOf } from "../../services/api/finding-search.ts";
import { type FindingRow, findingPage } from "../../services/api/schemas.ts";
import { partitionOf } from "../../services/bus/partition.ts";
import { startHeidewacht } from "../../services/main.ts";
import type { Ports } from "../../services/ports.ts";
import type { SimulatedRecord } from "../../services/simulator/record.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import { type Cluster, createCluster, untilClusterIdle } from "../support/cluster.ts";
import { copyEpochs, openStoreOf } from "../support/epochs.ts";
import type { TestTopics } from "../support/kafka-topics.ts";
import { BROKEN_SOURCE, freePort, type Installation, TENANT } from "../support/loopback.ts";
import { type Outcome, readOutcome } from "../support/outcome.ts";
import type { ServiceProcess } from "../support/service-process.ts";

/** Of the topic `raw` and of `observations`. */
export const PARTITIONS = 4;
const POLL_MS = 100;
const RECORDS_PER_SEND = 500;
/** Every so many records a source says something that does not fit its format. */
const RECORDS_PER_BROKEN = 40;
const HOUR_MS = 3_600_000;
const STORED_MAX = 500;

/** A topic with a day's records. */
export interface ShippedDay {
  readonly topic: string;
  /** Of sources that don't keep to their format. */
  readonly brokenTopic: string;
  readonly records: number;
  readonly brokenRecords: number;
}

/**
 * Puts the records on topics. A source's records keep their order: they lie in one partition, as those of a
 * shipper that uses its own name as the key. All partitions of `raw` get some.
 */
export async function shipDay(
  all: Iterable<SimulatedRecord>,
  topics: TestTopics,
): Promise<ShippedDay> {
  const lanes = lanesOf(`${topics.prefix}-logs`);
  const topic = await topics.create("logs", Math.max(...lanes) + 1);
  const brokenTopic = await topics.create("broken");
  const laneOf = new Map<string, number>();
  const messages = Array.from(all, ({ source, text }) => {
    const lane = laneOf.get(source) ?? lanes[laneOf.size % lanes.length] ?? 0;
    laneOf.set(source, lane);
    return { value: text, partition: lane, headers: { source } };
  });
  for (let at = 0; at < messages.length; at += RECORDS_PER_SEND) {
    await topics.send(topic, messages.slice(at, at + RECORDS_PER_SEND));
  }
  const broken = Array.from({ length: Math.floor(messages.length / RECORDS_PER_BROKEN) });
  await topics.send(
    brokenTopic,
    broken.map((_, number) => ({ value: JSON.stringify({ battery: 97, number }) })),
  );
  const brokenRecords = broken.length;
  return { topic, brokenTopic, records: messages.length, brokenRecords };
}

// The input keys what it copies by topic and partition.
function lanesOf(topic: string): number[] {
  const lanes = new Map<number, number>();
  for (let lane = 0; lanes.size < PARTITIONS; lane += 1) {
    const raw = partitionOf(`${topic}/${lane}`, PARTITIONS);
    if (!lanes.has(raw)) lanes.set(raw, lane);
  }
  return [...lanes.values()];
}

function inputsOf({ topic, brokenTopic }: ShippedDay, broker: string, group: string) {
  const broken = { topic: brokenTopic, tenant: TENANT, source: BROKEN_SOURCE, format: "cef" };
  const input = {
    ...{ connection: { brokers: [broker] }, topics: [topic, brokenTopic], group },
    ...{ sourceHeader: "source", binding: { tenant: TENANT, source: "unnamed" }, routes: [broken] },
  };
  return { http: { enabled: false }, kafka: [input] };
}

/** Runs the day through all services in this process, on files. */
export async function runEmbedded(
  installation: Installation,
  day: ShippedDay,
  broker: string,
  group: string,
): Promise<Outcome> {
  const file: unknown = parse(readFileSync(installation.configFile, "utf8"));
  if (typeof file !== "object" || file === null) throw new TypeError("not a configuration");
  const inputs = inputsOf(day, broker, group);
  const queue = { partitions: PARTITIONS };
  writeFileSync(installation.configFile, stringify({ ...file, queue, inputs }));
  const loaded = loadConfig(installation.configFile, {});
  const running = await startHeidewacht(loaded, { logger: pino({ level: "silent" }) });
  try {
    await untilRead(broker, group, day);
    // What is judged late may raise signals after those were looked at.
    for (let pass = 0; pass < 2; pass += 1) await running.idle(TENANT);
    return await readOutcome(running, TENANT);
  } finally {
    await running.close();
  }
}

export interface Servers {
  /** `host:port` */
  readonly broker: string;
  readonly elasticsearchUrl: string;
}

export interface ClusterRun {
  readonly outcome: Outcome;
  /** Events that each detect process has matched. */
  readonly eventsByDetect: readonly number[];
  /** Most observations that waited for their time in each baseline process. */
  readonly pendingByBaseline: readonly number[];
  /** What the API lists of findings, all pages, and the same rows made of what the store has. */
  readonly listed: readonly FindingRow[];
  readonly stored: readonly FindingRow[];
}

/** Runs the day through processes of their own. */
export async function runCluster(
  installation: Installation,
  day: ShippedDay,
  servers: Servers,
  prefix: string,
  counts: { readonly detect: number; readonly baseline: number },
): Promise<ClusterRun> {
  const numbered = (name: ServiceName, count: number) =>
    Array.from({ length: count }, (_, at) => [`${prefix}-${name}-${at}`, name] as const);
  const detects = numbered("detect", counts.detect);
  const baselines = numbered("baseline", counts.baseline);
  const others = (["triage", "api"] as const).flatMap((name) => numbered(name, 1));
  const inputs = numbered("ingest", 1);
  const ports: Record<string, number> = {};
  for (const [name] of [...detects, ...baselines, ...others, ...inputs]) {
    ports[name] = await freePort();
  }
  const options = {
    ...{ ...servers, prefix, partitions: PARTITIONS },
    settings: { inputs: inputsOf(day, servers.broker, prefix) },
  };
  const cluster = createCluster(installation, options, ports);
  const processes: ServiceProcess[] = [];
  const start = async (named: readonly (readonly [string, ServiceName])[]) => {
    const started = named.map(([name, service]) => cluster.start(name, [service]));
    processes.push(...started);
    await Promise.all(started.map(({ ready }) => ready));
  };
  const reader = await cluster.openPorts();
  try {
    // The embedded run has ended.
    const embedded = openStoreOf(installation);
    await copyEpochs(embedded, reader.store).finally(() => embedded.close());
    await start([...others, ...baselines]);
    await start(detects);
    await untilShared(servers.broker, `${prefix}.${TENANT}.raw.detect`, counts.detect);
    await untilShared(servers.broker, `${prefix}.${TENANT}.observations.baseline`, counts.baseline);
    await start(inputs);
    await untilRead(servers.broker, prefix, day);
    const portsOf = (all: typeof detects) => all.map(([name]) => cluster.monitoringPort(name));
    const pendingByBaseline = await mostPending(reader, portsOf(baselines));
    return {
      outcome: await readOutcome(reader, TENANT),
      eventsByDetect: await metricsOf(portsOf(detects), "heidewacht_detect_events_total"),
      pendingByBaseline,
      listed: await listFindings(cluster, reader),
      stored: await storedFindings(reader),
    };
  } finally {
    await closePorts(reader);
    await stopAll(processes);
  }
}

async function closePorts({ bus, store, archive }: Ports): Promise<void> {
  await bus.close();
  await store.close();
  await archive.close();
}

// In the order of the data: what one of them still gives out the next one takes.
async function stopAll(processes: readonly ServiceProcess[]): Promise<void> {
  for (const one of processes.toReversed()) one.send("SIGTERM");
  for (const { code, output } of await Promise.all(processes.map(({ ended }) => ended))) {
    if (code !== 0) throw new Error(`a process ended with ${code}:\n${output}`);
  }
}

/** Resolves when the input has copied the whole day, durably. */
async function untilRead(broker: string, group: string, day: ShippedDay): Promise<void> {
  const expected = day.records + day.brokenRecords;
  await withAdmin(broker, async (admin) => {
    const readSoFar = async () => {
      const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
      const partitions = found?.topics.flatMap((topic) => topic.partitions) ?? [];
      return partitions.reduce((sum, one) => sum + Math.max(0, Number(one.committedOffset)), 0);
    };
    while ((await readSoFar()) < expected) await sleep(POLL_MS);
  });
}

/** Resolves when each member of the group has partitions, and all partitions have one. */
async function untilShared(broker: string, group: string, members: number): Promise<void> {
  await withAdmin(broker, async (admin) => {
    const isShared = async () => {
      const found = (await admin.describeGroups({ groups: [group] })).get(group);
      const shares = [...(found?.members.values() ?? [])].map(({ assignments }) =>
        [...(assignments?.values() ?? [])].reduce((sum, one) => sum + one.partitions.length, 0),
      );
      const assigned = shares.reduce((sum, one) => sum + one, 0);
      const isEach = shares.length === members && shares.every((one) => one > 0);
      return isEach && assigned === PARTITIONS;
    };
    while (!(await isShared())) await sleep(POLL_MS);
  });
}

async function withAdmin(broker: string, work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [broker] });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}

/** Resolves when all is processed. @returns what was the most that waited in each process */
async function mostPending(reader: Ports, baselines: readonly number[]): Promise<number[]> {
  let most = baselines.map(() => 0);
  let isIdle = false;
  const idle = (async () => {
    // What is judged late may raise signals after those were looked at.
    for (let pass = 0; pass < 2; pass += 1) await untilClusterIdle(reader, TENANT, baselines);
  })().finally(() => {
    isIdle = true;
  });
  while (!isIdle) {
    const now = await metricsOf(baselines, "heidewacht_baseline_pending");
    most = most.map((one, at) => Math.max(one, now[at] ?? 0));
    await sleep(POLL_MS);
  }
  await idle;
  return most;
}

function metricsOf(ports: readonly number[], name: string): Promise<number[]> {
  return Promise.all(ports.map((port) => metricOf(port, name)));
}

async function metricOf(port: number, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return (await answer.text())
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

/** All pages of what the API lists, small ones, so that there are several. */
async function listFindings(cluster: Cluster, { store }: Ports): Promise<ClusterRun["listed"]> {
  const now = Date.now();
  const { token } = await createToken(store, {
    ...{ tenant: TENANT, name: "test", scopes: ["findings:read"], createdBy: "cli" },
    ...{ createdAt: now, expiresAt: now + HOUR_MS },
  });
  const { host, port } = loadConfig(cluster.configFile("reader"), {}).config.console;
  const listed: FindingRow[] = [];
  for (let cursor = ""; ; ) {
    const page = new URLSearchParams({ limit: "7", sort: "score", ...(cursor && { cursor }) });
    const answer = await fetch(`http://${host}:${port}/api/v1/findings?${page}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    const { findings, cursor: next } = findingPage.parse(await answer.json());
    listed.push(...findings);
    if (next === undefined) return listed;
    cursor = next;
  }
}

async function storedFindings({ store }: Ports): Promise<FindingRow[]> {
  const sort = [{ field: "firstEventAt", order: "asc" }] as const;
  const page = await store.search(TENANT, FINDING_KIND, { sort, limit: STORED_MAX });
  if (page.cursor !== undefined) throw new RangeError("more findings than one page holds");
  return page.hits.map(findingRowOf);
}
