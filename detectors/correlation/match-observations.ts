// Makes the observations of all hits on one event, for correlations that are judged when everything is
// there: a scan, a look back, samples.
import type { Match } from "../detector.ts";
import { textsOf } from "../sigma/field-value.ts";
import type { LeveledObservation } from "./correlate-all.ts";
import type { LeveledPlan } from "./leveled-plan.ts";
import { observationsOf } from "./observation.ts";

/**
 * One observation for each correlation that joins a rule that hit and whose fields the event has.
 * @param id under which correlations know the event
 * @param protect takes identities out of a field's value; undefined: the value is nothing to group by
 */
export function observationsOfMatches(
  plan: LeveledPlan,
  matches: readonly Match[],
  id: string,
  protect: (field: string, value: string) => string | undefined,
): LeveledObservation[] {
  return matches.flatMap((match) => {
    const { time, source } = match.event;
    const read = (field: string) => {
      const value = textsOf(match.read(field)).join(", ");
      return value === "" ? undefined : protect(field, value) || undefined;
    };
    return plan.linksOf(match.detector.id).flatMap(({ level, link }) => {
      const observations = observationsOf(link, { time, id, source }, read);
      return observations.map((observation) => ({ level, observation }));
    });
  });
}
