// Makes observations: what a correlation needs of an event that one of its rules hit, or of a hit of
// another correlation.
import type { EventReference, Observation, Raised } from "../keyed.ts";
import { foldCase } from "../sigma/fold-case.ts";
import type { CorrelationLink, ParentLink } from "./resolve.ts";

/** Where an observation comes from. */
export interface ObservationOrigin {
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  /** The event's id; of a raised hit the signal's. */
  readonly id: string;
  readonly source: string;
  /** Of a raised hit: the events that it rests on. */
  readonly rests?: readonly EventReference[];
}

/**
 * The key of a group: the same values, whatever their case, give the same key, others never do. Case is
 * folded because Sigma compares without it: an attacker who writes a name in another way each time stays
 * in one group.
 */
export function groupKey(values: readonly string[]): string {
  return JSON.stringify(values.map(foldCase));
}

/**
 * What a rule's hit on an event says to a correlation; undefined where the event lacks a field of the
 * group (nothing joins it to other events then) or one that the correlation counts or adds up.
 * @param read gives a field of the event, as the rules see it, after privacy
 */
export function observationOf(
  link: CorrelationLink,
  origin: ObservationOrigin,
  read: (field: string) => string | undefined,
): Observation | undefined {
  const group = valuesOf(link.group, read);
  const values = valuesOf(link.values, read);
  if (group === undefined || values === undefined) return undefined;
  return madeOf(link.correlation.info.id, link.place, origin, group, values);
}

/** What a hit of a correlation says to another one that joins it. */
export function observationOfRaised(
  link: ParentLink,
  raised: Raised,
  signalId: string,
): Observation | undefined {
  const at = (place: number) => raised.group[place] ?? "";
  const origin = { time: raised.time, id: signalId, source: raised.source, rests: raised.events };
  const { correlation, place } = link;
  return madeOf(correlation.info.id, place, origin, link.group.map(at), link.values.map(at));
}

function valuesOf(
  fields: readonly string[],
  read: (field: string) => string | undefined,
): string[] | undefined {
  const values: string[] = [];
  for (const field of fields) {
    const value = read(field);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function madeOf(
  detector: string,
  rule: number,
  origin: ObservationOrigin,
  group: readonly string[],
  values: readonly string[],
): Observation {
  const [value] = values;
  return {
    detector,
    key: groupKey(group),
    time: origin.time,
    id: origin.id,
    rule,
    group,
    value: values.length > 1 ? groupKey(values) : value === undefined ? value : foldCase(value),
    source: origin.source,
    ...(origin.rests === undefined ? {} : { rests: origin.rests }),
  };
}
