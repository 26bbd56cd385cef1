// What the KPI calculator writes and everybody else reads: figures of a period and scope, and the frozen
// figures of published periods. Durations are whole seconds, times ms UTC. There is no figure of a person.
import { z } from "zod";
import { LEVELS } from "../../detectors/detector.ts";
import { INCIDENT_CATEGORIES } from "./incident.ts";
import type { Kind } from "./store.ts";

/** Of the definitions that figures follow; goes up with every change of meaning. */
export const KPI_DEFINITION_VERSION = 1;

/** All that figures can be asked by, beside the tenant. Nothing that leads to a person is in here. */
export const KPI_DIMENSIONS = ["severity", "category", "month"] as const;

/** Why an incident is in no KPI. */
export const LEFT_OUT_REASONS = [
  "exercise",
  "merged",
  "split",
  "benign_true_positive",
  "false_positive",
  "undetermined",
] as const;

/** Why an incident is missing in one KPI. */
export const EXCLUSION_REASONS = [
  "no_required_action",
  "start_unknown",
  "not_identified",
  "not_detected",
  "negative",
] as const;

/** What does not fit together in an incident's times. */
export const QUALITY_FLAGS = [
  "impact_after_containment",
  "impact_contradiction",
  "negative_corrective",
  "negative_identification",
  "negative_recovery",
  "compromise_after_detection",
  "identified_before_detection",
  "implausible_time",
] as const;

const count = z.number().int().min(0);
const seconds = z.number();
const share = z.number().min(0).max(1);

const statisticsSchema = z.object({
  n: count,
  /** Rounded to tenths; null without a value, never 0. */
  meanS: seconds.nullable(),
  /** By nearest rank, so always an observed value; so is P90. */
  medianS: seconds.nullable(),
  p90S: seconds.nullable(),
  minS: seconds.nullable(),
  maxS: seconds.nullable(),
});
export type Statistics = z.infer<typeof statisticsSchema>;

const excluded = z.array(z.object({ reason: z.enum(EXCLUSION_REASONS), n: count }));
/** The single values where there are too few for a statement; else empty. */
const values = z.array(z.object({ id: z.string(), seconds }));
const openCases = z.object({
  n: count,
  /** Oldest first, at most OPEN_LISTED_MAX of them. */
  cases: z.array(z.object({ id: z.string(), ageS: seconds })),
  /** Mean of all, with open cases counted at their age. */
  lowerBoundMeanS: seconds.nullable(),
});
const trend = z.enum(["rising", "falling", "steady"]).nullable();

const k4Schema = z.object({
  falseAlarms: count,
  incidents: count,
  /** Null where there was no incident. */
  perIncident: z.number().nullable(),
  truePositives: count,
  precision: share.nullable(),
  /** With undetermined alarms counted as false, and as true. */
  precisionBounds: z.tuple([share, share]).nullable(),
  benignTruePositives: count,
  duplicates: count,
  undetermined: count,
  /** Shown and not judged at the end of the period. */
  unjudged: count,
});
export type FalseAlarmFigures = z.infer<typeof k4Schema>;

const kpiFiguresSchema = z.object({
  /** K1, corrective measures: identified → all required actions done. */
  corrective: statisticsSchema.extend({
    values,
    excluded,
    open: openCases,
    /** Identified → done, action by action. */
    perAction: statisticsSchema,
    /** Required actions that fell due in the period, and those not done in time. */
    overdue: z.object({ due: count, late: count, share: share.nullable() }),
    trend,
  }),
  /** K2, first compromise → identified. */
  identification: statisticsSchema.extend({
    values,
    excluded,
    preCompromise: count,
    estimated: count,
    /** Bounds of the mean by the bounds of the estimates; null where nothing was estimated. */
    estimateInterval: z.object({ lowMeanS: seconds, highMeanS: seconds }).nullable(),
    detection: statisticsSchema,
    triage: statisticsSchema,
    trend,
  }),
  /** K3, detected → recovered. */
  recovery: statisticsSchema.extend({
    values,
    excluded,
    open: openCases,
    reopened: z.object({ n: count, share: share.nullable() }),
    trend,
  }),
  /** K4, false alarms to incidents; null by category, for false alarms have none. */
  falseAlarms: k4Schema.nullable(),
  /** K5, contained before damage. */
  containment: z.object({
    n: count,
    contained: count,
    share: share.nullable(),
    wilson95: z.tuple([share, share]).nullable(),
    impactUnknown: count,
  }),
  /** The names that the strategy uses: means of K2 and K3, and FP / (TP + FP) of judged alarms. */
  headline: z.object({
    mttdS: seconds.nullable(),
    mttrS: seconds.nullable(),
    falsePositiveRate: share.nullable(),
  }),
  leftOut: z.array(z.object({ reason: z.enum(LEFT_OUT_REASONS), n: count })),
  flags: z.array(z.object({ id: z.string(), flag: z.enum(QUALITY_FLAGS) })),
});
export type KpiFigures = z.infer<typeof kpiFiguresSchema>;

/** Open cases and flags that are listed one by one; counts are of all. */
export const OPEN_LISTED_MAX = 100;

const kpiPeriodSchema = z.object({
  /** `2026`, `2026-Q4`, `2026-10`, `2026-10-25`, or two dates with `..` between them. */
  name: z.string(),
  /** Half-open [from, to), ms UTC: midnights in the tenant's zone. */
  from: z.number().int(),
  to: z.number().int(),
  timeZone: z.string(),
});
export type KpiPeriod = z.infer<typeof kpiPeriodSchema>;

/** Empty: everything of the tenant. */
const kpiScopeSchema = z.object({
  severity: z.enum(LEVELS).optional(),
  category: z.enum(INCIDENT_CATEGORIES).optional(),
});
export type KpiScope = z.infer<typeof kpiScopeSchema>;

export const kpiDocumentSchema = z.object({
  tenant: z.string(),
  period: kpiPeriodSchema,
  scope: kpiScopeSchema,
  definitionVersion: z.number().int(),
  /** ms UTC; ages of open cases are told for this moment where the period has not ended. */
  computedAt: z.number().int(),
  /** SHA-256 over what the figures were made of. */
  inputHash: z.string(),
  figures: kpiFiguresSchema,
});
export type KpiDocument = z.infer<typeof kpiDocumentSchema>;

/** Live figures of months, one document a period and scope; written by the calculator alone. */
export const KPI_KIND: Kind<KpiDocument> = {
  name: "kpi",
  revision: 1,
  fields: {
    period: { kind: "keyword", values: ({ period }) => [period.name] },
    scope: { kind: "keyword", values: ({ scope }) => [scopeName(scope)] },
    from: { kind: "number", values: ({ period }) => [period.from] },
    computedAt: { kind: "number", values: ({ computedAt }) => [computedAt] },
  },
};

/** Id of the live figures of a period and scope. */
export function kpiDocumentId(period: Pick<KpiPeriod, "name">, scope: KpiScope): string {
  return `${period.name}.${scopeName(scope)}`;
}

/** `all`, `severity.high`, `category.fraud`, `severity.high.category.fraud`. */
export function scopeName({ severity, category }: KpiScope): string {
  const parts = [
    ...(severity === undefined ? [] : [`severity.${severity}`]),
    ...(category === undefined ? [] : [`category.${category}`]),
  ];
  return parts.length === 0 ? "all" : parts.join(".");
}

/** A published period: written once, never changed. */
export const publishedPeriodSchema = z.object({
  tenant: z.string(),
  period: kpiPeriodSchema,
  definitionVersion: z.number().int(),
  publishedAt: z.number().int(),
  inputHash: z.string(),
  /** The whole tenant, then each severity and category that had something. */
  figures: z.array(z.object({ scope: kpiScopeSchema, figures: kpiFiguresSchema })),
  /** SHA-256 over all of the above. */
  hash: z.string(),
});
export type PublishedPeriod = z.infer<typeof publishedPeriodSchema>;

export const KPI_PERIOD_KIND: Kind<PublishedPeriod> = {
  name: "kpi_period",
  revision: 1,
  fields: {
    from: { kind: "number", values: ({ period }) => [period.from] },
    publishedAt: { kind: "number", values: ({ publishedAt }) => [publishedAt] },
  },
};
