// Lets a few in at a time, the others in the order in which they came; who gives up leaves the queue.
import { LlmError } from "./failure.ts";

const WAITING_MAX = 1000;

/** @param places at least one */
export function createTurnstile(places: number) {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    /** @throws LlmError `cancelled` when told so while waiting, `overloaded` when too many wait */
    async enter(signal: AbortSignal): Promise<() => void> {
      if (signal.aborted) throw new LlmError("cancelled");
      if (free > 0) {
        free -= 1;
        return leave;
      }
      if (waiting.length >= WAITING_MAX) throw new LlmError("overloaded");
      await new Promise<void>((resolve, reject) => {
        const give = () => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = () => {
          waiting.splice(waiting.indexOf(give), 1);
          reject(new LlmError("cancelled"));
        };
        waiting.push(give);
        signal.addEventListener("abort", giveUp, { once: true });
      });
      return leave;
    },
  };
}
