// Notices when what a detector calls unusual is no longer what it was: each day the distribution of all its
// scores is compared with that of past days of its kind, working days and days off apart. A shift is told once;
// while it lasts the detector's findings are held to the budget of a day, and what stays becomes the usual.
import type { Anomaly } from "./anomaly.ts";
import { isDayOff } from "./calendar.ts";
import {
  addTo,
  countScore,
  distanceOf,
  emptyHistogram,
  type Histogram,
  SCORE_BINS,
  sharesOf,
  sizeOf,
} from "./score-histogram.ts";
import type { Score } from "./scores.ts";

/** How a detector's scores of its last day stand to those of before. */
export interface ScoreDrift {
  readonly detector: string;
  /** `learning`: too little is known to compare. */
  readonly state: "learning" | "steady" | "drift";
  /** Begin of the last day that was judged, milliseconds since 1970 UTC. */
  readonly day: number;
  /** Begin of the first day of the drift. */
  readonly since?: number;
  readonly scores: number;
  readonly scoresUsual: number;
  readonly psi: number;
  readonly psiLimit: number;
  readonly ks: number;
  readonly ksLimit: number;
  /** Upper ends of the bins of tail probability, and the share of the scores in each, before and now. */
  readonly bins: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Findings held back since the drift began, and in all. */
  readonly held: number;
  readonly heldTotal: number;
}

export interface ScoreDriftMonitor {
  take(detector: string, scores: readonly Score[]): void;
  /** Judges the days that are over: what is told is a drift that begins. */
  advance(time: number): readonly ScoreDrift[];
  /**
   * Takes notice of a finding. Where the detector has had a day's budget of them and its scores of
   * the running day (`peek`) are others already, the drift begins at once and is told.
   */
  noteFinding(
    finding: Anomaly,
    findingsPerDay: number,
    peek: () => readonly Score[],
  ): ScoreDrift | undefined;
  /** Whether a finding of a detector that drifts is held back, because the day has had its budget of them. */
  holds(anomaly: Anomaly, findingsPerDay: number): boolean;
  /** Of each detector that has judged a day, by name. */
  readonly drifts: readonly ScoreDrift[];
  /** The whole state as text; the same state gives the same verdicts. */
  state(): string;
}

const DAY_MS = 86_400_000;
/** Detectors learn for two weeks before they say anything, and their scores settle in the weeks after. */
const LEARNING_DAYS = 35;
/** A reference rests on so many days of its kind. */
const REFERENCE_DAYS_MIN = 4;
/** Fewer scores are gathered over days until they are enough, or those are too many. */
const SCORES_MIN = 100;
const GATHERED_DAYS_MAX = 7;
/** After so many days a day of the reference counts half; while the detector settles, sooner. */
const HALF_LIFE_DAYS = 28;
const SETTLING_HALF_LIFE_DAYS = 7;
/** Days differ from each other by more than chance: a drift is this many times their usual index. */
const TIMES_USUAL = 3;
const USUAL_WEIGHT = 0.1;
/** A drift ends after so many days as before, and becomes the usual after so many days of its own. */
const CALM_DAYS = 2;
const SETTLED_DAYS = 5;
/** What is this much less probable than its like on the same day of a drift is no part of it. */
const BEYOND = 1e-4;
const LIKE_MIN = 3;
const DETECTORS_MAX = 100;
/** A running day is looked at with each of so many findings, then once in this time at most. */
const LOOKS_MAX = 20;
const LOOK_MS = 600_000;
const FINDINGS_MAX = 1000;
/** Less probable than this is unusual at all: a running day has to have more of it, not less. */
const UNUSUAL_BIN = SCORE_BINS.indexOf(0.1);

interface Reference {
  histogram: Histogram;
  days: number;
  /** Usual index of a day, and the day it was last learnt. */
  usual: number;
  at: number;
}

/** Scores of one kind of days that are not judged yet. */
interface Gathered {
  histogram: Histogram;
  days: number;
}

interface Drift {
  readonly since: number;
  days: number;
  calm: number;
  held: number;
  histograms: [Histogram, Histogram];
  /** Largest index of one of its days beside the others. */
  usual: number;
  /** Findings of the running day that were told, and the sum of the logarithms of their like. */
  day: number;
  told: string[];
  like: number;
  sum: number;
}

/** Findings of the running day, and when a drift was last looked for in it. */
interface Today {
  day: number;
  readonly findings: string[];
  lookedAt: number;
}

interface Watched {
  readonly first: number;
  today: Today;
  gathered: [Gathered, Gathered];
  references: [Reference, Reference];
  drift: Drift | undefined;
  heldTotal: number;
  last: Omit<ScoreDrift, "detector" | "state" | "since" | "held" | "heldTotal"> | undefined;
  isLearning: boolean;
}

export function createScoreDrift(state?: string): ScoreDriftMonitor {
  const { day: begun, watched } = state === undefined ? EMPTY() : readState(state);
  let day = begun;
  return {
    take(detector, scores) {
      if (scores.length === 0) return;
      const [first] = scores;
      const one = watched.get(detector) ?? fresh(dayOf(first?.time ?? 0));
      if (!watched.has(detector) && watched.size >= DETECTORS_MAX) return;
      watched.set(detector, one);
      for (const { tail, time } of scores)
        countScore(one.gathered[kindOf(dayOf(time))].histogram, tail);
    },
    advance(time) {
      const now = dayOf(time);
      if (!Number.isFinite(now)) return [];
      day ??= now;
      const told: ScoreDrift[] = [];
      // Of a longer gap only the last day can have had scores.
      if (now > day) {
        for (const name of [...watched.keys()].sort()) {
          const one = watched.get(name);
          if (one !== undefined && closeDay(one, day)) told.push(toldOf(name, one));
        }
        day = now;
      }
      return told.filter(({ state }) => state === "drift");
    },
    noteFinding(finding, findingsPerDay, peek) {
      const { detector, time } = finding;
      const one = watched.get(detector);
      if (one === undefined || one.drift !== undefined || one.isLearning) return undefined;
      if (!isFlood(one, finding, findingsPerDay)) return undefined;
      one.today.lookedAt = time;
      const histogram = emptyHistogram();
      for (const { tail } of peek()) countScore(histogram, tail);
      const day = dayOf(time);
      const verdict = judge(one, { histogram, days: 1 }, day);
      if (!verdict.isOther || !hasMoreUnusual(one, histogram, day)) return undefined;
      one.drift = newDrift(day * DAY_MS, day);
      // What was told of today is part of today's budget.
      one.drift.told = one.today.findings.slice(0, findingsPerDay);
      one.last = verdict.last;
      return toldOf(detector, one);
    },
    holds(finding, findingsPerDay) {
      const one = watched.get(finding.detector);
      if (one?.drift === undefined || !isHeld(one.drift, finding, findingsPerDay)) return false;
      one.drift.held += 1;
      one.heldTotal += 1;
      return true;
    },
    get drifts() {
      return [...watched.keys()].sort().flatMap((name) => {
        const one = watched.get(name);
        return one?.last === undefined ? [] : [toldOf(name, one)];
      });
    },
    state: () => JSON.stringify({ day, watched: [...watched] }),
  };
}

/** Judges the scores of a day, where they are enough; true where a drift begins. */
function closeDay(one: Watched, day: number): boolean {
  const kind = kindOf(day);
  const gathered = one.gathered[kind];
  const reference = one.references[kind];
  const scores = sizeOf(gathered.histogram);
  if (scores === 0) return false;
  gathered.days += 1;
  const isEnough = scores >= SCORES_MIN;
  if (!isEnough && gathered.days < GATHERED_DAYS_MAX) return false;
  one.gathered[kind] = { histogram: emptyHistogram(), days: 0 };
  const { last, isKnown, isOther } = judge(one, gathered, day);
  one.last = last;
  one.isLearning = !isKnown;
  if (isOther) return addDriftDay(one, gathered, day);
  const { drift } = one;
  if (drift !== undefined && !one.isLearning) {
    drift.calm += 1;
    if (drift.calm >= CALM_DAYS) one.drift = undefined;
  }
  learn(reference, gathered, one.isLearning ? undefined : last.psi, day);
  return false;
}

/** How the scores of a day stand to those of days of its kind. */
function judge(one: Watched, { histogram }: Gathered, day: number) {
  const reference = one.references[kindOf(day)];
  const scores = sizeOf(histogram);
  const scoresUsual = sizeOf(reference.histogram);
  const distance = distanceOf(reference.histogram, histogram);
  const psiLimit = Math.max(distance.psiLimit, TIMES_USUAL * reference.usual);
  const isKnown =
    day - one.first >= LEARNING_DAYS &&
    reference.days >= REFERENCE_DAYS_MIN &&
    scoresUsual >= SCORES_MIN;
  const isFar = distance.psi >= psiLimit && distance.ks >= distance.ksLimit;
  return {
    ...{ isKnown, isOther: isKnown && isFar && scores >= SCORES_MIN },
    last: {
      ...{ ...distance, psiLimit, day: day * DAY_MS, scores, scoresUsual, bins: SCORE_BINS },
      ...{ before: sharesOf(reference.histogram), after: sharesOf(histogram) },
    },
  };
}

/** A running day has seen less of everything: only more of what is unusual says something of it. */
function hasMoreUnusual(one: Watched, histogram: Histogram, day: number): boolean {
  const share = (counts: Histogram) =>
    sharesOf(counts)
      .slice(UNUSUAL_BIN)
      .reduce((sum, part) => sum + part, 0);
  return share(histogram) > share(one.references[kindOf(day)].histogram);
}

/** Whether the day has had its budget of findings; to be looked at now and then. */
function isFlood(one: Watched, finding: Anomaly, findingsPerDay: number): boolean {
  const { time } = finding;
  const day = dayOf(time);
  if (day !== one.today.day) one.today = { day, findings: [], lookedAt: Number.MIN_SAFE_INTEGER };
  const { findings, lookedAt } = one.today;
  const key = keyOf(finding);
  const isNew = findings.length < FINDINGS_MAX && !findings.includes(key);
  if (isNew) findings.push(key);
  if (findings.length < findingsPerDay) return false;
  return (isNew && findings.length <= LOOKS_MAX) || time - lookedAt >= LOOK_MS;
}

function newDrift(since: number, day: number): Drift {
  return {
    ...{ since, days: 0, calm: 0, held: 0, usual: 0, day, told: [], like: 0, sum: 0 },
    histograms: [emptyHistogram(), emptyHistogram()],
  };
}

/** A day that is other than before; true of the first one. */
function addDriftDay(one: Watched, { histogram, days }: Gathered, day: number): boolean {
  const isFirst = one.drift === undefined;
  const drift = one.drift ?? newDrift((day - days + 1) * DAY_MS, day);
  one.drift = drift;
  drift.days += 1;
  drift.calm = 0;
  const own = drift.histograms[kindOf(day)];
  // How much days of the new kind differ from each other.
  if (sizeOf(own) > 0) drift.usual = Math.max(drift.usual, distanceOf(own, histogram).psi);
  addTo(own, histogram);
  if (drift.days < SETTLED_DAYS) return isFirst;
  // What stays is the usual from now on; of the other kind of days nothing is known any more.
  one.references = [0, 1].map((kind) => {
    const histogram = drift.histograms[kind] ?? emptyHistogram();
    const days = sizeOf(histogram) > 0 ? SETTLED_DAYS : 0;
    return { histogram, days, usual: drift.usual, at: day };
  }) as [Reference, Reference]; // Made of two kinds.
  one.drift = undefined;
  return isFirst;
}

/** `psi`: undefined while the detector itself still learns, and differs from day to day by that. */
function learn(
  reference: Reference,
  { histogram }: Gathered,
  psi: number | undefined,
  day: number,
): void {
  const halfLife = psi === undefined ? SETTLING_HALF_LIFE_DAYS : HALF_LIFE_DAYS;
  const factor = 2 ** (-Math.max(0, day - reference.at) / halfLife);
  reference.histogram = reference.histogram.map((count) => count * factor);
  addTo(reference.histogram, histogram);
  if (psi !== undefined) reference.usual += USUAL_WEIGHT * (psi - reference.usual);
  reference.days += 1;
  reference.at = day;
}

function isHeld(drift: Drift, finding: Anomaly, findingsPerDay: number): boolean {
  const { tail, time } = finding;
  const day = dayOf(time);
  if (day !== drift.day) Object.assign(drift, { day, told: [], like: 0, sum: 0 });
  const key = keyOf(finding);
  // More of the same finding.
  if (drift.told.includes(key)) return false;
  const logarithm = Math.log(tail);
  const mean = drift.like === 0 ? 0 : drift.sum / drift.like;
  if (drift.like >= LIKE_MIN && logarithm <= mean + Math.log(BEYOND)) return false;
  drift.like += 1;
  drift.sum += logarithm;
  if (drift.told.length >= findingsPerDay) return true;
  drift.told.push(key);
  return false;
}

function keyOf({ kind, entity }: Anomaly): string {
  return `${kind}\n${entity.type}\n${entity.value}`;
}

function toldOf(detector: string, one: Watched): ScoreDrift {
  const { drift, last, heldTotal, isLearning } = one;
  const none = { day: 0, scores: 0, scoresUsual: 0, psi: 0, psiLimit: 0, ks: 0, ksLimit: 0 };
  const state = drift !== undefined ? "drift" : isLearning ? "learning" : "steady";
  return {
    ...{ ...none, bins: SCORE_BINS, before: [], after: [], ...last },
    ...{ detector, state, held: drift?.held ?? 0, heldTotal },
    ...(drift === undefined ? {} : { since: drift.since }),
  };
}

function emptyReference(): Reference {
  return { histogram: emptyHistogram(), days: 0, usual: 0, at: 0 };
}

function fresh(first: number): Watched {
  const gathered = () => ({ histogram: emptyHistogram(), days: 0 });
  return {
    ...{ first, gathered: [gathered(), gathered()], drift: undefined, heldTotal: 0 },
    today: { day: first, findings: [], lookedAt: Number.MIN_SAFE_INTEGER },
    ...{ references: [emptyReference(), emptyReference()], last: undefined, isLearning: true },
  };
}

interface State {
  day: number | undefined;
  readonly watched: Map<string, Watched>;
}

const EMPTY = (): State => ({ day: undefined, watched: new Map() });

function readState(state: string): State {
  // Written by `state` above, and kept under a hash by whoever stores it.
  const { day, watched }: { day?: number; watched: [string, Watched][] } = JSON.parse(state);
  // In the same order of fields, whatever was undefined: the same state gives the same text.
  return {
    day,
    watched: new Map(watched.map(([name, one]) => [name, { ...fresh(one.first), ...one }])),
  };
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** 0: a working day, 1: a day off; by its noon. */
function kindOf(day: number): 0 | 1 {
  return isDayOff(day * DAY_MS + DAY_MS / 2) ? 1 : 0;
}
