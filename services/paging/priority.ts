// How urgent a finding is: from its score, raised by one where it is about a critical asset. Pure.
import { PRIORITIES, type Priority, type TenantPaging } from "../../config/paging.ts";
import type { Finding } from "../store/finding.ts";

/** Points of the score's part `asset` for the most precious ones. */
const CRITICAL_ASSET_POINTS = 5;

export function priorityOf(
  { score, scoreParts }: Pick<Finding, "score" | "scoreParts">,
  scores: TenantPaging["scores"],
): Priority {
  const byScore = score >= scores.p1 ? 0 : score >= scores.p2 ? 1 : score >= scores.p3 ? 2 : 3;
  const isCritical = scoreParts.some(
    ({ key, points }) => key === "asset" && points >= CRITICAL_ASSET_POINTS,
  );
  return PRIORITIES[Math.max(0, byScore - (isCritical ? 1 : 0))] ?? "p4";
}

/** Whether one priority is at least as urgent as another one. */
export function isAtLeast(one: Priority, other: Priority): boolean {
  return PRIORITIES.indexOf(one) <= PRIORITIES.indexOf(other);
}

export function isHigher(one: Priority, other: Priority): boolean {
  return PRIORITIES.indexOf(one) < PRIORITIES.indexOf(other);
}
