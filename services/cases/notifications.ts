// Reports to authorities: that one was sent, or is not required, is written down by a human; the warnings
// before the end of a time limit are written down by the program, each once.
import { randomUUID } from "node:crypto";
import type { Incident, Notification } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import { requireStep, touched } from "./incident-state.ts";
import { full } from "./incident-steps.ts";
import { type By, checkPast } from "./incident-times.ts";

const NOTIFICATIONS_MAX = 100;

export interface NewNotification
  extends Pick<Notification, "clock" | "outcome" | "sentAt" | "authority"> {
  /** Needed where the report is not required. */
  readonly comment?: string | undefined;
}

/**
 * Adds what was done; an entry is never taken back, a later one of the same clock holds.
 * @throws CaseFault HW_REQUEST_INVALID
 */
export function recordNotification(incident: Incident, given: NewNotification, by: By): Incident {
  requireStep(incident, "notifications/record");
  const { comment, ...rest } = given;
  const present = incident.notifications ?? [];
  if (present.length >= NOTIFICATIONS_MAX) throw full("body");
  checkPast(rest.sentAt, by, "sentAt");
  if (incident.identifiedAt !== undefined && rest.sentAt < incident.identifiedAt) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/sentAt", (m) => m.sentBeforeIdentified);
  }
  if (rest.outcome === "not_required" && comment === undefined) {
    throw new CaseFault("HW_REQUEST_INVALID", "body/comment", (m) => m.notRequiredUnreasoned);
  }
  const entry: Notification = {
    ...rest,
    ...(comment === undefined ? {} : { comment }),
    ...{ id: randomUUID(), recordedAt: by.at, by: by.actor },
  };
  return touched(incident, by, { notifications: [...present, entry] });
}
