// A history in an embedded store of its own, with what the KPI stage makes of it: the documents, the rows for
// boards, and the report's data, each read from where people get it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../../config/schema.ts";
import { LEVELS } from "../../../detectors/detector.ts";
import { TenantKpi } from "../../../services/kpi/tenant-kpi.ts";
import { createKpiLink } from "../../../services/kpi-link.ts";
import { collectReport } from "../../../services/report/collect.ts";
import { type ReportData, reportDataSchema, reportJson } from "../../../services/report/report.ts";
import { reportContext } from "../../../services/report-link.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FIGURE_SET_NAMES, type FigureRow } from "../../../services/store/figure-row.ts";
import { readFigureRows } from "../../../services/store/figure-rows.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { INCIDENT_CATEGORIES, type Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import type { KpiDocument, KpiScope } from "../../../services/store/kpi.ts";
import type { Store } from "../../../services/store/store.ts";
import { TENANT } from "../../services/kpi/incidents.ts";

const ZONE = "Europe/Berlin";
/** After all that histories tell of. */
export const NOW = Date.UTC(2027, 5, 1);
const PERIOD = "2026-Q4";

export interface History {
  readonly name: string;
  readonly incidents: Iterable<Incident>;
  readonly findings: Iterable<Finding>;
  /** Whether the rows of hours are shown, too: no KPI, and nine of ten rows. */
  readonly withHours: boolean;
}

/** What people get to see of a history. */
export interface Shown {
  readonly name: string;
  readonly withHours: boolean;
  /** Of the whole tenant, by the API. */
  readonly months: readonly KpiDocument[];
  readonly quarter: KpiDocument;
  /** Of the quarter, by severity and by category. */
  readonly scopes: Readonly<Record<"severity" | "category", ReadonlyMap<string, KpiDocument>>>;
  readonly tuning: Readonly<Record<"rule" | "source", readonly Tuned[]>>;
  readonly rows: readonly FigureRow[];
  /** Read back from the report's JSON. */
  readonly report: ReportData;
}
type Tuned = Awaited<ReturnType<ReturnType<typeof createKpiLink>["tuning"]>>[number];

export async function shownOf(history: History): Promise<Shown> {
  const { name, incidents, findings, withHours } = history;
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-eval-kpi-"));
  const store = openEmbeddedStore({ dataDir });
  try {
    for (const one of incidents) await store.put(TENANT, INCIDENT_KIND, one.id, one);
    for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
    const now = () => NOW;
    const kpi = new TenantKpi({
      ...{ store, tenant: TENANT, timeZone: ZONE, now, onChange: () => undefined },
      figures: { targets: [], anomalyBudget: 5 },
    });
    await kpi.reconcile();
    kpi.close();
    const link = createKpiLink({ store, now, timeZoneOf: () => ZONE, targetsOf: () => [] });
    const period = link.period(TENANT, { period: PERIOD });
    const rows: FigureRow[] = [];
    for (const set of FIGURE_SET_NAMES) {
      if (set === "hour" && !withHours) continue;
      rows.push(...(await readFigureRows(store, TENANT, { set, from: 0, to: NOW + 1 })));
    }
    const scoped = async (scopes: readonly KpiScope[]) =>
      new Map(
        await Promise.all(
          scopes.map(async (scope) => {
            const key = scope.severity ?? scope.category ?? "";
            return [key, await link.figures(TENANT, period, scope)] as const;
          }),
        ),
      );
    return {
      ...{ name, withHours, rows, report: await reportOf(store) },
      months: await link.months(TENANT),
      quarter: await link.figures(TENANT, period, {}),
      scopes: {
        severity: await scoped(LEVELS.toReversed().map((severity) => ({ severity }))),
        category: await scoped(INCIDENT_CATEGORIES.map((category) => ({ category }))),
      },
      tuning: {
        rule: await link.tuning(TENANT, period, "rule"),
        source: await link.tuning(TENANT, period, "source"),
      },
    };
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
}

/** Written and read back, as whoever gets the file. */
async function reportOf(store: Store): Promise<ReportData> {
  const config = configSchema.parse({
    tenants: [{ id: TENANT, name: "Landkreis Beispiel", timeZone: ZONE }],
  });
  const context = reportContext(
    {
      ...{ store, config, at: (path) => path, sources: async () => [] },
      rules: () => ({ rules: [], faults: 0, leftOut: 0 }),
    },
    ...([TENANT, PERIOD, NOW] as const),
  );
  return reportDataSchema.parse(JSON.parse(reportJson(await collectReport(context))));
}
