// A short memory of the metrics that boards name, for installations without Prometheus: samples of this
// process's own registry, fine for the last hours and coarse for a week. It begins empty with every start.
import type { Registry } from "prom-client";

/** Between two samples. */
export const SAMPLE_MS = 30_000;
const FINE_SAMPLES = 240;
/** Every tenth sample is kept longer: 5 minutes. */
const COARSE_EVERY = 10;
const COARSE_SAMPLES = 2016;
/** About 18 MB at most; what comes later is left out and counted. */
export const SERIES_MAX = 1000;
/** A picture has no room for more. */
export const POINTS_MAX = 300;

export interface MetricMemoryParts {
  readonly registry: Pick<Registry, "getMetricsAsJSON">;
  /** Names as on `/metrics`; of a histogram all its parts are kept. */
  readonly names: ReadonlySet<string>;
  /** What the label `instance` says: Prometheus adds one, and boards tell processes apart by it. */
  readonly instance: string;
  /** ms UTC. */
  readonly now: () => number;
}

/** One series over the points of a span. */
export interface RememberedSeries {
  /** With `_bucket` where it is one. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where it was not there. */
  readonly values: readonly number[];
}

export interface Remembered {
  /** ms UTC, ascending, evenly thinned. */
  readonly times: readonly number[];
  readonly series: readonly RememberedSeries[];
}

interface Ring {
  readonly slots: number;
  readonly times: Float64Array;
  /** Samples ever written. */
  count: number;
}

interface Kept {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fine: Float64Array;
  readonly coarse: Float64Array;
  lastSample: number;
}

export class MetricMemory {
  readonly #parts: MetricMemoryParts;
  readonly #fine = ringOf(FINE_SAMPLES);
  readonly #coarse = ringOf(COARSE_SAMPLES);
  readonly #kept = new Map<string, Kept>();
  #samples = 0;
  #leftOut = 0;

  constructor(parts: MetricMemoryParts) {
    this.#parts = parts;
  }

  /** ms UTC of the oldest sample; undefined before the first one. */
  get since(): number | undefined {
    const { count, slots, times } = this.#coarse;
    return count === 0 ? undefined : times[Math.max(0, count - slots) % slots];
  }

  /** Series that found no room in the last sample. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes one sample; to be called every SAMPLE_MS. */
  async sample(): Promise<void> {
    const { registry, names, instance, now } = this.#parts;
    const metrics = await registry.getMetricsAsJSON();
    const isCoarse = this.#samples % COARSE_EVERY === 0;
    this.#samples += 1;
    this.#leftOut = 0;
    const at = now();
    const fineSlot = advance(this.#fine, at);
    const coarseSlot = isCoarse ? advance(this.#coarse, at) : undefined;
    for (const { fine, coarse } of this.#kept.values()) {
      fine[fineSlot] = Number.NaN;
      if (coarseSlot !== undefined) coarse[coarseSlot] = Number.NaN;
    }
    for (const metric of metrics) {
      if (!names.has(metric.name)) continue;
      for (const value of metric.values) {
        const name = partName(value) ?? metric.name;
        const series = this.#series(name, labelsOf(value.labels, instance));
        if (series === undefined) continue;
        series.lastSample = this.#samples;
        series.fine[fineSlot] = value.value;
        if (coarseSlot !== undefined) series.coarse[coarseSlot] = value.value;
      }
    }
    if (isCoarse) this.#forget();
  }

  /** What was sampled between two moments, ms UTC; fine where that reaches back far enough. */
  between(from: number, to: number): Remembered {
    const { times, count, slots } = this.#fine;
    const oldestFine = count === 0 ? from : (times[Math.max(0, count - slots) % slots] ?? from);
    const isFine = from >= oldestFine || this.#coarse.count <= 1 || count <= slots;
    const ring = isFine ? this.#fine : this.#coarse;
    const places = placesOf(ring, from, to);
    const series = [...this.#kept.values()].map(({ name, labels, fine, coarse }) => {
      const all = isFine ? fine : coarse;
      return { name, labels, values: places.map((place) => all[place] ?? Number.NaN) };
    });
    return { times: places.map((place) => ring.times[place] ?? 0), series };
  }

  #series(name: string, labels: Readonly<Record<string, string>>): Kept | undefined {
    const key = `${name} ${JSON.stringify(Object.entries(labels).sort(byFirst))}`;
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    if (this.#kept.size >= SERIES_MAX) {
      this.#leftOut += 1;
      return undefined;
    }
    const made: Kept = {
      ...{ name, labels, lastSample: 0 },
      fine: new Float64Array(FINE_SAMPLES).fill(Number.NaN),
      coarse: new Float64Array(COARSE_SAMPLES).fill(Number.NaN),
    };
    this.#kept.set(key, made);
    return made;
  }

  /** What has not been there for as long as anything is kept. */
  #forget(): void {
    const oldest = this.#samples - COARSE_SAMPLES * COARSE_EVERY;
    for (const [key, { lastSample }] of this.#kept) {
      if (lastSample <= oldest) this.#kept.delete(key);
    }
  }
}

function ringOf(slots: number): Ring {
  return { slots, times: new Float64Array(slots), count: 0 };
}

function advance(ring: Ring, at: number): number {
  const slot = ring.count % ring.slots;
  ring.times[slot] = at;
  ring.count += 1;
  return slot;
}

/** Places of the samples in a span, oldest first; of more than POINTS_MAX evenly some, the newest among them. */
function placesOf({ slots, times, count }: Ring, from: number, to: number): number[] {
  const all: number[] = [];
  for (let sample = Math.max(0, count - slots); sample < count; sample += 1) {
    const time = times[sample % slots] ?? 0;
    if (time >= from && time <= to) all.push(sample % slots);
  }
  const stride = Math.ceil(all.length / POINTS_MAX);
  return all.filter((_place, at) => (all.length - 1 - at) % stride === 0);
}

/** Of a histogram: `…_bucket`, `…_sum`, `…_count`. */
function partName(value: object): string | undefined {
  return "metricName" in value && typeof value.metricName === "string"
    ? value.metricName
    : undefined;
}

function labelsOf(
  labels: Readonly<Partial<Record<string, string | number>>>,
  instance: string,
): Readonly<Record<string, string>> {
  const own = Object.entries(labels).map(([name, value]) => [name, String(value ?? "")]);
  return { instance, ...Object.fromEntries(own) };
}

function byFirst([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
