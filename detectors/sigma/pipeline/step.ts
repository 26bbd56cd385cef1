// A step of a pipeline: one transformation and the conditions under which it is applied.
import type { DraftItem, DraftTree, DraftValue } from "../draft.ts";
import type { StepConditions } from "./conditions.ts";
import type { PipelineRun } from "./run.ts";
import { changeItems, type Subject } from "./subject.ts";

export interface StepContext {
  readonly id: string | undefined;
  readonly conditions: StepConditions;
  readonly run: PipelineRun;
}

/** @throws PipelineRefusal for a rule that it can't or must not change */
export type Transformation = (subject: Subject, context: StepContext) => Subject;

export interface Step {
  readonly id: string | undefined;
  readonly type: string;
  readonly conditions: StepConditions;
  readonly transform: Transformation;
}

/** Whether the step is meant for an item. */
export function isMeant(item: DraftItem, { conditions, run }: StepContext): boolean {
  return conditions.item(item, run) && conditions.field.item(item, run);
}

/** A transformation of the items that the step is meant for. */
export function onItems(
  change: (item: DraftItem, context: StepContext, subject: Subject) => DraftTree | undefined,
): Transformation {
  return (subject, context) =>
    changeItems(subject, context.id, (item) =>
      isMeant(item, context) ? change(item, context, subject) : undefined,
    );
}

/** A transformation of single values; undefined leaves a value as it is, an empty list drops it. */
export function onValues(
  change: (
    value: DraftValue,
    item: DraftItem,
    context: StepContext,
  ) => readonly DraftValue[] | undefined,
): Transformation {
  return onItems((item, context) => {
    let isChanged = false;
    const values = item.values.flatMap((value) => {
      const changed = change(value, item, context);
      isChanged ||= changed !== undefined;
      return changed ?? [value];
    });
    return isChanged ? { kind: "item", item: { ...item, values } } : undefined;
  });
}
