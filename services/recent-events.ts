// A sample of the events that came last, in memory only: new rules are tried on it before they hold, so
// that the first events afterwards don't wait for tables to be built.
import type { LogEvent } from "../detectors/event.ts";

/** One of so many events is kept. */
const KEPT_EVERY = 8;
const EVENTS_MAX = 1024;
/** Longer events are not kept. */
const CHARACTERS_MAX = 32_768;

export interface RecentEvents {
  add(event: LogEvent): void;
  all(): readonly LogEvent[];
}

export function createRecentEvents(): RecentEvents {
  const kept: LogEvent[] = [];
  let seen = 0;
  let next = 0;
  return {
    add(event) {
      seen += 1;
      // The first ones all: a service that has just begun knows its sources soon.
      if (kept.length === EVENTS_MAX && seen % KEPT_EVERY !== 0) return;
      if ((event.text?.length ?? 0) > CHARACTERS_MAX) return;
      kept[next] = event;
      next = (next + 1) % EVENTS_MAX;
    },
    all: () => [...kept],
  };
}
