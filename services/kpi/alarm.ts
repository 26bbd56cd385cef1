// What one finding adds to K4: an alarm is a finding that people got to see. One that is kept out of the
// queue (silenced, inhibited, excepted) and was never judged is none.
import type { Level } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { secondsOf } from "./contribution.ts";

export type AlarmVerdict = NonNullable<Finding["verdict"]>["verdict"];

/** Seconds UTC; whole ones are kept as small integers, for there may be many alarms. */
export interface Alarm {
  readonly id: string;
  readonly level: Level;
  readonly raisedAt: number;
  /** In force; undefined: not judged. */
  readonly verdict: AlarmVerdict | undefined;
  readonly judgedAt: number | undefined;
}

/** @returns undefined where nobody was shown it */
export function alarmOf(finding: Finding): Alarm | undefined {
  const { id, verdict, silencedBy, inhibitedBy, exceptedBy } = finding;
  const judgedAt = secondsOf(verdict?.at);
  const isQuiet = [silencedBy, inhibitedBy, exceptedBy].some((by) => (by?.length ?? 0) > 0);
  if (isQuiet && verdict === undefined) return undefined;
  return {
    id,
    level: finding.detector.level,
    raisedAt: secondsOf(finding.raisedAt) ?? 0,
    verdict: judgedAt === undefined ? undefined : verdict?.verdict,
    judgedAt,
  };
}
