// Sections 1 and 3: the five KPIs as the KPI stage gives them, against the targets, beside the period
// before, by month, severity and category, and what has changed in figures that were published.
import { z } from "zod";
import { LEVELS } from "../../../detectors/detector.ts";
import { type PeriodReview, sentencesOf } from "../../cases/kpi-sentences.ts";
import { INCIDENT_CATEGORIES } from "../../store/incident.ts";
import {
  type KpiDocument,
  type KpiFigures,
  type KpiPeriod,
  kpiDocumentSchema,
} from "../../store/kpi.ts";
import {
  checkTargets,
  KPI_NAMES,
  type KpiName,
  TARGET_STATES,
  TARGET_UNITS,
  targetOfPeriod,
} from "../../store/kpi-target.ts";
import type { ReportContext } from "../context.ts";
import type { RuleTitles } from "./rule-titles.ts";

/** Below so many values there is no tendency (docs/kennzahlen.md). */
const FEW_VALUES = 5;
const PUBLISHED_LISTED_MAX = 50;

const count = z.number().int();
const number = z.number().nullable();

/** The five of a period or scope in one line. */
const lineSchema = z.object({
  /** Of a period, severity or category. */
  name: z.string(),
  identified: count,
  correctiveS: number,
  correctiveN: count,
  identificationS: number,
  identificationN: count,
  recoveryS: number,
  recoveryN: count,
  open: count,
  falseAlarms: count.nullable(),
  falseAlarmsPerIncident: number,
  contained: count,
  containedN: count,
  containedShare: number,
});
export type KpiLine = z.infer<typeof lineSchema>;

const tileSchema = z.object({
  kpi: z.enum(KPI_NAMES),
  unit: z.enum(TARGET_UNITS),
  value: number,
  target: number,
  state: z.enum(TARGET_STATES),
  /** What the figure rests on: durations, incidents, recovered incidents with known impact. */
  n: count,
  before: number,
  beforeN: count,
  /** Change against the period before as a share of it; null with few values or a zero before. */
  change: number,
});
export type KpiTile = z.infer<typeof tileSchema>;

const value = z.union([z.number(), z.string()]).nullable();

export const kpiSchema = z.object({
  definitionVersion: count,
  inputHash: z.string(),
  figures: kpiDocumentSchema.shape.figures,
  tiles: z.array(tileSchema),
  /** What changed and why, in German, by a template over the figures. */
  sentences: z.array(z.string()),
  /** Day from which on the target in force holds, and why; null: there is none. */
  target: z.object({ validFrom: z.string(), reason: z.string().nullable() }).nullable(),
  before: lineSchema,
  bySeverity: z.array(lineSchema),
  byCategory: z.array(lineSchema),
  months: z.array(lineSchema),
  published: z.array(
    z.object({
      name: z.string(),
      publishedAt: z.number(),
      hash: z.string(),
      isIntact: z.boolean(),
      differences: z.array(z.object({ figure: z.string(), published: value, now: value })),
    }),
  ),
});
export type KpiData = z.infer<typeof kpiSchema>;

export async function collectKpi(context: ReportContext, titleOf: RuleTitles): Promise<KpiData> {
  const { kpi, period, tenant } = context;
  const whole = await kpi.figures(period, {});
  const earlier = kpi.before(period);
  const before = await kpi.figures(earlier, {});
  const target = targetOfPeriod(tenant.kpiTargets, period);
  const checks = checkTargets(whole.figures, target);
  const old = checkTargets(before.figures, undefined);
  return {
    definitionVersion: whole.definitionVersion,
    inputHash: whole.inputHash,
    figures: whole.figures,
    tiles: KPI_NAMES.map((name) => {
      const [n, beforeN] = [whole, before].map(({ figures }) => basisOf(figures)[name]);
      const about = { n: n ?? 0, before: old[name].value, beforeN: beforeN ?? 0 };
      return { kpi: name, ...checks[name], ...about, change: changeOf(checks[name].value, about) };
    }),
    sentences: sentencesOf(await titledReview(context, titleOf), "de"),
    target:
      target === undefined ? null : { validFrom: target.validFrom, reason: target.reason ?? null },
    before: lineOf(earlier.name, before),
    bySeverity: await lines(context, LEVELS.toReversed(), (severity) => ({ severity })),
    byCategory: await lines(context, INCIDENT_CATEGORIES, (category) => ({ category })),
    months: await monthLines(context),
    published: await publishedOf(context),
  };
}

/** Rules by their titles: nobody knows their ids. */
async function titledReview(
  { kpi, period }: ReportContext,
  titleOf: RuleTitles,
): Promise<PeriodReview> {
  const review = await kpi.review(period);
  const rule = await Promise.all(
    review.alarms.rule.map(async (one) => {
      const title = one.name === undefined ? null : await titleOf(one.name);
      return title === null ? one : { ...one, name: title };
    }),
  );
  return { ...review, alarms: { ...review.alarms, rule } };
}

function basisOf(figures: KpiFigures): Record<KpiName, number> {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  return {
    corrective: corrective.n,
    identification: identification.n,
    recovery: recovery.n,
    falseAlarms: falseAlarms?.incidents ?? 0,
    containment: containment.n,
  };
}

function changeOf(
  present: number | null,
  { n, before, beforeN }: Pick<KpiTile, "n" | "before" | "beforeN">,
): number | null {
  if (present === null || before === null || before === 0) return null;
  if (n < FEW_VALUES || beforeN < FEW_VALUES) return null;
  return (present - before) / before;
}

/** Those in which there was something. */
async function lines<Name extends string>(
  { kpi, period }: ReportContext,
  names: readonly Name[],
  scopeOf: (name: Name) => Parameters<ReportContext["kpi"]["figures"]>[1],
): Promise<KpiLine[]> {
  const found: KpiLine[] = [];
  for (const name of names) {
    const line = lineOf(name, await kpi.figures(period, scopeOf(name)));
    const { identified, correctiveN, recoveryN, open, containedN, falseAlarms } = line;
    if (identified + correctiveN + recoveryN + open + containedN + (falseAlarms ?? 0) > 0)
      found.push(line);
  }
  return found;
}

async function monthLines({ kpi, period, at }: ReportContext): Promise<KpiLine[]> {
  const found: KpiLine[] = [];
  for (const month of kpi.monthsOf(period)) {
    if (month.from < at) found.push(lineOf(month.name, await kpi.figures(month, {})));
  }
  return found;
}

function lineOf(name: string, { figures }: KpiDocument): KpiLine {
  const { corrective, identification, recovery, falseAlarms, containment } = figures;
  const excluded = identification.excluded.reduce((sum, { n }) => sum + n, 0);
  return {
    name,
    identified: identification.n + excluded,
    ...{ correctiveS: corrective.meanS, correctiveN: corrective.n },
    ...{ identificationS: identification.meanS, identificationN: identification.n },
    ...{ recoveryS: recovery.meanS, recoveryN: recovery.n, open: recovery.open.n },
    falseAlarms: falseAlarms?.falseAlarms ?? null,
    falseAlarmsPerIncident: falseAlarms?.perIncident ?? null,
    ...{ contained: containment.contained, containedN: containment.n },
    containedShare: containment.share,
  };
}

/** Published figures of periods that touch this one. */
async function publishedOf({ kpi, period }: ReportContext): Promise<KpiData["published"]> {
  const touches = ({ from, to }: KpiPeriod) => from < period.to && to > period.from;
  return (await kpi.published())
    .filter(({ published }) => touches(published.period))
    .slice(0, PUBLISHED_LISTED_MAX)
    .map(({ published, isIntact, differences }) => ({
      name: published.period.name,
      ...{ publishedAt: published.publishedAt, hash: published.hash, isIntact },
      differences: differences.map((one) => ({ ...one })),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
