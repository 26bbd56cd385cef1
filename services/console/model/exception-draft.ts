// An exception as somebody is writing it from a false positive, and what the server gets of it.
import type { Finding } from "../../store/finding.ts";
import { berlinTime, localBerlin } from "./berlin-time.ts";
import { completeMatchers, type DraftMatcher } from "./silence-draft.ts";

const HOUR_MS = 3_600_000;
/** As far back as the server lets an exception begin, less the time of writing it. */
const BACKDATE_MS_MAX = 7 * 24 * HOUR_MS - HOUR_MS;
const DAYS = 90;

export interface ExceptionDraft {
  readonly matchers: readonly DraftMatcher[];
  /** Berlin time as a date field writes it; empty: now. */
  readonly from: string;
  readonly days: string;
  readonly reason: string;
}

/** The finding's first entity; begins so that the finding itself is hidden, too. */
export function exceptionDraftOf(finding: Finding, now: number): ExceptionDraft {
  const [entity] = finding.latest?.entities ?? finding.entities;
  const raisedAt = finding.latest?.raisedAt ?? finding.raisedAt;
  const value = entity === undefined ? "" : `${entity.type}:${entity.value}`;
  return {
    matchers: [{ key: 1, field: "entity", operator: "equals", value }],
    from: now - raisedAt < BACKDATE_MS_MAX ? localBerlin(raisedAt) : "",
    ...{ days: String(DAYS), reason: "" },
  };
}

/** The request's body. */
export function exceptionBody(finding: string, draft: ExceptionDraft) {
  const from = berlinTime(draft.from);
  return {
    finding,
    matchers: completeMatchers(draft.matchers),
    ...(from === undefined ? {} : { from }),
    ...(draft.days === "" ? {} : { days: Number(draft.days) }),
    reason: draft.reason.trim(),
  };
}
