// What one finding adds to K4: an alarm is a finding that people got to see. One that is kept out of the
// queue (silenced, inhibited, excepted) and was never judged is none. Of people it says nothing, only when.
import type { Level } from "../../detectors/detector.ts";
import { type Finding, RISK_DETECTOR } from "../store/finding.ts";
import { secondsOf } from "./contribution.ts";

export type AlarmVerdict = NonNullable<Finding["verdict"]>["verdict"];

/** What K4 is made of. Seconds UTC; whole ones are kept as small integers, for there may be many alarms. */
export interface JudgedAlarm {
  readonly id: string;
  readonly level: Level;
  readonly raisedAt: number;
  /** In force; undefined: not judged. */
  readonly verdict: AlarmVerdict | undefined;
  readonly judgedAt: number | undefined;
}

/** With what rows of figures are made of beside it. */
export interface Alarm extends JudgedAlarm {
  /** Id of the detector that raised it. */
  readonly rule: string;
  /** What the detector is called; undefined where that would name an entity. */
  readonly title: string | undefined;
  readonly isModel: boolean;
  readonly sources: readonly string[];
  /** When somebody first took it up: began work, accepted a page about it, or judged it. */
  readonly acknowledgedAt: number | undefined;
}

/** @returns undefined where nobody was shown it */
export function alarmOf(finding: Finding): Alarm | undefined {
  const { id, detector, verdict, silencedBy, inhibitedBy, exceptedBy } = finding;
  const judgedAt = secondsOf(verdict?.at);
  const isQuiet = [silencedBy, inhibitedBy, exceptedBy].some((by) => (by?.length ?? 0) > 0);
  if (isQuiet && verdict === undefined) return undefined;
  return {
    id,
    level: detector.level,
    raisedAt: secondsOf(finding.raisedAt) ?? 0,
    verdict: judgedAt === undefined ? undefined : verdict?.verdict,
    judgedAt,
    rule: detector.id,
    title: detector.id === RISK_DETECTOR ? undefined : detector.title,
    isModel: detector.kind === "anomaly",
    sources: finding.sources,
    acknowledgedAt: acknowledgedAtOf(finding),
  };
}

function acknowledgedAtOf({ takenUpAt, verdict, verdictHistory, paging }: Finding) {
  const accepted = (paging?.answers ?? []).filter(({ kind }) => kind === "acknowledged");
  const times = [takenUpAt, ...[...verdictHistory, verdict, ...accepted].map((one) => one?.at)]
    .map(secondsOf)
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether K4 is the same with either. */
export function isSameJudged(one: Alarm | undefined, other: Alarm | undefined): boolean {
  return (
    one?.level === other?.level &&
    one?.raisedAt === other?.raisedAt &&
    one?.verdict === other?.verdict &&
    one?.judgedAt === other?.judgedAt
  );
}

export function isSameAlarm(one: Alarm | undefined, other: Alarm | undefined): boolean {
  return (
    isSameJudged(one, other) &&
    one?.rule === other?.rule &&
    one?.title === other?.title &&
    one?.isModel === other?.isModel &&
    one?.acknowledgedAt === other?.acknowledgedAt &&
    isSameList(one?.sources ?? [], other?.sources ?? [])
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}
