import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { type Correlator, createCorrelator } from "../../../detectors/correlation/correlator.ts";
import type { CorrelationRule } from "../../../detectors/correlation/rule.ts";
import { type Observation, STATE_SHARDS } from "../../../detectors/keyed.ts";
import { correlation } from "./random-rules.ts";

const MIB = 1024 * 1024;
const ALL = Array.from({ length: STATE_SHARDS }, (_, shard) => shard);

const three = (id: string, more: object = {}) =>
  correlation(id, {
    type: "event_count",
    rules: ["a", "b"],
    "group-by": ["g"],
    timespan: "1m",
    condition: { gte: 3 },
    ...more,
  });

function event(time: number, group: string, more: Partial<Observation> = {}): Observation {
  const key = JSON.stringify([group]);
  return {
    detector: "c",
    key,
    time,
    id: `e${time}`,
    rule: 0,
    group: [group],
    value: undefined,
    source: "s",
    ...more,
  };
}

function snapshot(correlator: Correlator): (readonly Uint8Array[])[] {
  return ALL.map((shard) => correlator.store(shard));
}

function restored(
  rules: readonly CorrelationRule[],
  shards: readonly (readonly Uint8Array[])[],
): Correlator {
  const correlator = createCorrelator(rules);
  for (const [shard, pieces] of shards.entries()) correlator.restore(shard, pieces);
  return correlator;
}

describe("the bound on groups", () => {
  it("forgets the group whose newest event is oldest, and counts it", () => {
    const correlator = createCorrelator([three("c")], { keysMax: 2 });
    for (const [at, group] of ["a", "b", "a", "c"].entries()) correlator.observe(event(at, group));
    expect([correlator.keys, correlator.evicted]).toEqual([2, 1]);
    expect(correlator.observe(event(10, "a"))).toMatchObject([{ value: 3 }]);
    expect(correlator.observe(event(11, "b"))).toEqual([]);
    expect(correlator.observe(event(12, "b"))).toEqual([]);
    expect(correlator.observe(event(13, "b"))).toMatchObject([{ from: 13 - 60_000, value: 3 }]);
  });

  it("looks at the newest event also of windows that close", () => {
    const rules = [three("c", { condition: { eq: 2 } })];
    const correlator = createCorrelator(rules, { keysMax: 2 });
    for (const [at, group] of ["a", "b", "a", "c"].entries()) correlator.observe(event(at, group));
    expect(correlator.advance(1e9).map(({ group }) => group)).toEqual([["a"]]);
    expect(correlator.evicted).toBe(1);
  });

  it("holds for bytes and for what is restored, too", () => {
    const full = createCorrelator([three("c")]);
    for (let at = 0; at < 1000; at += 1) full.observe(event(at, `${"g".repeat(900)}${at}`));
    const small = createCorrelator([three("c")], { bytesMax: 100_000 });
    for (const [shard, pieces] of snapshot(full).entries()) small.restore(shard, pieces);
    expect(small.keys).toBeLessThan(110);
    expect(small.keys).toBeGreaterThan(80);
    expect(small.keys + small.evicted).toBe(1000);
    expect(small.observe(event(1000, `${"g".repeat(900)}999`))).toEqual([]);
    expect(small.observe(event(1001, `${"g".repeat(900)}999`))).toHaveLength(1);
  });

  it("forgets the oldest of all that is restored, whichever shard comes first", () => {
    const full = createCorrelator([three("c")]);
    for (let at = 0; at < 100; at += 1) full.observe(event(at, String(at)));
    const small = createCorrelator([three("c")], { keysMax: 50 });
    for (const [shard, pieces] of snapshot(full).entries()) small.restore(shard, pieces);
    expect([small.keys, small.evicted]).toEqual([50, 50]);
    small.advance(60_000 + 50);
    expect(small.keys).toBe(49);
  });

  it.each(["temporal", "temporal_ordered"])("needs little for a busy group of %s", (type) => {
    const rules = [three("c", { type, rules: ["a", "b", "c"], condition: undefined })];
    const correlator = createCorrelator(rules);
    for (let at = 0; at < 2000; at += 1) correlator.observe(event(at, "a", { rule: at % 2 }));
    expect(
      snapshot(correlator)
        .flat()
        .reduce((sum, piece) => sum + piece.length, 0),
    ).toBeLessThan(300);
    expect(correlator.observe(event(2000, "a", { rule: 2 }))).toMatchObject([{ count: 3 }]);
  });

  it("forgets what is over", () => {
    const correlator = createCorrelator([three("c")]);
    for (let at = 0; at < 1000; at += 1) correlator.observe(event(at, String(at)));
    correlator.advance(60_499);
    expect(correlator.keys).toBe(500);
    correlator.observe(event(60_500, "500"));
    correlator.advance(61_000);
    expect(correlator.keys).toBe(1);
    correlator.advance(1e9);
    expect([correlator.keys, correlator.evicted]).toEqual([0, 0]);
  });
});

describe("the bound on what is looked at in a group", () => {
  const hits = (type: string, condition: object, values: readonly string[]) => {
    const body = { type, rules: ["a"], timespan: "1m", condition: { field: "f", ...condition } };
    const correlator = createCorrelator([correlation("c", body)], { groupEventsMax: 3 });
    const raised = values.flatMap((value, at) => [
      ...correlator.observe(event(at, "a", { value })),
    ]);
    return [...raised, ...correlator.advance(1e9)].map(({ value, count }) => [value, count]);
  };

  it.each([
    ["value_count", { lte: 3 }, ["1", "2", "3", "4", "5"], [[3, 5]]],
    ["value_percentile", { lte: 20 }, ["1", "2", "3", "4", "5"], [[20, 3]]],
    ["value_median", { gte: 0 }, ["1", "2", "3", "40", "50"], [[2, 5]]],
    ["value_avg", { gte: 0 }, ["1", "2", "3", "4", "5"], [[3, 5]]],
    ["value_sum", { eq: 15 }, ["1", "2", "3", "4", "5"], [[15, 5]]],
    ["value_sum", { gte: 12 }, ["1", "2", "3", "4", "5"], [[12, 3]]],
    ["value_sum", { gte: 13 }, ["1", "2", "3", "4", "5"], []],
  ])("holds for %s %j", (type, condition, values, expected) => {
    expect(hits(type, condition, values)).toEqual(expected);
  });
});

describe("a snapshot", () => {
  it("tells which shards changed since they were stored", () => {
    const correlator = createCorrelator([three("c")]);
    expect(correlator.changedShards()).toEqual([]);
    correlator.observe(event(1, "a"));
    const [shard = -1, ...others] = correlator.changedShards();
    expect(others).toEqual([]);
    const pieces = correlator.store(shard);
    expect(correlator.changedShards()).toEqual([]);
    const copy = createCorrelator([three("c")]);
    copy.restore(shard, pieces);
    expect([copy.keys, copy.changedShards()]).toEqual([1, []]);
    correlator.advance(1e9);
    expect(correlator.changedShards()).toEqual([shard]);
    expect(correlator.store(shard)).toEqual([]);
  });

  it("comes in pieces under a mebibyte, however long a key is", () => {
    const correlator = createCorrelator([three("c")]);
    const [long, other] = [`${"ä".repeat(MIB)}\u{1f600}`, `${"ä".repeat(MIB)}\u{1f601}`];
    for (const group of [long, other]) correlator.observe(event(1, group));
    const shards = snapshot(correlator);
    expect(shards.flat().length).toBeGreaterThan(4);
    for (const piece of shards.flat()) expect(piece.length).toBeLessThan(MIB);
    const copy = restored([three("c")], shards);
    expect(copy.keys).toBe(2);
    copy.observe(event(2, long));
    expect(copy.observe(event(3, other))).toEqual([]);
    expect(copy.observe(event(4, long))).toMatchObject([{ group: [long], count: 3 }]);
  });

  it("leaves out rules that are gone or mean something else, and keeps those with a new title", () => {
    const rules = [three("c"), three("gone"), three("changed")];
    const correlator = createCorrelator(rules);
    for (const { info } of rules) {
      correlator.observe(event(1, "a", { detector: info.id }));
      correlator.observe(event(2, "a", { detector: info.id }));
    }
    const [same = three("c")] = rules;
    const retitled = { ...same, info: { ...same.info, title: "New", level: "low" as const } };
    const copy = restored([three("changed", { timespan: "2m" }), retitled], snapshot(correlator));
    expect(copy.keys).toBe(1);
    expect(copy.observe(event(3, "a", { detector: "changed" }))).toEqual([]);
    expect(copy.observe(event(3, "a"))).toHaveLength(1);
  });

  it("that is damaged is refused", () => {
    const correlator = createCorrelator([three("c")]);
    correlator.observe(event(1, "a"));
    const [shard = 0] = correlator.changedShards();
    const [piece = new Uint8Array()] = correlator.store(shard);
    const newer = Uint8Array.from(piece);
    newer[0] = 99;
    for (let length = 1; length < piece.length; length += 1) {
      const cut = () => createCorrelator([three("c")]).restore(shard, [piece.subarray(0, length)]);
      expect(codeOf(cut), `cut to ${length}`).toMatch(/^(?:HW_STORE_CORRUPT|none)$/);
    }
    expect(codeOf(() => restored([three("c")], [[newer]]))).toBe("HW_STORE_VERSION");
  });
});

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
  return "none";
}

describe("hostile observations", () => {
  it.each([
    ["a time that is none", { time: Number.NaN }],
    ["a time without end", { time: Number.POSITIVE_INFINITY }],
    ["a rule that is not in the list", { rule: 2 }],
    ["half a rule", { rule: 0.5 }],
  ])("with %s are left out and counted", (_, more) => {
    const correlator = createCorrelator([three("c")]);
    expect(correlator.observe(event(1, "a", more))).toEqual([]);
    expect([correlator.keys, correlator.skipped]).toEqual([0, 1]);
  });

  it.each(["NaN", "Infinity", "1e308", "0x10", "", " ", "1,5", "1".repeat(401), "1e", "--1"])(
    "with %j for a number are left out and counted",
    (value) => {
      const body = {
        type: "value_sum",
        rules: ["a"],
        timespan: "1m",
        condition: { field: "f", gte: 0 },
      };
      const correlator = createCorrelator([correlation("c", body)]);
      expect(correlator.observe(event(1, "a", { value }))).toEqual([]);
      expect([correlator.keys, correlator.skipped]).toEqual([0, 1]);
    },
  );

  it("of a detector that is gone say nothing", () => {
    const correlator = createCorrelator([three("c")]);
    expect(correlator.observe(event(1, "a", { detector: "constructor" }))).toEqual([]);
    expect(correlator.keys).toBe(0);
  });

  it("with large numbers that come and go leave no error behind", () => {
    const body = {
      type: "value_sum",
      rules: ["a"],
      timespan: "10s",
      condition: { field: "f", gt: 0.75 },
    };
    const correlator = createCorrelator([correlation("c", body)]);
    const values = ["-1e300", "0.5", "0.125", "0.125"];
    const raised = values.flatMap((value, at) =>
      correlator.observe(event(at * 4000, "a", { value })),
    );
    expect(raised).toEqual([]);
    expect(correlator.observe(event(12_001, "a", { value: "1e-17" }))).toEqual([]);
    expect(correlator.observe(event(12_002, "a", { value: "1e-9" }))).toMatchObject([
      { value: 0.750000001 },
    ]);
  });

  it("by the hundred thousand in one group are counted to the last", () => {
    const correlator = createCorrelator([three("c", { condition: { gte: 100_000 } })]);
    let raised = 0;
    for (let at = 0; at < 250_000; at += 1) {
      raised += correlator.observe(event(Math.floor(at / 100), "a", { id: `e${at}` })).length;
    }
    expect(raised).toBe(2);
  });
});
