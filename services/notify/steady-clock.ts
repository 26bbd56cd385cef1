// The clock of paging: the wall's at the start, then a steady one, so that a wall clock which jumps neither
// delays nor hurries a step. What is a small correction is followed; after a jump the wall is believed again
// at the next start, because only people can say which of both was wrong.

/** Up to this much the wall clock is followed at once. */
const FOLLOWED_MS_MAX = 4000;

export interface SteadyClock {
  /** ms UTC, whole ones: who is on duty is asked of calendars, which know no parts of them. */
  readonly now: () => number;
  /** How far the wall clock is ahead, ms; 0: they agree. */
  readonly aheadMs: () => number;
}

/**
 * @param wall ms UTC, may jump
 * @param monotonic ms since any moment, never jumps
 */
export function createSteadyClock(wall: () => number, monotonic: () => number): SteadyClock {
  let base = wall() - monotonic();
  const aheadMs = () => {
    const ahead = wall() - (base + monotonic());
    if (Math.abs(ahead) > FOLLOWED_MS_MAX) return ahead;
    base += ahead;
    return 0;
  };
  return {
    now() {
      aheadMs();
      return Math.floor(base + monotonic());
    },
    aheadMs,
  };
}
