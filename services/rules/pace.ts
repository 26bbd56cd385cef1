// Long work in turns: on one thread the stream of events must not stand still while rules are read and
// compiled, so the work pauses again and again.
import { setTimeout as sleep } from "node:timers/promises";

/** Called between two steps; gives a promise to await when it is the others' turn. */
export type Pace = () => Promise<void> | undefined;

/** Work at a time, in milliseconds; the others get as long. */
const TURN_MS = 10;

/** A pace for one piece of work. */
export function createPace(): Pace {
  let startedAt = performance.now();
  return () => {
    if (performance.now() - startedAt < TURN_MS) return undefined;
    return sleep(TURN_MS).then(() => {
      startedAt = performance.now();
    });
  };
}

/** Runs a generator to its end, step by step. @returns what it returns */
export async function runPaced<T>(steps: Generator<undefined, T>, pace: Pace): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const waiting = pace();
    if (waiting !== undefined) await waiting;
  }
}
