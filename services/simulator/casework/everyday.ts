// The alarms of every day that belong to no incident: drawn in the rhythm of their kind, acknowledged and
// judged in working hours. Kinds that are noisy are so until they are tuned.
import { isDayOff } from "../../../detectors/anomaly/calendar.ts";
import type { Judgement } from "../../cases/finding-changes.ts";
import type { Random } from "../random.ts";
import { HOUR, MINUTE } from "../world.ts";
import { drawAlarm } from "./alarm.ts";
import { type AlarmKind, alarmKinds } from "./alarm-kinds.ts";
import type { PastStep } from "./past.ts";
import type { Team } from "./scenery.ts";
import { APART_DAYS, courseAt, DAY, QUARTER_DAYS, YEAR_DAYS } from "./span.ts";
import { afterWork } from "./work-hours.ts";

/** Working time until somebody begins, and from then until it is judged; means of exponential draws. */
const ACKNOWLEDGED_AFTER = 38 * MINUTE;
const JUDGED_AFTER = 26 * MINUTE;
/** Of the newest ones some still wait, and of those somebody has begun with some. */
const WAITING_DAYS = 2;
const WAITING_SHARE = 0.7;
const BEGUN_SHARE = 0.5;
const OPEN_ENDED = "Ursache ließ sich aus den vorhandenen Protokollen nicht klären.";
/** A duplicate names one of its kind that was raised within this time before it. */
const DUPLICATE_SPAN = 5 * DAY;

/** @param until local midnight of today, ms UTC */
export function everydayAlarms(
  random: Random,
  seed: string,
  team: Team,
  until: number,
): PastStep[] {
  return alarmKinds().flatMap((kind, index) => {
    const own = random.fork(`kind/${index}`);
    const steps: PastStep[] = [];
    let latest: { readonly id: string; readonly at: number } | undefined;
    for (let daysBack = QUARTER_DAYS + YEAR_DAYS; daysBack > 0; daysBack -= 1) {
      for (const at of timesOfDay(own, kind, until, daysBack)) {
        const alarm = drawAlarm(own, seed, { kind, name: `everyday/${index}/${at}`, at });
        const original =
          latest !== undefined && at - latest.at < DUPLICATE_SPAN ? latest.id : undefined;
        const judgement = drawJudgement(own, kind, daysBack, original);
        steps.push(
          { at: alarm.raisedAt, by: "system", kind: "raise", alarm },
          ...judged(own, team, alarm.id, { from: alarm.raisedAt, daysBack, judgement }),
        );
        if (judgement.verdict !== "duplicate") latest = { id: alarm.id, at };
      }
    }
    return steps;
  });
}

/** Somebody begins with an alarm and judges it. */
function judged(
  random: Random,
  { analysts }: Team,
  finding: string,
  course: { readonly from: number; readonly daysBack: number; readonly judgement: Judgement },
): PastStep[] {
  const { slowness } = courseAt(course.daysBack);
  const by = random.pick(analysts);
  const isWaiting = course.daysBack <= WAITING_DAYS && random.chance(WAITING_SHARE);
  const begun = Math.round(
    afterWork(course.from, random.exponential(ACKNOWLEDGED_AFTER) * slowness),
  );
  const done = Math.round(afterWork(begun, random.exponential(JUDGED_AFTER) * slowness));
  const { judgement } = course;
  const acknowledged: PastStep = { at: begun, by, kind: "acknowledge", finding };
  if (isWaiting) return random.chance(BEGUN_SHARE) ? [acknowledged] : [];
  const judgedAt = Math.max(done, begun + MINUTE);
  return [acknowledged, { at: judgedAt, by, kind: "judge", finding, judgement }];
}

function timesOfDay(random: Random, kind: AlarmKind, until: number, daysBack: number): number[] {
  const start = until - daysBack * DAY;
  if (daysBack <= APART_DAYS && kind.isApart !== true) return [];
  const perDay = kind.perDay * rateOn(kind, start + DAY / 2, daysBack);
  const times: number[] = [];
  // Whole ones for sure and the rest by chance, a little around the mean.
  const wanted = perDay * (0.6 + 0.8 * random.next());
  const count = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
  for (let number = 0; number < count; number += 1) {
    times.push(start + drawHour(random, kind) * HOUR + random.int(0, HOUR - 1));
  }
  return times.sort((a, b) => a - b);
}

function rateOn(kind: AlarmKind, noon: number, daysBack: number): number {
  const { rate, isBad } = courseAt(daysBack);
  const off = isDayOff(noon) ? kind.offShare : 1;
  const surge = isBad ? (kind.surge ?? 1) : 1;
  const isTuned = kind.tuned !== undefined && daysBack < kind.tuned.daysBack;
  return rate * off * surge * (isTuned ? kind.tuned.share : 1);
}

function drawHour(random: Random, { rhythm }: AlarmKind): number {
  const highest = Math.max(...rhythm);
  for (;;) {
    const hour = random.int(0, 23);
    if (random.next() * highest < (rhythm[hour] ?? 0)) return hour;
  }
}

function drawJudgement(
  random: Random,
  { verdicts, reason }: AlarmKind,
  daysBack: number,
  original: string | undefined,
): Judgement {
  const { falseShare } = courseAt(daysBack);
  const weighted = Object.entries(verdicts).map(([verdict, weight]) => {
    // The keys of `verdicts` are verdicts.
    const name = verdict as Judgement["verdict"];
    return [name, name === "false_positive" ? weight * falseShare : weight] as const;
  });
  let left = random.next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  const drawn = weighted.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  const verdict = drawn?.[0] ?? "false_positive";
  if (verdict === "undetermined") return { verdict, comment: OPEN_ENDED };
  if (verdict === "duplicate" && original !== undefined) return { verdict, duplicateOf: original };
  if (verdict === "duplicate" || verdict === "false_positive")
    return { verdict: "false_positive", reason };
  return { verdict };
}
