// What a pipeline remembers while it works on one rule: variables, its state, which steps changed what.
// Nothing is kept from one rule to the next.

export interface PipelineRun {
  /** Variables of all pipelines: name → values. */
  readonly vars: ReadonlyMap<string, readonly string[]>;
  /** Set by `set_state`, asked by `processing_state`. */
  readonly state: Map<string, unknown>;
  /** Ids of the steps that were applied to the rule. */
  readonly applied: Set<string>;
  /** Field → ids of the steps that gave it its name. */
  readonly fieldSteps: Map<string, ReadonlySet<string>>;
  /** Fields that were mapped from, and to. */
  readonly mappedFields: Set<string>;
}

export function startRun(vars: ReadonlyMap<string, readonly string[]>): PipelineRun {
  return {
    vars,
    state: new Map(),
    applied: new Set(),
    fieldSteps: new Map(),
    mappedFields: new Set(),
  };
}
