// Lets others have their turn: a backtest runs in the process that detects, and must not hold it up.
import { setImmediate, setTimeout } from "node:timers/promises";

export interface Turns {
  /** Longest stretch of work, milliseconds. */
  readonly workMs: number;
  /** Rest after a stretch, as a share of it; 0: only what waits already has its turn. */
  readonly restShare: number;
}

/** In a running service: half of one core at most, and never for longer than a few milliseconds. */
export const BESIDE_DETECTION: Turns = { workMs: 6, restShare: 1 };
/** Where nothing else runs. */
export const ALONE: Turns = { workMs: 50, restShare: 0 };

/**
 * Call it between two pieces of work; it waits when the turn is over.
 * @returns undefined while there is time left, so that most calls cost no promise
 */
export function createTurns({ workMs, restShare }: Turns): () => Promise<void> | undefined {
  let begun = performance.now();
  const rest = async (worked: number): Promise<void> => {
    if (restShare > 0) await setTimeout(worked * restShare);
    else await setImmediate();
    begun = performance.now();
  };
  return () => {
    const worked = performance.now() - begun;
    return worked < workMs ? undefined : rest(worked);
  };
}
