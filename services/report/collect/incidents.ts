// Section 2: the incidents of the period, in one pass over the store that sections 7 and 11 are told of too.
// The table has every incident that something happened to in the period or that was open at its end; what
// counts as a KPI is told by the KPI stage alone.
import { z } from "zod";
import { LEVELS } from "../../../detectors/detector.ts";
import {
  IMPACTS,
  INCIDENT_CATEGORIES,
  INCIDENT_STATUS,
  INCIDENT_VERDICTS,
  type Incident,
  incidentPlace,
} from "../../store/incident.ts";
import { INCIDENT_KIND } from "../../store/kinds.ts";
import { LEFT_OUT_REASONS } from "../../store/kpi.ts";
import { isSimulated } from "../../store/simulated.ts";
import { endOf, isIn, type ReportContext } from "../context.ts";
import { by, documentsOf } from "../pages.ts";

/** More than any administration has in a year; what is beyond is counted. */
const INCIDENTS_LISTED_MAX = 50_000;

const count = z.number().int().min(0);
const time = z.number().int().nullable();

const incidentRowSchema = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.enum(LEVELS),
  category: z.enum(INCIDENT_CATEGORIES),
  status: z.enum(INCIDENT_STATUS),
  verdict: z.enum(INCIDENT_VERDICTS),
  /** Why it is in no KPI; null: it is. */
  leftOut: z.enum(LEFT_OUT_REASONS).nullable(),
  isSimulated: z.boolean(),
  compromisedAt: time,
  detectedAt: time,
  identifiedAt: time,
  containedAt: time,
  recoveredAt: time,
  correctiveCompletedAt: time,
  /** The worst of the three. */
  impact: z.enum(IMPACTS),
  findings: count,
  reopened: count,
});
export type IncidentRow = z.infer<typeof incidentRowSchema>;

export const incidentsSchema = z.object({
  /** In the order of their identification. */
  rows: z.array(incidentRowSchema),
  notListed: count,
  exercises: count,
  simulated: count,
});
export type IncidentsData = z.infer<typeof incidentsSchema>;

/** Told of every incident of the tenant, page by page. */
export interface IncidentTaker {
  take(incident: Incident): void;
}

/** Reads all incidents once. */
export async function collectIncidents(
  context: ReportContext,
  others: readonly IncidentTaker[],
): Promise<IncidentsData> {
  const { store, tenant } = context;
  const rows: IncidentRow[] = [];
  let notListed = 0;
  for await (const incident of documentsOf(store, tenant.id, INCIDENT_KIND, {
    sort: by("createdAt"),
  })) {
    for (const other of others) other.take(incident);
    if (!isOfPeriod(incident, context)) continue;
    if (rows.length < INCIDENTS_LISTED_MAX) rows.push(rowOf(incident));
    else notListed += 1;
  }
  rows.sort((one, other) => orderOf(one) - orderOf(other) || (one.id < other.id ? -1 : 1));
  return {
    rows,
    notListed,
    exercises: rows.filter(({ leftOut }) => leftOut === "exercise").length,
    simulated: rows.filter((row) => row.isSimulated).length,
  };
}

/** Whether something happened to it in the period, or it was open at its end. */
function isOfPeriod(incident: Incident, context: ReportContext): boolean {
  const { createdAt, identifiedAt, recovered, correctiveCompletedAt } = incident;
  const recoveredAt = recovered?.at;
  if ([createdAt, identifiedAt, recoveredAt, correctiveCompletedAt].some((at) => isIn(at, context)))
    return true;
  return (
    leftOutOf(incident) === null &&
    (identifiedAt ?? createdAt) < endOf(context) &&
    (recoveredAt === undefined || recoveredAt >= endOf(context))
  );
}

function rowOf(incident: Incident): IncidentRow {
  const { id, title, severity, category, status, verdict } = incident;
  return {
    ...{ id, title, severity, category, status, verdict },
    leftOut: leftOutOf(incident),
    isSimulated: isSimulated(incident),
    compromisedAt: incident.firstCompromise.at ?? null,
    detectedAt: incident.detectedAt ?? null,
    identifiedAt: incident.identifiedAt ?? null,
    containedAt: incident.contained?.at ?? null,
    recoveredAt: incident.recovered?.at ?? null,
    correctiveCompletedAt: incident.correctiveCompletedAt ?? null,
    impact: worstImpact(incident),
    findings: incident.findingIds.length,
    reopened: incident.reopened.length,
  };
}

/** In the order in which the KPI stage looks for a reason. */
export function leftOutOf(incident: Incident): IncidentRow["leftOut"] {
  if (incident.exercise) return "exercise";
  const place = incidentPlace(incident);
  if (place !== "standing") return place;
  return incident.verdict === "true_positive" ? null : incident.verdict;
}

/** Known damage outweighs what is not known, and that outweighs "none". */
function worstImpact({ impact }: Incident): IncidentRow["impact"] {
  const found = Object.values(impact);
  return (
    (["significant", "limited", "unknown"] as const).find((one) => found.includes(one)) ?? "none"
  );
}

function orderOf({ identifiedAt, detectedAt }: IncidentRow): number {
  return identifiedAt ?? detectedAt ?? 0;
}
