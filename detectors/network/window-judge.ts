// How unusual a measure of one entity is: beside the entity's own past at such hours, where there is one, and
// beside all entities, so that a host that changed from nothing to little is not told of.
import { createScores, type Score } from "../anomaly/scores.ts";
import { createTail } from "../anomaly/tail.ts";
import { createOwnPast, deviation, learn, type OwnPast, usual } from "./own-past.ts";
import { createRecentTable, hashText, type RecentTable } from "./recent-table.ts";
import type { StateReader, StateWriter } from "./state.ts";
import { restoreTable, storeTable } from "./table-state.ts";

/** Values less probable than this become no part of the usual. */
const ALARM_TAIL = 1e-4;
const TAIL_OPTIONS = { warmup: 100, bodyMax: 256, peaksMax: 128, alarmTail: ALARM_TAIL };
/** Where no own past speaks, an entity is judged against all others alone, and more carefully. */
const UNKNOWN_FACTOR = 10;
/**
 * Where one does, the others say only whether it is much at all: a monitoring or a backup, large every day,
 * must not be what an attack has to exceed.
 */
const KNOWN_FACTOR = 0.01;
/**
 * Equal values teach a tail nothing of what lies beyond them: at a site where nothing ever varies no attack
 * would be improbable. So much is added to what is learnt, drawn from key and time.
 */
const VALUE_NOISE = 0.1;
const SPREAD_NOISE = 0.5;

export interface Judgement {
  readonly tail: number;
  readonly from: number;
  readonly time: number;
  /** Mean of the own past, and what is the limit for all: logarithms as the measure. */
  readonly expected: number | undefined;
  readonly limit: number;
}

export interface WindowJudge {
  /** Judges the measure of the window that begins at `begin`. */
  judge(key: string, value: number, begin: number): Judgement;
  /**
   * Learns what was judged since this was last called: windows that end together are judged by those before
   * them, or a hundred hosts that are attacked at once would make each other usual.
   */
  learn(): void;
  /** The tails of all windows that were judged since this was last asked. */
  takeScores(): readonly Score[];
  store(writer: StateWriter): void;
  restore(reader: StateReader): void;
  readonly keys: number;
  readonly evicted: number;
}

export function createWindowJudge(settings: {
  readonly windowMs: number;
  readonly keysMax: number;
  readonly tailMax: number;
}): WindowJudge {
  const pasts: RecentTable<OwnPast> = createRecentTable(settings.keysMax);
  let all = createTail(TAIL_OPTIONS);
  let own = createTail(TAIL_OPTIONS);
  const scores = createScores();
  const judged: (() => void)[] = [];
  return {
    judge(key, value, begin) {
      const time = begin + settings.windowMs;
      const past = pasts.get(key) ?? createOwnPast();
      pasts.set(key, past);
      const spreads = deviation(past, value, begin);
      const against = all.probability(value);
      const isCold = own.limit(0.5) === Number.POSITIVE_INFINITY;
      const tail =
        spreads === undefined || isCold
          ? Math.min(1, against * UNKNOWN_FACTOR)
          : Math.max(own.probability(spreads), Math.min(1, against * KNOWN_FACTOR));
      const expected = spreads === undefined ? undefined : usual(past, begin).mean;
      const limit = all.limit(settings.tailMax);
      scores.add(tail, begin);
      judged.push(() => {
        const noise = hashText(key, begin) / 2 ** 32;
        all.learn(value + VALUE_NOISE * noise, time);
        if (spreads !== undefined) own.learn(spreads + SPREAD_NOISE * noise, time);
        // Learnt even of an alarm, as a small step: what stays becomes usual, what was once does not.
        learn(past, value, begin);
      });
      return { tail, from: begin, time, expected, limit };
    },
    learn() {
      for (const one of judged.splice(0)) one();
    },
    takeScores: scores.take,
    store(writer) {
      writer.floats(all.state());
      writer.floats(own.state());
      storeTable(writer, pasts, (past) => writer.floats(past));
    },
    restore(reader) {
      all = createTail(TAIL_OPTIONS, reader.floats());
      own = createTail(TAIL_OPTIONS, reader.floats());
      restoreTable(reader, pasts, () => reader.floats());
    },
    get keys() {
      return pasts.size;
    },
    get evicted() {
      return pasts.evicted;
    },
  };
}
