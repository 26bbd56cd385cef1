// Three sentences for those who decide: how the times have changed and what explains it, how false alarms and
// containment have, and how things stand with targets and open incidents. Templates over figures, nothing
// else: the same figures give the same sentences, and none is about a person.
import type { KpiFigures, KpiPeriod } from "../store/kpi.ts";
import { KPI_NAMES, type KpiName, type TargetCheck } from "../store/kpi-target.ts";
import { shortIds } from "../store/short-id.ts";
import {
  type AlarmCount,
  alarmDriverOf,
  type CaseValue,
  type Driver,
  driverOf,
} from "./kpi-drivers.ts";
import { KPI_SENTENCE_MESSAGES, type SentenceTexts } from "./kpi-sentence-messages.ts";

const DURATION_NAMES = ["corrective", "identification", "recovery"] as const;
type DurationName = (typeof DURATION_NAMES)[number];

/** All that sentences are made of. */
export interface PeriodReview {
  readonly period: KpiPeriod;
  readonly before: KpiPeriod;
  /** The period has not ended. */
  readonly isRunning: boolean;
  readonly figures: KpiFigures;
  readonly figuresBefore: KpiFigures;
  readonly targets: Readonly<Record<KpiName, TargetCheck>>;
  /** The incidents behind each mean. */
  readonly cases: Readonly<
    Record<
      DurationName,
      { readonly now: readonly CaseValue[]; readonly before: readonly CaseValue[] }
    >
  >;
  readonly alarms: Readonly<Record<"rule" | "source", readonly AlarmCount[]>>;
}

/** Below this many values nothing is said of a trend; as in the figures themselves. */
const FEW_VALUES = 5;

/** @returns three sentences, always */
export function sentencesOf(
  review: PeriodReview,
  language: "de" | "en",
): [times: string, alarms: string, targets: string] {
  const texts = KPI_SENTENCE_MESSAGES[language];
  return [
    timesSentence(review, texts),
    alarmsSentence(review, texts),
    targetsSentence(review, texts),
  ];
}

/** Who sees figures only learns that one rule explains a change, and not which. */
export function withoutNames(review: PeriodReview): PeriodReview {
  const { rule, source } = review.alarms;
  const nameless = ({ now, before }: AlarmCount) => ({ now, before });
  return { ...review, alarms: { rule: rule.map(nameless), source: source.map(nameless) } };
}

function timesSentence(
  { period, before, isRunning, figures, figuresBefore, cases }: PeriodReview,
  texts: SentenceTexts,
): string {
  const when = texts.when(period, isRunning);
  const known = DURATION_NAMES.map((name) => ({
    name,
    now: figures[name],
    was: figuresBefore[name],
    trend: figures[name].trend,
  }));
  if (known.every(({ now }) => now.n === 0)) {
    const hadSome = known.some(({ was }) => was.n > 0);
    return texts.nothing(when, hadSome ? texts.counts(known.map(({ was }) => was.n)) : undefined);
  }
  const compared = known
    .flatMap(({ name, now, was, trend }) =>
      trend === null || now.meanS === null || was.meanS === null
        ? []
        : [{ name, trend, meanS: now.meanS, wasS: was.meanS, n: now.n, nWas: was.n }],
    )
    .toSorted((a, b) => relativeChange(b) - relativeChange(a));
  const few = known
    .filter(({ name }) => !compared.some((one) => one.name === name))
    .map(({ name, now, was }) => texts.few(name, now.n, was.n));
  const [first, ...others] = compared;
  if (first === undefined) return texts.onlyFew(when, few);
  const driver = readable(driverOf(cases[first.name].now, cases[first.name].before), cases);
  const why = first.trend === "steady" ? "" : texts.driver(driver, first.trend);
  const head = texts.change(when, texts.against(before), first);
  const rest = [
    ...others.map((one) => texts.also(one)),
    ...(few.length === 0 ? [] : [texts.alsoFew(few)]),
  ];
  return texts.join([`${head}${why}`, ...rest]);
}

function relativeChange({
  meanS,
  wasS,
}: {
  readonly meanS: number;
  readonly wasS: number;
}): number {
  if (meanS === wasS) return 0;
  return wasS === 0 ? Number.POSITIVE_INFINITY : Math.abs(meanS - wasS) / wasS;
}

/** An incident by the short form of its id, unambiguous among all that the period knows. */
function readable(driver: Driver | undefined, cases: PeriodReview["cases"]): Driver | undefined {
  if (driver?.kind !== "incident") return driver;
  const all = DURATION_NAMES.flatMap((name) => [...cases[name].now, ...cases[name].before]);
  const id = shortIds(all.map((one) => one.id)).get(driver.of.id) ?? driver.of.id;
  return { ...driver, of: { ...driver.of, id } };
}

function alarmsSentence(review: PeriodReview, texts: SentenceTexts): string {
  return texts.join([falseAlarmsPart(review, texts), containmentPart(review, texts)]);
}

function falseAlarmsPart(
  { figures, figuresBefore, alarms }: PeriodReview,
  texts: SentenceTexts,
): string {
  const [now, was] = [figures.falseAlarms, figuresBefore.falseAlarms];
  if (now === null) return texts.noAlarms;
  if (now.falseAlarms === 0 && now.incidents === 0) return texts.noAlarms;
  if (now.perIncident === null) return texts.alarmsAlone(now.falseAlarms);
  const isComparable =
    was !== null &&
    was.perIncident !== null &&
    now.incidents >= FEW_VALUES &&
    was.incidents >= FEW_VALUES;
  if (!isComparable) return texts.alarmsFew(now.falseAlarms, now.incidents, now.perIncident);
  const change = now.falseAlarms / now.incidents - was.falseAlarms / was.incidents;
  const counts = { now: now.incidents, before: was.incidents };
  const head = texts.alarmsChange(now.perIncident, was.perIncident ?? 0, change);
  if (change === 0) return head;
  const rule = alarmDriverOf(alarms.rule, counts, change);
  if (rule !== undefined) return head + texts.alarmDriver("rule", rule);
  const source = alarmDriverOf(alarms.source, counts, change);
  if (source !== undefined) return head + texts.alarmDriver("source", source);
  // What the change were with as many incidents as before.
  const byAlarms = (now.falseAlarms - was.falseAlarms) / was.incidents;
  return Math.abs(byAlarms) < Math.abs(change) / 2 || byAlarms / change < 0
    ? head + texts.byIncidents(now.incidents, was.incidents)
    : head + texts.spread;
}

function containmentPart({ figures, figuresBefore }: PeriodReview, texts: SentenceTexts): string {
  const [now, was] = [figures.containment, figuresBefore.containment];
  if (now.share === null) return texts.containmentUnknown;
  const isFew = now.n < FEW_VALUES || was.n < FEW_VALUES;
  return texts.containment(now, was, isFew);
}

function targetsSentence({ figures, targets }: PeriodReview, texts: SentenceTexts): string {
  const set = KPI_NAMES.filter((name) => targets[name].state !== "no_target");
  const inState = (state: TargetCheck["state"]) =>
    set.filter((name) => targets[name].state === state);
  const shown = (name: KpiName) => texts.missed(name, targets[name]);
  const parts = [
    set.length === 0
      ? texts.noTargets
      : texts.targets(inState("met").length + inState("at_risk").length, set.length),
    ...some(inState("missed").map(shown), texts.missedList),
    ...some(inState("at_risk"), texts.atRiskList),
    ...some(inState("no_value"), texts.noValueList),
    openPart(figures, texts),
  ];
  return texts.join(parts);
}

function openPart({ recovery }: KpiFigures, texts: SentenceTexts): string {
  const [oldest] = recovery.open.cases;
  const shorts = shortIds(recovery.open.cases.map(({ id }) => id));
  return oldest === undefined
    ? texts.noneOpen
    : texts.open(recovery.open.n, shorts.get(oldest.id) ?? oldest.id, oldest.ageS);
}

function some<T>(list: readonly T[], text: (list: readonly T[]) => string): string[] {
  return list.length === 0 ? [] : [text(list)];
}
