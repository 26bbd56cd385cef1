// What explains the change of a mean from one period to the next, exactly. Each incident is counted by how
// far it lies from the former mean: contributions of any parts add up to the whole change, and what is as
// usual contributes nothing however often it comes. Pure arithmetic on whole seconds.
import type { Incident } from "../store/incident.ts";

/** One incident in the mean of a duration. */
export interface CaseValue {
  readonly id: string;
  readonly severity: Incident["severity"];
  readonly category: Incident["category"];
  readonly seconds: number;
}

/** The most specific thing that makes up half of the change or more. */
export type Driver =
  | {
      readonly kind: "incident";
      readonly of: CaseValue;
      /** `before`: it has lifted or lowered the former mean, and is in no mean now. */
      readonly when: "now" | "before";
      /** The mean of the same period without it. */
      readonly meanWithoutS: number;
    }
  | {
      readonly kind: "class";
      readonly class: ClassValue;
      readonly contributionS: number;
      readonly n: number;
      readonly nBefore: number;
    };

type ClassValue =
  | { readonly of: "severity"; readonly value: CaseValue["severity"] }
  | { readonly of: "category"; readonly value: CaseValue["category"] };

/** Count of false alarms of one rule or source in both periods. */
export interface AlarmCount {
  /** Undefined for readers who may not see names. */
  readonly name?: string | undefined;
  readonly now: number;
  readonly before: number;
}

/** What makes up this share of a change is said to explain it. */
const EXPLAINS_SHARE = 0.5;

/**
 * What explains that the mean has changed; undefined where it has not, or where nothing stands out.
 * Nobody's order matters: ties go to the greater contribution, then to the lower id or name.
 */
export function driverOf(
  now: readonly CaseValue[],
  before: readonly CaseValue[],
): Driver | undefined {
  if (now.length === 0 || before.length === 0) return undefined;
  const [mean, formerMean] = [meanOf(now), meanOf(before)];
  const change = mean - formerMean;
  if (change === 0) return undefined;
  return singleIncident(now, before, change) ?? classThatExplains(now, before, change);
}

/** Sum over a part of both periods; over all of them it is the change of the mean. */
export function contributionOf(
  now: readonly CaseValue[],
  before: readonly CaseValue[],
  isPart: (value: CaseValue) => boolean,
): number {
  const former = { sum: sumOf(before), n: before.length };
  // Whole numbers until the one division, so that no order of the incidents shows in the last digit.
  const part = (all: readonly CaseValue[]) => {
    const some = all.filter(isPart);
    return (sumOf(some) * former.n - some.length * former.sum) / (all.length * former.n);
  };
  return part(now) - part(before);
}

/**
 * The rule or source that explains how false alarms per incident have changed; undefined where none makes up
 * half of it.
 * @param incidents in both periods, at least one each
 */
export function alarmDriverOf(
  counts: readonly AlarmCount[],
  incidents: { readonly now: number; readonly before: number },
  change: number,
): AlarmCount | undefined {
  const contribution = (one: AlarmCount) => one.now / incidents.now - one.before / incidents.before;
  const [most] = counts
    .filter((one) => contribution(one) / change >= EXPLAINS_SHARE)
    .toSorted(
      (a, b) =>
        Math.abs(contribution(b)) - Math.abs(contribution(a)) ||
        compare(a.name ?? "", b.name ?? ""),
    );
  return most;
}

/** One incident without which at most half of the change were left. */
function singleIncident(
  now: readonly CaseValue[],
  before: readonly CaseValue[],
  change: number,
): Driver | undefined {
  const formerMean = meanOf(before);
  const candidates = [
    ...now.map((of) => ({ of, when: "now" as const, all: now, sign: 1 })),
    ...before.map((of) => ({ of, when: "before" as const, all: before, sign: -1 })),
  ].flatMap(({ of, when, all, sign }) => {
    const contribution = (sign * (of.seconds - formerMean)) / all.length;
    if (all.length < 2 || contribution / change < EXPLAINS_SHARE) return [];
    const meanWithoutS = (sumOf(all) - of.seconds) / (all.length - 1);
    const left = when === "now" ? meanWithoutS - formerMean : meanOf(now) - meanWithoutS;
    return Math.abs(left) > Math.abs(change) * EXPLAINS_SHARE
      ? []
      : [{ of, when, meanWithoutS, contribution }];
  });
  const [most] = candidates.toSorted(
    (a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || compare(a.of.id, b.of.id),
  );
  if (most === undefined) return undefined;
  const { of, when, meanWithoutS } = most;
  return { kind: "incident", of, when, meanWithoutS };
}

/** Of severities and categories that make up half of the change, the one with the fewest incidents. */
function classThatExplains(
  now: readonly CaseValue[],
  before: readonly CaseValue[],
  change: number,
): Driver | undefined {
  const all = [...now, ...before];
  const classes: ClassValue[] = [
    ...[...new Set(all.map(({ severity }) => severity))]
      .toSorted(compare)
      .map((value) => ({ of: "severity" as const, value })),
    ...[...new Set(all.map(({ category }) => category))]
      .toSorted(compare)
      .map((value) => ({ of: "category" as const, value })),
  ];
  const found = classes.flatMap((one) => {
    const isIn = (value: CaseValue) => value[one.of] === one.value;
    const [n, nBefore] = [now.filter(isIn).length, before.filter(isIn).length];
    const contributionS = contributionOf(now, before, isIn);
    // A class that everything belongs to explains nothing.
    if (n + nBefore === all.length || contributionS / change < EXPLAINS_SHARE) return [];
    return [{ kind: "class" as const, class: one, contributionS, n, nBefore }];
  });
  const [fewest] = found.toSorted(
    (a, b) =>
      a.n + a.nBefore - (b.n + b.nBefore) || Math.abs(b.contributionS) - Math.abs(a.contributionS),
  );
  return fewest;
}

function meanOf(values: readonly CaseValue[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly CaseValue[]): number {
  return values.reduce((sum, { seconds }) => sum + seconds, 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
