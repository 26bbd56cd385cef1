// What a site brings to the reading of rules: values of placeholders, and processing pipelines.
import type { CorrelationRule } from "../correlation/rule.ts";
import type { FaultAt } from "./detection.ts";
import type { RuleDraft } from "./draft.ts";
import type { Placeholders } from "./placeholder.ts";
import type { LogSource } from "./rule.ts";

/** All pipelines of a site, one behind the other. */
export interface RulePipeline {
  /** @throws PlacedFault when a step refuses the rule */
  shape(draft: RuleDraft, fault: FaultAt): RuleDraft;
  /**
   * Maps the field names of a correlation.
   * @param logSources those of the rules that it joins
   * @throws PipelineRefusal when a step refuses the rule
   */
  shapeCorrelation(rule: CorrelationRule, logSources: readonly LogSource[]): CorrelationRule;
}

export interface RuleReading {
  readonly placeholders: Placeholders;
  /** Undefined: rules are read as they are written. */
  readonly pipeline: RulePipeline | undefined;
}

/** Rules as they are written, without values for placeholders. */
export const PLAIN_READING: RuleReading = { placeholders: () => undefined, pipeline: undefined };

/** Thrown by a pipeline's step that refuses a rule. */
export class PipelineRefusal extends Error {}
