// The shapes of KPIs as they cross the HTTP border. What can be asked by is closed: unknown parameters are
// refused, and none leads to a person.
import { z } from "zod";
import { LEVELS } from "../../detectors/detector.ts";
import { INCIDENT_CATEGORIES } from "../store/incident.ts";
import { kpiDocumentSchema, publishedPeriodSchema } from "../store/kpi.ts";
import { TARGET_STATES, TARGET_UNITS } from "../store/kpi-target.ts";

const NAME_CHARS_MAX = 20;
const name = z.string().max(NAME_CHARS_MAX);

/** A named period, or two dates of the tenant's calendar (the second one not included); neither: this month. */
const periodQuery = {
  period: name.optional(),
  from: name.optional(),
  to: name.optional(),
};

export const kpiQuery = z.strictObject({
  ...periodQuery,
  severity: z.enum(LEVELS).optional(),
  category: z.enum(INCIDENT_CATEGORIES).optional(),
});

export const tuningQuery = z.strictObject({ ...periodQuery, per: z.enum(["rule", "source"]) });

export const publishBody = z.strictObject({ period: name });

const perKpi = z.object({
  corrective: z.string(),
  identification: z.string(),
  recovery: z.string(),
  falseAlarms: z.string(),
  containment: z.string(),
});

const targetCheck = z.object({
  unit: z.enum(TARGET_UNITS),
  value: z.number().nullable(),
  target: z.number().nullable(),
  state: z.enum(TARGET_STATES),
});

/** Each figure beside its target. */
const targetChecks = z.object({
  corrective: targetCheck,
  identification: targetCheck,
  recovery: targetCheck,
  falseAlarms: targetCheck,
  containment: targetCheck,
});

/** As configured, but for who sees it: days are those of the tenant's calendar. */
const kpiTarget = z.object({
  validFrom: z.string(),
  reason: z.string().optional(),
  correctiveHours: z.number().optional(),
  identificationHours: z.number().optional(),
  recoveryHours: z.number().optional(),
  falseAlarmsPerIncident: z.number().optional(),
  containedShare: z.number().optional(),
});

/** Oldest first. */
export const kpiTargets = z.object({
  timeZone: z.string(),
  inForce: kpiTarget.nullable(),
  targets: z.array(kpiTarget),
});

/** Figures with what they mean. */
export const kpiAnswer = kpiDocumentSchema.omit({ tenant: true }).extend({
  definitions: perKpi,
  /** Of the whole tenant: for a severity or category nobody sets a target. */
  targets: targetChecks.nullable(),
  /** The one that was in force when the period began. */
  target: kpiTarget.nullable(),
  /** K4 in words; null where it does not exist. */
  falseAlarmText: z.string().nullable(),
});
export type KpiAnswer = z.infer<typeof kpiAnswer>;

/** Newest first. */
export const kpiMonths = z.object({
  months: z.array(kpiDocumentSchema.omit({ tenant: true }).extend({ targets: targetChecks })),
  definitions: perKpi,
});

export const periodOnlyQuery = z.strictObject(periodQuery);

const threeSentences = z.array(z.string()).length(3);
const statistic = z.object({
  n: z.number().int(),
  /** Mean, ratio or share, as in the target's unit. */
  value: z.number().nullable(),
  target: z.number().nullable(),
  state: z.enum(TARGET_STATES),
  medianS: z.number().nullable(),
  p90S: z.number().nullable(),
});

/** What those who decide look at: a period beside the one before it. */
export const kpiReview = z.object({
  period: kpiDocumentSchema.shape.period,
  before: kpiDocumentSchema.shape.period,
  isRunning: z.boolean(),
  definitionVersion: z.number().int(),
  figures: kpiDocumentSchema.shape.figures,
  figuresBefore: kpiDocumentSchema.shape.figures,
  targets: targetChecks,
  target: kpiTarget.nullable(),
  /** What has changed and why, in both languages of the screens. */
  sentences: z.object({ de: threeSentences, en: threeSentences }),
  /** Oldest first, the asked period last. */
  series: z.array(
    z.object({
      period: kpiDocumentSchema.shape.period,
      corrective: statistic,
      identification: statistic,
      recovery: statistic,
      falseAlarms: statistic,
      containment: statistic,
    }),
  ),
  /** Of these, made up for a demonstration. */
  simulated: z.object({ incidents: z.number().int(), findings: z.number().int() }),
});

const secondsOrNone = z.number().nullable();

/** The incidents behind the figures of a period, without titles, findings or people. */
export const kpiIncidents = z.object({
  period: kpiDocumentSchema.shape.period,
  total: z.number().int(),
  incidents: z.array(
    z.object({
      id: z.string(),
      severity: z.enum(LEVELS),
      category: z.enum(INCIDENT_CATEGORIES),
      /** Of those that this period counts; null: it counts elsewhere or not at all. */
      correctiveS: secondsOrNone,
      identificationS: secondsOrNone,
      recoveryS: secondsOrNone,
      /** Since its identification, while it is not recovered at the end of the period. */
      openS: secondsOrNone,
      containment: z.enum(["contained", "not_contained", "impact_unknown"]).nullable(),
      wasReopened: z.boolean(),
      /** Made up for a demonstration. */
      isSimulated: z.boolean(),
    }),
  ),
});

const value = z.union([z.number(), z.string()]).nullable();

export const publishedAnswer = publishedPeriodSchema.omit({ tenant: true }).extend({
  /** Whether the hash holds for what is stored. */
  isIntact: z.boolean(),
  /** Something in the figures is another today; what was published stays. */
  isRevised: z.boolean(),
  /** In the reader's language, where it was revised. */
  note: z.string().optional(),
  differences: z.array(z.object({ figure: z.string(), published: value, now: value })),
});

export const kpiPeriods = z.object({ periods: z.array(publishedAnswer) });

export const kpiDefinitions = z.object({
  definitionVersion: z.number().int(),
  scope: z.string(),
  names: perKpi,
  definitions: perKpi,
  excluded: z.record(z.string(), z.string()),
  leftOut: z.record(z.string(), z.string()),
  flags: z.record(z.string(), z.string()),
});

const count = z.number().int();

export const kpiTuning = z.object({
  period: kpiDocumentSchema.shape.period,
  per: z.enum(["rule", "source"]),
  /** Most false alarms first. */
  rows: z.array(
    z.object({
      /** Id of the rule, or name of the source. */
      name: z.string(),
      falseAlarms: count,
      truePositives: count,
      undetermined: count,
      benignTruePositives: count,
      duplicates: count,
      precision: z.number().nullable(),
    }),
  ),
});
