// A year of incidents and judged alarms, and the rows that the KPI stage writes of them, for the browser tests of figures: enough that every KPI has a value, a
// course and something that changed. Made up, and marked as such where a test wants it.
import pino from "pino";
import { vi } from "vitest";
import { startKpi } from "../../services/kpi/kpi.ts";
import { readFigureRows } from "../../services/store/figure-rows.ts";
import type { Incident } from "../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../services/store/kinds.ts";
import type { Store } from "../../services/store/store.ts";
import { actionOf, impactOf, incidentOf } from "../services/kpi/incidents.ts";
import { finding } from "./console-findings.ts";
import { TENANT } from "./console-server.ts";

const HOUR_MS = 3_600_000;
const CATEGORIES = ["malicious_code", "intrusion_attempt", "fraud", "availability"] as const;
const LEVELS = ["medium", "high", "low", "critical"] as const;

/** Seven incidents a month from December to October, and one that took long in October; two are open. */
export async function fillYear(store: Store, tags: readonly string[] = []): Promise<void> {
  for (let month = -1; month < 10; month += 1) {
    const size = 7 + (month % 3);
    for (let n = 0; n < size; n += 1) {
      const one = incidentIn(month, n, 10 + ((n * 7 + month * 5 + 50) % 17), tags);
      await store.put(TENANT, INCIDENT_KIND, one.id, one);
    }
    for (let n = 0; n < 30 + (((month + 5) * 13) % 40); n += 1) {
      const at = Date.UTC(2026, month, 3 + (n % 24), 9, n % 60);
      const verdict = n % 9 === 0 ? "true_positive" : "false_positive";
      const id = `fa-${month}-${n}`;
      const judged = { verdict, at, by: "a-9" } as const;
      const rule = month === 9 && n % 3 === 0 ? "lolbin-powershell" : `regel-${n % 5}`;
      const usual = finding(n);
      await store.put(TENANT, FINDING_KIND, id, {
        ...{ ...usual, id, raisedAt: at - HOUR_MS, status: "closed", verdict: judged },
        detector: { ...usual.detector, id: rule },
        ...(tags.length === 0 ? {} : { tags: [...tags] }),
      });
    }
  }
  // The last days: some taken up and judged, some waiting.
  for (let n = 0; n < 60; n += 1) {
    const raisedAt = Date.UTC(2026, 10, 11 + (n % 9), (n * 5) % 24, n % 60);
    const at = raisedAt + (10 + (n % 7) * 25) * 60_000;
    const judged = {
      verdict: n % 4 === 0 ? "true_positive" : "false_positive",
      at,
      by: "a-9",
    } as const;
    const usual = finding(n);
    await store.put(TENANT, FINDING_KIND, `late-${n}`, {
      ...{ ...usual, id: `late-${n}`, raisedAt, firstEventAt: raisedAt, lastEventAt: raisedAt },
      ...(n % 6 === 0 ? {} : { status: "closed", verdict: judged }),
      detector: { ...usual.detector, id: `regel-${n % 5}` },
    });
  }
  const slow = incidentIn(9, 90, 380, tags, { severity: "critical", category: "malicious_code" });
  await store.put(TENANT, INCIDENT_KIND, slow.id, slow);
  for (const n of [91, 92]) {
    const { recovered: _, actions: _actions, ...open } = incidentIn(10, n, 1, tags);
    await store.put(TENANT, INCIDENT_KIND, open.id, { ...open, actions: [] });
  }
}

/** Lets the KPI stage write its rows of figures of what is in the store. */
export async function writeFigures(store: Store, now: number): Promise<void> {
  const stage = startKpi({
    ...{ store, tenants: [TENANT], timeZoneOf: () => "Europe/Berlin", now: () => now },
    figuresOf: () => ({
      targets: [{ validFrom: "2026-01-01", recoveryHours: 36, containedShare: 0.8 }],
      anomalyBudget: 3,
    }),
    logger: pino({ level: "silent" }),
  });
  await vi.waitFor(
    async () => {
      for (const set of ["kpi", "case", "alarm", "hour", "day"] as const) {
        // Of the last days, which are written after all others.
        const days = set === "kpi" || set === "case" ? 22 : 3;
        const from = now - days * 24 * HOUR_MS;
        const rows = await readFigureRows(store, TENANT, { set, from, to: now });
        if (rows.length === 0) throw new Error(`no rows of ${set} yet`);
      }
    },
    { timeout: 60_000, interval: 100 },
  );
  await stage.close();
}

function incidentIn(
  month: number,
  n: number,
  hours: number,
  tags: readonly string[],
  changes: Partial<Incident> = {},
): Incident {
  const detectedAt = Date.UTC(2026, month, 2 + ((n * 3) % 20), 6 + (n % 10), n % 60);
  const text = (at: number) => new Date(at).toISOString().slice(0, 19);
  const stated = (at: number) => ({ at, method: "evidence" as const, evidenceIds: ["event-1"] });
  const name = String(month + 2).padStart(2, "0");
  return incidentOf(`V-2026-${name}-${String(n + 1).padStart(3, "0")}`, {
    ...{ tenant: TENANT, title: "Geheimer Titel eines Vorfalls", tags: [...tags] },
    ...{ severity: LEVELS[n % 4] ?? "low", category: CATEGORIES[n % 4] ?? "other" },
    ...{ detectedAt, identifiedAt: detectedAt + (1 + (n % 5)) * HOUR_MS, createdAt: detectedAt },
    firstCompromise: stated(detectedAt - (4 + (n % 6) * 5) * HOUR_MS),
    contained: stated(detectedAt + 2 * HOUR_MS),
    recovered: stated(detectedAt + hours * HOUR_MS),
    impact: impactOf(n % 4 === 3 ? "limited" : "none"),
    actions: [actionOf("a", text(detectedAt + (hours + 40) * HOUR_MS))],
    ...changes,
  });
}
