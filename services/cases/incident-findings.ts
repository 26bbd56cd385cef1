// Which findings an incident consists of. The incident's list is what holds; a finding's own field leads
// back to it. A finding is claimed before the incident is written and let go after it: what a crash leaves
// between is a claim that no incident confirms, and the next one to ask may take it over: from an incident
// that is there by changing its version, so that a write under way fails, from one that never came to be
// after a minute. That is why the id of an incident begins with its time.
import { randomUUID } from "node:crypto";
import { levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import type { Incident } from "../store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { changedParts } from "./case-audit.ts";
import { CaseFault } from "./case-fault.ts";
import { addPlaybookTasks } from "./incident-actions.ts";
import { declared, link, type NewIncident, unlink } from "./incident-parts.ts";
import { requireStep, touched } from "./incident-state.ts";
import { factsOf, withJudgedSignals, withSettledAnchors } from "./incident-times.ts";
import {
  changeIncident,
  type Desk,
  getIncident,
  inTurns,
  isSameIncident,
  readFacts,
  replaceIncident,
  retried,
} from "./incident-write.ts";

/** Longer than any declaration takes between its first claim and its incident. */
const CLAIM_MS = 60_000;
/** How far a finding's incident is followed through mergers and splits. */
const FOLLOWED_MAX = 1000;

/**
 * Declares an incident, also from a proposed one: its finding ids and a title are enough beside what the
 * KPIs ask. Takes over the playbook steps of the findings' rules as tasks.
 * @throws CaseFault HW_REQUEST_INVALID when a finding is missing or belongs to another incident
 */
export async function declareIncident(
  desk: Desk,
  given: Omit<NewIncident, "severity"> & { readonly severity?: Incident["severity"] | undefined },
): Promise<Versioned<Incident>> {
  const { store, tenant, by } = desk;
  const id = timedId(by.at);
  return claiming(desk, id, given.findingIds, async (findings) => {
    const facts = findings.map(factsOf);
    const whole = { ...given, severity: given.severity ?? highestLevel(findings) };
    const incident = addPlaybookTasks(declared({ tenant, id }, whole, facts, by), findings, by);
    const begun = { ...incident, changedAt: incident.createdAt };
    const audit = {
      ...{ ...by, action: "incident.declare", subject: id },
      payload: changedParts({}, begun),
    };
    return store.create(tenant, INCIDENT_KIND, id, begun, audit);
  });
}

/** Adds findings, and the playbook steps of their rules. @throws CaseFault as `declareIncident`, HW_CONFLICT */
export async function linkFindings(
  desk: Desk,
  id: string,
  version: number,
  findingIds: readonly string[],
): Promise<Versioned<Incident>> {
  requireStep((await getIncident(desk, id)).document, "findings/link");
  return claiming(desk, id, findingIds, (findings) =>
    changeIncident(desk, id, version, "incident.link", async (incident, facts) => {
      const all = await facts([...incident.findingIds, ...findingIds]);
      const linked = link(incident, findingIds, all, desk.by);
      const withTasks = addPlaybookTasks(linked, findings, desk.by);
      return isSameIncident(incident, withTasks) ? incident : withTasks;
    }),
  );
}

/** Takes findings out. @throws CaseFault HW_REQUEST_INVALID for one that is not linked, HW_CONFLICT */
export async function unlinkFindings(
  desk: Desk,
  id: string,
  version: number,
  findingIds: readonly string[],
): Promise<Versioned<Incident>> {
  const changed = await changeIncident(
    desk,
    id,
    version,
    "incident.unlink",
    async (incident, facts) => {
      const foreign = findingIds.find((one) => !incident.findingIds.includes(one));
      if (foreign !== undefined) throw refused((m) => m.findingNotLinked(foreign));
      const isLeaving = new Set(findingIds);
      const kept = incident.findingIds.filter((one) => !isLeaving.has(one));
      return unlink(incident, findingIds, await facts(kept), desk.by);
    },
  );
  await moveFindings(desk, findingIds, id, undefined);
  return changed;
}

/** Leads findings to another incident, or to none, where they still lead to the old one. */
export async function moveFindings(
  desk: Desk,
  findingIds: readonly string[],
  from: string,
  to: string | undefined,
): Promise<void> {
  await inTurns(findingIds, (id) =>
    retried(async () => {
      const found = await desk.store.get(desk.tenant, FINDING_KIND, id);
      if (found?.document.incident === from) await point(desk, found, to);
    }),
  );
}

/**
 * Computes the times anew that follow from the findings of an incident: after a verdict was given, changed
 * or taken back. Goes on to the incidents that stand for it. Never refuses.
 * @param now ms UTC
 */
export async function refreshDetectedAt(
  store: Store,
  tenant: string,
  incidentId: string,
  now: number = Date.now(),
): Promise<void> {
  const desk: Desk = { store, tenant, by: { at: now, actor: "system" } };
  for (const id of await standingIncidents(store, tenant, incidentId)) {
    await retried(() => refreshOne(desk, id));
  }
}

/** Those that stand for an incident: itself, or what it was merged into or split into. */
export async function standingIncidents(
  store: Store,
  tenant: string,
  incidentId: string,
): Promise<string[]> {
  const open = [incidentId];
  const standing: string[] = [];
  for (let at = 0; at < open.length && at < FOLLOWED_MAX; at += 1) {
    const present = await store.get(tenant, INCIDENT_KIND, open[at] ?? "");
    if (present === undefined) continue;
    const { mergedInto, splitInto } = present.document;
    if (mergedInto !== undefined) open.push(mergedInto);
    else if (splitInto.length > 0) open.push(...splitInto);
    else standing.push(present.id);
  }
  return standing;
}

/** Findings as they are; those that no longer exist are left out. */
export async function readFindings(
  { store, tenant }: Pick<Desk, "store" | "tenant">,
  ids: readonly string[],
): Promise<Finding[]> {
  const found = await inTurns(ids, (id) => store.get(tenant, FINDING_KIND, id));
  return found.flatMap((one) => (one === undefined ? [] : [one.document]));
}

async function refreshOne(desk: Desk, id: string): Promise<void> {
  const present = await getIncident(desk, id);
  const facts = await readFacts(desk, present.document.findingIds);
  const next = withJudgedSignals(withSettledAnchors(present.document, facts), facts);
  if (isSameIncident(present.document, next)) return;
  await replaceIncident(desk, present, touched(next, desk.by, {}), "incident.times");
}

/** Claims findings for an incident while something is written; lets them go where that fails. */
async function claiming<T>(
  desk: Desk,
  incidentId: string,
  findingIds: readonly string[],
  write: (findings: readonly Finding[]) => Promise<T>,
): Promise<T> {
  const claimed: string[] = [];
  try {
    const findings = await inTurns([...new Set(findingIds)], (id) =>
      retried(() => claim(desk, id, incidentId, claimed)),
    );
    return await write(findings);
  } catch (error) {
    await moveFindings(desk, claimed, incidentId, undefined);
    throw error;
  }
}

async function claim(
  desk: Desk,
  id: string,
  incidentId: string,
  claimed: string[],
): Promise<Finding> {
  const found = await desk.store.get(desk.tenant, FINDING_KIND, id);
  if (found === undefined) throw refused((m) => m.findingMissing(id));
  const { incident } = found.document;
  if (incident === incidentId) return found.document;
  if (incident !== undefined) await takeOver(desk, id, incident);
  const { document } = await point(desk, found, incidentId);
  claimed.push(id);
  return document;
}

function highestLevel(findings: readonly Finding[]): Incident["severity"] {
  const levels = findings.map(({ detector }) => detector.level);
  return levels.sort((a, b) => levelRank(b) - levelRank(a))[0] ?? "medium";
}

/** @throws CaseFault HW_REQUEST_INVALID when the claim holds */
async function takeOver(desk: Desk, findingId: string, incidentId: string): Promise<void> {
  const other = await desk.store.get(desk.tenant, INCIDENT_KIND, incidentId);
  const holds =
    other === undefined
      ? desk.by.at - timeOf(incidentId) < CLAIM_MS
      : other.document.findingIds.includes(findingId);
  if (holds) throw refused((m) => m.findingLinked(findingId, incidentId));
  if (other === undefined) return;
  await replaceIncident(desk, other, touched(other.document, desk.by, {}), "incident.claim_lost");
}

/** A UUID of version 7 (RFC 9562 5.7): its first 48 bits are a time in ms UTC. */
function timedId(at: number): string {
  const time = at.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

function timeOf(id: string): number {
  return Number.parseInt(id.replace("-", "").slice(0, 12), 16);
}

function point(
  { store, tenant, by }: Desk,
  found: Versioned<Finding>,
  to: string | undefined,
): Promise<Versioned<Finding>> {
  const { incident, ...rest } = found.document;
  const next: Finding = to === undefined ? rest : { ...rest, incident: to };
  const payload = changedParts(found.document, next);
  const audit = { ...by, action: "finding.incident", subject: found.id, payload };
  return store.replace(tenant, FINDING_KIND, found.id, next, found.version, audit);
}

function refused(text: CaseFault["text"]): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", "body/findingIds", text);
}
