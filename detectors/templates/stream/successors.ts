// Which sentence follows which on the same host within a time, and which one that always did is missing. A source
// that floods with hosts or sentences pushes out its own.
import { createFairTable } from "../../fair-table.ts";
import type { RecentTable } from "../../network/recent-table.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";

export interface SuccessorsOptions {
  readonly keysMax: number;
  readonly successorMs: number;
  /** A sentence is silent until it came so often (a tenth of a source's). */
  readonly warmupLines: number;
}

/** A sentence after which its usual successor did not come. */
export interface Missing {
  readonly id: string;
  readonly source: string;
  readonly host: string;
  readonly template: number;
  readonly successor: number;
  readonly from: number;
  readonly time: number;
  /** How often the successor stayed away before. */
  readonly tail: number;
}

/** A line that waits for what follows it. */
interface Waiting {
  readonly id: string;
  readonly source: string;
  readonly host: string;
  readonly template: number;
  readonly time: number;
  readonly followed: Set<number>;
}

/** What waits on a host. */
interface Host {
  readonly source: string;
  readonly waiting: Waiting[];
}

interface Sentence {
  readonly source: string;
  count: number;
  readonly followed: Map<number, number>;
}

/** The sentence that came last on a host. */
interface Last {
  readonly source: string;
  readonly template: number;
  readonly time: number;
}

/** No configured source is called with it. */
const BETWEEN = "\u0000";
const SECOND_MS = 1000;
const CANDIDATES_MAX = 8;
const WAITING_PER_HOST_MAX = 32;

export class Successors {
  readonly #options: SuccessorsOptions;
  readonly #hosts: RecentTable<Host>;
  readonly #sentences: RecentTable<Sentence>;
  readonly #last: RecentTable<Last>;
  /** Until then waiting lines were looked at; not stored, as to look again changes nothing. */
  #judged = Number.NEGATIVE_INFINITY;

  constructor(options: SuccessorsOptions) {
    this.#options = options;
    this.#hosts = createFairTable(options.keysMax);
    this.#sentences = createFairTable(options.keysMax);
    this.#last = createFairTable(options.keysMax);
  }

  get evicted(): number {
    return this.#hosts.evicted + this.#sentences.evicted + this.#last.evicted;
  }

  get size(): number {
    return this.#hosts.size + this.#sentences.size + this.#last.size;
  }

  /** The sentence that came last on the host. */
  last(source: string, host: string): Last | undefined {
    return this.#last.get(keyOf(source, host));
  }

  /** What mostly follows a sentence, most frequent first. */
  usualAfter(source: string, template: number, most: number): readonly number[] {
    const followed = this.#sentences.get(keyOf(source, template))?.followed ?? new Map();
    return [...followed]
      .sort(([, one], [, other]) => other - one)
      .slice(0, most)
      .map(([id]) => id);
  }

  observe(line: Pick<Waiting, "id" | "source" | "host" | "time">, template: number): Missing[] {
    const { id, source, host, time } = line;
    const key = keyOf(source, host);
    const found = this.#expire(key, time);
    const { waiting }: Host = this.#hosts.get(key) ?? { source, waiting: [] };
    for (const one of waiting) {
      if (one.followed.size < CANDIDATES_MAX) one.followed.add(template);
    }
    waiting.push({ id, source, host, template, time, followed: new Set() });
    // A host that says more in the time than is kept proves nothing of what is dropped.
    if (waiting.length > WAITING_PER_HOST_MAX) waiting.shift();
    this.#hosts.set(key, { source, waiting });
    this.#last.set(key, { source, template, time });
    return found;
  }

  /**
   * Judges what no successor can come for any more: of hosts that say nothing in whole seconds, so that it costs
   * nothing to be asked before each line, and what is said does not depend on how often it was.
   */
  advance(time: number): Missing[] {
    const second = Math.floor(time / SECOND_MS) * SECOND_MS;
    if (!(second > this.#judged)) return [];
    this.#judged = second;
    const due: string[] = [];
    for (const [key, { waiting }] of this.#hosts.entries())
      if (waiting[0] !== undefined && this.#isOver(waiting[0], second)) due.push(key);
    return due.flatMap((key) => this.#expire(key, second));
  }

  write(to: StateWriter): void {
    to.count(this.evicted);
    to.count(this.#hosts.size);
    for (const [key, { waiting }] of this.#hosts.entries()) {
      to.text(key);
      to.count(waiting.length);
      for (const { id, source, host, template, time, followed } of waiting) {
        for (const text of [id, source, host]) to.text(text);
        to.count(template);
        to.float(time);
        to.floats([...followed]);
      }
    }
    to.count(this.#sentences.size);
    for (const [key, { count, followed }] of this.#sentences.entries()) {
      to.text(key);
      to.count(count);
      to.floats([...followed].flat());
    }
    to.count(this.#last.size);
    for (const [key, { template, time }] of this.#last.entries()) {
      to.text(key);
      to.count(template);
      to.float(time);
    }
  }

  read(from: StateReader): void {
    const evicted = from.count();
    for (let left = from.count(); left > 0; left -= 1) {
      const key = from.text();
      const waiting: Waiting[] = [];
      for (let more = from.count(); more > 0; more -= 1) {
        const [id, source, host] = [from.text(), from.text(), from.text()];
        const [template, time] = [from.count(), from.float()];
        waiting.push({ id, source, host, template, time, followed: new Set(from.floats()) });
      }
      this.#hosts.set(key, { source: sourceOf(key), waiting });
    }
    for (let left = from.count(); left > 0; left -= 1) {
      const [key, count, flat] = [from.text(), from.count(), from.floats()];
      const followed = new Map<number, number>();
      for (let at = 0; at + 1 < flat.length; at += 2)
        followed.set(flat[at] ?? 0, flat[at + 1] ?? 0);
      this.#sentences.set(key, { source: sourceOf(key), count, followed });
    }
    for (let left = from.count(); left > 0; left -= 1) {
      const key = from.text();
      this.#last.set(key, { source: sourceOf(key), template: from.count(), time: from.float() });
    }
    this.#hosts.evicted = evicted;
  }

  #expire(key: string, time: number): Missing[] {
    const waiting = this.#hosts.get(key)?.waiting;
    if (waiting === undefined) return [];
    const found: Missing[] = [];
    while (waiting[0] !== undefined && this.#isOver(waiting[0], time)) {
      const [one] = waiting.splice(0, 1);
      if (one !== undefined) found.push(...this.#learn(one));
    }
    if (waiting.length === 0) this.#hosts.delete(key);
    return found;
  }

  #isOver({ time }: Waiting, now: number): boolean {
    return time + this.#options.successorMs < now;
  }

  #learn(one: Waiting): Missing[] {
    const { source } = one;
    const key = keyOf(source, one.template);
    const sentence = this.#sentences.get(key) ?? {
      ...{ source, count: 0, followed: new Map<number, number>() },
    };
    const found: Missing[] = [];
    if (sentence.count >= this.#options.warmupLines / 10) {
      for (const [successor, came] of sentence.followed) {
        if (one.followed.has(successor)) continue;
        const tail = (sentence.count - came + 0.5) / (sentence.count + 1);
        const { id, host, template, time: from } = one;
        const time = from + this.#options.successorMs;
        found.push({ ...{ id, source, host, template, successor, from, time }, tail });
      }
    }
    sentence.count += 1;
    for (const successor of one.followed) {
      const came = sentence.followed.get(successor);
      // What is not among the first few that followed does not always follow.
      if (came === undefined && (sentence.count > 1 || sentence.followed.size >= CANDIDATES_MAX))
        continue;
      sentence.followed.set(successor, (came ?? 0) + 1);
    }
    this.#sentences.set(key, sentence);
    return found;
  }
}

function keyOf(source: string, of: string | number): string {
  return `${source}${BETWEEN}${of}`;
}

function sourceOf(key: string): string {
  return key.slice(0, key.indexOf(BETWEEN));
}
