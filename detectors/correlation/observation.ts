// Makes observations: what a correlation needs of an event that one of its rules hit, or of a hit of
// another correlation.
import type { EventReference, Observation, Raised } from "../keyed.ts";
import { foldCase } from "../sigma/fold-case.ts";
import { type Called, type Overlap, type Renamed, underBothNames } from "./renaming.ts";
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

/** Names changed lately: since when, and how fields were called before. */
export interface FormerNames extends Overlap {
  readonly read: (field: string) => string | undefined;
}

/**
 * What a rule's hit on an event says to a correlation: nothing where the event lacks a field of the group
 * (nothing joins it to other events then) or one that the correlation counts or adds up, one observation
 * else, and under both names while they change over.
 * @param read gives a field of the event, as the rules see it, after privacy
 */
export function observationsOf(
  link: CorrelationLink,
  origin: ObservationOrigin,
  read: (field: string) => string | undefined,
  former?: FormerNames,
): readonly Observation[] {
  const present = calledBy(link, read);
  if (present === undefined) return [];
  const before = former && calledBy(link, former.read);
  const { correlation, place } = link;
  if (former === undefined || before === undefined) {
    return [madeOf(correlation.info.id, place, origin, present)];
  }
  const { timespanMs } = correlation;
  return underBothNames(origin.time, timespanMs, before, present, former, (called, more) =>
    madeOf(correlation.info.id, place, origin, called, more),
  );
}

/** What a hit of a correlation says to another one that joins it; under both names as for events. */
export function observationsOfRaised(
  { correlation, place, group, values }: ParentLink,
  raised: Raised,
  signalId: string,
): readonly Observation[] {
  const { time, source, events, renaming } = raised;
  const origin = { time, id: signalId, source, rests: events };
  const called = (names: readonly string[]): Called => ({
    group: group.map((at) => names[at] ?? ""),
    values: values.map((at) => names[at] ?? ""),
  });
  if (renaming === undefined) {
    return [madeOf(correlation.info.id, place, origin, called(raised.group))];
  }
  const [former, present] = [called(renaming.former), called(renaming.present)];
  return underBothNames(time, correlation.timespanMs, former, present, renaming, (names, more) =>
    madeOf(correlation.info.id, place, origin, names, more),
  );
}

function calledBy(
  link: CorrelationLink,
  read: (field: string) => string | undefined,
): Called | undefined {
  const group = valuesOf(link.group, read);
  const values = valuesOf(link.values, read);
  return group === undefined || values === undefined ? undefined : { group, values };
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
  { group, values }: Called,
  { formerValues, renaming }: Renamed = {},
): Observation {
  const formerValue = countedValue(formerValues ?? []);
  return {
    detector,
    key: groupKey(group),
    time: origin.time,
    id: origin.id,
    rule,
    group,
    value: countedValue(values),
    source: origin.source,
    ...(origin.rests === undefined ? {} : { rests: origin.rests }),
    ...(formerValue === undefined ? {} : { formerValue }),
    ...(renaming === undefined ? {} : { renaming }),
  };
}

function countedValue(values: readonly string[]): string | undefined {
  const [value] = values;
  return values.length > 1 || value === undefined ? value && groupKey(values) : foldCase(value);
}
