// Correlation rules over a stream of observations: the state of all their groups, bounded, in typed arrays.
// What the types mean stands in README.md, how they are judged in the files named `…-judge.ts`.
import { type KeyedDetector, type Observation, type Raised, STATE_SHARDS } from "../keyed.ts";
import { BlockMemory } from "./block-memory.ts";
import { numberIn } from "./exact-sum.ts";
import { GroupBlock } from "./group-block.ts";
import { GroupTable, NO_ROW } from "./group-table.ts";
import type { Judge, Verdict } from "./judge.ts";
import { judgeOf } from "./judges.ts";
import { hashOf, mixed } from "./key-hash.ts";
import { meaningOf } from "./meaning.ts";
import type { CorrelationRule } from "./rule.ts";
import { readShard, type StoredCorrelation, type StoredGroup, writeShard } from "./snapshot.ts";

export interface CorrelatorOptions {
  /** Groups remembered at the same time; beyond, the one whose newest event is oldest is forgotten. */
  readonly keysMax?: number;
  /** Bytes of all groups' events; beyond, groups are forgotten as with `keysMax`. */
  readonly bytesMax?: number;
  /**
   * Events, numbers or values of one group that are looked at, where a type needs all of them (sums,
   * percentiles, value_count in windows that close); README.md says what happens with more.
   */
  readonly groupEventsMax?: number;
  /** Makes it hard to choose keys that collide in the table; any whole number. */
  readonly hashSeed?: number;
}

export interface Correlator extends KeyedDetector {
  /** Observations that could not be counted: no number where one is needed, no value, no time. */
  readonly skipped: number;
}

interface Correlation extends StoredCorrelation {
  readonly number: number;
  readonly judge: Judge;
  readonly timespanMs: number;
  readonly rules: number;
}

const KEYS_MAX = 1_000_000;
const BYTES_MAX = 512 * 1024 * 1024;
const GROUP_EVENTS_MAX = 10_000;
/** Their numbers have two bytes. */
const CORRELATIONS_MAX = 65_535;
const NONE: readonly Raised[] = [];

/**
 * Holds the state of correlations of one level; hits that others of a higher level join go to another one.
 * Observations are expected in the order (time, id, place of the rule).
 */
export function createCorrelator(
  rules: readonly CorrelationRule[],
  options: CorrelatorOptions = {},
): Correlator {
  return new GroupCorrelator(rules, options);
}

class GroupCorrelator implements Correlator {
  evicted = 0;
  skipped = 0;
  readonly #keysMax: number;
  readonly #bytesMax: number;
  readonly #seed: number;
  readonly #correlations: readonly Correlation[];
  readonly #byId: ReadonlyMap<string, Correlation>;
  readonly #memory = new BlockMemory();
  readonly #block = new GroupBlock(this.#memory);
  readonly #groups: GroupTable;
  readonly #changed = new Uint8Array(STATE_SHARDS);
  /** No group is due before this time. */
  #quietUntil = Number.POSITIVE_INFINITY;
  /** Whether groups were restored: their chains are in no order then. */
  #isUnsorted = false;
  /** Rows by shard, as long as no group comes or goes: all shards are stored in one go. */
  #shardRows: readonly (readonly number[])[] | undefined;

  constructor(rules: readonly CorrelationRule[], options: CorrelatorOptions) {
    if (rules.length > CORRELATIONS_MAX) throw new RangeError(`${rules.length} correlations`);
    this.#keysMax = options.keysMax ?? KEYS_MAX;
    this.#bytesMax = options.bytesMax ?? BYTES_MAX;
    this.#seed = options.hashSeed ?? 0;
    const groupEventsMax = options.groupEventsMax ?? GROUP_EVENTS_MAX;
    this.#correlations = rules.map((rule, number) => ({
      id: rule.info.id,
      meaning: meaningOf(rule),
      number,
      judge: judgeOf(rule, groupEventsMax),
      timespanMs: rule.timespanMs,
      rules: rule.rules.length,
    }));
    this.#byId = new Map(this.#correlations.map((one) => [one.id, one]));
    this.#groups = new GroupTable(rules.length, this.#keysMax + 1);
  }

  get keys(): number {
    return this.#groups.size;
  }

  observe(observation: Observation): readonly Raised[] {
    const correlation = this.#byId.get(observation.detector);
    if (correlation === undefined) return NONE;
    const { judge } = correlation;
    const number = judge.needs === "number" ? numberIn(observation.value) : 0;
    const isMissing = judge.needs === "value" && observation.value === undefined;
    if (number === undefined || isMissing || !isSound(observation, correlation)) {
      this.skipped += 1;
      return NONE;
    }
    this.#sort();
    const hash = hashOf(observation.key, 0);
    const shard = hash % STATE_SHARDS;
    const tableHash = this.#hashOf(correlation, observation.key);
    let row = this.#find(tableHash, correlation, observation.key);
    let closed: Raised | undefined;
    this.#changed[shard] = 1;
    this.#shardRows = undefined;
    if (row !== NO_ROW && judge.isClosing && this.#due(row) <= observation.time) {
      closed = this.#close(row, correlation);
      row = NO_ROW;
    }
    const block = this.#block;
    const { renaming } = observation;
    if (row === NO_ROW) {
      if (judge.isClosing && renaming?.copy === "former")
        return closed === undefined ? NONE : [closed];
      block.create(observation, judge.layout);
      const { time } = observation;
      row = this.#groups.add(tableHash, shard, correlation.number, block.handle, time);
      this.#quietUntil = Math.min(this.#quietUntil, time + correlation.timespanMs);
    } else {
      block.open(this.#groups.block(row), judge.layout);
      this.#groups.touch(row, observation.time);
      if (!judge.isClosing) this.#groups.postpone(row);
    }
    const isHit = judge.take(block, observation, number);
    this.#groups.setBlock(row, block.handle);
    const verdict = isHit ? judge.conclude(block) : undefined;
    if (verdict === undefined) {
      this.#evict();
      return closed === undefined ? NONE : [closed];
    }
    this.#forget(row);
    // The former group, which held no less, was a hit as well and began anew.
    if (renaming?.copy === "present") return NONE;
    const { detector, key, group, time, source } = observation;
    const from = time - correlation.timespanMs;
    const names = renaming === undefined ? {} : { renaming };
    const raised = { detector, key, group, time, from, ...verdict, source, ...names };
    return closed === undefined ? [raised] : [closed, raised];
  }

  advance(time: number): readonly Raised[] {
    this.#sort();
    if (time < this.#quietUntil) return NONE;
    this.#quietUntil = Number.POSITIVE_INFINITY;
    const raised: Raised[] = [];
    for (const correlation of this.#correlations) {
      const { number, judge } = correlation;
      for (let row = this.#groups.firstDue(number); row !== NO_ROW; ) {
        const due = this.#due(row);
        if (due > time) {
          this.#quietUntil = Math.min(this.#quietUntil, due);
          break;
        }
        const hit = judge.isClosing ? this.#close(row, correlation) : this.#forget(row);
        if (hit !== undefined) raised.push(hit);
        row = this.#groups.firstDue(number);
      }
    }
    return raised.length < 2 ? raised : raised.sort(inOrder);
  }

  changedShards(): readonly number[] {
    const changed: number[] = [];
    for (const [shard, isChanged] of this.#changed.entries()) {
      if (isChanged === 1) changed.push(shard);
    }
    return changed;
  }

  store(shard: number): readonly Uint8Array[] {
    const correlations: StoredCorrelation[] = [];
    const places = new Map<number, number>();
    const groups: StoredGroup[] = [];
    for (const row of this.#rowsOf(shard)) {
      const correlation = this.#correlationOf(row);
      let place = places.get(correlation.number);
      if (place === undefined) {
        place = correlations.length;
        places.set(correlation.number, place);
        correlations.push(correlation);
      }
      this.#block.open(this.#groups.block(row), correlation.judge.layout);
      groups.push({
        correlation: place,
        newest: this.#groups.newest(row),
        first: this.#groups.first(row),
        block: this.#block.content(),
      });
    }
    this.#changed[shard] = 0;
    return writeShard(correlations, groups);
  }

  restore(shard: number, pieces: readonly Uint8Array[]): void {
    const { correlations, groups } = readShard(pieces);
    this.#shardRows = undefined;
    const known = correlations.map(({ id, meaning }) => {
      const correlation = this.#byId.get(id);
      return correlation?.meaning === meaning ? correlation : undefined;
    });
    for (const { correlation: place, newest, first, block: bytes } of groups) {
      const correlation = known[place];
      if (correlation === undefined) {
        this.#changed[shard] = 1;
        continue;
      }
      const block = this.#block;
      block.load(bytes, correlation.judge.layout);
      const key = block.key();
      const hash = this.#hashOf(correlation, key);
      const handle = block.handle;
      // What is known already stays: an owner never has two states of one key.
      if (this.#find(hash, correlation, key) !== NO_ROW) {
        this.#memory.release(handle);
        continue;
      }
      const row = this.#groups.add(hash, shard, correlation.number, handle, newest);
      this.#groups.setTimes(row, first, newest);
    }
    this.#isUnsorted = true;
    this.#quietUntil = Number.NEGATIVE_INFINITY;
    this.#evict();
  }

  #rowsOf(shard: number): readonly number[] {
    if (this.#shardRows === undefined) {
      const rows: number[][] = Array.from({ length: STATE_SHARDS }, () => []);
      for (const row of this.#groups.rows()) rows[this.#groups.shard(row)]?.push(row);
      this.#shardRows = rows;
    }
    return this.#shardRows[shard] ?? [];
  }

  #hashOf({ number }: Correlation, key: string): number {
    return mixed(hashOf(key, this.#seed + 1) + number);
  }

  #find(hash: number, { number, judge }: Correlation, key: string): number {
    return this.#groups.find(hash, (row) => {
      if (this.#groups.correlation(row) !== number) return false;
      this.#block.open(this.#groups.block(row), judge.layout);
      return this.#block.isOf(key);
    });
  }

  #correlationOf(row: number): Correlation {
    const correlation = this.#correlations[this.#groups.correlation(row)];
    if (correlation === undefined) throw new RangeError("a group of no correlation");
    return correlation;
  }

  // A closing window is due at its end; else a group is over when its newest event leaves the window.
  #due(row: number): number {
    const { judge, timespanMs } = this.#correlationOf(row);
    return (judge.isClosing ? this.#groups.first(row) : this.#groups.newest(row)) + timespanMs;
  }

  #close(row: number, correlation: Correlation): Raised | undefined {
    const block = this.#block;
    block.open(this.#groups.block(row), correlation.judge.layout);
    const verdict = correlation.judge.conclude(block);
    const raised = verdict === undefined ? undefined : this.#closed(row, correlation, verdict);
    this.#forget(row);
    return raised;
  }

  #closed(row: number, { id, timespanMs }: Correlation, verdict: Verdict): Raised {
    const block = this.#block;
    const from = this.#groups.first(row);
    return {
      detector: id,
      key: block.key(),
      group: block.group(),
      time: from + timespanMs,
      from,
      ...verdict,
      source: block.source(),
    };
  }

  #forget(row: number): undefined {
    this.#shardRows = undefined;
    this.#changed[this.#groups.shard(row)] = 1;
    this.#memory.release(this.#groups.block(row));
    this.#groups.remove(row);
  }

  #evict(): void {
    while (
      this.#groups.size > this.#keysMax ||
      (this.#memory.used > this.#bytesMax && this.#groups.size > 1)
    ) {
      this.#sort();
      this.#forget(this.#groups.oldest);
      this.evicted += 1;
    }
  }

  #sort(): void {
    if (!this.#isUnsorted) return;
    this.#isUnsorted = false;
    this.#groups.sort((row) => this.#due(row));
  }
}

function isSound({ time, rule }: Observation, { rules }: Correlation): boolean {
  return Number.isFinite(time) && Number.isInteger(rule) && rule >= 0 && rule < rules;
}

function inOrder(a: Raised, b: Raised): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.detector !== b.detector) return a.detector < b.detector ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
