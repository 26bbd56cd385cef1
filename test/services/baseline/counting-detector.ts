// A plain keyed detector for the tests of the stage: raises at every third observation of a key within a
// minute, and by a timer a minute after each key's first one.
import {
  type KeyedDetector,
  type Observation,
  type Raised,
  STATE_SHARDS,
} from "../../../detectors/keyed.ts";

const WINDOW_MS = 60_000;

interface KeyState {
  first: number;
  seen: { id: string; time: number }[];
}

export function createCountingDetector(): KeyedDetector {
  const keys = new Map<string, KeyState>();
  const changed = new Set<number>();
  const shardOf = (key: string) =>
    [...key].reduce((sum, one) => sum + one.charCodeAt(0), 0) % STATE_SHARDS;
  const raise = (key: string, time: number, events: KeyState["seen"]): Raised => ({
    detector: "counting",
    key,
    group: [key],
    time,
    from: time - WINDOW_MS,
    value: events.length,
    count: events.length,
    events: events.map(({ id, time: at }) => ({ id, time: at, rule: 0 })),
    source: "test",
  });
  return {
    observe({ key, time, id }: Observation) {
      changed.add(shardOf(key));
      let state = keys.get(key);
      if (state === undefined) {
        state = { first: time, seen: [] };
        keys.set(key, state);
      }
      state.seen = [...state.seen.filter((one) => one.time > time - WINDOW_MS), { id, time }];
      if (state.seen.length < 3) return [];
      const { seen } = state;
      state.seen = [];
      return [raise(key, time, seen)];
    },
    advance(time) {
      const due = [...keys].filter(([, { first }]) => first + WINDOW_MS < time);
      due.sort(([a, { first }], [b, other]) => first - other.first || (a < b ? -1 : 1));
      return due.map(([key, { first }]) => {
        keys.delete(key);
        changed.add(shardOf(key));
        return raise(key, first + WINDOW_MS, []);
      });
    },
    changedShards: () => [...changed],
    store(shard) {
      changed.delete(shard);
      const own = [...keys].filter(([key]) => shardOf(key) === shard);
      return own.length === 0 ? [] : [new TextEncoder().encode(JSON.stringify(own))];
    },
    restore(_shard, pieces) {
      for (const piece of pieces) {
        for (const [key, state] of JSON.parse(new TextDecoder().decode(piece)))
          keys.set(key, state);
      }
    },
    get keys() {
      return keys.size;
    },
    evicted: 0,
  };
}
