// What the linter says of a rule: a stable code, where, how grave, and what gave rise to it. The words for
// it stand in lint-messages.ts.

/** Gravest first. Only errors make a check fail, unless it is strict. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Every code with its usual severity. Errors: the rule does not run, or can't ever be true. Warnings: it
 * runs and is most likely not what was meant, or those who judge its findings miss something. Notes:
 * it could be better or cheaper.
 */
export const LINT_CODES = {
  HW_RULE_INVALID: "error",
  HW_PATTERN_UNSAFE: "error",
  "condition-impossible": "error",
  "reference-unknown": "error",
  "reference-ambiguous": "error",
  "reference-cycle": "error",
  "key-misspelt": "warning",
  "key-unknown": "warning",
  "value-type": "warning",
  "value-repeated": "note",
  "title-long": "note",
  "date-invalid": "warning",
  "related-invalid": "warning",
  "id-missing": "warning",
  "id-no-uuid": "warning",
  "id-duplicate": "warning",
  "status-missing": "note",
  "status-unknown": "warning",
  "status-idle": "note",
  "level-missing": "warning",
  "description-missing": "warning",
  "falsepositives-missing": "note",
  "tag-invalid": "warning",
  "attack-missing": "warning",
  "attack-unknown": "warning",
  "attack-outdated": "note",
  "logsource-unreached": "warning",
  inactive: "warning",
  "field-misspelt": "warning",
  "field-unknown": "warning",
  "selection-contradicts": "warning",
  "selection-unused": "warning",
  "condition-always": "warning",
  "condition-negative": "warning",
  "rule-broad": "warning",
  "rule-huge": "warning",
  "regex-unfiltered": "note",
  "regex-slow": "note",
  "regex-needless": "note",
  "rule-duplicate": "warning",
  "rule-narrower": "note",
  "filter-unmatched": "warning",
  "cost-dear": "note",
  "ignore-unknown": "note",
  "ignore-unused": "note",
} as const satisfies Readonly<Record<string, Severity>>;

export type LintCode = keyof typeof LINT_CODES;

export interface LintFinding {
  readonly code: LintCode;
  readonly severity: Severity;
  /** `file:line:column` of the part, or of the rule when the part is missing. */
  readonly place: string;
  /** Of the rule; undefined where it could not be read. */
  readonly title: string | undefined;
  /** The name or value that gave rise to it; empty where a part is missing. */
  readonly detail: string;
  /** What it is set against: what was probably meant, the place of the other rule …; empty: nothing. */
  readonly other: string;
}

export function isLintCode(code: string): code is LintCode {
  return Object.hasOwn(LINT_CODES, code);
}

/** Rank of a severity: error 0, warning 1, note 2. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
