// What can be done with an incident next: by its state, and by whether others stand for it.
import { type Incident, incidentPlace } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import type { By } from "./incident-times.ts";

/** All steps; each is a route below `/incidents/:id/`. */
export const INCIDENT_STEPS = [
  "edit",
  "assign",
  "watch",
  "findings/link",
  "findings/unlink",
  "contain",
  "recover",
  "impact",
  "compromise",
  "close",
  "reopen",
  "actions/add",
  "actions/complete",
  "actions/cancel",
  "tasks/add",
  "tasks/playbook",
  "tasks/done",
  "tasks/reopen",
  "evidence/add",
  "evidence/hand-over",
  "notifications/record",
  "merge",
  "unmerge",
  "split",
  "unsplit",
  "comments",
] as const;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];

/**
 * What stays possible after closing, which is administrative: measures, custody and reports to authorities
 * take longer than the work on the incident.
 */
const AFTER_CLOSING: ReadonlySet<IncidentStep> = new Set<IncidentStep>([
  ...(["assign", "watch", "reopen", "actions/add", "actions/complete", "actions/cancel"] as const),
  ...(["evidence/hand-over", "notifications/record", "comments"] as const),
]);
const WHILE_MERGED: ReadonlySet<IncidentStep> = new Set<IncidentStep>(["comments"]);
const WHILE_SPLIT: ReadonlySet<IncidentStep> = new Set<IncidentStep>(["unsplit", "comments"]);

/** The steps that an incident allows now, in a fixed order. */
export function allowedSteps(incident: Incident): IncidentStep[] {
  return INCIDENT_STEPS.filter((step) => refusalOf(incident, step) === undefined);
}

/** @throws CaseFault HW_REQUEST_INVALID when the incident does not allow the step in its present state */
export function requireStep(incident: Incident, step: IncidentStep): void {
  const refusal = refusalOf(incident, step);
  if (refusal !== undefined) throw refusal;
}

/** The incident with changes. Its time of change only grows, so that it tells states apart. */
export function touched(incident: Incident, by: By, changes: Partial<Incident>): Incident {
  return { ...incident, ...changes, changedAt: Math.max(by.at, incident.changedAt + 1) };
}

function refusalOf(incident: Incident, step: IncidentStep): CaseFault | undefined {
  const place = incidentPlace(incident);
  if (place === "merged") {
    return WHILE_MERGED.has(step)
      ? undefined
      : refused((m) => m.isMerged(incident.mergedInto ?? ""));
  }
  if (place === "split") {
    return WHILE_SPLIT.has(step) ? undefined : refused((m) => m.isSplit);
  }
  if (step === "unsplit") return refused((m) => m.notSplit);
  if (step === "unmerge" && incident.mergedFrom.length === 0) return refused((m) => m.notMerged);
  if (step === "split" && incident.findingIds.length < 2) return refused((m) => m.notDivisible);
  const isEnded = incident.status === "closed";
  if (step === "reopen") {
    return isEnded || incident.recovered !== undefined ? undefined : refused((m) => m.notEnded);
  }
  return isEnded && !AFTER_CLOSING.has(step) ? refused((m) => m.isClosed) : undefined;
}

function refused(text: CaseFault["text"]): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", "step", text);
}
