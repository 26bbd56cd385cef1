// The metric detector: every series of every host by itself, all series of a host together, and series that
// fall silent. Bounded in series and hosts; who was not heard for the longest time goes first.
import type { Anomaly, AnomalyDetector } from "../anomaly/anomaly.ts";
import { hourOfWeek } from "../anomaly/calendar.ts";
import { createTail } from "../anomaly/tail.ts";
import type { Entity } from "../detector.ts";
import { createFairTable } from "../fair-table.ts";
import type { EventReference } from "../keyed.ts";
import { boundedKey, type RecentTable } from "../network/recent-table.ts";
import { addToWindow, closeWindow, HOST_METRICS_MAX, HOST_NUMBERS } from "./host-model.ts";
import { AT, createSeries } from "./layout.ts";
import { hostAnomaly, type NamedSeries, seriesAnomaly, silenceAnomaly } from "./metric-anomaly.ts";
import type { Host, MetricOptions } from "./remembered.ts";
import { observeSeries } from "./series.ts";
import { hear, newSilence } from "./silence.ts";
import { readState, writeState } from "./snapshot.ts";

/** One value of one metric. */
export interface MetricSample {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly source: string;
  /** Whose metric it is: a host, or a service. */
  readonly entity: Entity;
  /** Name of the metric, e.g. `cpu.user`. */
  readonly metric: string;
  /** NaN: the sender had none. */
  readonly value: number;
}

const METRIC_DEFAULTS: MetricOptions = {
  ...{ seriesMax: 100_000, hostsMax: 10_000, windowMs: 300_000, youngMs: 0 },
};

const HOST_TAIL = { warmup: 100 } as const;
/** A host speaks at windows that are less probable, and then not for a while. */
const HOST_ALARM_TAIL = 1e-4;
const HOST_REST_WINDOWS = 12;
/** Silence is looked for once in so long a time of the events. */
const SILENCE_EVERY_MS = 60_000;
/** Times that a clock can have: a hostile one must not silence everybody. */
const TIME_MAX = 8.64e15;

/** Makes the detector; the clock is that of the samples. */
export function createMetricDetector(
  options: Partial<MetricOptions> = {},
): AnomalyDetector<MetricSample> {
  const settings = { ...METRIC_DEFAULTS, ...options };
  let series = createFairTable<NamedSeries>(settings.seriesMax);
  let hosts = createFairTable<Host>(settings.hostsMax);
  let lookedAt = 0;
  /** No host's window begins before this: until it is over there is nothing to close. */
  let openSince = Number.POSITIVE_INFINITY;

  const closeHost = (host: Host): readonly Anomaly[] => {
    const { from } = host;
    const reading = closeWindow(host.numbers);
    if (reading === undefined) return [];
    const time = from + settings.windowMs;
    const tail = host.tail.score(Math.log(1 + reading.distance), time);
    if (tail > HOST_ALARM_TAIL || from < host.quietUntil) return [];
    const metrics = host.metrics.map((key) => series.get(key));
    host.quietUntil = from + HOST_REST_WINDOWS * settings.windowMs;
    const anomaly = hostAnomaly(metrics, { from, time, tail }, reading, [host.last]);
    return anomaly === undefined ? [] : [anomaly];
  };

  const closeHosts = (time: number): Anomaly[] => {
    const anomalies: Anomaly[] = [];
    openSince = Number.POSITIVE_INFINITY;
    for (const [, host] of hosts.entries()) {
      if (time >= host.from + settings.windowMs) {
        anomalies.push(...closeHost(host));
        host.from = Math.floor(time / settings.windowMs) * settings.windowMs;
      }
      openSince = Math.min(openSince, host.from);
    }
    return anomalies;
  };

  return {
    observe(sample) {
      const { time, value, source } = sample;
      if (!(Math.abs(time) <= TIME_MAX) || !Number.isFinite(value)) return [];
      const hostKey = `${sample.entity.type} ${boundedKey(sample.entity.value)}`;
      const key = `${hostKey} ${boundedKey(sample.metric)}`;
      const from = boundedKey(source);
      const named = heardAgain(series, key, from) ?? added(series, key, sample);
      hear(named.series.numbers, time);
      const reading = observeSeries(named.series, time, value, hourOfWeek);
      const event: EventReference = { id: boundedKey(sample.id), time, rule: 0 };
      const anomalies: Anomaly[] = [];
      if (reading.unusual >= 0.5 && ageOf(named) >= settings.youngMs)
        anomalies.push(seriesAnomaly(named, time, reading, event));
      const begin = Math.floor(time / settings.windowMs) * settings.windowMs;
      let host = hosts.get(hostKey);
      if (host === undefined) {
        host = createHost(begin, event, from);
        hosts.set(hostKey, host);
        openSince = Math.min(openSince, begin);
      } else hosts.touch(hostKey);
      if (begin > host.from) {
        anomalies.push(...closeHost(host));
        host.from = begin;
      }
      host.last = event;
      const place = placeOf(host, key);
      if (place >= 0 && reading.isKnown)
        addToWindow(host.numbers, place, reading.value, reading.expected);
      return anomalies;
    },
    advance(time) {
      if (!(Math.abs(time) <= TIME_MAX)) return [];
      const anomalies = time < openSince + settings.windowMs ? [] : closeHosts(time);
      if (time < lookedAt + SILENCE_EVERY_MS) return anomalies;
      lookedAt = time;
      return [...anomalies, ...silences(series, time)];
    },
    store: () => writeState({ series, hosts, lookedAt }),
    restore(pieces) {
      const state = readState(pieces, settings, HOST_TAIL);
      ({ series, hosts, lookedAt } = state);
      openSince = Number.NEGATIVE_INFINITY;
    },
    get keys() {
      return series.size + hosts.size;
    },
    get evicted() {
      return series.evicted + hosts.evicted;
    },
  };
}

function createHost(from: number, last: EventReference, source: string): Host {
  const numbers = new Float64Array(HOST_NUMBERS);
  const tail = createTail(HOST_TAIL);
  return { source, numbers, metrics: [], tail, from, quietUntil: 0, last };
}

/** How long a series has been heard, milliseconds, as its usual pauses tell. */
function ageOf({ series: { numbers } }: NamedSeries): number {
  return (numbers[AT.seen] ?? 0) * (numbers[AT.gapMean] ?? 0);
}

/** The series, from now on of this source. */
function heardAgain(
  table: RecentTable<NamedSeries>,
  key: string,
  source: string,
): NamedSeries | undefined {
  const found = table.get(key);
  if (found === undefined) return undefined;
  found.source = source;
  table.touch(key);
  return found;
}

function added(table: RecentTable<NamedSeries>, key: string, sample: MetricSample): NamedSeries {
  const named: NamedSeries = {
    entity: { type: sample.entity.type, value: boundedKey(sample.entity.value) },
    metric: boundedKey(sample.metric),
    source: boundedKey(sample.source),
    series: createSeries(),
  };
  table.set(key, named);
  return named;
}

/** Place of a series among the host's; -1 where the host has no room for one more. */
function placeOf(host: Host, key: string): number {
  const place = host.metrics.indexOf(key);
  if (place >= 0 || host.metrics.length >= HOST_METRICS_MAX) return place;
  return host.metrics.push(key) - 1;
}

/** One anomaly an entity, however many of its series fell silent. */
function silences(series: RecentTable<NamedSeries>, time: number): readonly Anomaly[] {
  const byEntity = new Map<string, (NamedSeries & { surprise: number })[]>();
  for (const [, named] of series.entries()) {
    const surprise = newSilence(named.series.numbers, time);
    if (surprise === 0) continue;
    const key = `${named.entity.type} ${named.entity.value}`;
    const silent = byEntity.get(key) ?? [];
    silent.push({ ...named, surprise });
    byEntity.set(key, silent);
  }
  return [...byEntity.values()]
    .map((silent) => silenceAnomaly(silent, time))
    .filter((anomaly) => anomaly !== undefined);
}
