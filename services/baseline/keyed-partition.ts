// One partition of the topic `observations` as its owner works through it: skips what it has had, keeps the
// watermarks, and gives out hits. Pure: the same records in the same order give the same hits and the same
// state, however they are cut into batches.
import type { Raised } from "../../detectors/keyed.ts";
import type { ObservationRecord, SpokenBy } from "../bus/observation-record.ts";
import { KeyedLevel, type LevelOptions } from "./keyed-level.ts";

export interface KeyedPartitionOptions {
  /** Detectors by level: those of level n look at hits of level n − 1, too. */
  readonly levels: readonly LevelOptions["createDetector"][];
  /** How much older than the newest event of its raw partition an event may be and still be in time. */
  readonly latenessMs: number;
  readonly pendingMax: number;
  /** Raw partitions that are waited for, until they report or are idle. */
  readonly rawPartitions: number;
  /** Partitions of the topic, each of which reports how far its levels are. */
  readonly partitions: number;
}

/** A hit and the level of the detector that raised it. */
export interface LevelRaised {
  readonly level: number;
  readonly raised: Raised;
}

/** How far an origin of records has come. */
export interface OriginState {
  readonly clock: number;
  readonly isIdle: boolean;
  readonly offset: number;
  readonly index: number;
  /** When the bus took the last record behind it; never falls. */
  readonly appendedAt: number;
  /** Who spoke last for it of itself, and its turn: what is older does not count. */
  readonly since: number;
  readonly turn: number;
}

const UNSEEN: OriginState = {
  clock: Number.NEGATIVE_INFINITY,
  isIdle: false,
  offset: -1,
  index: -1,
  appendedAt: 0,
  since: 0,
  turn: 0,
};

// Of owners of a raw partition the one counts that got it last, and of one owner what it said last.
function isOlder(by: SpokenBy, known: SpokenBy): boolean {
  return by.since < known.since || (by.since === known.since && by.turn < known.turn);
}

type Place = Pick<OriginState, "offset" | "index" | "appendedAt">;

// A topic that was deleted and made anew counts from the beginning: what was appended later than all that is
// known from there is new, whatever its offset.
function isRepetition(place: Place, known: Place): boolean {
  if (place.appendedAt > known.appendedAt) return false;
  if (place.offset !== known.offset) return place.offset < known.offset;
  return place.index <= known.index;
}

export class KeyedPartition {
  readonly levels: readonly KeyedLevel[];
  readonly origins = new Map<string, OriginState>();
  readonly #options: KeyedPartitionOptions;

  constructor(options: KeyedPartitionOptions) {
    const { latenessMs, pendingMax } = options;
    this.#options = options;
    this.levels = options.levels.map(
      (createDetector) => new KeyedLevel({ createDetector, latenessMs, pendingMax }),
    );
  }

  /** Takes the next record; hits that become certain by it are added to `out`. */
  take(record: ObservationRecord, out: LevelRaised[]): void {
    const known = this.origins.get(record.origin) ?? UNSEEN;
    if (record.kind === "observation") {
      if (isRepetition(record, known)) return;
      const { offset, index } = record;
      const clock = Math.max(known.clock, record.clock);
      const appendedAt = Math.max(known.appendedAt, record.appendedAt);
      this.origins.set(record.origin, {
        ...known,
        clock,
        isIdle: false,
        offset,
        index,
        appendedAt,
      });
      const level = this.levels[record.level];
      if (level !== undefined) {
        this.#raise(record.level, out, (raised) => level.accept(record.observation, raised));
      }
      // Most records bring no news of time.
      if (clock === known.clock && !known.isIdle) return;
    } else {
      const by = record.by ?? known;
      if (isOlder(by, known)) return;
      const { since, turn } = by;
      const clock = record.kind === "progress" ? Math.max(known.clock, record.clock) : known.clock;
      const isIdle = record.kind === "idle";
      this.origins.set(record.origin, { ...known, clock, isIdle, since, turn });
      if (record.kind === "present") return;
      if (clock === known.clock && isIdle === known.isIdle) return;
    }
    this.#advance(out);
  }

  /** Observations that wait for their time. */
  get pending(): number {
    return this.levels.reduce((sum, level) => sum + level.pending, 0);
  }

  #advance(out: LevelRaised[]): void {
    for (const [number, level] of this.levels.entries()) {
      const watermark = number === 0 ? this.#rawWatermark() : this.#levelWatermark(number);
      this.#raise(number, out, (raised) => level.advance(watermark, raised));
      if (this.#isQuiet()) this.#raise(number, out, (raised) => level.settle(raised));
    }
  }

  #raise(level: number, out: LevelRaised[], work: (raised: Raised[]) => void): void {
    const raised: Raised[] = [];
    work(raised);
    for (const one of raised) out.push({ level, raised: one });
  }

  // The slowest raw partition that is not idle; all that there is when all are.
  #rawWatermark(): number {
    let slowest = Number.POSITIVE_INFINITY;
    let newest = Number.NEGATIVE_INFINITY;
    for (let number = 0; number < this.#options.rawPartitions; number += 1) {
      const origin = this.origins.get(`raw/${number}`) ?? UNSEEN;
      newest = Math.max(newest, origin.clock);
      if (!origin.isIdle) slowest = Math.min(slowest, origin.clock - this.#options.latenessMs);
    }
    return slowest === Number.POSITIVE_INFINITY ? newest + 1 : slowest;
  }

  #isQuiet(): boolean {
    for (let number = 0; number < this.#options.rawPartitions; number += 1) {
      if (this.origins.get(`raw/${number}`)?.isIdle !== true) return false;
    }
    return true;
  }

  // What feeds a higher level comes from all partitions: the slowest of them counts.
  #levelWatermark(level: number): number {
    let slowest = Number.POSITIVE_INFINITY;
    for (let number = 0; number < this.#options.partitions; number += 1) {
      const origin = this.origins.get(`baseline/${number}/${level - 1}`);
      slowest = Math.min(slowest, origin?.clock ?? Number.NEGATIVE_INFINITY);
    }
    return slowest;
  }
}
