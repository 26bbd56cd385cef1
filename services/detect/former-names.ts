// While pseudonyms change over, what anomaly detectors get to see says how its names were called before.
import { namesIn } from "../../detectors/anomaly/remembered-names.ts";
import type { Observation } from "../../detectors/keyed.ts";
import type { FormerPseudonyms } from "../privacy/privacy.ts";

/** The observation, with the former ones of its names where there are any. */
export function withFormerNames(
  observation: Observation,
  former: FormerPseudonyms | undefined,
): Observation {
  if (former === undefined) return observation;
  const names = new Map<string, string>();
  for (const text of observation.group)
    for (const name of namesIn(text)) {
      const before = former.names.get(name);
      if (before !== undefined) names.set(name, before);
    }
  if (names.size === 0) return observation;
  const { begin, end } = former;
  return {
    ...observation,
    renaming: { former: [...names.values()], present: [...names.keys()], begin, end },
  };
}
