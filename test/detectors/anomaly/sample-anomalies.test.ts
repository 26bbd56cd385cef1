// Samples of metrics behind the interface of detectors that remember: rows and back, a budget of their own beside
// that of all others, and a snapshot in the middle that changes nothing.
import { describe, expect, it } from "vitest";
import type { Anomaly, AnomalyDetector } from "../../../detectors/anomaly/anomaly.ts";
import {
  createKeyedAnomalies,
  observationOfActivity,
  observationOfDayMark,
} from "../../../detectors/anomaly/keyed-anomalies.ts";
import {
  createSampleAnomalies,
  observationOfMetrics,
  withSamples,
} from "../../../detectors/anomaly/sample-anomalies.ts";
import { samplesOfRow } from "../../../detectors/anomaly/sample-row.ts";
import type { Observation } from "../../../detectors/keyed.ts";
import { createMetricDetector, type MetricSample } from "../../../detectors/metrics/metrics.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-06-01T08:00:00Z");
const HOST = { type: "host", value: "fs01" } as const;

function observed(at: number, values: Readonly<Record<string, number>>, host = "fs01") {
  const observation = observationOfMetrics({
    ...{ id: `m${at}`, time: START + at, source: "beats", entity: { type: "host", value: host } },
    values: Object.entries(values).map(([metric, value]) => ({ metric, value })),
  });
  if (observation === undefined) throw new Error("no observation");
  return observation;
}

/** Says of each value that it has this tail. */
function echo(): AnomalyDetector<MetricSample> {
  let count = 0;
  return {
    observe({ id, time, source, entity, value }): readonly Anomaly[] {
      count += 1;
      const events = [{ id, time, rule: 0 }];
      return [exampleAnomaly({ tail: value, entity, source, time, from: time, events })];
    },
    advance: () => [],
    store: () => [Uint8Array.of(count)],
    restore([piece]) {
      count = piece?.[0] ?? 0;
    },
    keys: 1,
    evicted: 0,
  };
}

/** Three quiet days, which metrics need before anything is told. */
function learn(anomalies: { observe(one: Observation): readonly unknown[] }): void {
  for (let day = 0; day < 3; day += 1)
    for (let hour = 0; hour < 3; hour += 1) {
      const told = anomalies.observe(observed(day * DAY_MS + hour, { load: 1e-3 * (hour + 1) }));
      expect(told).toEqual([]);
    }
}

describe("pseudonyms in names of series", () => {
  const named = (at: number, name: string, tail: number) =>
    observed(at, { [`home.bytes{user=konto-${name}}`]: tail }, `pc-konto-${name}`);
  const [FORMER, PRESENT] = ["bcdfghjk12", "zyxwvtsr98"];
  const renaming = {
    former: [`konto-${FORMER}`],
    present: [`konto-${PRESENT}`],
    begin: START,
    end: START + DAY_MS,
  };

  it("go on under their next names, and nothing remembers the former ones", () => {
    const metrics = createMetricDetector();
    const anomalies = createSampleAnomalies({ metrics }, { startTail: 1 });
    for (let at = 0; at < 200; at += 1) {
      anomalies.advance(START + at * 60_000);
      anomalies.observe(named(at * 60_000, FORMER, at % 7));
    }
    const known = anomalies.keys;
    anomalies.observe({ ...named(201 * 60_000, PRESENT, 3), renaming });
    expect(anomalies.keys).toBe(known);
    const texts = () =>
      anomalies
        .store()
        .map((piece) => Buffer.from(piece).toString("latin1"))
        .join("");
    anomalies.advance(START + 2 * DAY_MS);
    expect(texts()).not.toContain(FORMER);
  });

  it("are those of now in what is told", () => {
    const anomalies = createSampleAnomalies({ echo: seriesEcho() }, { startTail: 1 });
    anomalies.observe(named(0, FORMER, 1));
    const [told] = anomalies.observe({ ...named(60_000, PRESENT, 1e-9), renaming });
    expect(told?.key).toBe(`host:pc-konto-${PRESENT}`);
    expect(JSON.stringify(told)).toContain(`home.bytes{user=konto-${PRESENT}}`);
    expect(JSON.stringify(told)).not.toMatch(/konto-o|konto-b/);
  });

  /** As `echo`, with the series as what drove it. */
  function seriesEcho(): AnomalyDetector<MetricSample> {
    const inner = echo();
    return {
      ...inner,
      observe: (sample) =>
        inner.observe(sample).map((one) => ({
          ...one,
          drivers: one.drivers.map((driver) => ({ ...driver, feature: sample.metric })),
        })),
    };
  }
});

describe("values of a record", () => {
  it("come back as samples of the same host and time", () => {
    const observation = observed(7, { "cpu.user": 0.25, "disk.used{mount=/srv}": 1e12 });
    expect(samplesOfRow(observation)).toEqual(
      [
        { metric: "cpu.user", value: 0.25 },
        { metric: "disk.used{mount=/srv}", value: 1e12 },
      ].map((one) => ({ ...one, id: "m7", time: START + 7, source: "beats", entity: HOST })),
    );
  });

  it.each([
    ["a line break and quotes", 'cpu"\n„Ende“. <b>', "cpu___Ende_.__b_"],
    ["a sentence", "ignore all rules and close", "ignore_all_rules_and_close"],
    ["a change of the writing direction", "cpu\u202eresu", "cpu_resu"],
  ])("with %s in its name have a clean one", (_, metric, clean) => {
    expect(samplesOfRow(observed(1, { [metric]: 1 }))[0]?.metric).toBe(clean);
  });

  it("with a megabyte of a name are cut, and stay apart", () => {
    const long = "x".repeat(1_000_000);
    const names = samplesOfRow(observed(1, { [`${long}a`]: 1, [`${long}b`]: 2 })).map(
      ({ metric }) => metric,
    );
    expect(new Set(names).size).toBe(2);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(200);
  });

  it.each([
    ["no numbers", { values: [{ metric: "a", value: Number.NaN }] }],
    ["no name", { values: [{ metric: "", value: 1 }] }],
    ["nobody", { entity: { type: "host", value: "" } as const }],
  ])("that are of %s are none", (_, more) => {
    const values = [{ metric: "a", value: 1 }];
    const about = { id: "a", time: 1, source: "s", entity: HOST, values };
    expect(observationOfMetrics({ ...about, ...more })).toBeUndefined();
  });

  it("are at most two hundred", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, at]));
    expect(samplesOfRow(observed(1, many))).toHaveLength(200);
  });

  it("of a row that nobody wrote are none", () => {
    const about = { id: "a", time: 1, source: "s" };
    for (const group of [[], ["host"], ["person", "x", "a", "1"], ["host", "x", "a"]])
      expect(samplesOfRow({ ...about, group })).toEqual([]);
    expect(samplesOfRow({ ...about, group: ["host", "x", "a", "Infinity", "b", "2"] })).toEqual([
      { ...about, entity: { type: "host", value: "x" }, metric: "b", value: 2 },
    ]);
  });
});

describe("anomalies of metrics", () => {
  it("are silent until three quiet days are known", () => {
    const anomalies = createSampleAnomalies({ echo: echo() });
    learn(anomalies);
    expect(anomalies.observe(observed(3 * DAY_MS, { load: 0.5 }))).toEqual([]);
    const [raised] = anomalies.observe(observed(4 * DAY_MS, { load: 1e-9 }));
    expect(raised).toMatchObject({ key: "host:fs01", group: ["fs01"] });
  });

  it("weigh less when there are more series, and tell the tail that they have", () => {
    let keys = 10;
    const growing = Object.defineProperty(echo(), "keys", { get: () => keys });
    const anomalies = createSampleAnomalies({ growing });
    learn(anomalies);
    const told = anomalies.observe(observed(4 * DAY_MS, { load: 1e-5 }))[0]?.told;
    expect(told !== undefined && "anomaly" in told && told.anomaly.tail).toBe(1e-5);
    keys = 10_000;
    expect(anomalies.observe(observed(4 * DAY_MS + 1, { load: 1e-5 }, "fs02"))).toEqual([]);
    expect(anomalies.observe(observed(4 * DAY_MS + 2, { load: 1e-9 }, "fs03"))).toHaveLength(1);
  });

  it("are found after days on which nothing was unusual", () => {
    const quiet = { ...echo(), observe: echo().observe };
    const speaking = echo();
    quiet.observe = (sample) => (sample.value === 1 ? [] : speaking.observe(sample));
    const anomalies = createSampleAnomalies({ quiet });
    for (let day = 0; day < 4; day += 1) anomalies.observe(observed(day * DAY_MS, { load: 1 }));
    expect(anomalies.observe(observed(5 * DAY_MS, { load: 0.1 }))).toEqual([]);
    expect(anomalies.observe(observed(5 * DAY_MS, { load: 1e-4 }))).toHaveLength(1);
  });

  it("leave the budget of all others nearly whole, and take nothing from it without metrics", () => {
    const anomalies = createSampleAnomalies({ echo: echo() });
    expect(anomalies.othersShare).toBe(1);
    anomalies.observe(observed(0, { load: 1 }));
    expect(anomalies.othersShare).toBeCloseTo(0.8);
  });

  it("do not learn from a day of a confirmed attack", () => {
    const anomalies = createSampleAnomalies({ echo: echo() });
    for (let day = 0; day < 4; day += 1) {
      anomalies.observe(observed(day * DAY_MS, { load: day === 1 ? 1e-12 : 1e-6 }));
      if (day === 1) anomalies.observe(observationOfDayMark(START + DAY_MS, true, START + DAY_MS));
    }
    expect(anomalies.observe(observed(5 * DAY_MS, { load: 1e-8 }))).toHaveLength(1);
  });

  it("begin anew one by one where their state can't be read", () => {
    const anomalies = createSampleAnomalies({ echo: echo() });
    const [piece] = anomalies.store();
    if (piece === undefined) throw new Error("no piece");
    anomalies.restore([piece.subarray(0, piece.length - 3)]);
    expect(anomalies.begunAnew).toBe(1);
  });
});

describe("metrics beside all else", () => {
  const create = () => {
    const samples = createSampleAnomalies({ echo: echo() });
    return withSamples(
      createKeyedAnomalies({}, {}, {}, () => samples.othersShare),
      samples,
    );
  };
  const dns = observationOfActivity({
    ...{ id: "d", time: START, source: "dns", kind: "dns", from: "10.0.0.1" },
    ...{ name: "a.example", type: undefined, answer: undefined },
  });

  it("go on from a snapshot in the middle as if there had been none", () => {
    const whole = create();
    learn(whole);
    const copy = create();
    copy.restore(whole.store());
    expect(copy.store()).toEqual(whole.store());
    for (let at = 0; at < 50; at += 1) {
      const next = observed(4 * DAY_MS + at * 1000, { load: 10 ** -(3 + (at % 9)) });
      expect(copy.observe(next)).toEqual(whole.observe(next));
    }
    expect(copy.store()).toEqual(whole.store());
  });

  it("are told apart by what an observation holds", () => {
    const both = create();
    learn(both);
    expect(both.observe(dns)).toEqual([]);
    expect(both.observe(observed(4 * DAY_MS, { load: 1e-9 }))).toHaveLength(1);
    expect(both.advance(START + 5 * DAY_MS)).toEqual([]);
  });
});
