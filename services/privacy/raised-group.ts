// What a correlation's hit is about, and what its finding is grouped by: what its group names where that is
// a host, account or address, else the group itself.
import { createHash } from "node:crypto";
import type { Entity } from "../../detectors/detector.ts";
import type { Raised } from "../../detectors/keyed.ts";

const KEY_CHARACTERS_MAX = 300;

/**
 * The group key of the hit's finding.
 * @param about entities of each event that the hit rests on, as far as they are known
 */
export function groupKeyOfRaised(
  { group, source }: Pick<Raised, "group" | "source">,
  about: readonly (readonly Entity[])[],
): string {
  const named = new Set(group.map((value) => value.toLowerCase()));
  const counts = new Map<string, number>();
  for (const { type, value } of about.flat()) {
    if (named.size > 0 && !named.has(value.toLowerCase())) continue;
    const key = `${type}:${value}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [key, count] of counts) {
    if (best === undefined || count > (counts.get(best) ?? 0)) best = key;
  }
  if (best !== undefined) return best;
  if (named.size === 0) return `source:${source}`;
  const key = group.join(", ");
  return key.length <= KEY_CHARACTERS_MAX
    ? `group:${key}`
    : `group:sha256:${createHash("sha256").update(key).digest("hex")}`;
}
