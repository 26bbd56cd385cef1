// The distributed Heidewacht against the embedded one: a simulated day with an intrusion lies on shippers'
// topics, both read it, and both must come to the same findings, however many processes share the work.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulate } from "../../services/simulator/simulate.ts";
import { elasticsearchUrl, kafkaBroker, ownPrefix } from "../servers/addresses.ts";
import { deleteTopics } from "../servers/kafka-cleaning.ts";
import { cleanUp } from "../support/elasticsearch.ts";
import { openTestTopics, type TestTopics } from "../support/kafka-topics.ts";
import { freePort, type Installation, writeInstallation } from "../support/loopback.ts";
import type { Outcome } from "../support/outcome.ts";
import {
  type ClusterRun,
  PARTITIONS,
  runCluster,
  runEmbedded,
  type ShippedDay,
  shipDay,
} from "./distributed-run.ts";

// HEIDEWACHT_TEST_SEED draws another day.
const SEED = process.env.HEIDEWACHT_TEST_SEED ?? "distributed-1";
const EVENTS_TARGET = 3000;
/** For a machine that is busy with other things too. */
const RUN_MS_MAX = 10 * 60_000;

const folder = mkdtempSync(join(tmpdir(), "heidewacht-distributed-"));
const prefixes: string[] = [];
let topics: TestTopics;
let installation: Installation;
let day: ShippedDay;
let embedded: Outcome;

beforeAll(async () => {
  topics = openTestTopics();
  const ports = { console: await freePort(), input: await freePort() };
  installation = writeInstallation(folder, ports, randomBytes(32).toString("hex"));
  const { records } = simulate({ seed: SEED, eventsTarget: EVENTS_TARGET, intrusion: true });
  day = await shipDay(records, topics);
  embedded = await runEmbedded(installation, day, kafkaBroker(), `${topics.prefix}-embedded`);
  console.info(
    `seed ${SEED}: ${day.records + day.brokenRecords} records, ${embedded.findings.size} findings, ` +
      `${embedded.deadLetters.size} dead letters`,
  );
}, RUN_MS_MAX);

afterAll(async () => {
  await deleteTopics(kafkaBroker(), prefixes);
  await topics[Symbol.asyncDispose]();
  for (const prefix of prefixes) await cleanUp(prefix);
  rmSync(folder, { recursive: true, force: true });
}, RUN_MS_MAX);

async function runWith(detect: number, baseline: number): Promise<ClusterRun> {
  const prefix = ownPrefix();
  prefixes.push(prefix);
  const servers = { broker: kafkaBroker(), elasticsearchUrl: elasticsearchUrl() };
  return await runCluster(installation, day, servers, prefix, { detect, baseline });
}

function expectSameFindings(outcome: Outcome): void {
  expect([...outcome.findings.keys()].sort()).toEqual([...embedded.findings.keys()].sort());
  for (const [id, finding] of embedded.findings) expect(outcome.findings.get(id)).toEqual(finding);
}

describe("the embedded run, which the others are compared with", () => {
  it("finds the intrusion, by rules that look at events and by those that remember", () => {
    const findings = [...embedded.findings.values()];
    expect(findings.length).toBeGreaterThan(10);
    const kinds = new Set(findings.map(({ detector }) => detector.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(["sigma", "correlation"]));
    expect(findings.some(({ signalCount }) => signalCount > 1)).toBe(true);
    expect(embedded.deadLetters.size).toBe(day.brokenRecords);
  });
});

describe("two detect and two baseline processes over Kafka and Elasticsearch", () => {
  let run: ClusterRun;
  beforeAll(async () => {
    run = await runWith(2, 2);
  }, RUN_MS_MAX);

  it("come to the findings of the embedded run, one by one", () => {
    expectSameFindings(run.outcome);
  });

  it("archive the same events, each once, and set the same ones aside", () => {
    expect(new Set(run.outcome.archived.keys())).toEqual(new Set(embedded.archived.keys()));
    expect(run.outcome.deadLetters).toEqual(embedded.deadLetters);
    const twice = [...run.outcome.archived].filter(([, times]) => times > 1);
    expect(twice).toEqual([...embedded.archived].filter(([, times]) => times > 1));
    expect(run.outcome.evidenceMissing).toEqual([]);
    expect(run.outcome.auditBroken).toBeUndefined();
  });

  it("list by the API what the store has, over all pages, each once", () => {
    const byId = (rows: ClusterRun["listed"]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(run.listed)).toEqual(byId(run.stored));
    const scores = run.listed.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const ids = new Set(run.listed.map(({ id }) => id));
    expect([...embedded.findings.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });

  it("share the work", () => {
    expectShared(run);
  });
});

describe.each([
  [1, 1],
  [4, 2],
])("%i detect and %i baseline processes", (detect, baseline) => {
  it(
    "come to the same findings and share the work",
    async () => {
      const run = await runWith(detect, baseline);
      expectSameFindings(run.outcome);
      expectShared(run);
      expect(run.eventsByDetect).toHaveLength(Math.min(detect, PARTITIONS));
    },
    RUN_MS_MAX,
  );
});

function expectShared(run: ClusterRun): void {
  expect(run.eventsByDetect.filter((events) => events === 0)).toEqual([]);
  expect(run.pendingByBaseline.filter((pending) => pending === 0)).toEqual([]);
  const events = run.eventsByDetect.reduce((sum, one) => sum + one, 0);
  expect(events).toBeGreaterThan(day.records / 2);
}
