// All pipelines of a site as one: in the order of their priorities, with the variables of all of them.
import { PipelineRefusal, type RulePipeline } from "../reading.ts";
import { applySteps } from "./apply-steps.ts";
import type { Pipeline } from "./read-pipeline.ts";
import { startRun } from "./run.ts";
import type { Subject } from "./subject.ts";

/** Undefined when there is nothing to do. Of equal priorities the first one comes first. */
export function joinPipelines(all: readonly Pipeline[]): RulePipeline | undefined {
  const ordered = [...all].sort((one, other) => one.priority - other.priority);
  if (ordered.every(({ steps }) => steps.length === 0)) return undefined;
  const vars = new Map(ordered.flatMap((one) => [...one.vars]));
  const steps = ordered.flatMap((one) => one.steps);
  const through = (subject: Subject) => applySteps(steps, subject, startRun(vars));
  return {
    shape(draft, fault) {
      try {
        const shaped = through({ kind: "rule", rule: draft });
        return shaped.kind === "rule" ? shaped.rule : draft;
      } catch (error) {
        if (error instanceof PipelineRefusal || error instanceof SyntaxError) {
          throw fault([], `a pipeline refuses the rule: ${error.message}`);
        }
        throw error;
      }
    },
    shapeCorrelation(rule, logSources) {
      const shaped = through({ kind: "correlation", rule, logSources });
      return shaped.kind === "correlation" ? shaped.rule : rule;
    },
  };
}
