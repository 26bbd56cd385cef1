// How often a source says something that it never said: the share of its lines so far at which something
// was new. That is the probability that the next new thing has where nothing is wrong.
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

/** What counts for something new that never came: half a time. */
const NEVER = 0.5;
const SOURCES_MAX = 10_000;

export class Rates {
  evicted = 0;
  readonly #options: RatesOptions;
  #known = new RecencyMap<string, true>();
  #sources = new RecencyMap<string, Source>();

  constructor(options: RatesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#known.size;
  }

  isKnown(source: string, thing: string): boolean {
    return this.#known.has(keyOf(source, thing));
  }

  /** Learns that the source said the thing; how probable something new was, 1 where it was known. */
  learn(source: string, thing: string, time: number): number {
    const key = keyOf(source, thing);
    const isNew = !this.#known.has(key);
    // The longest unseen stand first.
    this.#known.set(key, true);
    if (this.#known.size > this.#options.keysMax) this.#forget(this.#known);
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
    for (const key of this.#known.keys()) to.text(key);
    to.count(this.#sources.size);
    for (const [name, { first, last, lines, news }] of this.#sources) {
      to.text(name);
      for (const value of [first, last, lines, news]) to.float(value);
    }
  }

  read(from: StateReader): void {
    this.evicted = from.count();
    for (let left = from.count(); left > 0; left -= 1) this.#known.set(from.text(), true);
    for (let left = from.count(); left > 0; left -= 1) {
      const name = from.text();
      const [first, last, lines, news] = [from.float(), from.float(), from.float(), from.float()];
      this.#sources.set(name, { first, last, lines, news });
    }
  }

  #sourceOf(name: string, time: number): Source {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    if (this.#sources.size >= SOURCES_MAX) this.#forget(this.#sources);
    const fresh = { first: time, last: time, lines: 0, news: 0 };
    this.#sources.set(name, fresh);
    return fresh;
  }

  #forget(from: RecencyMap<string, unknown>): void {
    const { oldest } = from;
    if (oldest === undefined) return;
    from.delete(oldest);
    this.evicted += 1;
  }
}

function keyOf(source: string, thing: string): string {
  return `${source}\u0000${thing}`;
}
