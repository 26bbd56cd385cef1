// How incidents begin, take findings in and let them go, merge and split: pure. Merging and splitting only
// ever add to what is kept, so that both can be taken back.
import { isDeepStrictEqual } from "node:util";
import type { Incident } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import { requireStep, touched } from "./incident-state.ts";
import { checkCompromise, full } from "./incident-steps.ts";
import {
  type By,
  checkTimes,
  type FindingFacts,
  withAnchors,
  withSettledAnchors,
} from "./incident-times.ts";

/** Of the KPI definitions, soc.md 2.3. */
const DEFINITION_VERSION = 1;
const FINDINGS_MAX = 1000;
const MERGED_MAX = 100;
const PARTS_MAX = 20;

type Declared =
  | "title"
  | "description"
  | "findingIds"
  | "verdict"
  | "severity"
  | "category"
  | "tlp"
  | "exercise"
  | "firstCompromise"
  | "impact"
  | "tags";

/** What a human says when declaring an incident. */
export type NewIncident = Pick<Incident, Declared>;

/** The findings of one part of an incident that is split. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly findingIds: readonly string[];
}

/**
 * A new incident; a human's declaration identifies it.
 * @throws CaseFault HW_REQUEST_INVALID
 */
export function declared(
  place: { readonly tenant: string; readonly id: string },
  given: NewIncident,
  facts: readonly FindingFacts[],
  by: By,
): Incident {
  if (given.findingIds.length > FINDINGS_MAX) throw full("body/findingIds");
  checkCompromise(given.firstCompromise, by);
  return withAnchors(begun(place, given, by), facts);
}

/** @param facts of all findings that are linked then */
export function link(
  incident: Incident,
  ids: readonly string[],
  facts: readonly FindingFacts[],
  by: By,
): Incident {
  requireStep(incident, "findings/link");
  const findingIds = [...new Set([...incident.findingIds, ...ids])];
  if (findingIds.length > FINDINGS_MAX) throw full("body/findingIds");
  return withAnchors(touched(incident, by, { findingIds }), facts);
}

/** What came with a merged incident leaves with it only. */
export function unlink(
  incident: Incident,
  ids: readonly string[],
  facts: readonly FindingFacts[],
  by: By,
): Incident {
  requireStep(incident, "findings/unlink");
  const isLeaving = new Set(ids);
  const bound = incident.mergedFrom.some((one) => one.findingIds.some((id) => isLeaving.has(id)));
  if (bound) throw refused("body/findingIds", (m) => m.findingOfMerged);
  const findingIds = incident.findingIds.filter((id) => !isLeaving.has(id));
  return withAnchors(touched(incident, by, { findingIds }), facts);
}

/** The target with what the source brings along; the same again where it was taken over before. */
export function merge(
  target: Incident,
  source: Incident,
  facts: readonly FindingFacts[],
  by: By,
): Incident {
  requireStep(target, "merge");
  requireStep(source, "merge");
  if (target.id === source.id) throw refused("body/source", (m) => m.mergeSelf);
  if (target.mergedFrom.some(({ id }) => id === source.id)) return target;
  if (target.mergedFrom.length >= MERGED_MAX) throw full("body/source");
  const known = new Set(target.findingIds);
  const findingIds = source.findingIds.filter((id) => !known.has(id));
  if (known.size + findingIds.length > FINDINGS_MAX) throw full("body/source");
  const { identifiedAt } = source;
  const from = {
    ...{ id: source.id, at: by.at, findingIds },
    ...(identifiedAt === undefined ? {} : { identifiedAt }),
  };
  const next = touched(target, by, {
    findingIds: [...target.findingIds, ...findingIds],
    mergedFrom: [...target.mergedFrom, from],
  });
  return withAnchors(next, facts);
}

/** The target without what the source brought along. */
export function unmerge(
  target: Incident,
  sourceId: string,
  facts: readonly FindingFacts[],
  by: By,
): Incident {
  requireStep(target, "unmerge");
  const from = target.mergedFrom.find(({ id }) => id === sourceId);
  if (from === undefined) throw refused("body/source", (m) => m.notMerged);
  const isLeaving = new Set(from.findingIds);
  const kept = new Set(target.findingIds.filter((id) => !isLeaving.has(id)));
  const next = touched(target, by, {
    findingIds: [...kept],
    mergedFrom: target.mergedFrom.filter((one) => one !== from),
  });
  return withAnchors(
    next,
    facts.filter(({ id }) => kept.has(id)),
  );
}

/** Another incident stands for this one from now on. */
export function absorbed(incident: Incident, into: string, by: By): Incident {
  return touched(incident, by, { mergedInto: into });
}

/** It stands for itself again. */
export function released(incident: Incident, facts: readonly FindingFacts[], by: By): Incident {
  const { mergedInto: _, ...rest } = incident;
  return withSettledAnchors(touched(rest, by, {}), facts);
}

/**
 * The incident, for which its parts stand from now on, and those: each is detected, identified and
 * compromised as the whole was.
 */
export function split(
  incident: Incident,
  parts: readonly Part[],
  by: By,
): { readonly whole: Incident; readonly parts: readonly Incident[] } {
  requireStep(incident, "split");
  if (parts.length < 2 || parts.length > PARTS_MAX) {
    throw refused("body/parts", (m) => m.partsUnfit);
  }
  const divided = parts.flatMap(({ findingIds }) => findingIds);
  const whole = new Set(incident.findingIds);
  const isPartition =
    divided.length === whole.size &&
    new Set(divided).size === whole.size &&
    divided.every((id) => whole.has(id)) &&
    parts.every(({ findingIds }) => findingIds.length > 0);
  if (!isPartition) throw refused("body/parts", (m) => m.partsUnfit);
  return {
    whole: touched(incident, by, { splitInto: parts.map(({ id }) => id) }),
    parts: parts.map((part) => partOf(incident, part, by)),
  };
}

/** The incident stands for itself again. */
export function unsplit(incident: Incident, facts: readonly FindingFacts[], by: By): Incident {
  requireStep(incident, "unsplit");
  return withSettledAnchors(touched(incident, by, { splitInto: [] }), facts);
}

/** Whether nobody has worked on a part since the split; what was computed anew does not count. */
export function isUntouchedPart(whole: Incident, part: Incident): boolean {
  if (part.mergedInto === whole.id) return true;
  const { id, title, findingIds, createdAt, createdBy } = part;
  const made = partOf(whole, { id, title, findingIds }, { at: createdAt, actor: createdBy });
  return isDeepStrictEqual(stated(part), stated(made));
}

function partOf(whole: Incident, part: Part, by: By): Incident {
  const { tenant, detectedAt, identifiedAt, notifications, clockWarnings, assignee } = whole;
  const times = {
    ...(detectedAt === undefined ? {} : { detectedAt }),
    ...(identifiedAt === undefined ? {} : { identifiedAt }),
  };
  const unknown = { confidentiality: "unknown", integrity: "unknown", availability: "unknown" };
  const { description, verdict, severity, category, tlp, exercise, firstCompromise, tags } = whole;
  const given: NewIncident = {
    ...{ description, verdict, severity, category, tlp, exercise, firstCompromise, tags },
    title: part.title,
    findingIds: [...part.findingIds],
    // What the attack did was said of the whole; of each part it has to be said again.
    impact: unknown as Incident["impact"], // The literals above are values of it.
  };
  return {
    ...begun({ tenant, id: part.id }, given, by),
    ...times,
    inherited: times,
    splitFrom: whole.id,
    watchers: whole.watchers,
    ...(assignee === undefined ? {} : { assignee }),
    ...(notifications === undefined ? {} : { notifications }),
    ...(clockWarnings === undefined ? {} : { clockWarnings }),
  };
}

function begun(
  { tenant, id }: { readonly tenant: string; readonly id: string },
  given: NewIncident,
  by: By,
): Incident {
  const incident: Incident = {
    ...{ id, tenant, ...given, status: "open" },
    findingIds: [...new Set(given.findingIds)],
    tags: [...new Set(given.tags)].sort(),
    ...{ actions: [], tasks: [], evidence: [], reopened: [], mergedFrom: [], splitInto: [] },
    ...{ watchers: [], createdAt: by.at, createdBy: by.actor, changedAt: by.at },
    definitionVersion: DEFINITION_VERSION,
  };
  checkTimes(incident);
  return incident;
}

function stated(incident: Incident): Partial<Incident> {
  const { detectedAt: _d, identifiedAt: _i, disputed: _n, changedAt: _c, ...rest } = incident;
  const { clockWarnings: _w, ...said } = rest;
  return said;
}

function refused(place: string, text: CaseFault["text"]): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", place, text);
}
