// Findings of the past: signals with the starter pack's own words, folded as triage folds them, and marked as
// invented.
import { textOfTold } from "../../../detectors/anomaly/told.ts";
import type { Signal } from "../../../detectors/detector.ts";
import type { PastAlarm } from "../../simulator/casework/past.ts";
import type { Finding } from "../../store/finding.ts";
import { SIMULATED_TAG } from "../../store/simulated.ts";
import { foldSignals } from "../../triage/fold.ts";
import type { PastTarget } from "./write-past.ts";

/** One a event, the last one raised with the alarm. */
export function signalsOfPast(
  { tenant, rules }: Pick<PastTarget, "tenant" | "rules">,
  alarm: PastAlarm,
): Signal[] {
  const { id, source, entities, document } = alarm;
  const [first] = entities;
  const told = toldBy(rules, alarm);
  return alarm.eventTimes.map((time, index): Signal => {
    const event = `${id}-${index}`;
    const dated = { "@timestamp": new Date(time).toISOString(), ...document };
    return {
      ...{ ...told, id: `signal-${event}`, tenant, time, raisedAt: alarm.raisedAt, source },
      entities: [...entities],
      groupKey: first === undefined ? "" : `${first.type}:${first.value}`,
      events: [{ id: event, time, document: dated }],
    };
  });
}

function toldBy(
  rules: PastTarget["rules"],
  { detector, matched }: PastAlarm,
): Pick<Signal, "detector" | "matched" | "anomaly"> {
  if ("rule" in detector) {
    const info = rules.get(detector.rule);
    if (info === undefined) throw new RangeError(`no such rule: ${detector.rule}`);
    return { detector: info, matched };
  }
  const text = textOfTold({ detector: detector.model, told: { anomaly: detector.told } }, "de");
  if (text === undefined) throw new RangeError(`nothing told by ${detector.model}`);
  const { anomaly } = text;
  return { detector: text.detector, matched: text.matched, ...(anomaly && { anomaly }) };
}

/** @param hiddenBy id of the exception that it falls under */
export function foldPast(
  { timeZone }: Pick<PastTarget, "timeZone">,
  { id, paging }: PastAlarm,
  signals: readonly Signal[],
  hiddenBy: string | undefined,
): Finding {
  const options = { timeZone, language: "de", isCriticalHost: () => false } as const;
  return {
    ...foldSignals(id, undefined, signals, options),
    tags: [SIMULATED_TAG],
    ...(paging === undefined ? {} : { paging }),
    ...(hiddenBy === undefined ? {} : { exceptedBy: [hiddenBy] }),
  };
}
