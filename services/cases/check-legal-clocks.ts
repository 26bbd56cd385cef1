// Looks after the legal clocks of all incidents and writes each warning down once: in the incident and in
// the audit chain, in one write. What was written is what tells a warning as given, so that a restart or a
// second process repeats nothing.
import { isAppError } from "../../config/errors.ts";
import type { Incident } from "../store/incident.ts";
import { INCIDENT_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { type ClockProfile, dueWarnings } from "./legal-clocks.ts";

const DAY_MS = 86_400_000;
/** Far longer than any time limit, so that one that begins late is seen too. */
const LOOK_BACK_DAYS = 400;
const INCIDENTS_PER_PAGE = 200;

/** A warning that was written down just now. */
export interface GivenWarning {
  readonly tenant: string;
  readonly incident: string;
  readonly clock: string;
  readonly percent: number;
}

/**
 * Gives the warnings that are due; to be called every minute.
 * @param now ms UTC
 * @returns what was given
 */
export async function checkLegalClocks(
  store: Store,
  tenants: readonly string[],
  profileOf: (tenant: string) => ClockProfile,
  now: number,
): Promise<GivenWarning[]> {
  const given: GivenWarning[] = [];
  for (const tenant of tenants) {
    const profile = profileOf(tenant);
    if (profile.clocks.length === 0) continue;
    for await (const incident of watchedIncidents(store, tenant, now)) {
      given.push(...(await warn(store, tenant, incident, profile, now)));
    }
  }
  return given;
}

async function* watchedIncidents(store: Store, tenant: string, now: number) {
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, INCIDENT_KIND, {
      terms: { place: ["standing"], verdict: ["true_positive", "undetermined"] },
      ranges: { identifiedAt: { gte: now - LOOK_BACK_DAYS * DAY_MS } },
      sort: [{ field: "createdAt", order: "asc" }],
      limit: INCIDENTS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.hits;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function warn(
  store: Store,
  tenant: string,
  found: Versioned<Incident>,
  profile: ClockProfile,
  now: number,
): Promise<GivenWarning[]> {
  const given: GivenWarning[] = [];
  let present = found;
  for (const warning of dueWarnings(found.document, profile, now)) {
    const { clockWarnings = [] } = present.document;
    const next: Incident = { ...present.document, clockWarnings: [...clockWarnings, warning] };
    const { clock, percent } = warning;
    const audit = {
      ...{ at: now, actor: "system", action: "incident.legal_clock", subject: present.id },
      payload: { clock, percent },
    };
    try {
      const { id, version } = present;
      present = await store.replace(tenant, INCIDENT_KIND, id, next, version, audit);
    } catch (error) {
      // Somebody works on it; the next round sees what they made of it.
      if (isAppError(error, "HW_CONFLICT")) return given;
      throw error;
    }
    given.push({ tenant, incident: present.id, clock, percent });
  }
  return given;
}
