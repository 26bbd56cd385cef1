// A silence as somebody is writing it, and what the server gets of it.
import type { Finding } from "../../store/finding.ts";
import { berlinTime, localBerlin } from "./berlin-time.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_MS = 4 * HOUR_MS;
/** As far back as the server lets a silence begin, less the time of writing it. */
const BACKDATE_MS_MAX = 7 * 24 * HOUR_MS - HOUR_MS;

export interface DraftMatcher {
  /** Of the row in the form. */
  readonly key: number;
  readonly field: string;
  readonly operator: "equals" | "glob";
  readonly value: string;
}

export interface SilenceDraft {
  readonly matchers: readonly DraftMatcher[];
  /** Berlin time as a date field writes it; empty: now. */
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** An empty draft, four hours long. */
export function emptyDraft(now: number): SilenceDraft {
  const matchers = [{ key: 1, field: "rule", operator: "equals", value: "" } as const];
  return { matchers, from: "", until: localBerlin(now + DEFAULT_MS), reason: "" };
}

/** The finding's rule on its first entity; begins so that the finding itself is hidden, too. */
export function draftOf(finding: Finding, now: number): SilenceDraft {
  const [entity] = finding.latest?.entities ?? finding.entities;
  const raisedAt = finding.latest?.raisedAt ?? finding.raisedAt;
  const values = [
    ["rule", finding.detector.id],
    ...(entity === undefined ? [] : [["entity", `${entity.type}:${entity.value}`] as const]),
  ] as const;
  return {
    ...emptyDraft(now),
    matchers: values.map(([field, value], at) => ({
      key: at + 1,
      field,
      operator: "equals",
      value,
    })),
    // A date field has whole minutes.
    from: now - raisedAt < BACKDATE_MS_MAX ? localBerlin(raisedAt) : "",
  };
}

/** The rows that are filled in. */
export function completeMatchers(matchers: readonly DraftMatcher[]) {
  return matchers
    .filter(({ field, value }) => field.trim() !== "" && value !== "")
    .map(({ field, operator, value }) => ({ field: field.trim(), operator, value }));
}

/** The request's body. */
export function draftBody(draft: SilenceDraft) {
  const from = berlinTime(draft.from);
  return {
    matchers: completeMatchers(draft.matchers),
    ...(from === undefined ? {} : { from }),
    until: berlinTime(draft.until) ?? 0,
    reason: draft.reason.trim(),
  };
}
