// The alarm budget as people see it: what is asked for, what the last days had, and whether what detectors call
// unusual is still what it was.
import { ANOMALY_DRIFT_KIND } from "../../store/anomaly-drift.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Store } from "../../store/store.ts";
import { type AnomalyDays, anomalyDays, anomalyDaysQuery } from "../anomaly-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { anomalyDriftList } from "../drift-schemas.ts";
import { principalOf } from "../guard.ts";

/** The budget counts its days there, whatever zone a tenant tells times in. */
const ZONE = "Europe/Berlin";
/** `anomaly-<detector>-<kind>`, of changed surroundings `anomaly-drift-<detector>-<kind>`. */
const DETECTOR_ID = /^anomaly-([^-]+)-/;
const CHANGE = "drift";
/** More than there are detectors. */
const DETECTORS_MAX = 100;

/** Registers `/anomalies`. */
export function registerAnomalyRoutes(api: Api, { store, clock, options }: ApiContext): void {
  const { enabled = false, findingsPerDay = 0 } = options.anomaly ?? {};
  const counting = { querystring: anomalyDaysQuery, response: answers(anomalyDays) };
  api.get("/anomalies/days", { schema: counting }, async (request) => {
    const { tenant } = principalOf(request);
    const today = Temporal.Instant.fromEpochMilliseconds(clock())
      .toZonedDateTimeISO(ZONE)
      .toPlainDate();
    const asked = Array.from({ length: request.query.days }, (_, days) => today.subtract({ days }));
    const days = await Promise.all(asked.map((day) => countDay(store, tenant, day)));
    return { enabled, findingsPerDay, days };
  });

  api.get(
    "/anomalies/drift",
    { schema: { response: answers(anomalyDriftList) } },
    async (request) => {
      const { hits } = await store.search(principalOf(request).tenant, ANOMALY_DRIFT_KIND, {
        sort: [{ field: "changedAt", order: "desc" }],
        limit: DETECTORS_MAX,
      });
      const detectors = hits.map(({ document }) => document);
      return { detectors: detectors.sort((a, b) => (a.detector < b.detector ? -1 : 1)) };
    },
  );
}

async function countDay(
  store: Store,
  tenant: string,
  day: Temporal.PlainDate,
): Promise<AnomalyDays["days"][number]> {
  const begin = (date: Temporal.PlainDate) => date.toZonedDateTime(ZONE).epochMilliseconds;
  const span = { gte: begin(day), lt: begin(day.add({ days: 1 })) };
  const counted = await store.count(tenant, FINDING_KIND, "detector", {
    terms: { detectorKind: ["anomaly"] },
    ranges: { firstEventAt: span },
  });
  const sums = new Map<string, number>();
  for (const { value, documents } of counted) {
    const detector = DETECTOR_ID.exec(value)?.[1] ?? value;
    sums.set(detector, (sums.get(detector) ?? 0) + documents);
  }
  const changes = sums.get(CHANGE) ?? 0;
  sums.delete(CHANGE);
  const detectors = [...sums]
    .map(([detector, findings]) => ({ detector, findings }))
    .sort((a, b) => b.findings - a.findings || (a.detector < b.detector ? -1 : 1));
  const findings = detectors.reduce((sum, one) => sum + one.findings, 0);
  return { day: day.toString(), findings, detectors, changes };
}
