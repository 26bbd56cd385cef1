// What correlations cost: memory for each group that is remembered, CPU time for each observation, and time
// to go on from a snapshot.
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { readCorrelation } from "../../detectors/correlation/read.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { type Observation, STATE_SHARDS } from "../../detectors/keyed.ts";
import { documentsOf } from "../../detectors/sigma/rule-document.ts";
import { cpuSeconds, spread } from "./cpu-time.ts";
import { printFigure } from "./figure.ts";

const ROUNDS = 5;
const GROUPS = 1_000_000;
const BUSY_GROUPS = 100_000;
const EVENTS_EACH = 12;
const PART = 100_000;
const START = Date.UTC(2026, 10, 21);
const MIB = 1024 * 1024;

const TYPES: Readonly<Record<string, object>> = {
  event_count: { type: "event_count", condition: { gte: 10 } },
  event_count_range: { type: "event_count", condition: { gte: 10, lt: 20 } },
  value_count: { type: "value_count", condition: { field: "v", gte: 10 } },
  temporal: { type: "temporal" },
  temporal_ordered: { type: "temporal_ordered" },
  value_sum: { type: "value_sum", condition: { field: "v", gt: 5000 } },
  value_avg: { type: "value_avg", condition: { field: "v", gt: 450 } },
  value_percentile: {
    type: "value_percentile",
    condition: { field: "v", gt: 900, percentile: 95 },
  },
};

const rules = Object.entries(TYPES).map(([id, body]) => ruleOf(id, body));

function ruleOf(id: string, body: object): CorrelationRule {
  const correlation = { rules: ["a", "b", "c"], "group-by": ["u", "h"], timespan: "2h", ...body };
  const value = { title: id, id, correlation };
  const [reader] = documentsOf(JSON.stringify(value), "bench.yml");
  if (reader === undefined) throw new RangeError("no document");
  return readCorrelation(value, reader);
}

/** The nth observation: an account and a host as the group, an event log's record id. */
function observationOf(detector: string, at: number, groups: number, stepMs: number): Observation {
  // A step that has no factor in common with the number of groups comes to each of them in turn.
  const number = (at * 7919) % groups;
  const group = [
    `konto-${(number * 2654435761).toString(32).slice(-10)}`,
    `pc${number % 5000}.kreis.example`,
  ];
  return {
    detector,
    key: JSON.stringify(group),
    time: START + Math.floor(at * stepMs),
    id: `pc${number % 5000}.kreis.example/Security/${100_000_000 + at}`,
    rule: at % 3,
    group,
    value: String((at * 31 + Math.floor(at / groups)) % 1000),
    source: "winlogbeat",
  };
}

function heldMib(): number {
  if (globalThis.gc === undefined) throw new Error("needs node --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MIB;
}

/** MiB that the groups take with this many events each. */
function memory(detector: string, eventsEach: number): { mib: number; keys: number } {
  const before = heldMib();
  const correlator = createCorrelator(rules, { keysMax: GROUPS });
  for (let at = 0; at < GROUPS * eventsEach; at += 1) {
    correlator.observe(observationOf(detector, at, GROUPS, 0.0001));
  }
  const mib = heldMib() - before;
  return { mib, keys: correlator.keys };
}

function benchMemory(): void {
  const one = memory("event_count", 1);
  const three = memory("event_count", 3);
  printFigure("correlation.groups_memory_mib", one.mib, "MiB", {
    groups: one.keys,
    eventsEach: 1,
    threeEventsEachMib: Math.round(three.mib * 10) / 10,
  });
  printFigure("correlation.bytes_per_key", (one.mib * MIB) / one.keys, "B", {
    threeEventsEach: Math.round((three.mib * MIB) / three.keys),
  });
}

/** CPU seconds for a stream that comes to each group about twelve times, made in parts outside the time. */
async function observe(
  ids: readonly string[],
  groups: number,
): Promise<{ seconds: number; hits: number }> {
  const observations = groups * EVENTS_EACH;
  const correlator = createCorrelator(rules);
  let seconds = 0;
  let hits = 0;
  for (let from = 0; from < observations; from += PART) {
    const part = Array.from({ length: PART }, (_, index) => {
      const at = from + index;
      return observationOf(
        ids[at % ids.length] ?? "",
        Math.floor(at / ids.length),
        groups / ids.length,
        1,
      );
    });
    seconds += await cpuSeconds(() => {
      for (const [at, observation] of part.entries()) {
        hits += correlator.observe(observation).length;
        if (at % 1000 === 999) hits += correlator.advance(observation.time - 5000).length;
      }
    });
  }
  // Windows that are still open close at the end.
  seconds += await cpuSeconds(() => {
    hits += correlator.advance(Number.MAX_SAFE_INTEGER).length;
  });
  return { seconds, hits };
}

async function benchSpeed(): Promise<void> {
  const rates = new Map<string, number[]>();
  const hits: Record<string, number> = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of ["mixed", ...Object.keys(TYPES)]) {
      const isMixed = name === "mixed";
      const groups = isMixed ? BUSY_GROUPS : BUSY_GROUPS / 4;
      const found = await observe(isMixed ? Object.keys(TYPES) : [name], groups);
      hits[name] = found.hits;
      if (round === 0) continue;
      const rate = (groups * EVENTS_EACH) / found.seconds;
      rates.set(name, [...(rates.get(name) ?? []), rate]);
    }
  }
  const spreads = [...rates].map(([name, all]) => [name, spread(all)] as const);
  const mixed = spreads.find(([name]) => name === "mixed")?.[1];
  if (mixed === undefined) throw new RangeError("no rounds");
  printFigure("correlation.observations_per_cpu_s", mixed.median, "1/s", {
    range: mixed.range,
    n: ROUNDS,
    groups: BUSY_GROUPS,
    observations: BUSY_GROUPS * EVENTS_EACH,
    groupsByType: BUSY_GROUPS / 4,
    byType: Object.fromEntries(
      spreads.slice(1).map(([name, { median }]) => [name, Math.round(median)]),
    ),
    hits,
  });
}

async function benchRestore(): Promise<void> {
  const full = createCorrelator(rules);
  for (let at = 0; at < BUSY_GROUPS * 5; at += 1) {
    full.observe(observationOf("event_count", at, BUSY_GROUPS, 1));
  }
  const stores: number[] = [];
  const restores: number[] = [];
  let bytes = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const shards: (readonly Uint8Array[])[] = [];
    const storing = await cpuSeconds(() => {
      for (let shard = 0; shard < STATE_SHARDS; shard += 1) shards.push(full.store(shard));
    });
    const copy = createCorrelator(rules);
    const restoring = await cpuSeconds(() => {
      for (const [shard, pieces] of shards.entries()) copy.restore(shard, pieces);
      copy.advance(START);
    });
    bytes = shards.flat().reduce((sum, piece) => sum + piece.length, 0);
    if (round === 0) continue;
    stores.push(storing);
    restores.push(restoring);
  }
  const { median, range } = spread(restores);
  printFigure("correlation.restore_s", median, "s", {
    range,
    n: ROUNDS,
    groups: full.keys,
    eventsEach: 5,
    storeSeconds: spread(stores).median,
    mib: Math.round((10 * bytes) / MIB) / 10,
  });
}

benchMemory();
await benchSpeed();
await benchRestore();
