// The condition `processing_state`, which rules, items and fields have in common: what an earlier step has
// put into the state of the pipeline.
import type { Parameters } from "./parameters.ts";
import type { PipelineRun } from "./run.ts";

const OPERATORS = ["eq", "ne", "gte", "gt", "lte", "lt"] as const;

/** @throws PlacedFault */
export function stateCondition(given: Parameters): (run: PipelineRun) => boolean {
  const key = given.text("key");
  const wanted = given.scalar("val");
  const op = given.oneOf("op", OPERATORS, "eq");
  return (run) => {
    if (!run.state.has(key)) return false;
    const value = run.state.get(key);
    if (op === "eq") return value === wanted;
    if (op === "ne") return value !== wanted;
    // Only likes have an order.
    const isNumber = typeof value === "number" && typeof wanted === "number";
    if (!isNumber && !(typeof value === "string" && typeof wanted === "string")) return false;
    if (op === "gte") return value >= wanted;
    if (op === "gt") return value > wanted;
    return op === "lte" ? value <= wanted : value < wanted;
  };
}
