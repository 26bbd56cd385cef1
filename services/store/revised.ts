// What a fold has made of a finding: the next state alone, or with the audit entry of its write.
import type { Finding } from "./finding.ts";
import type { FoldSignals, Revised } from "./store.ts";

/** The answer of a fold, with its entry where there is one. */
export function revisedOf(folded: ReturnType<FoldSignals>): Revised<Finding> {
  return "document" in folded ? folded : { document: folded };
}
