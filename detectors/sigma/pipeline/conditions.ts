// Reads the conditions of a step and how they are joined (`…_conditions` with `…_cond_op`, `…_cond_not` and
// `…_cond_expr`), and makes one question of them.
import { type DocumentReader, isRecord } from "../rule-document.ts";
import { holds, namesIn, parseExpression } from "./expression.ts";
import { FIELD_CONDITIONS, type FieldCondition } from "./field-conditions.ts";
import { ITEM_CONDITIONS, type ItemCondition } from "./item-conditions.ts";
import { createParameters, type Parameters } from "./parameters.ts";
import { RULE_CONDITIONS, type RuleCondition } from "./rule-conditions.ts";

/** Asks all conditions of one kind, joined as the step says. */
type Joined<C> = (ask: (condition: C) => boolean) => boolean;

export interface StepConditions {
  readonly rule: RuleCondition;
  readonly item: ItemCondition;
  readonly field: FieldCondition;
}

/** @throws PlacedFault */
export function readConditions(given: Parameters, reader: DocumentReader): StepConditions {
  const rule = joinedOf("rule", RULE_CONDITIONS, given, reader);
  const item = joinedOf("detection_item", ITEM_CONDITIONS, given, reader);
  const field = joinedOf("field_name", FIELD_CONDITIONS, given, reader);
  return {
    rule: (subject, run) => rule((one) => one(subject, run)),
    item: (one, run) => item((asked) => asked(one, run)),
    field: {
      name: (name, run) => field((one) => one.name(name, run)),
      item: (whole, run) => field((one) => one.item(whole, run)),
    },
  };
}

function joinedOf<C>(
  kind: string,
  types: Readonly<Record<string, (given: Parameters) => C>>,
  given: Parameters,
  reader: DocumentReader,
): Joined<C> {
  const conditions = readAll(`${kind}_conditions`, types, given, reader);
  const isNegated = given.flag(`${kind}_cond_not`);
  const expressionKey = [`${kind}_cond_expr`, `${kind}_cond_expression`].find(given.has);
  const operatorKey = `${kind}_cond_op`;
  const all = [...conditions.values()];
  if (expressionKey === undefined) {
    const isAny = given.oneOf(operatorKey, ["and", "or"], "and") === "or";
    // Without conditions a step is for all rules, however they are joined; `not` and `or` of none on items
    // and fields say no, as pySigma has it.
    if (kind === "rule" && all.length === 0) return () => true;
    return (ask) => (isAny ? all.some(ask) : all.every(ask)) !== isNegated;
  }
  if (given.has(operatorKey)) {
    throw given.fault(operatorKey, `"${operatorKey}" can't stand beside "${expressionKey}"`);
  }
  const expression = expressionOf(expressionKey, given);
  const names = new Set(namesIn(expression));
  const unknown = [...names].find((name) => !conditions.has(name));
  const unused = [...conditions.keys()].find((name) => !names.has(name));
  if (unknown !== undefined) throw given.fault(expressionKey, `no condition "${unknown}"`);
  if (unused !== undefined) throw given.fault(expressionKey, `"${unused}" is not asked for`);
  return (ask) => {
    const isTrue = (name: string) => {
      const condition = conditions.get(name);
      return condition !== undefined && ask(condition);
    };
    return holds(expression, isTrue) !== isNegated;
  };
}

function expressionOf(key: string, given: Parameters) {
  try {
    return parseExpression(given.text(key));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw given.fault(key, error.message);
  }
}

function readAll<C>(
  key: string,
  types: Readonly<Record<string, (given: Parameters) => C>>,
  given: Parameters,
  reader: DocumentReader,
): Map<string, C> {
  const value = given.value(key) ?? [];
  if (typeof value !== "object") throw given.fault(key, `expected ${key}: a list or keys`);
  const entries = Object.entries(value).map(([name, one]: [string, unknown]) => {
    const path = [...given.path, key, Array.isArray(value) ? Number(name) : name];
    if (!isRecord(one)) throw reader.fault(path, "expected a condition: keys and values");
    const inner = createParameters(one, path, reader);
    const type = inner.text("type");
    const make = Object.hasOwn(types, type) ? types[type] : undefined;
    if (make === undefined) throw inner.fault("type", `unknown type of condition "${type}"`);
    const condition = make(inner);
    inner.end();
    return [name, condition] as const;
  });
  return new Map(entries);
}
