// Groups and values whose names change while they are watched, as pseudonyms do when they rotate. For as long
// as a window may reach back behind the change, observations come under both names: the former group sees the
// window as a whole and raises, the present one learns what it needs to go on alone.
import type { Observation, Renaming } from "../keyed.ts";

/** From when until when names are known under both of their forms, milliseconds since 1970 UTC. */
export interface Overlap {
  readonly begin: number;
  readonly end: number;
}

/** What an observation is grouped by, and what it counts. */
export interface Called {
  readonly group: readonly string[];
  readonly values: readonly string[];
}

/** What an observation says of a change of names. */
export interface Renamed {
  readonly formerValues?: readonly string[];
  readonly renaming?: Renaming;
}

/**
 * The observations of one event: under the former names before the change, under both as long as a window
 * that holds the change is open, under the present ones then.
 * @param time event time, milliseconds since 1970 UTC
 * @param make makes an observation under these names
 */
export function underBothNames(
  time: number,
  timespanMs: number,
  former: Called,
  present: Called,
  { begin, end }: Overlap,
  make: (called: Called, more: Renamed) => Observation,
): readonly Observation[] {
  const changed = Math.min(begin + timespanMs, end);
  if (isSame(former.group, present.group)) {
    const isCounted = isSame(former.values, present.values) || time >= changed;
    return [make(present, isCounted ? {} : { formerValues: former.values })];
  }
  const renaming = { former: former.group, present: present.group, begin, end };
  if (time < begin) return [make(former, { renaming })];
  if (time >= changed) return [make(present, { renaming })];
  return [
    make(former, { renaming: { ...renaming, copy: "former" } }),
    make(present, { renaming: { ...renaming, copy: "present" } }),
  ];
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
