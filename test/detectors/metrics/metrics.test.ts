// The metric detector over many hosts: what does not fit together, what falls silent, what it remembers.
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import type { Anomaly } from "../../../detectors/anomaly/anomaly.ts";
import { explainAnomaly } from "../../../detectors/anomaly/explanation.ts";
import { createMetricDetector, type MetricSample } from "../../../detectors/metrics/metrics.ts";
import { metricWords } from "../../../detectors/metrics/words.ts";
import { randomFrom } from "../../support/drawn-series.ts";

const MINUTE_MS = 60_000;
const FIRST_TIME = Date.UTC(2026, 8, 7);
const DAY = 1440;

/** Load, requests and answers of a web server, one value a minute each; they rise and fall together. */
function* serverSamples(
  host: string,
  minutes: number,
  change: (minute: number, metric: string, value: number) => number = (_, __, value) => value,
): Generator<MetricSample> {
  const next = randomFrom(5);
  for (let minute = 0; minute < minutes; minute += 1) {
    const noise = () => next() + next() + next() - 1.5;
    // Users come and go within hours: their number is no matter of the clock.
    const users = 1 + 0.5 * Math.sin(minute / 47) + 0.3 * Math.sin(minute / 13.7);
    const values = {
      "cpu.load": 40 * users + 2 * noise(),
      "web.requests": 300 * users + 15 * noise(),
      "web.bytes": 9000 * users + 400 * noise(),
    };
    for (const [metric, value] of Object.entries(values)) {
      const time = FIRST_TIME + minute * MINUTE_MS;
      yield {
        ...{ id: `${host}-${metric}-${minute}`, time, source: "prometheus", metric },
        ...{ entity: { type: "host", value: host }, value: change(minute, metric, value) },
      };
    }
  }
}

function anomaliesOf(
  samples: Iterable<MetricSample>,
  detector = createMetricDetector(),
): Anomaly[] {
  const anomalies: Anomaly[] = [];
  let time = 0;
  for (const sample of samples) {
    if (sample.time > time) {
      time = sample.time;
      anomalies.push(...detector.advance(time));
    }
    anomalies.push(...detector.observe(sample));
  }
  return anomalies;
}

const minuteOf = ({ time }: Anomaly) => (time - FIRST_TIME) / MINUTE_MS;

describe("all metrics of a host", () => {
  const at = 6 * DAY;
  const mismatch = (minute: number, metric: string, value: number) => {
    if (minute < at || minute >= at + 30) return value;
    // Both stay well within what they have had at any hour.
    return metric === "cpu.load" ? 62 : metric === "web.requests" ? 180 : value;
  };

  it("finds load up while requests are down, though each value is usual by itself", () => {
    const found = anomaliesOf(serverSamples("web1", 7 * DAY, mismatch)).filter(
      (anomaly) => anomaly.kind === "host_mix" && minuteOf(anomaly) >= at,
    );
    const [first] = found;
    expect(first?.entity).toEqual({ type: "host", value: "web1" });
    expect(found.slice(0, 1).map(minuteOf)[0]).toBeLessThanOrEqual(at + 35);
    expect(first?.tail).toBeLessThanOrEqual(1e-4);
    const drivers = new Map(first?.drivers.map((driver) => [driver.feature, driver]));
    const load = drivers.get("cpu.load");
    const requests = drivers.get("web.requests");
    expect(load?.seen).toBeCloseTo(62, 0);
    expect(Number(load?.expected)).toBeLessThan(62);
    expect(Number(requests?.expected)).toBeGreaterThan(180);
    const shares = first?.drivers.map(({ share }) => share) ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
    const { picture } = first ?? {};
    expect(picture?.values).toHaveLength(48);
    expect(picture?.low.every((low, place) => low <= (picture.high[place] ?? 0))).toBe(true);
  });

  it("says so in a German sentence that names the metrics", () => {
    const found = anomaliesOf(serverSamples("web1", 7 * DAY, mismatch));
    const mix = found.find((one) => one.kind === "host_mix" && minuteOf(one) >= at);
    expect(mix).toBeDefined();
    if (mix === undefined) return;
    const text = explainAnomaly(mix, metricWords.de, "de");
    expect(text).toContain("die Messreihen passen nicht zueinander wie sonst");
    expect(text).toContain("web.requests");
  });

  it("leaves them alone while they fit each other", () => {
    const found = anomaliesOf(serverSamples("web1", 8 * DAY));
    const mixes = found.filter(({ kind }) => kind === "host_mix");
    expect(mixes.length).toBeLessThanOrEqual(2);
  });

  it("goes on when a metric stands still, is missing or is not finite", () => {
    const found = anomaliesOf(
      serverSamples("web1", 7 * DAY, (minute, metric, value) => {
        if (metric === "web.bytes") return minute % 3 === 0 ? Number.NaN : 7;
        return mismatch(minute, metric, value);
      }),
    );
    expect(found.some((one) => one.kind === "host_mix" && minuteOf(one) >= at)).toBe(true);
  });
});

describe("a series that falls silent", () => {
  it("is said once for all series of the host, and again only after it came back", () => {
    const detector = createMetricDetector();
    const silentFrom = 500;
    const isHeard = (minute: number) => minute < silentFrom || (minute >= 700 && minute < 900);
    const both = [...serverSamples("a", 1000), ...serverSamples("b", 1000)]
      .filter(({ entity, time }) => {
        return entity.value === "b" || isHeard((time - FIRST_TIME) / MINUTE_MS);
      })
      .sort((x, y) => x.time - y.time);
    const silences = anomaliesOf(both, detector).filter(({ kind }) => kind === "silence");
    expect(silences.map(({ entity }) => entity.value)).toEqual(["a", "a"]);
    const [first, second] = silences.map(minuteOf);
    expect(first).toBeGreaterThan(silentFrom);
    expect(first).toBeLessThan(silentFrom + 15);
    expect(second).toBeGreaterThan(900);
    expect(silences[0]?.drivers.map(({ feature }) => feature).sort()).toEqual([
      "cpu.load",
      "web.bytes",
      "web.requests",
    ]);
    expect(silences[0]?.drivers[0]?.expected).toBe(60);
  });

  it("counts values that are none as silence", () => {
    const found = anomaliesOf(
      serverSamples("a", 600, (minute, _, value) => (minute < 400 ? value : Number.NaN)),
    );
    expect(found.filter(({ kind }) => kind === "silence")).toHaveLength(1);
  });

  it("is not one that always comes at odd times", () => {
    const next = randomFrom(3);
    const samples = [...serverSamples("a", 5000)].filter(() => next() < 0.15);
    expect(anomaliesOf(samples).filter(({ kind }) => kind === "silence").length).toBeLessThan(3);
  });
});

describe("many hosts", () => {
  it("are judged each by itself, whatever comes between", () => {
    const spike = (minute: number, metric: string, value: number) =>
      minute === 700 && metric === "cpu.load" ? value * 9 : value;
    const of = (host: string) => [...serverSamples(host, 800, spike)];
    const alone = anomaliesOf(of("a"));
    const together = [...of("a"), ...of("b"), ...of("c")].sort((x, y) => x.time - y.time);
    const found = anomaliesOf(together);
    expect(alone.some((one) => minuteOf(one) === 700)).toBe(true);
    expect(found.filter(({ entity }) => entity.value === "a")).toEqual(alone);
    expect(anomaliesOf(together)).toEqual(found);
  });
});

it("says nothing of a series that was not heard for as long as it must be", () => {
  const spike = (minute: number, metric: string, value: number) =>
    metric === "cpu.load" && minute >= 2 * DAY && minute < 2 * DAY + 5 ? 40 * value : value;
  const kinds = (youngMs: number) => {
    const detector = createMetricDetector({ youngMs });
    return anomaliesOf(serverSamples("web1", 2 * DAY + 60, spike), detector)
      .filter((one) => minuteOf(one) >= 2 * DAY)
      .map(({ kind }) => kind);
  };
  expect(kinds(0)).toContain("value_high");
  expect(kinds(3 * DAY * MINUTE_MS)).not.toContain("value_high");
});

describe("what is remembered", () => {
  it("stays within its limit under a flood of names, and counts what went", () => {
    const detector = createMetricDetector({ seriesMax: 50, hostsMax: 20 });
    for (let count = 0; count < 2000; count += 1) {
      const value = count % 3 === 0 ? `${"x".repeat(100_000)}${count}` : `host-${count}`;
      detector.observe({
        ...{ id: `e${count}`, time: FIRST_TIME + count, source: "s", metric: "m", value: 1 },
        entity: { type: "host", value },
      });
    }
    expect(detector.keys).toBe(70);
    expect(detector.evicted).toBe(2000 - 50 + 2000 - 20);
    const bytes = detector.store().reduce((sum, piece) => sum + piece.length, 0);
    expect(bytes).toBeLessThan(70 * 10 * 1024);
  });

  it.each([100, 3 * DAY, 17_281])(
    "goes on from a snapshot as if nothing had been, after %i samples",
    (cut) => {
      const samples = [
        ...serverSamples("web1", 5 * DAY, (minute, metric, value) =>
          minute > 4 * DAY && minute < 4 * DAY + 20 && metric === "cpu.load" ? value * 4 : value,
        ),
      ];
      const whole = createMetricDetector();
      const expected = anomaliesOf(samples, whole);
      const first = createMetricDetector();
      const before = anomaliesOf(samples.slice(0, cut), first);
      const pieces = first.store();
      const second = createMetricDetector();
      second.restore(pieces);
      expect(second.store()).toEqual(pieces);
      expect([...before, ...anomaliesOf(samples.slice(cut), second)]).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
      expect(second.store()).toEqual(whole.store());
    },
  );

  it("comes in pieces under 1 MiB", () => {
    const detector = createMetricDetector();
    for (let count = 0; count < 400; count += 1) {
      detector.observe({
        ...{ id: `e${count}`, time: FIRST_TIME, source: "s", metric: "m", value: 1 },
        entity: { type: "service", value: `host-${count}` },
      });
    }
    const pieces = detector.store();
    expect(pieces.length).toBeGreaterThan(1);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1024 * 1024);
  });

  it.each<[string, string, (pieces: Uint8Array[]) => Uint8Array[]]>([
    ["of another version", "HW_STORE_VERSION", ([piece]) => [changed(piece, 0, 9)]],
    ["with a changed byte", "HW_STORE_CORRUPT", ([piece]) => [changed(piece, 3000, 1)]],
    ["that is cut", "HW_STORE_CORRUPT", ([piece]) => [piece?.slice(0, 4000) ?? new Uint8Array()]],
    ["that is empty", "HW_STORE_CORRUPT", () => [new Uint8Array()]],
    ["with a piece too many", "HW_STORE_CORRUPT", ([piece]) => [...twice(piece)]],
  ])("is refused %s", (_, code, damage) => {
    const detector = createMetricDetector();
    anomaliesOf(serverSamples("web1", 300), detector);
    const pieces = damage(detector.store().map((piece) => piece.slice()));
    let thrown: unknown;
    try {
      createMetricDetector().restore(pieces);
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown) ? thrown.code : thrown).toBe(code);
  });
});

function changed(piece: Uint8Array | undefined, at: number, by: number): Uint8Array {
  const copy = piece?.slice() ?? new Uint8Array();
  copy[at] = ((copy[at] ?? 0) + by) % 256;
  return copy;
}

function twice(piece: Uint8Array | undefined): Uint8Array[] {
  return piece === undefined ? [] : [piece, piece];
}
