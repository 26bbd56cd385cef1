// The form of the linter's words: for each code a name, the sentence about the finding at hand, and what to
// do about it.
import type { LintCode } from "./lint-finding.ts";
import type { CostReason } from "./rule-cost.ts";

interface LintMessage {
  /** What the code stands for. */
  readonly title: string;
  /** @param detail what gave rise to it @param other what it is set against; both may be empty */
  readonly text: (detail: string, other: string) => string;
  readonly mend: (other: string) => string;
}

export type LintMessages = Readonly<Record<LintCode, LintMessage>>;

/** Why a rule is dear. */
export type CostReasonTexts = Readonly<Record<CostReason, string>>;

/** Reasons as `RuleCost` gives them, joined by commas, in words. */
export function reasonTexts(reasons: string, words: CostReasonTexts): string {
  return reasons
    .split(", ")
    .map((reason) => Object.entries(words).find(([key]) => key === reason)?.[1] ?? reason)
    .join("; ");
}
