// The anomaly detectors behind the interface of those that remember: what is raised, what people read of it,
// and that a snapshot in the middle changes nothing.
import { describe, expect, it } from "vitest";
import type { Activity } from "../../../detectors/anomaly/activity.ts";
import type { Anomaly, AnomalyDetector } from "../../../detectors/anomaly/anomaly.ts";
import {
  createKeyedAnomalies,
  observationOfActivity,
  observationOfDayMark,
  observationOfLine,
} from "../../../detectors/anomaly/keyed-anomalies.ts";
import { createLogons } from "../../../detectors/anomaly/logons/logons.ts";
import { textOfTold } from "../../../detectors/anomaly/told.ts";
import { createVolume } from "../../../detectors/anomaly/volume/volume.ts";
import { createLogStream } from "../../../detectors/templates/stream/log-stream.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const START = Date.parse("2026-06-01T08:00:00Z");

/** Says something of each failed logon: the n-th of all has a tail of 10^-n. */
function failures(): AnomalyDetector<Activity> {
  let count = 0;
  return {
    observe(activity): readonly Anomaly[] {
      if (activity.kind !== "logon" || activity.succeeded) return [];
      count += 1;
      const { id, time, source, account, host } = activity;
      const about = { time, from: time - 1000, source, events: [{ id, time, rule: 0 }] };
      const tail = 10 ** -count;
      return [
        exampleAnomaly({ ...about, tail, entity: { type: "account", value: account } }),
        exampleAnomaly({ ...about, tail, entity: { type: "host", value: host } }),
      ];
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

function logon(at: number, more: Partial<Extract<Activity, { kind: "logon" }>> = {}) {
  return observationOfActivity({
    ...{ id: `e${at}`, time: START + at * 60_000, source: "dc", kind: "logon", account: "k-1" },
    ...{ peers: undefined, host: "pc1", from: "10.0.0.1", succeeded: false, method: "network" },
    country: undefined,
    ...more,
  });
}

const QUICK = { warmupLines: 10, warmupMs: 60_000 };

const DAY_MS = 86_400_000;

/** A detector that fails at each program, and says nothing else. */
function failing(): AnomalyDetector<Activity> {
  return {
    observe(activity) {
      if (activity.kind === "logon") throw new RangeError("invalid time value");
      return [];
    },
    advance() {
      throw new TypeError("no such window");
    },
    ...{ store: () => [], restore: () => undefined, keys: 0, evicted: 0 },
  };
}

describe("a fault", () => {
  it("of one detector silences no other one, and is counted", () => {
    const anomalies = createKeyedAnomalies({ failing: failing(), failures: failures() });
    const alone = createKeyedAnomalies({ failures: failures() });
    for (let at = 0; at < 8; at += 1) {
      anomalies.advance(START + at * 60_000);
      expect(anomalies.observe(logon(at))).toEqual(alone.observe(logon(at)));
    }
    expect([anomalies.faults, alone.faults]).toEqual([16, 0]);
  });

  it.each([Number.NaN, 8.65e15, -8.65e15, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    "is an observation of the time %d, which is counted and changes nothing",
    (time) => {
      const anomalies = createKeyedAnomalies({ volume: createVolume(), logons: createLogons() });
      anomalies.observe(logon(1));
      const before = anomalies.store();
      expect(anomalies.observe({ ...logon(2), time })).toEqual([]);
      expect(anomalies.advance(time)).toEqual([]);
      expect(anomalies.store()).toEqual(before);
      expect(anomalies.faults).toBe(1);
      expect(anomalies.observe(observationOfDayMark(time, true, START))).toEqual([]);
      expect(anomalies.store()).toEqual(before);
    },
  );

  it("is no date beyond the calendar when a late lane is forgotten", () => {
    const anomalies = createKeyedAnomalies({ volume: createVolume() }, { startTail: 1 });
    for (let at = 0; at < 30 * 24 * 40; at += 1)
      anomalies.observe({ ...logon(at), time: START + at * 90_000 });
    const end = START + 30 * DAY_MS + 2 * 3_600_000;
    // The source falls silent, and nobody asks any more.
    const told = [...anomalies.advance(end), ...anomalies.advance(Number.MAX_SAFE_INTEGER)];
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ time }) => time > end)).toEqual([]);
  });
});

describe("anomalies of a tenant", () => {
  it("are raised within the budget, each with an id of its own per entity", () => {
    const anomalies = createKeyedAnomalies({ failures: failures() });
    const raised = Array.from({ length: 8 }, (_, at) => anomalies.observe(logon(at))).flat();
    // Before the first days are over only what is beyond doubt is: 10^-6 to 10^-8.
    expect(raised.map(({ key, events }) => [key, events[0]?.id])).toEqual(
      [5, 6, 7].flatMap((at) => [
        ["account:k-1", `e${at}`],
        ["host:pc1", `e${at}`],
      ]),
    );
    expect(raised[0]).toMatchObject({ detector: "anomaly-volume-burst", group: ["k-1"] });
  });

  it("say in German why, with every driver as evidence", () => {
    const anomalies = createKeyedAnomalies({ failures: failures() });
    const [raised] = Array.from({ length: 6 }, (_, at) => anomalies.observe(logon(at))).flat();
    const text = raised && textOfTold(raised, "de");
    expect(text?.detector).toMatchObject({ kind: "anomaly", id: "anomaly-volume-burst" });
    expect(text?.matched.map(({ field }) => field)).toEqual([
      ...["explanation", "volume.failed_logons", "volume.hosts"],
    ]);
    expect(text?.matched[0]?.value).toContain("Ungewöhnliches Verhalten: Konto „k-1“");
  });

  it("of all machines at once are one notice", () => {
    const anomalies = createKeyedAnomalies({ failures: failures() });
    const raised = Array.from({ length: 60 }, (_, at) => {
      return anomalies.observe(logon(0, { id: `x${at}`, host: `pc${at}`, account: `k-${at}` }));
    }).flat();
    const notices = raised.filter(({ detector }) => detector.startsWith("anomaly-drift-"));
    expect(notices).toHaveLength(1);
    const text = notices[0] && textOfTold(notices[0], "de");
    expect(text?.matched[0]?.value).toContain("Verändertes Umfeld");
    expect(notices[0]?.events.length).toBeLessThanOrEqual(20);
  });

  it("are told of days of real attacks, and that they were none after all", () => {
    const anomalies = createKeyedAnomalies({ failures: failures() });
    for (let at = 0; at < 8; at += 1) anomalies.observe(logon(at));
    const before = anomalies.store();
    const told = (isIncident: boolean) =>
      anomalies.observe(observationOfDayMark(START, isIncident, START + 3_600_000));
    expect(told(true)).toEqual([]);
    expect(anomalies.store()).not.toEqual(before);
    told(false);
    expect(anomalies.store()).toEqual(before);
    // Of a day that nothing is known of there is nothing to take back.
    anomalies.observe(observationOfDayMark(START - 9e9, false, START));
    expect(anomalies.store()).toEqual(before);
  });

  it("read lines, too, in words for people, and keep what they learnt of them", () => {
    const fresh = () => createKeyedAnomalies({}, {}, { templates: createLogStream(QUICK) });
    const line = (at: number, message: string) =>
      observationOfLine({
        ...{ id: `l${at}`, time: START + at * 60_000, source: "web" },
        host: "web01",
        message,
      });
    const whole = fresh();
    for (let at = 0; at < 40; at += 1) whole.observe(line(at, `job ${at} done`));
    const restored = fresh();
    restored.restore(whole.store());
    expect(restored.store()).toEqual(whole.store());
    expect(restored.keys).toBeGreaterThan(0);
    const news = line(41, "kernel module rootkit inserted");
    expect(restored.observe(news)).toEqual(whole.observe(news));
    expect(restored.observe({ ...news, group: ["", ""] })).toEqual([]);
    expect(createKeyedAnomalies({}).observe(news)).toEqual([]);
  });

  it("go on after a snapshot as if there had been none", () => {
    const whole = createKeyedAnomalies({ failures: failures() });
    for (let at = 0; at < 5; at += 1) whole.observe(logon(at));
    const restored = createKeyedAnomalies({ failures: failures() });
    restored.restore(whole.store());
    for (let at = 5; at < 40; at += 1) {
      expect(restored.observe(logon(at * 300))).toEqual(whole.observe(logon(at * 300)));
    }
    expect(restored.store()).toEqual(whole.store());
    expect(restored.begunAnew).toBe(0);
  });

  it("begin anew where their state can't be read, and leave the others alone", () => {
    const whole = createKeyedAnomalies({ failures: failures() });
    for (let at = 0; at < 8; at += 1) whole.observe(logon(at));
    // The names come first, then the budget.
    const pieces = whole.store().map((piece, at) => (at === 1 ? piece.slice(0, -3) : piece));
    const restored = createKeyedAnomalies({ failures: failures() });
    restored.restore(pieces);
    expect(restored.begunAnew).toBe(1);
    expect(restored.observe(logon(9))).toHaveLength(2);
  });

  it.each([
    ["can't be read", (piece: Uint8Array) => [piece.slice(0, -3)]],
    ["are not there", () => []],
  ])("begin anew as a whole where their names %s, but for the budget", (_, spoilt) => {
    const whole = createKeyedAnomalies({ failures: failures() });
    for (let at = 0; at < 8; at += 1) whole.observe(logon(at));
    const pieces = whole.store();
    const restored = createKeyedAnomalies({ failures: failures() });
    restored.restore(pieces.flatMap((piece, at) => (at === 0 ? spoilt(piece) : [piece])));
    expect(restored.begunAnew).toBe(1);
    // Anew, the next one is the first of all: a tail of 0.1.
    expect(restored.observe(logon(9))).toEqual([]);
    expect(restored.store()[1]?.length).toBeGreaterThanOrEqual(pieces[1]?.length ?? 0);
  });

  it.each([
    ["of an unknown kind", { ...logon(1), value: "constructor" }],
    ["without a kind", { ...logon(1), value: undefined }],
    ["marks of no day", { ...observationOfDayMark(1, true, 1), group: ["", "incident"] }],
    ["with an empty row", { ...logon(1), group: [] }],
  ])("are not made of an observation %s", (_, observation) => {
    expect(createKeyedAnomalies({ failures: failures() }).observe(observation)).toEqual([]);
  });
});
