// Whether a watchdog watches over the processes that run, from when it asked each of them last.
import type { StatusAnswer } from "../api/contract.ts";

/** A watchdog asks at least once a minute. */
const WATCHDOG_SILENT_MS = 180_000;
/** A process that told nothing for so long does not run any more; what it was asked says nothing. */
const LIVE_MS = 30_000;

type Process = NonNullable<StatusAnswer["processes"]>[number];

interface WatchState {
  /** Processes that run, and those of them that nobody asks. */
  readonly all: number;
  readonly unwatched: number;
  /** When one of them was asked last, ms UTC; undefined: none ever was. */
  readonly askedAt: number | undefined;
}

/** @param now the server's clock, ms UTC */
export function watchState(processes: readonly Process[], now: number): WatchState {
  const live = processes.filter(({ seenAt }) => seenAt > now - LIVE_MS);
  const times = live.flatMap(({ watchdogAskedAt }) => watchdogAskedAt ?? []);
  const unwatched = live.filter((one) => !isWatched(one, now)).length;
  return {
    ...{ all: live.length, unwatched },
    askedAt: times.length === 0 ? undefined : Math.max(...times),
  };
}

function isWatched({ watchdogAskedAt }: Process, now: number): boolean {
  return watchdogAskedAt !== undefined && watchdogAskedAt > now - WATCHDOG_SILENT_MS;
}
