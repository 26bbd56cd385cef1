// Incidents and findings for the tests of the KPIs; what a test is about goes into `changes`.
import type { Finding } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";

export const TENANT = "landkreis";

/** UTC, as `2026-10-01T08:00`. */
export function at(text: string): number {
  return Date.parse(`${text}Z`);
}

/** Declared, true positive, with nothing known of it. */
export function incidentOf(id: string, changes: Partial<Incident> = {}): Incident {
  return {
    id,
    tenant: TENANT,
    title: "Verschlüsselte Freigabe",
    description: "",
    findingIds: [],
    status: "open",
    verdict: "true_positive",
    severity: "high",
    category: "malicious_code",
    tlp: "amber",
    exercise: false,
    firstCompromise: { method: "unknown", evidenceIds: [] },
    impact: { confidentiality: "unknown", integrity: "unknown", availability: "unknown" },
    actions: [],
    tasks: [],
    evidence: [],
    reopened: [],
    mergedFrom: [],
    splitInto: [],
    watchers: [],
    tags: [],
    createdAt: at("2026-10-01T00:00"),
    createdBy: "account-1",
    changedAt: at("2026-10-01T00:00"),
    definitionVersion: 1,
    ...changes,
  };
}

/** A time with evidence. */
export function stated(text: string) {
  return { at: at(text), method: "evidence" as const, evidenceIds: ["event-1"] };
}

export function impactOf(impact: Incident["impact"]["integrity"]): Incident["impact"] {
  return { confidentiality: impact, integrity: impact, availability: impact };
}

/** A required action; without `completed` it is open. */
export function actionOf(id: string, completed?: string, required = true) {
  return {
    ...{ id, title: "Kennwort wechseln", required, createdAt: at("2026-10-01T00:00") },
    ...(completed === undefined ? {} : { completedAt: at(completed) }),
  };
}

/** An alarm, not judged unless `changes` say so. */
export function findingOf(id: string, changes: Partial<Finding> = {}): Finding {
  const raisedAt = at("2026-10-02T00:00");
  return {
    id,
    tenant: TENANT,
    detector: {
      id: "rule-1",
      kind: "sigma",
      title: "Anmeldung zur Unzeit",
      description: "",
      level: "high",
      status: "stable",
      ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [] },
      origin: "rule.yml",
    },
    groupKey: "host:fs01",
    entities: [],
    score: 50,
    scoreParts: [],
    summary: "Geheime Zusammenfassung",
    status: "new",
    verdictHistory: [],
    signalCount: 1,
    ...{ firstEventAt: raisedAt, lastEventAt: raisedAt, raisedAt },
    sources: ["dc"],
    evidence: [],
    ...changes,
  };
}

export function judged(
  verdict: NonNullable<Finding["verdict"]>["verdict"],
  text: string,
): Partial<Finding> {
  return { status: "closed", verdict: { verdict, at: at(text), by: "account-1" } };
}
