// Conditions of a step on field names: of items, of the fields that items are compared with, of a rule's
// list of fields, of a correlation.
// Format: pySigma, "Processing Pipelines", field name conditions.
import type { DraftItem } from "../draft.ts";
import { compileLinear, type Parameters } from "./parameters.ts";
import type { PipelineRun } from "./run.ts";
import { stateCondition } from "./state-condition.ts";

export interface FieldCondition {
  /** Undefined: keywords. */
  readonly name: (field: string | undefined, run: PipelineRun) => boolean;
  readonly item: (item: DraftItem, run: PipelineRun) => boolean;
}

export const FIELD_CONDITIONS: Readonly<Record<string, (given: Parameters) => FieldCondition>> = {
  include_fields(given) {
    const isNamed = namesCondition(given);
    return onNames((field) => field !== undefined && isNamed(field));
  },
  exclude_fields(given) {
    const isNamed = namesCondition(given);
    return onNames((field) => field === undefined || !isNamed(field));
  },
  processing_item_applied(given) {
    const id = given.text("processing_item_id");
    return {
      name: (field, run) => field !== undefined && run.fieldSteps.get(field)?.has(id) === true,
      item: (item) => item.applied.includes(id),
    };
  },
  processing_state(given) {
    const isTrue = stateCondition(given);
    return { name: (_field, run) => isTrue(run), item: (_item, run) => isTrue(run) };
  },
};

// Patterns have to fit from the name's beginning.
function namesCondition(given: Parameters): (field: string) => boolean {
  const names = given.texts("fields");
  if (given.oneOf("mode", ["plain", "re"], "plain") === "plain") {
    const known = new Set(names);
    return (field) => known.has(field);
  }
  const patterns = names.map((source) => {
    try {
      return compileLinear(source);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw given.fault("fields", error.message);
    }
  });
  return (field) => patterns.some((pattern) => pattern.matcher(field).lookingAt());
}

function onNames(isTrue: (field: string | undefined) => boolean): FieldCondition {
  return {
    name: isTrue,
    item: (item) => isTrue(item.field) || otherFieldsOf(item).some(isTrue),
  };
}

/** The fields that an item's field is compared with. */
function otherFieldsOf({ values }: DraftItem): string[] {
  return values.flatMap((value) =>
    value.kind === "open"
      ? []
      : value.patterns.flatMap((one) => (one.kind === "fieldref" ? [one.other] : [])),
  );
}
