// Which figure of a KPI document each number of a row of the set `kpi` is: what the stage that writes the rows
// says, said a second time.
import type { KpiFigures } from "../../../services/store/kpi.ts";

/** Measure → figure; one that does not exist is missing in the row. */
export const FIGURES_OF_ROWS: Readonly<
  Record<string, (figures: KpiFigures) => number | null | undefined>
> = {
  k1MeanS: ({ corrective }) => corrective.meanS,
  k1MedianS: ({ corrective }) => corrective.medianS,
  k1P90S: ({ corrective }) => corrective.p90S,
  k1N: ({ corrective }) => corrective.n,
  k1Open: ({ corrective }) => corrective.open.n,
  k1LowerBoundS: ({ corrective }) => corrective.open.lowerBoundMeanS,
  k1OverdueShare: ({ corrective }) => corrective.overdue.share,
  k2MeanS: ({ headline }) => headline.mttdS,
  k2MedianS: ({ identification }) => identification.medianS,
  k2P90S: ({ identification }) => identification.p90S,
  k2N: ({ identification }) => identification.n,
  k2DetectionS: ({ identification }) => identification.detection.meanS,
  k2TriageS: ({ identification }) => identification.triage.meanS,
  k2Unknown: ({ identification }) =>
    identification.excluded.find(({ reason }) => reason === "start_unknown")?.n ?? 0,
  k3MeanS: ({ headline }) => headline.mttrS,
  k3MedianS: ({ recovery }) => recovery.medianS,
  k3P90S: ({ recovery }) => recovery.p90S,
  k3N: ({ recovery }) => recovery.n,
  k3Open: ({ recovery }) => recovery.open.n,
  k3LowerBoundS: ({ recovery }) => recovery.open.lowerBoundMeanS,
  k3ReopenedShare: ({ recovery }) => recovery.reopened.share,
  k4PerIncident: ({ falseAlarms }) => falseAlarms?.perIncident,
  k4Incidents: ({ falseAlarms }) => falseAlarms?.incidents,
  k4PrecisionShare: ({ falseAlarms }) => falseAlarms?.precision,
  k4FalseShare: ({ headline }) => headline.falsePositiveRate,
  k5N: ({ containment }) => containment.n,
  k5Share: ({ containment }) => containment.share,
  k5LowShare: ({ containment }) => containment.wilson95?.[0],
  k5HighShare: ({ containment }) => containment.wilson95?.[1],
};
