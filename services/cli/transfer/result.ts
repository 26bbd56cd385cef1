// What a backup, a restore or a migration came to.
import type { Config } from "../../../config/schema.ts";
import type { CarriedPart } from "./carry.ts";
import { EVENTS, STATE } from "./place.ts";

/** A part that stays behind, and why. */
export interface LeftPart {
  readonly name: string;
  readonly reason: "archiveOff" | "partitions";
}

export interface MoveResult {
  /** All counts and checksums are the same on both sides, and all audit chains hold. */
  readonly equal: boolean;
  readonly parts: readonly CarriedPart[];
  readonly left: readonly LeftPart[];
  /** Tenants whose audit chain does not hold. */
  readonly brokenChains: readonly string[];
  /** Records that no stage had read when it began; they stay behind. */
  readonly unread: number;
}

/** Puts the result together. */
export function resultOf(
  parts: readonly CarriedPart[],
  left: readonly LeftPart[],
  brokenChains: readonly string[],
  unread = 0,
): MoveResult {
  const equal = parts.every(({ same }) => same) && brokenChains.length === 0;
  return { equal, parts, left, brokenChains, unread };
}

/** What a target can't take. */
export function leftParts(target: Config, partitions: number): LeftPart[] {
  const left: LeftPart[] = [];
  if (target.archive.kind === "off") left.push({ name: EVENTS, reason: "archiveOff" });
  if (target.queue.partitions !== partitions) left.push({ name: STATE, reason: "partitions" });
  return left;
}
