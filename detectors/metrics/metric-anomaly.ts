// What the metric detector says, in the form that all anomaly detectors share: which metrics drove it, what
// was expected of them, and a picture of the one that drove it most.
import type { Anomaly, Driver, Picture } from "../anomaly/anomaly.ts";
import type { Entity } from "../detector.ts";
import type { EventReference } from "../keyed.ts";
import type { HostReading } from "./host-model.ts";
import { AT, RECENT_VALUES, type Series } from "./layout.ts";
import { FEATURES, type Reading } from "./series.ts";
import type { MetricKind } from "./words.ts";

const DETECTOR = "metrics";

/** One series of one entity, under its name. */
export interface NamedSeries {
  readonly entity: Entity;
  readonly metric: string;
  source: string;
  readonly series: Series;
}

/** An alarm of one series. */
export function seriesAnomaly(
  named: NamedSeries,
  time: number,
  reading: Reading,
  event: EventReference,
): Anomaly {
  const { value, expected, low, high } = reading;
  const driver: Driver = {
    ...{ feature: named.metric, seen: value, expected, against: "own", share: 1 },
    limit: value >= expected ? high : low,
  };
  return {
    ...{ detector: DETECTOR, kind: kindOf(reading), entity: named.entity, source: named.source },
    ...{ from: time, time, tail: Math.exp(-reading.surprise), drivers: [driver], events: [event] },
    picture: pictureOf(named, time),
  };
}

/** Series of one entity that fell silent. */
export function silenceAnomaly(
  silent: readonly (NamedSeries & { readonly surprise: number })[],
  time: number,
): Anomaly | undefined {
  const [first] = silent;
  if (first === undefined) return undefined;
  const heard = silent.map(({ series }) => series.numbers[AT.heard] ?? time);
  const drivers = silent.map(({ metric, series }): Driver => {
    const { numbers } = series;
    const seconds = (ms: number) => Math.round(ms / 100) / 10;
    return {
      ...{ feature: metric, against: "own", share: 1 / silent.length },
      seen: seconds(time - (numbers[AT.heard] ?? time)),
      expected: seconds(numbers[AT.gapMean] ?? 0),
    };
  });
  return {
    ...{ detector: DETECTOR, kind: "silence", entity: first.entity, source: first.source },
    ...{ from: Math.min(...heard), time, drivers, events: [] },
    tail: Math.exp(-Math.max(...silent.map(({ surprise }) => surprise))),
  };
}

/** A window of a host in which its metrics don't fit each other. */
export function hostAnomaly(
  metrics: readonly (NamedSeries | undefined)[],
  window: { readonly from: number; readonly time: number; readonly tail: number },
  reading: HostReading,
  events: readonly EventReference[],
): Anomaly | undefined {
  // A series that was forgotten since has no name any more.
  const known = reading.drivers.flatMap((driver) => {
    const named = metrics[driver.metric];
    return named === undefined ? [] : [{ named, driver }];
  });
  const [main] = known;
  if (main === undefined) return undefined;
  const drivers = known.map(({ named, driver }): Driver => {
    const { seen, expected, limit, share } = driver;
    return { feature: named.metric, seen, expected, limit, share, against: "own" };
  });
  const { entity, source } = main.named;
  return {
    ...{ detector: DETECTOR, kind: "host_mix", entity, source },
    ...{ from: window.from, time: window.time, tail: window.tail, drivers, events },
    picture: pictureOf(main.named, window.time),
  };
}

function kindOf({ parts, value, expected }: Reading): MetricKind {
  let largest = 0;
  parts.forEach((part, at) => {
    if (part > (parts[largest] ?? 0)) largest = at;
  });
  const feature = FEATURES[largest];
  if (feature === "unrest") return "unrest";
  if (feature === "novelty") return "pattern";
  return value >= expected ? "value_high" : "value_low";
}

/** The last values with the band of what was expected; their mean distance stands for each. */
function pictureOf({ metric, series }: NamedSeries, time: number): Picture {
  const { numbers, recent } = series;
  const seen = numbers[AT.seen] ?? 0;
  const count = Math.min(seen, RECENT_VALUES);
  const stepMs = numbers[AT.gapMean] ?? 0;
  const ring = (at: number) =>
    Array.from({ length: count }, (_, index) => {
      return recent[at * RECENT_VALUES + ((seen - count + index) % RECENT_VALUES)] ?? 0;
    });
  const from = time - Math.max(0, count - 1) * stepMs;
  return { feature: metric, from, stepMs, values: ring(0), low: ring(1), high: ring(2) };
}
