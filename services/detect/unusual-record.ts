// An activity as a record for the keyed stage: all of a tenant meet in one partition, because what is rare or
// usual is a matter of all its accounts and machines together.
import type { Activity } from "../../detectors/anomaly/activity.ts";
import { observationOfActivity } from "../../detectors/anomaly/keyed-anomalies.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { encodeObservation, observationKey } from "../bus/observation-record.ts";
import type { ObservationCount, RawPlace } from "./observe.ts";

/** Anomaly detectors stand on the lowest level: they look at events. */
const LEVEL = 0;

/** The record; `count` numbers all observations of one raw record. */
export function activityRecord(
  activity: Activity,
  { partition, offset, appendedAt, clock }: RawPlace,
  count: ObservationCount,
): OutgoingRecord {
  const observation = observationOfActivity(activity);
  const place = { origin: `raw/${partition}`, offset, index: count.index, appendedAt, clock };
  count.index += 1;
  const value = encodeObservation({ kind: "observation", ...place, level: LEVEL, observation });
  return { key: observationKey(observation), value };
}
