// How often a source says something that it never said: the share of its lines so far at which something
// was new. That is the probability that the next new thing has where nothing is wrong.
import { createFairTable } from "../../fair-table.ts";
import type { RecentTable } from "../../network/recent-table.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";

export interface RatesOptions {
  readonly keysMax: number;
  readonly halfLifeMs: number;
  readonly warmupLines: number;
  readonly warmupMs: number;
}

interface Source {
  first: number;
  last: number;
  lines: number;
  news: number;
}

/** That a source has said something. */
interface Saying {
  readonly source: string;
}

/** No configured source is called with it. */
const BETWEEN = "\u0000";
/** What counts for something new that never came: half a time. */
const NEVER = 0.5;
const SOURCES_MAX = 10_000;

export class Rates {
  readonly #options: RatesOptions;
  /** Who says more than is remembered loses its own: nobody makes another source's sentences new. */
  readonly #known: RecentTable<Saying>;
  #sources = new RecencyMap<string, Source>();

  constructor(options: RatesOptions) {
    this.#options = options;
    this.#known = createFairTable(options.keysMax);
  }

  get size(): number {
    return this.#known.size;
  }

  get evicted(): number {
    return this.#known.evicted;
  }

  isKnown(source: string, thing: string): boolean {
    return this.#known.get(keyOf(source, thing)) !== undefined;
  }

  /** Learns that the source said the thing; how probable something new was, 1 where it was known. */
  learn(source: string, thing: string, time: number): number {
    const key = keyOf(source, thing);
    const isNew = this.#known.get(key) === undefined;
    if (isNew) this.#known.set(key, { source });
    else this.#known.touch(key);
    const of = this.#sourceOf(source, time);
    const age = time - of.last;
    if (age > 0) {
      const faded = 0.5 ** (age / this.#options.halfLifeMs);
      of.lines *= faded;
      of.news *= faded;
      of.last = time;
    }
    const isWarm =
      of.lines >= this.#options.warmupLines && of.last - of.first >= this.#options.warmupMs;
    const tail = isNew && isWarm ? Math.min(1, (of.news + NEVER) / (of.lines + 1)) : 1;
    of.lines += 1;
    // What comes while a source is learnt says nothing of how often something new comes later.
    if (isNew && isWarm) of.news += 1;
    return tail;
  }

  write(to: StateWriter): void {
    to.count(this.evicted);
    to.count(this.#known.size);
    for (const [key] of this.#known.entries()) to.text(key);
    to.count(this.#sources.size);
    for (const [name, { first, last, lines, news }] of this.#sources) {
      to.text(name);
      for (const value of [first, last, lines, news]) to.float(value);
    }
  }

  read(from: StateReader): void {
    const evicted = from.count();
    for (let left = from.count(); left > 0; left -= 1) {
      const key = from.text();
      this.#known.set(key, { source: key.slice(0, key.indexOf(BETWEEN)) });
    }
    this.#known.evicted = evicted;
    for (let left = from.count(); left > 0; left -= 1) {
      const name = from.text();
      const [first, last, lines, news] = [from.float(), from.float(), from.float(), from.float()];
      this.#sources.set(name, { first, last, lines, news });
    }
  }

  #sourceOf(name: string, time: number): Source {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const { oldest } = this.#sources;
    if (this.#sources.size >= SOURCES_MAX && oldest !== undefined) {
      this.#sources.delete(oldest);
      this.#known.evicted += 1;
    }
    const fresh = { first: time, last: time, lines: 0, news: 0 };
    this.#sources.set(name, fresh);
    return fresh;
  }
}

function keyOf(source: string, thing: string): string {
  return `${source}${BETWEEN}${thing}`;
}
