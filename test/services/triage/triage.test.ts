// The triage stage on the real bus and store: signals become findings once, and their scores are a
// function of the set of findings, whatever the order and however often it is interrupted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { Level, Signal } from "../../../detectors/detector.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { startTriage } from "../../../services/triage/triage.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function signal(rule: string, host: string, tactic: string, level: Level = "high", n = 0): Signal {
  return {
    id: `${rule}-${host}-${n}`,
    tenant: "kreis",
    detector: {
      id: rule,
      kind: "sigma",
      title: rule,
      description: "",
      level,
      status: "stable",
      techniques: [],
      tactics: [tactic],
      falsePositives: [],
      references: [],
      response: [],
      origin: "x.yml",
    },
    time: NOON + n,
    raisedAt: NOON + n,
    entities: [
      { type: "host", value: host },
      { type: "account", value: "konto-0123456789" },
    ],
    groupKey: `host:${host}`,
    source: "s",
    matched: [],
    events: [],
  };
}

async function findingsOf(batches: readonly (readonly Signal[])[], interrupt = false) {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-triage-"));
  folders.push(dataDir);
  const topics = [
    {
      name: "signals",
      partitions: 1,
      retentionMs: 1e9,
      retentionBytes: 1e9,
      compacted: false,
      backlogBytesMax: 1e9,
    },
  ];
  const bus = openEmbeddedBus({ dataDir, topics, sealedTopics: [] });
  const store = openEmbeddedStore({ dataDir });
  const start = () =>
    startTriage(
      bus,
      store,
      ["kreis"],
      {
        findingWindowMs: 3_600_000,
        inhibitions: [],
        riskThreshold: 0,
        recordsPerBatchMax: 100,
        retryDelayMs: 10,
        language: "de",
        timeZoneOf: () => "Europe/Berlin",
        isCriticalHost: () => false,
      },
      pino({ level: "silent" }),
    );
  let stage = await start();
  for (const batch of batches) {
    await bus.publish(
      "kreis",
      "signals",
      batch.map((one) => ({ key: undefined, value: encodeSignal(one) })),
    );
    while ((await bus.lag("kreis", "signals", "triage")).records > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (interrupt) {
      await stage.close();
      stage = await start();
    }
  }
  await stage.close();
  const page = await store.search("kreis", FINDING_KIND, {
    sort: [{ field: "score", order: "desc" }],
    limit: 100,
  });
  await bus.close();
  await store.close();
  return page.hits.map((hit) => hit.document).sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe("the triage stage", () => {
  const all = [
    signal("r1", "ws1", "execution"),
    signal("r2", "ws1", "persistence"),
    signal("r3", "fs1", "impact", "critical"),
    signal("r3", "fs1", "impact", "critical", 1),
    signal("r4", "fs1", "discovery", "low"),
  ];

  it("groups hits of one rule on one entity and counts the progress of the attack", async () => {
    const findings = await findingsOf([all]);
    expect(findings.length).toBe(4);
    const impact = findings.find((one) => one.detector.id === "r3");
    expect(impact?.signalCount).toBe(2);
    const progress = impact?.scoreParts.find((part) => part.key === "progress");
    // The low finding's tactic does not count; the account joins both hosts.
    expect(progress?.detail).toBe("execution, impact, persistence");
  });

  it("gives the same findings in any order, in one batch or many, with repetitions and restarts", async () => {
    const whole = await findingsOf([all]);
    const single = all.map((one) => [one]);
    expect(await findingsOf(single.toReversed())).toEqual(whole);
    expect(await findingsOf([...single, ...single])).toEqual(whole);
    expect(await findingsOf([all.slice(2), all], true)).toEqual(whole);
  });
});
