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
/** Findings that are looked at for one day. */
const FINDINGS_MAX = 50;
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
  // Of days that are known to be marked, the same again is no news.
  const marked = new Set<string>();
  return async (tenant, findings) => {
    const days = new Map<number, number>();
    const keyOf = (day: number) => `${tenant}\n${day}`;
    for (const one of findings)
      for (const time of timesOf(one)) {
        const day = berlinDay(time);
        // Most changes are of findings that never were a true one.
        if (wasTruePositive(one) || marked.has(keyOf(day))) days.set(day, time);
      }
    for (const [day, time] of days) {
      const key = keyOf(day);
      const isIncident = await hadAttack(parts.store, tenant, time);
      if (isIncident && marked.has(key)) continue;
      try {
        await publishMark(tenant, time, isIncident, parts);
      } catch (error) {
        parts.logger.error({ tenant, reason: messageOf(error) }, "a day could not be marked");
        continue;
      }
      if (isIncident) marked.add(key);
      else marked.delete(key);
    }
  };
}

/** One time of each day that a finding lasted. */
function timesOf({ firstEventAt, lastEventAt }: JudgedFinding): number[] {
  const times: number[] = [];
  for (let time = firstEventAt; time < lastEventAt && times.length < DAYS_MAX; time += DAY_MS)
    times.push(time);
  return times.length < DAYS_MAX ? [...times, lastEventAt] : times;
}

async function hadAttack(
  store: Pick<Store, "search">,
  tenant: string,
  time: number,
): Promise<boolean> {
  const { hits } = await store.search(tenant, FINDING_KIND, {
    terms: { verdict: ["true_positive"] },
    ranges: { lastEventAt: { gte: time - DAY_MS }, firstEventAt: { lt: time + DAY_MS } },
    sort: [{ field: "lastEventAt", order: "desc" }],
    limit: FINDINGS_MAX,
  });
  const day = berlinDay(time);
  return hits.some(
    ({ document: { firstEventAt, lastEventAt } }) =>
      berlinDay(firstEventAt) <= day && day <= berlinDay(lastEventAt),
  );
}

async function publishMark(
  tenant: string,
  time: number,
  isIncident: boolean,
  { bus, now }: DayMarksParts,
): Promise<void> {
  const at = now();
  const observation = observationOfDayMark(time, isIncident, at + HEARD_AFTER_MS);
  const value = encodeObservation({
    ...{ kind: "observation", origin: `marks/${berlinDay(time) % ORIGINS}`, level: 0 },
    ...{ offset: at, index: 0, appendedAt: at, clock: NO_CLOCK, observation },
  });
  await bus.publish(tenant, "observations", [{ key: observationKey(observation), value }]);
}
