// Conditions of a step on one item of a detection, mostly on its values.
// Format: pySigma, "Processing Pipelines", detection item conditions.
import type { DraftItem, DraftValue } from "../draft.ts";
import type { Parameters } from "./parameters.ts";
import type { PipelineRun } from "./run.ts";
import { stateCondition } from "./state-condition.ts";
import { hasWildcard, isNullValue, isValue, textsOfValue } from "./value-text.ts";

export type ItemCondition = (item: DraftItem, run: PipelineRun) => boolean;

export const ITEM_CONDITIONS: Readonly<Record<string, (given: Parameters) => ItemCondition>> = {
  // The pattern has to fit from the value's beginning, as Python's `match` does.
  match_string(given) {
    const pattern = given.regex("pattern");
    const isNegated = given.flag("negate");
    return onValues(given, (value) => {
      const fits = textsOfValue(value).some((text) => pattern.matcher(text).lookingAt());
      return fits !== isNegated;
    });
  },
  match_value(given) {
    const wanted = given.scalar("value");
    return onValues(given, (value) => isValue(value, wanted));
  },
  contains_wildcard: (given) => onValues(given, hasWildcard),
  is_null: (given) => onValues(given, isNullValue),
  processing_item_applied(given) {
    const id = given.text("processing_item_id");
    return (item) => item.applied.includes(id);
  },
  processing_state(given) {
    const isTrue = stateCondition(given);
    return (_item, run) => isTrue(run);
  },
};

function onValues(given: Parameters, isTrue: (value: DraftValue) => boolean): ItemCondition {
  const all = given.oneOf("cond", ["any", "all"], "any") === "all";
  return ({ values }) => (all ? values.every(isTrue) : values.some(isTrue));
}
