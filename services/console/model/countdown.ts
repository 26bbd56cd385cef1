// A time limit that runs down: the server says how much is left, this computer only how long ago it said so,
// because its own clock may be wrong.

/** Days, hours and minutes, without sign. */
export interface Rest {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly isOver: boolean;
}

const MINUTE_MS = 60_000;

/**
 * What is left now.
 * @param remainingMs as the server answered
 * @param answeredAt when it did, and `now`: ms of this computer's clock
 */
export function restOf(remainingMs: number, answeredAt: number, now: number): Rest {
  const left = remainingMs - Math.max(0, now - answeredAt);
  const minutes = Math.floor(Math.abs(left) / MINUTE_MS);
  return {
    days: Math.floor(minutes / 1440),
    hours: Math.floor((minutes % 1440) / 60),
    minutes: minutes % 60,
    isOver: left <= 0,
  };
}
