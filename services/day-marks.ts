// Tells the anomaly detectors on which days something was really wrong, as people's verdicts say: such a day
// must not teach them what is usual. A verdict that is withdrawn takes the mark back.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import { berlinDay } from "../detectors/anomaly/calendar.ts";
import { observationOfDayMark } from "../detectors/anomaly/keyed-anomalies.ts";
import type { Bus } from "./bus/bus.ts";
import { encodeObservation, observationKey } from "./bus/observation-record.ts";
import { wasTruePositive } from "./store/finding.ts";
import { FINDING_KIND } from "./store/kinds.ts";
import type { Store } from "./store/store.ts";
import type { JudgedFinding } from "./triage-link.ts";

const DAY_MS = 86_400_000;
/** Of a finding that lasted longer the first days are marked. */
const DAYS_MAX = 8;
const HOUR_MS = 3_600_000;
/** Noon in Berlin, in summer one o'clock. */
const NOON_MS = 11 * HOUR_MS;
/** Marks are heard a little after now, whatever the clocks of other processes say. */
const HEARD_AFTER_MS = 60_000;
/** Days share so many origins: what came under one of them before is known there. */
const ORIGINS = 64;
/** Marks say nothing of how far events are. */
const NO_CLOCK = Number.MIN_SAFE_INTEGER;

export interface DayMarksParts {
  readonly store: Pick<Store, "search">;
  readonly bus: Pick<Bus, "publish">;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** To be called with findings that people changed; a mark that can't be published is told of, and lost. */
export function createDayMarks(
  parts: DayMarksParts,
): (tenant: string, findings: readonly JudgedFinding[]) => Promise<void> {
  let last = 0;
  // Strictly rising: of two marks of one moment the second would count as a repetition.
  const nextPlace = () => {
    last = Math.max(last + 1, parts.now());
    return last;
  };
  return async (tenant, findings) => {
    // What was said before is said again: another process may have said otherwise since.
    const days = new Set(findings.filter(wasTruePositive).flatMap(daysOf));
    for (const day of days) {
      try {
        const isIncident = await hadAttack(parts.store, tenant, day);
        await publishMark(parts.bus, tenant, day, isIncident, nextPlace());
      } catch (error) {
        parts.logger.error({ tenant, reason: messageOf(error) }, "a day could not be marked");
      }
    }
  };
}

/** The days in Berlin on which a finding lasted; one of them has 23 hours, and one 25. */
function daysOf({ firstEventAt, lastEventAt }: JudgedFinding): number[] {
  const first = berlinDay(firstEventAt);
  const count = Math.min(DAYS_MAX, 1 + Math.max(0, berlinDay(lastEventAt) - first));
  return Array.from({ length: count }, (_, at) => first + at);
}

async function hadAttack(
  store: Pick<Store, "search">,
  tenant: string,
  day: number,
): Promise<boolean> {
  const { hits } = await store.search(tenant, FINDING_KIND, {
    terms: { verdict: ["true_positive"] },
    ranges: { lastEventAt: { gte: beginOf(day) }, firstEventAt: { lt: beginOf(day + 1) } },
    sort: [],
    limit: 1,
  });
  return hits.length > 0;
}

/** Midnight in Berlin, ms UTC. */
function beginOf(day: number): number {
  const inSummer = day * DAY_MS - 2 * HOUR_MS;
  return berlinDay(inSummer) === day ? inSummer : inSummer + HOUR_MS;
}

async function publishMark(
  bus: Pick<Bus, "publish">,
  tenant: string,
  day: number,
  isIncident: boolean,
  at: number,
): Promise<void> {
  const time = day * DAY_MS + NOON_MS;
  const observation = observationOfDayMark(time, isIncident, at + HEARD_AFTER_MS);
  const value = encodeObservation({
    ...{ kind: "observation", origin: `marks/${day % ORIGINS}`, level: 0 },
    ...{ offset: at, index: 0, appendedAt: at, clock: NO_CLOCK, observation },
  });
  await bus.publish(tenant, "observations", [{ key: observationKey(observation), value }]);
}
