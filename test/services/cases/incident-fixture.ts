// Incidents and findings for the tests of what people do with them, and a desk over a real embedded store.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { declared, type NewIncident } from "../../../services/cases/incident-parts.ts";
import type { By } from "../../../services/cases/incident-times.ts";
import type { Desk } from "../../../services/cases/incident-write.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { findingOf, HOME } from "../api/fixture.ts";

/** When the incident of the tests is declared; findings are raised before. */
export const NOW = Date.UTC(2026, 10, 20, 12);
export const HOUR = 3_600_000;

export const UNKNOWN_IMPACT = {
  confidentiality: "unknown",
  integrity: "unknown",
  availability: "unknown",
} as const;
export const NO_IMPACT = {
  confidentiality: "none",
  integrity: "none",
  availability: "none",
} as const;

/** Somebody, so many ms after the declaration. */
export const later = (ms = 0, actor = "anna"): By => ({ at: NOW + ms, actor });

export const newIncident = (changes: Partial<NewIncident> = {}): NewIncident => ({
  title: "Verschlüsselung auf fs01",
  description: "",
  findingIds: [],
  verdict: "true_positive",
  severity: "high",
  category: "malicious_code",
  tlp: "amber",
  exercise: false,
  firstCompromise: { method: "unknown", evidenceIds: [] },
  impact: UNKNOWN_IMPACT,
  tags: [],
  ...changes,
});

/** An incident as it is right after its declaration. */
export const incidentOf = (changes: Partial<Incident> = {}): Incident => ({
  ...declared({ tenant: HOME, id: "incident-1" }, newIncident(), [], later()),
  ...changes,
});

/** A finding that was raised and, if so, confirmed at these moments relative to NOW. */
export const raised = (id: string, raisedMs: number, confirmedMs?: number): Finding =>
  findingOf(id, {
    raisedAt: NOW + raisedMs,
    ...(confirmedMs === undefined
      ? {}
      : {
          status: "closed",
          verdict: { verdict: "true_positive", at: NOW + confirmedMs, by: "anna" },
        }),
  });

/** A store of its own with findings in it. */
export async function openDesk(
  findings: readonly Finding[] = [],
): Promise<{ store: Store; desk: (ms?: number, actor?: string) => Desk }> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-cases-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  for (const finding of findings) await store.create(HOME, FINDING_KIND, finding.id, finding);
  return { store, desk: (ms, actor) => ({ store, tenant: HOME, by: later(ms, actor) }) };
}

/** How a step is refused: code, place and German sentence; `allowed` when it is not. */
export function refusalOf(step: () => unknown): string {
  try {
    step();
    return "allowed";
  } catch (error) {
    if (!isAppError(error)) throw error;
    return `${error.code} ${error.place}: ${error.message}`;
  }
}
