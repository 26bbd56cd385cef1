// Applies steps to a rule, one behind the other, each where its conditions hold.
import { PipelineRefusal } from "../reading.ts";
import type { PipelineRun } from "./run.ts";
import type { Step } from "./step.ts";
import type { Subject } from "./subject.ts";

/** @throws PipelineRefusal with the step that refuses the rule */
export function applySteps(steps: readonly Step[], subject: Subject, run: PipelineRun): Subject {
  let current = subject;
  for (const { id, type, conditions, transform } of steps) {
    if (!conditions.rule(current, run)) continue;
    try {
      current = transform(current, { id, conditions, run });
    } catch (error) {
      // Inside of `nest` the step is named already.
      if (!(error instanceof PipelineRefusal) || error instanceof StepRefusal) throw error;
      throw new StepRefusal(`step ${id === undefined ? type : `"${id}"`}: ${error.message}`);
    }
    if (id !== undefined) run.applied.add(id);
  }
  return current;
}

class StepRefusal extends PipelineRefusal {}
