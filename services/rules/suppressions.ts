// Brings the suppressions of the configuration to the rules that they name.
import type { ConfiguredSuppression } from "../../config/suppression.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";

/**
 * The rules, each with the first suppression that names it; a rule's own stands where none does: what a
 * site says about its rules goes before what their authors thought.
 */
export function withSuppressions<R extends { readonly info: DetectorInfo }>(
  rules: readonly R[],
  configured: readonly ConfiguredSuppression[],
): R[] {
  return rules.map((rule) => {
    const found = configured.find(
      ({ rules: named }) => named === "any" || named.includes(rule.info.id),
    );
    if (found === undefined) return rule;
    return { ...rule, info: { ...rule.info, suppress: { by: found.by, forMs: found.for } } };
  });
}
