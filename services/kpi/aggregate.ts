// From what incidents and alarms add to the figures of a span. The definitions, word for word, stand in
// docs/kennzahlen.md and services/store/kpi-messages.ts; figures don't depend on any order of the input.
import {
  EXCLUSION_REASONS,
  type FalseAlarmFigures,
  type KpiFigures,
  type KpiScope,
  LEFT_OUT_REASONS,
  OPEN_LISTED_MAX,
  type Statistics,
} from "../store/kpi.ts";
import type { Alarm } from "./alarm.ts";
import type { Contribution, Duration } from "./contribution.ts";
import type { Span } from "./period.ts";
import { isWithin, type Selection } from "./selection.ts";
import { FEW_VALUES, meanOf, ratio, statisticsOf, wilson95 } from "./statistics.ts";

interface Value {
  readonly id: string;
  readonly seconds: number;
}

/** What an aggregation is asked for. */
export interface Asked {
  readonly span: Span;
  readonly scope: KpiScope;
  /** Seconds UTC: ages are told for this moment while the span has not ended. */
  readonly now: number;
  /** What the same scope gave in the period before; undefined: no trends. */
  readonly before?: Selection | undefined;
}

/** @param selection of the asked span and scope */
export function figuresOf(selection: Selection, asked: Asked): KpiFigures {
  const { before } = asked;
  const corrective = correctiveFigures(selection, asked);
  const identification = identificationFigures(selection);
  const recovery = recoveryFigures(selection, asked);
  const falseAlarms = asked.scope.category === undefined ? falseAlarmFigures(selection) : null;
  const judgedEither = (falseAlarms?.falseAlarms ?? 0) + (falseAlarms?.truePositives ?? 0);
  return {
    corrective: { ...corrective, trend: trendOf(corrective, before && k1(before)) },
    identification: { ...identification, trend: trendOf(identification, before && k2(before)) },
    recovery: { ...recovery, trend: trendOf(recovery, before && k3(before)) },
    falseAlarms,
    containment: containmentFigures(selection),
    headline: {
      mttdS: identification.meanS,
      mttrS: recovery.meanS,
      falsePositiveRate: ratio(falseAlarms?.falseAlarms ?? 0, judgedEither),
    },
    leftOut: LEFT_OUT_REASONS.map((reason) => ({
      reason,
      n: selection.leftOut.filter(({ leftOut }) => leftOut === reason).length,
    })).filter(({ n }) => n > 0),
    flags: flagsOf(selection),
  };
}

const k1 = ({ completed }: Selection) => valuesOf(completed, ({ corrective }) => corrective);
const k2 = ({ identified }: Selection) =>
  valuesOf(identified, ({ identification }) => identification);
const k3 = ({ recovered }: Selection) => valuesOf(recovered, ({ recovery }) => recovery);

function correctiveFigures(selection: Selection, asked: Asked) {
  const { completed, identified, uncorrected, acting } = selection;
  const found = k1(selection);
  // Nothing is ever completed where nothing is required: those are counted when they are identified.
  const idle = identified.filter(({ actions }) => actions.length === 0);
  return {
    ...withValues(found),
    excluded: exclusionsOf([...completed, ...idle], ({ corrective }) => corrective),
    open: openCases(uncorrected, found, asked),
    ...actionFigures(acting, asked),
  };
}

function actionFigures(acting: readonly Contribution[], { span, now }: Asked) {
  const durations: number[] = [];
  let due = 0;
  let late = 0;
  for (const { actions, identifiedAt } of acting) {
    for (const { dueAt, completedAt } of actions) {
      if (isWithin(completedAt, span) && identifiedAt !== undefined && completedAt >= identifiedAt)
        durations.push(completedAt - identifiedAt);
      if (!isWithin(dueAt, span) || dueAt > now) continue;
      due += 1;
      if (completedAt === undefined || completedAt > dueAt) late += 1;
    }
  }
  return { perAction: statisticsOf(durations), overdue: { due, late, share: ratio(late, due) } };
}

function identificationFigures(selection: Selection) {
  const { identified } = selection;
  const timed = identified.filter(({ identification }) => identification.seconds !== undefined);
  const parts = timed.flatMap(({ identification }) => identification.parts ?? []);
  const bounds = timed.map(({ identification: { bounds: found, seconds = 0 } }) =>
    found === undefined ? ([seconds, seconds] as const) : found,
  );
  const estimated = timed.filter(({ identification }) => identification.bounds !== undefined);
  const low = meanOf(bounds.map(([least]) => least));
  const high = meanOf(bounds.map(([, most]) => most));
  const isEstimated = estimated.length > 0 && low !== null && high !== null;
  return {
    ...withValues(k2(selection)),
    excluded: exclusionsOf(identified, ({ identification }) => identification),
    preCompromise: timed.filter(({ identification }) => identification.isPreCompromise).length,
    estimated: estimated.length,
    estimateInterval: isEstimated ? { lowMeanS: low, highMeanS: high } : null,
    detection: statisticsOf(parts.map(({ detection }) => detection)),
    triage: statisticsOf(parts.map(({ triage }) => triage)),
  };
}

function recoveryFigures(selection: Selection, asked: Asked) {
  const { recovered, unrecovered } = selection;
  const found = k3(selection);
  const reopened = recovered.filter(({ wasReopened }) => wasReopened).length;
  return {
    ...withValues(found),
    excluded: exclusionsOf(recovered, ({ recovery }) => recovery),
    open: openCases(unrecovered, found, asked),
    reopened: { n: reopened, share: ratio(reopened, recovered.length) },
  };
}

function falseAlarmFigures({ judged, unjudged, identified }: Selection): FalseAlarmFigures {
  const counted = (verdict: Alarm["verdict"]) =>
    judged.filter((alarm) => alarm.verdict === verdict).length;
  const falseAlarms = counted("false_positive");
  const truePositives = counted("true_positive");
  const undetermined = counted("undetermined");
  const incidents = identified.length;
  const all = truePositives + falseAlarms + undetermined;
  const low = ratio(truePositives, all);
  const high = ratio(truePositives + undetermined, all);
  return {
    falseAlarms,
    incidents,
    perIncident: ratio(falseAlarms, incidents),
    truePositives,
    precision: ratio(truePositives, truePositives + falseAlarms),
    precisionBounds: low === null || high === null ? null : [low, high],
    benignTruePositives: counted("benign_true_positive"),
    duplicates: counted("duplicate"),
    undetermined,
    unjudged: unjudged.length,
  };
}

function containmentFigures({ recovered }: Selection): KpiFigures["containment"] {
  const unknown = recovered.filter(({ containment }) => containment === "impact_unknown").length;
  const contained = recovered.filter(({ containment }) => containment === "contained").length;
  const n = recovered.length - unknown;
  return {
    ...{ n, contained, share: ratio(contained, n), impactUnknown: unknown },
    wilson95: wilson95(contained, n),
  };
}

function valuesOf(
  contributions: readonly Contribution[],
  durationOf: (one: Contribution) => Duration,
): Value[] {
  return contributions.flatMap((one) => {
    const { seconds } = durationOf(one);
    return seconds === undefined ? [] : [{ id: one.id, seconds }];
  });
}

function withValues(found: readonly Value[]) {
  return {
    ...statisticsOf(found.map(({ seconds }) => seconds)),
    values: found.length < FEW_VALUES ? found.toSorted(byId) : [],
  };
}

function exclusionsOf(
  contributions: readonly Contribution[],
  durationOf: (one: Contribution) => Duration,
) {
  return EXCLUSION_REASONS.map((reason) => ({
    reason,
    n: contributions.filter((one) => durationOf(one).reason === reason).length,
  })).filter(({ n }) => n > 0);
}

// Without the open ones, a month in which only the easy cases were closed would look like a good one.
function openCases(open: readonly Contribution[], closed: readonly Value[], asked: Asked) {
  const end = Math.min(asked.span.to, asked.now);
  const cases = open
    .flatMap(({ id, identifiedAt }) =>
      identifiedAt === undefined || identifiedAt > end ? [] : [{ id, ageS: end - identifiedAt }],
    )
    .sort((a, b) => b.ageS - a.ageS || byId(a, b));
  const all = [...closed.map(({ seconds }) => seconds), ...cases.map(({ ageS }) => ageS)];
  return {
    n: cases.length,
    cases: cases.slice(0, OPEN_LISTED_MAX),
    lowerBoundMeanS: meanOf(all),
  };
}

function flagsOf({ identified, completed, recovered, unrecovered }: Selection) {
  const flagged = [identified, completed, recovered, unrecovered].flatMap((all) =>
    all.filter(({ flags }) => flags.length > 0),
  );
  return [...new Map(flagged.map((one) => [one.id, one])).values()]
    .sort(byId)
    .flatMap(({ id, flags }) => flags.map((flag) => ({ id, flag })))
    .slice(0, OPEN_LISTED_MAX);
}

/** No trend from few values: it would be noise. */
function trendOf(now: Statistics, before: readonly Value[] | undefined) {
  if (before === undefined || now.meanS === null) return null;
  if (now.n < FEW_VALUES || before.length < FEW_VALUES) return null;
  const mean = meanOf(before.map(({ seconds }) => seconds)) ?? 0;
  if (now.meanS === mean) return "steady";
  return now.meanS > mean ? "rising" : "falling";
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
