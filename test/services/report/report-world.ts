// A store in a folder of its own, and what a report is made from, wired as the running service wires it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { configSchema } from "../../../config/schema.ts";
import type { ReportSource } from "../../../services/report/context.ts";
import type { ReportLinkParts } from "../../../services/report-link.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import type { Store } from "../../../services/store/store.ts";
import { at, TENANT } from "../kpi/incidents.ts";

/** Mid of November: October and the third quarter are over. */
export const NOW = at("2026-11-15T12:00");

export interface ReportWorld {
  readonly store: Store;
  readonly parts: ReportLinkParts;
}

/** @param changes to a configuration with one tenant, in UTC */
export function openReportStore(changes: Readonly<Record<string, unknown>> = {}): ReportWorld {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-report-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const config = configSchema.parse({
    tenants: [{ id: TENANT, name: "Landkreis Beispiel", timeZone: "UTC" }],
    ...changes,
  });
  return {
    store,
    parts: {
      ...{ store, config, at: (path) => path },
      rules: () => ({ rules: [], faults: 0, leftOut: 0 }),
      sources: async (): Promise<ReportSource[]> => [],
    },
  };
}

export async function putIncidents(store: Store, incidents: readonly Incident[]): Promise<void> {
  for (const one of incidents) await store.put(TENANT, INCIDENT_KIND, one.id, one);
}

export async function putFindings(store: Store, findings: readonly Finding[]): Promise<void> {
  for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
}
