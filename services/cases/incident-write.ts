// Loads an incident, checks the version that its reader saw, applies a step and writes the result together
// with its audit entry. The API and the command line stand on it.
import { isDeepStrictEqual } from "node:util";
import { type AppError, isAppError } from "../../config/errors.ts";
import type { Incident } from "../store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import type { AuditInput, Store, Versioned } from "../store/store.ts";
import { changedParts } from "./case-audit.ts";
import { CaseFault } from "./case-fault.ts";
import { type By, type FindingFacts, factsOf, withSettledAnchors } from "./incident-times.ts";

/** Where and on whose behalf something is done. */
export interface Desk {
  readonly store: Store;
  readonly tenant: string;
  readonly by: By;
}

/** A pure step, told of all findings that it asks for. */
export type Step = (
  incident: Incident,
  facts: (ids: readonly string[]) => Promise<FindingFacts[]>,
) => Incident | Promise<Incident>;

/** Reads of findings at the same time. */
const READS_MAX = 32;
const ATTEMPTS_MAX = 50;

/** @throws CaseFault HW_NOT_FOUND */
export async function getIncident(
  { store, tenant }: Pick<Desk, "store" | "tenant">,
  id: string,
): Promise<Versioned<Incident>> {
  const found = await store.get(tenant, INCIDENT_KIND, id);
  if (found === undefined) throw new CaseFault("HW_NOT_FOUND", "id", (m) => m.incidentMissing);
  return found;
}

/**
 * Applies a step to the version that its caller saw; a step that changes nothing writes nothing.
 * @throws CaseFault HW_CONFLICT when the incident was changed since, HW_NOT_FOUND, and what the step refuses
 */
export async function changeIncident(
  desk: Desk,
  id: string,
  version: number,
  action: string,
  step: Step,
): Promise<Versioned<Incident>> {
  const present = await getIncident(desk, id);
  if (present.version !== version) throw changedMeanwhile();
  const next = await step(present.document, (ids) => readFacts(desk, ids));
  if (next === present.document) return present;
  return replaceIncident(desk, present, next, action).catch((error: unknown) => {
    throw isAppError(error, "HW_CONFLICT") ? changedMeanwhile() : error;
  });
}

/** The same from whatever version there is: for what must hold in any case. The step checks the state. */
export async function updateIncident(
  desk: Desk,
  id: string,
  action: string,
  step: Step,
): Promise<Versioned<Incident>> {
  return retried(async () => {
    const { version } = await getIncident(desk, id);
    return changeIncident(desk, id, version, action, step);
  });
}

/** Writes a change and its audit entry. @throws AppError HW_CONFLICT */
export function replaceIncident(
  { store, tenant, by }: Desk,
  present: Versioned<Incident>,
  next: Incident,
  action: string,
): Promise<Versioned<Incident>> {
  const payload = changedParts(present.document, next);
  const audit: AuditInput = { ...by, action, subject: present.id, payload };
  return store.replace(tenant, INCIDENT_KIND, present.id, next, present.version, audit);
}

/** A step after which computed times are looked at anew: what was stated has changed. */
export function settling(step: (incident: Incident) => Incident): Step {
  return async (incident, facts) =>
    withSettledAnchors(step(incident), await facts(incident.findingIds));
}

/** The facts of findings; those that no longer exist are left out. */
export async function readFacts(
  { store, tenant }: Pick<Desk, "store" | "tenant">,
  ids: readonly string[],
): Promise<FindingFacts[]> {
  const found = await inTurns([...new Set(ids)], (id) => store.get(tenant, FINDING_KIND, id));
  return found.flatMap((one) => (one === undefined ? [] : [factsOf(one.document)]));
}

/** Whether two states say the same, but for the time of the change. */
export function isSameIncident(one: Incident, other: Incident): boolean {
  return isDeepStrictEqual({ ...one, changedAt: 0 }, { ...other, changedAt: 0 });
}

/**
 * Does something to each, a bounded number at the same time. Where one fails the others of its time are
 * waited for, too: what they did is known then, and can be taken back.
 */
export async function inTurns<In, Out>(
  all: readonly In[],
  work: (one: In) => Promise<Out>,
): Promise<Out[]> {
  const done: Out[] = [];
  for (let at = 0; at < all.length; at += READS_MAX) {
    const some = all.slice(at, at + READS_MAX).map(work);
    await Promise.allSettled(some);
    done.push(...(await Promise.all(some)));
  }
  return done;
}

/** Repeats what lost against another writer. @throws AppError HW_CONFLICT when it always did */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, "HW_CONFLICT") || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

function changedMeanwhile(): AppError {
  return new CaseFault("HW_CONFLICT", "body/version", (m) => m.changedMeanwhile);
}
