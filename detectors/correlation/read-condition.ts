// Reads the condition of a correlation rule: comparisons with numbers, or for the temporal types an
// expression over the names of the joined rules.
import { parseCondition } from "../sigma/condition.ts";
import type { Tree } from "../sigma/rule.ts";
import { type DocumentReader, isRecord, type Path } from "../sigma/rule-document.ts";
import { hasNegation, SEQUENCES_MAX, sequencesOf } from "./expression.ts";
import type { CompareOperator, Comparison, CorrelationType, RuleExpression } from "./rule.ts";

const OPERATORS: readonly CompareOperator[] = ["gt", "gte", "lt", "lte", "eq", "neq"];
const AT: Path = ["correlation", "condition"];
const FIELDS_MAX = 32;
const EXPRESSION_LENGTH_MAX = 10_000;

/** Events of a window that a condition can ask for. */
const EVENT_COUNT_MAX = 100_000;
/** Different values of a window that a condition can ask for. */
const VALUE_COUNT_MAX = 10_000;

/** A condition as it was read. */
export interface ReadCondition {
  readonly comparisons: readonly Comparison[];
  readonly fields: readonly string[];
  readonly percentile: number | undefined;
  readonly expression: RuleExpression | undefined;
  /** Rules that the expression names, in their order. */
  readonly rules: readonly string[];
}

const NONE: ReadCondition = {
  comparisons: [],
  fields: [],
  percentile: undefined,
  expression: undefined,
  rules: [],
};

/**
 * @param rules the joined rules; undefined: those that the expression names
 * @throws PlacedFault
 */
export function readCondition(
  value: unknown,
  type: CorrelationType,
  rules: readonly string[] | undefined,
  reader: DocumentReader,
): ReadCondition {
  const isTemporal = type === "temporal" || type === "temporal_ordered";
  if (isTemporal && (value === undefined || value === null)) return NONE;
  if (isTemporal && typeof value === "string") return readExpression(value, type, rules, reader);
  if (!isRecord(value)) {
    const expected = "a comparison such as gte: 10";
    throw reader.fault(
      AT,
      isTemporal
        ? `expected condition: ${expected}, or names of rules with and, or, not`
        : `expected condition: ${expected}; ${type} is nothing without`,
    );
  }
  const known = new Set<string>([...OPERATORS, "field", "percentile"]);
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw reader.fault(
      [...AT, unknown],
      `${unknown} is unknown: expected ${[...known].join(", ")}`,
    );
  }
  const percentile = readPercentile(value.percentile, type, reader);
  const comparisons = readComparisons(value, type, percentile, reader);
  if (type === "temporal_ordered") checkOrdered(comparisons, rules ?? [], reader);
  return { ...NONE, comparisons, percentile, fields: readFields(value.field, type, reader) };
}

function readComparisons(
  condition: Record<string, unknown>,
  type: CorrelationType,
  percentile: number | undefined,
  reader: DocumentReader,
): readonly Comparison[] {
  const comparisons: Comparison[] = [];
  for (const operator of OPERATORS) {
    if (!Object.hasOwn(condition, operator)) continue;
    const value = numberOf(condition[operator]);
    const at = [...AT, operator];
    if (value === undefined) throw reader.fault(at, `expected ${operator}: a number`);
    const fault = unfit(value, type, percentile);
    if (fault !== undefined) throw reader.fault(at, `${operator}: ${value}: ${fault}`);
    comparisons.push({ operator, value });
  }
  if (comparisons.length === 0) {
    throw reader.fault(AT, `expected at least one of ${OPERATORS.join(", ")}, such as gte: 10`);
  }
  return comparisons;
}

/** What is wrong with a number that is compared with. */
function unfit(
  value: number,
  type: CorrelationType,
  percentile: number | undefined,
): string | undefined {
  if (type === "value_percentile" && percentile === undefined) {
    const isShare = value >= 0 && value <= 100;
    return isShare ? undefined : "without percentile it is a share in percent, 0 to 100";
  }
  if (type.startsWith("value_") && type !== "value_count") return undefined;
  if (!Number.isInteger(value)) return "expected a whole number";
  if (value < 0) return "a count is never negative; expected 0 or more";
  const most = type === "value_count" ? VALUE_COUNT_MAX : EVENT_COUNT_MAX;
  return value > most ? `at most ${most} can be counted` : undefined;
}

function checkOrdered(
  comparisons: readonly Comparison[],
  rules: readonly string[],
  reader: DocumentReader,
): void {
  const other = comparisons.find(({ operator }) => operator !== "gte" && operator !== "gt");
  if (other !== undefined) {
    throw reader.fault(
      [...AT, other.operator],
      "temporal_ordered can be compared with gte and gt only; use a condition over rule names",
    );
  }
  if (sequencesOf({ comparisons, expression: undefined, rules }) === undefined) {
    throw reader.fault(AT, `too many possible orders: at most ${SEQUENCES_MAX}`);
  }
}

function readPercentile(
  value: unknown,
  type: CorrelationType,
  reader: DocumentReader,
): number | undefined {
  if (value === undefined || value === null || type !== "value_percentile") return undefined;
  const percentile = numberOf(value);
  if (percentile !== undefined && percentile >= 0 && percentile <= 100) return percentile;
  throw reader.fault([...AT, "percentile"], "expected percentile: a number, 0 to 100");
}

function readFields(
  value: unknown,
  type: CorrelationType,
  reader: DocumentReader,
): readonly string[] {
  if (!type.startsWith("value_")) return [];
  const at = [...AT, "field"];
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const fields = all.map((one) => (typeof one === "string" ? one : ""));
  if (value === undefined || fields.length === 0 || fields.includes("")) {
    throw reader.fault(at, `expected field: ${type} needs the name of a field`);
  }
  if (fields.length > 1 && type !== "value_count") {
    throw reader.fault(at, `expected one field: ${type} can't take several`);
  }
  if (fields.length > FIELDS_MAX) throw reader.fault(at, `at most ${FIELDS_MAX} fields`);
  return fields;
}

function readExpression(
  text: string,
  type: CorrelationType,
  rules: readonly string[] | undefined,
  reader: DocumentReader,
): ReadCondition {
  if (text.length > EXPRESSION_LENGTH_MAX) {
    throw reader.fault(AT, `too long: at most ${EXPRESSION_LENGTH_MAX} characters`);
  }
  if (rules === undefined && /\bof\b/i.test(text)) {
    throw reader.fault(AT, 'expected rules: "of" chooses from a list of them');
  }
  const names = rules ?? namesIn(text);
  const leaves = new Map(
    names.map((field): [string, Tree] => [
      field,
      { kind: "item", item: { field, operator: "rule", patterns: [] } },
    ]),
  );
  let tree: Tree;
  try {
    tree = parseCondition(text, leaves);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw reader.fault(AT, error.message.replace("of a detection", "of a rule in rules"));
  }
  const expression = expressionOf(tree, names);
  const unused = names.findIndex((_, place) => !usesRule(expression, place));
  if (unused !== -1) {
    throw reader.fault(AT, `${names[unused] ?? ""} stands in rules and not in the condition`);
  }
  if (type === "temporal_ordered") {
    const sequences = sequencesOf({ expression, comparisons: [], rules: names });
    if (sequences === undefined) {
      throw reader.fault(AT, `too many possible orders: at most ${SEQUENCES_MAX}`);
    }
  }
  if (hasNegation(expression) && !needsHit(expression)) {
    throw reader.fault(AT, "expected at least one rule that must hit, beside those that must not");
  }
  return { ...NONE, expression, rules: names };
}

function namesIn(text: string): readonly string[] {
  const words = text.match(/[^\s()|]+/g) ?? [];
  const names = words.filter((word) => !/^(?:and|or|not)$/i.test(word));
  return [...new Set(names)];
}

function expressionOf(tree: Tree, names: readonly string[]): RuleExpression {
  if (tree.kind === "item") return { kind: "rule", rule: names.indexOf(tree.item.field ?? "") };
  if (tree.kind === "not") return { kind: "not", child: expressionOf(tree.child, names) };
  return { kind: tree.kind, children: tree.children.map((child) => expressionOf(child, names)) };
}

function usesRule(expression: RuleExpression, rule: number): boolean {
  if (expression.kind === "rule") return expression.rule === rule;
  if (expression.kind === "not") return usesRule(expression.child, rule);
  return expression.children.some((child) => usesRule(child, rule));
}

/** Whether it is false when no rule hit: otherwise silence would be a hit, and nobody sees silence. */
function needsHit(expression: RuleExpression): boolean {
  return !isTrueOfNothing(expression);
}

function isTrueOfNothing(expression: RuleExpression): boolean {
  if (expression.kind === "rule") return false;
  if (expression.kind === "not") return !isTrueOfNothing(expression.child);
  return expression.kind === "and"
    ? expression.children.every(isTrueOfNothing)
    : expression.children.some(isTrueOfNothing);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !/^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) return undefined;
  return Number(value);
}
