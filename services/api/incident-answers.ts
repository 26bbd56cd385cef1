// How incidents are answered: with their allowed steps, what is missing, and their legal clocks; and how
// refusals of the work on them are told.

import { CaseFault } from "../cases/case-fault.ts";
import { CASE_MESSAGES } from "../cases/case-messages.ts";
import { allowedSteps } from "../cases/incident-state.ts";
import { missingForKpi } from "../cases/incident-work.ts";
import { type Desk, getIncident } from "../cases/incident-write.ts";
import { type ClockProfile, readClocks } from "../cases/legal-clocks.ts";
import type { Incident } from "../store/incident.ts";
import type { Versioned } from "../store/store.ts";
import type { ApiContext } from "./context.ts";
import { ApiFault } from "./faults.ts";
import type { Principal } from "./guard.ts";
import type { IncidentAnswer, IncidentRow } from "./incident-schemas.ts";

/** Where a tenant's profile is not given: no report is owed. */
const NO_CLOCKS: ClockProfile = { clocks: [], ndigHours: undefined, timeZone: "Europe/Berlin" };

/** What is done, is done by whoever asks, now. */
export function deskOf(context: ApiContext, { tenant, actor }: Principal): Desk {
  return { store: context.store, tenant, by: { at: context.clock(), actor } };
}

export function profileOf(context: ApiContext, tenant: string): ClockProfile {
  return context.options.clockProfileOf?.(tenant) ?? NO_CLOCKS;
}

export function workOf(context: ApiContext, incident: Incident) {
  const texts = CASE_MESSAGES[context.options.language];
  const now = context.clock();
  const clocks = readClocks(incident, profileOf(context, incident.tenant), now);
  return {
    work: missingForKpi(incident, now, texts),
    clocks: clocks.map((reading) => ({ ...reading, name: texts.clocks[reading.clock] })),
  };
}

export function incidentAnswerOf(
  context: ApiContext,
  { version, document }: Versioned<Incident>,
): IncidentAnswer {
  const steps = allowedSteps(document);
  return { version, incident: document, steps, ...workOf(context, document) };
}

/** An incident as lists have it. */
export function incidentRowOf(
  context: ApiContext,
  { id, version, document }: Versioned<Incident>,
): IncidentRow {
  const { title, status, verdict, severity, category, tlp, exercise, tags } = document;
  const { createdAt, changedAt, contained, recovered } = document;
  const { work, clocks } = workOf(context, document);
  const due = clocks
    .filter(({ state }) => state !== "done")
    .flatMap(({ clock, dueAt }) => (dueAt === undefined ? [] : [{ clock, dueAt }]))
    .sort((a, b) => a.dueAt - b.dueAt)[0];
  return {
    ...{ id, version, title, status, verdict, severity, category, tlp, exercise, tags },
    ...{ createdAt, changedAt, findings: document.findingIds.length },
    ...present("mergedInto", document.mergedInto),
    ...present("detectedAt", document.detectedAt),
    ...present("identifiedAt", document.identifiedAt),
    ...present("containedAt", contained?.at),
    ...present("recoveredAt", recovered?.at),
    ...present("closedAt", document.closedAt),
    missing: work.filter(({ kind }) => kind === "missing").length,
    ...(due === undefined ? {} : { nextDue: due }),
  };
}

/**
 * Tells refusals in the reader's language; a conflict answers with the present state.
 * @throws ApiFault in place of a CaseFault
 */
export async function sayCaseFaults<T>(
  context: ApiContext,
  work: () => Promise<T>,
  about?: { readonly tenant: string; readonly id: string },
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CaseFault)) throw error;
    const isConflict = error.caseCode === "HW_CONFLICT" && about !== undefined;
    const details = isConflict
      ? {
          details: incidentAnswerOf(context, await getIncident({ ...context, ...about }, about.id)),
        }
      : {};
    throw new ApiFault(error.caseCode, {
      text: () => error.text(CASE_MESSAGES[context.options.language]),
      ...(error.place === undefined ? {} : { place: error.place }),
      ...details,
    });
  }
}

function present<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  // A computed key of a generic type is not followed by the compiler.
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}
