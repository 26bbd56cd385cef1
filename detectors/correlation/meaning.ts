// Tells whether a correlation still means what it did when its state was stored.
import { createHash } from "node:crypto";
import type { CorrelationRule } from "./rule.ts";

/** A hash of all that gives the state its meaning; title, level and the like are not part of it. */
export function meaningOf(rule: CorrelationRule): string {
  const { type, rules, groupBy, timespanMs, comparisons, fields, percentile, expression } = rule;
  const aliases = [...rule.aliases].map(([alias, ofRule]) => [alias, [...ofRule]]);
  const parts = [type, rules, groupBy, timespanMs, comparisons, fields, percentile, expression];
  return createHash("sha256")
    .update(JSON.stringify([...parts, aliases]))
    .digest("base64url");
}
