// Watches the order of sentences on each host with the sequence model: how surprising each one is after the
// dozen before it, compared with what is usual of its source.
import { createTail, type Tail, type TailOptions } from "../../anomaly/tail.ts";
import { createFairTable } from "../../fair-table.ts";
import type { RecentTable } from "../../network/recent-table.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import type { LiveSequences } from "./live-sequences.ts";
import { CONTEXT_SIGNS, ROW_SIGNS, type SequenceModel } from "./model.ts";
import type { Sign } from "./vocabulary.ts";

export interface OrderWatchOptions {
  /** Hosts whose last sentences are remembered, of all sources together. */
  readonly keysMax: number;
  readonly halfLifeMs: number;
  /** Orders that are at most as probable are odd. */
  readonly tailMax: number;
}

/** A sentence that its model did not expect after those before it. */
export interface OddOrder {
  /** How probable something at least as surprising is in this source. */
  readonly tail: number;
  /** Time of the first sentence that it was judged by, milliseconds since 1970 UTC. */
  readonly from: number;
  /** What was expected, the most probable first. */
  readonly expected: readonly Sign[];
}

/** A sentence on a host. */
interface Said {
  readonly source: string;
  readonly host: string;
  readonly time: number;
}

interface Context {
  readonly source: string;
  signs: Sign[];
  times: number[];
  /** Whether nothing odd is among them. */
  isUsual: boolean;
  /** What the model made of them; undefined: it was not asked yet. */
  state: Float32Array | undefined;
}

/** No configured source is called with it. */
const BETWEEN = "\u0000";
const SOURCES_MAX = 1_000;
const EXPECTED_MAX = 3;
/** Nothing is odd that is not at least e² times less probable than after the last sentence alone. */
const ODDNESS_MIN = 2;
/** A sentence is not judged by fewer before it. */
const CONTEXT_MIN = CONTEXT_SIGNS / 2;
/** Surprises of a source that are learnt before any is judged. */
const WARMUP = 500;

export class OrderWatch {
  readonly #options: OrderWatchOptions;
  readonly #live: LiveSequences;
  /** A source that floods with hosts pushes out its own. */
  readonly #contexts: RecentTable<Context>;
  #tails = new RecencyMap<string, Tail>();
  /** The model that contexts and tails are of. */
  #mark = 0;

  constructor(options: OrderWatchOptions, live: LiveSequences) {
    this.#options = options;
    this.#live = live;
    this.#contexts = createFairTable(options.keysMax);
  }

  get evicted(): number {
    return this.#contexts.evicted;
  }

  get size(): number {
    return this.#contexts.size + this.#tails.size;
  }

  /** Takes the next sentence of a host; says how odd it is where it is. */
  observe(said: Said, sign: Sign): OddOrder | undefined {
    const { source, host, time } = said;
    const context = this.#contextOf(source, host);
    const { model } = this.#live;
    // Without one the state would be out of date when the next one comes.
    if (model === undefined) context.state = undefined;
    const odd = model === undefined ? undefined : this.#judge(model, context, said, sign);
    if (odd !== undefined) Object.assign(context, fresh());
    context.signs.push(sign);
    context.times.push(time);
    if (odd !== undefined) context.isUsual = false;
    else if (context.state !== undefined) model?.step(context.state, sign);
    if (context.signs.length < ROW_SIGNS) return odd;
    const { signs, isUsual } = context;
    this.#live.keep({ source, host, time, signs, isUsual });
    context.signs = context.signs.slice(-CONTEXT_SIGNS);
    context.times = context.times.slice(-CONTEXT_SIGNS);
    // What is half forgotten was judged: the rest goes on as usual.
    Object.assign(context, { isUsual: true, state: undefined });
    return odd;
  }

  write(to: StateWriter): void {
    to.count(this.evicted);
    to.count(this.#mark);
    to.count(this.#contexts.size);
    for (const [key, { signs, times, isUsual }] of this.#contexts.entries()) {
      to.text(key);
      to.byte(isUsual ? 1 : 0);
      to.count(signs.length);
      for (const [at, sign] of signs.entries()) {
        to.count(sign);
        to.float(times[at] ?? 0);
      }
    }
    to.count(this.#tails.size);
    for (const [source, tail] of this.#tails) {
      to.text(source);
      to.floats(tail.state());
    }
  }

  read(from: StateReader): void {
    const evicted = from.count();
    this.#mark = from.count();
    for (let left = from.count(); left > 0; left -= 1) {
      const key = from.text();
      const source = key.slice(0, key.indexOf(BETWEEN));
      const context = { source, ...fresh(), isUsual: from.byte() === 1 };
      for (let more = from.count(); more > 0; more -= 1) {
        context.signs.push(from.count());
        context.times.push(from.float());
      }
      this.#contexts.set(key, context);
    }
    this.#contexts.evicted = evicted;
    for (let left = from.count(); left > 0; left -= 1)
      this.#tails.set(from.text(), createTail(this.#tailOptions(), from.floats()));
  }

  #judge(model: SequenceModel, context: Context, said: Said, sign: Sign): OddOrder | undefined {
    if (model.mark !== this.#mark) this.#begin(model.mark);
    const { signs, times } = context;
    context.state ??= stateAfter(model, signs);
    // What the model does not tell apart, or what too little came before, it can't judge.
    const before = signs.at(-1);
    if (!model.isKnown(sign) || before === undefined || signs.length < CONTEXT_MIN)
      return undefined;
    const oddness = model.oddness(context.state, before, sign);
    const tail = this.#tailOf(said.source).score(oddness, said.time);
    if (tail > this.#options.tailMax || oddness < ODDNESS_MIN) return undefined;
    const expected = model.expected(context.state, EXPECTED_MAX);
    return { tail, expected, from: times[0] ?? said.time };
  }

  /** Another model finds other things surprising. */
  #begin(mark: number): void {
    this.#mark = mark;
    this.#tails.clear();
    for (const [, context] of this.#contexts.entries()) context.state = undefined;
  }

  #tailOptions(): Partial<TailOptions> {
    const { halfLifeMs } = this.#options;
    return { halfLifeMs, warmup: WARMUP, bodyMax: 256, peaksMax: 128 };
  }

  #contextOf(source: string, host: string): Context {
    const key = `${source}${BETWEEN}${host}`;
    const context = this.#contexts.get(key) ?? { source, ...fresh() };
    this.#contexts.set(key, context);
    return context;
  }

  #tailOf(source: string): Tail {
    const tail = this.#tails.get(source) ?? createTail(this.#tailOptions());
    this.#tails.set(source, tail);
    const { oldest } = this.#tails;
    if (this.#tails.size > SOURCES_MAX && oldest !== undefined) {
      this.#tails.delete(oldest);
      this.#contexts.evicted += 1;
    }
    return tail;
  }
}

function fresh(): Omit<Context, "source"> {
  return { signs: [], times: [], isUsual: true, state: undefined };
}

function stateAfter(model: SequenceModel, signs: readonly Sign[]): Float32Array {
  const state = model.start();
  for (const sign of signs) model.step(state, sign);
  return state;
}
