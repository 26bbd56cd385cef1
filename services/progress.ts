// Wires what `detect` tells the keyed stage of its raw partitions: how far each has come, and, by ticks,
// which ones are quiet.
import type { Logger } from "pino";
import type { Config } from "../config/schema.ts";
import type { Bus } from "./bus/bus.ts";
import { createRawProgress, type RawProgress } from "./detect/raw-progress.ts";

const TICK_MS = 1000;
/** Ticks that are farther apart say that the process stood still. */
const STOOD_STILL_MS = 3000;
/** A raw partition is called idle no sooner than this, however small the lateness is. */
const IDLE_MS_MIN = 1000;
/** … and no later than this, however large it is. */
const IDLE_MS_MAX = 5000;

export interface ProgressParts {
  readonly config: Config;
  readonly bus: Bus;
  readonly isAsked: () => boolean;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Starts the ticks; closing it, after `detect` has stopped, waits for the one at hand. */
export function startProgress(parts: ProgressParts): {
  readonly progress: RawProgress;
  readonly close: () => Promise<void>;
} {
  const { config, bus, logger, now } = parts;
  const { partitions } = config.queue;
  const latenessMs = config.detection.correlation.latenessSeconds * 1000;
  const idleMs = Math.min(IDLE_MS_MAX, Math.max(latenessMs, IDLE_MS_MIN));
  const progress = createRawProgress({ partitions, idleMs, now });
  let ticking = Promise.resolve();
  let tickedAt = now();
  const ticks = setInterval(() => {
    if (now() - tickedAt >= STOOD_STILL_MS) progress.stoodStill();
    tickedAt = now();
    if (!parts.isAsked()) return;
    ticking = ticking.then(() =>
      progress.tick(bus).catch((error: unknown) => {
        logger.error({ err: error }, "progress could not be told");
      }),
    );
  }, TICK_MS);
  return {
    progress,
    async close() {
      clearInterval(ticks);
      await ticking;
    },
  };
}
