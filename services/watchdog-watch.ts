// The product watches the watchdog: one that has asked and then falls silent is told by a figure and a line of
// the log. One that has never asked is not missed: there may be none.
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";

/** A watchdog asks at least once a minute; after so long it is missed. */
export const WATCHDOG_SILENT_MS = 180_000;
const LOOK_EVERY_MS = 10_000;
/** How a watchdog names itself (`User-Agent`). */
const WATCHDOG_AGENT = /^heidewacht-watchdog(?:\/|$)/;

export interface WatchdogWatch {
  /** Told of each question for the heartbeat. */
  asked(userAgent: string | undefined): void;
  /** Looks whether it is missed. Called by the clock, and by tests. */
  look(): void;
  /** Undefined: none has asked since the start. */
  askedAgoMs(): number | undefined;
  close(): void;
}

export interface WatchdogWatchParts {
  readonly registry: Registry;
  readonly logger: Logger;
  /** Milliseconds that only go forward. */
  readonly steadyNow: () => number;
}

export function watchWatchdog({ registry, logger, steadyNow }: WatchdogWatchParts): WatchdogWatch {
  let askedAt: number | undefined;
  let isMissed = false;
  const isSilent = () => askedAt !== undefined && steadyNow() - askedAt > WATCHDOG_SILENT_MS;
  new Gauge({
    name: "heidewacht_watchdog_silent",
    help: "1: the watchdog has asked before, and not for three minutes",
    registers: [registry],
    collect() {
      this.set(isSilent() ? 1 : 0);
    },
  });
  const look = () => {
    if (isSilent() === isMissed) return;
    isMissed = !isMissed;
    if (isMissed) logger.warn("the watchdog does not ask any more: nobody would page for us");
    else logger.info("the watchdog asks again");
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    asked(userAgent) {
      if (userAgent === undefined || !WATCHDOG_AGENT.test(userAgent)) return;
      askedAt = steadyNow();
      look();
    },
    look,
    askedAgoMs: () => (askedAt === undefined ? undefined : steadyNow() - askedAt),
    close: () => clearInterval(timer),
  };
}
