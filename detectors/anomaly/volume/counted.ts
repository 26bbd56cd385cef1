// What is counted of an activity, and for whom: the table of volumes.
import type { Entity } from "../../detector.ts";
import type { Activity } from "../activity.ts";
import { boundedText } from "../behaviour/bounded-text.ts";

/** So much of something happened to an entity. */
export interface Counted {
  /** `logons`, `failed_logons`, `bytes_out`, … */
  readonly what: string;
  readonly entity: Entity;
  readonly peers: string;
  readonly amount: number;
}

/** Bytes are counted in pieces of this size: single bytes scatter more than any law of counts. */
const BYTES = 1_048_576;
/** One event counts at most so much. */
const AMOUNT_MAX = 1e9;

/** The counts of an activity. */
export function countedOf(activity: Activity): readonly Counted[] {
  const counted: Counted[] = [];
  const add = (
    what: string,
    type: Entity["type"],
    value: string | undefined,
    peers: string | undefined,
    amount = 1,
  ) => {
    if (value === undefined || value === "" || !(amount > 0)) return;
    counted.push({
      ...{ what, entity: { type, value: boundedText(value) }, peers: boundedText(peers ?? "") },
      amount: Math.min(AMOUNT_MAX, amount),
    });
  };
  add("events", "service", activity.source, undefined);
  switch (activity.kind) {
    case "logon":
      if (activity.succeeded) add("logons", "account", activity.account, activity.peers);
      else {
        // The source is the one that guesses; whom it guesses at is a victim and not unusual.
        add("failed_logons", "address", activity.from ?? activity.host, undefined);
      }
      break;
    case "process":
      add("programs", "account", activity.account, activity.peers);
      break;
    case "flow":
      add("bytes_out", "address", activity.from, undefined, Math.ceil(activity.bytesOut / BYTES));
      break;
    case "dns":
      add("names", "address", activity.from, undefined);
      break;
    case "web":
      add("requests", "address", activity.from, undefined);
      break;
    case "deed":
      if (activity.deed.startsWith("file_")) {
        add(activity.deed, "host", activity.host, undefined);
        add(activity.deed, "account", activity.account, activity.peers);
      } else if (activity.deed === "mail") add("mail", "account", activity.account, activity.peers);
      break;
  }
  return counted;
}
