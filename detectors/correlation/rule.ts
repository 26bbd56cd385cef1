// A correlation rule as it was read: which rules it joins, by which fields, within which time, and when it
// is true.
// Source: Sigma specification 2.1, "Sigma Correlation Rules".
import type { DetectorInfo } from "../detector.ts";
import type { RuleAttributes } from "../sigma/attributes.ts";

export const CORRELATION_TYPES = [
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
  "value_median",
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export type CompareOperator = "gt" | "gte" | "lt" | "lte" | "eq" | "neq";

/** All of them must hold: `gte: 5, lt: 10` is a range. */
export interface Comparison {
  readonly operator: CompareOperator;
  readonly value: number;
}

/** Which of the joined rules must have hit (extended temporal conditions). */
export type RuleExpression =
  | { readonly kind: "rule"; readonly rule: number }
  | { readonly kind: "and" | "or"; readonly children: readonly RuleExpression[] }
  | { readonly kind: "not"; readonly child: RuleExpression };

export interface CorrelationRule {
  readonly info: DetectorInfo;
  /** What other correlations may call it, besides its id. */
  readonly name: string | undefined;
  readonly attributes: RuleAttributes;
  readonly type: CorrelationType;
  /** Names or ids of rules and correlations, as written. */
  readonly rules: readonly string[];
  /** Fields or aliases; empty: all events are one group. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** Of the temporal types: how many of the rules; empty there: as `expression` says. */
  readonly comparisons: readonly Comparison[];
  /** Fields whose values are counted, summed up …; empty for types that count events. */
  readonly fields: readonly string[];
  /** Of `value_percentile`: 0 to 100; undefined there: the share of a value among all is compared. */
  readonly percentile: number | undefined;
  /** Of the temporal types: over places in `rules`; undefined: all of them. */
  readonly expression: RuleExpression | undefined;
  /** Alias → name or id of a rule, as written → the field that it stands for there. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether the joined rules raise signals of their own, too. */
  readonly generate: boolean;
  /** `file:line:column` of the rule's beginning. */
  readonly place: string;
}
