// Gives the warnings of the legal clocks once a minute, in the processes that run triage. What was given is
// in the store, so that several processes and restarts give each warning once.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import { checkLegalClocks } from "./cases/check-legal-clocks.ts";
import type { ClockProfile } from "./cases/legal-clocks.ts";
import type { Store } from "./store/store.ts";

const EVERY_MS = 60_000;

/** Each tenant's profile, from the configuration; a foreign tenant has none. */
export function clockProfiles(config: Config): (tenant: string) => ClockProfile {
  const profiles = new Map(
    config.tenants.map(({ id, timeZone, legalClocks: { clocks, ndigHours } }) => [
      id,
      { clocks, ndigHours, timeZone },
    ]),
  );
  const none = { clocks: [], ndigHours: undefined, timeZone: "Europe/Berlin" };
  return (tenant) => profiles.get(tenant) ?? none;
}

/** Starts the rounds, the first one at once; the result stops them and waits for the one at hand. */
export function startLegalClocks(parts: {
  readonly config: Config;
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly now: () => number;
  readonly logger: Logger;
}): () => Promise<void> {
  const { store, tenants, now, logger } = parts;
  const profileOf = clockProfiles(parts.config);
  let running: Promise<void> | undefined;
  let isFailing = false;
  const round = async () => {
    try {
      const given = await checkLegalClocks(store, tenants, profileOf, now());
      for (const warning of given) logger.warn(warning, "a legal clock runs");
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.error({ reason: messageOf(error) }, "legal clocks were not checked");
      isFailing = true;
    }
  };
  const begin = () => {
    // A round that takes longer than a minute is not overtaken.
    running ??= round().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(begin, EVERY_MS);
  timer.unref();
  begin();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
