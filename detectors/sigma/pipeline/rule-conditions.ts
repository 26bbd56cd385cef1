// Conditions of a step on the rule as a whole.
// Format: pySigma, "Processing Pipelines", rule conditions.
import { LEVELS } from "../../detector.ts";
import type { Parameters, Scalar } from "./parameters.ts";
import type { PipelineRun } from "./run.ts";
import { stateCondition } from "./state-condition.ts";
import { headOf, itemsOfSubject, logSourcesOf, type Subject } from "./subject.ts";
import { isValue } from "./value-text.ts";

export type RuleCondition = (subject: Subject, run: PipelineRun) => boolean;

export const RULE_CONDITIONS: Readonly<Record<string, (given: Parameters) => RuleCondition>> = {
  logsource: logSourceCondition,
  contains_field(given) {
    const field = given.text("field");
    return (subject) => itemsOfSubject(subject).some((item) => item.field === field);
  },
  contains_detection_item(given) {
    const field = given.text("field");
    const value = given.scalar("value");
    return (subject) =>
      itemsOfSubject(subject).some(
        (item) => item.field === field && item.values.some((one) => isValue(one, value)),
      );
  },
  processing_item_applied(given) {
    const id = given.text("processing_item_id");
    return (_subject, run) => run.applied.has(id);
  },
  processing_state(given) {
    const isTrue = stateCondition(given);
    return (_subject, run) => isTrue(run);
  },
  is_sigma_rule: () => (subject) => subject.kind === "rule",
  is_sigma_correlation_rule: () => (subject) => subject.kind === "correlation",
  rule_attribute: attributeCondition,
  tag(given) {
    const tag = given.text("tag").toLowerCase();
    if (!tag.includes("."))
      throw given.fault("tag", "expected tag: a name space, a dot and a name");
    return (subject) => headOf(subject).attributes.tags.includes(tag);
  },
};

// What is not named may be anything. A correlation has the log sources of the rules that it joins.
function logSourceCondition(given: Parameters): RuleCondition {
  const name = (key: string) => given.maybeText(key)?.toLowerCase();
  const [product, category, service] = [name("product"), name("category"), name("service")];
  if (product === undefined && category === undefined && service === undefined) {
    throw given.fault("type", "expected product, category or service");
  }
  return (subject) =>
    logSourcesOf(subject).some(
      (one) =>
        (product === undefined || product === one.product) &&
        (category === undefined || category === one.category) &&
        (service === undefined || service === one.service),
    );
}

const ORDERS = ["gte", "gt", "lte", "lt"] as const;
const ATTRIBUTE_OPERATORS = ["eq", "ne", ...ORDERS, "in", "not_in"] as const;
type Order = (typeof ORDERS)[number];

function attributeCondition(given: Parameters): RuleCondition {
  const attribute = given.text("attribute");
  const wanted = given.scalar("value");
  const op = given.oneOf("op", ATTRIBUTE_OPERATORS, "eq");
  const order = ORDERS.find((one) => one === op);
  if (order !== undefined) checkOrder(attribute, wanted, given);
  return (subject) => {
    const value = attributeOf(subject, attribute);
    if (value === undefined || value === null) return false;
    if (Array.isArray(value)) {
      // A list is never equal to a single value, and neither more nor less.
      if (op === "in") return value.includes(wanted);
      if (op === "not_in") return !value.includes(wanted);
      return op === "ne";
    }
    if (op === "in" || op === "not_in") return false;
    const rank = rankOf(attribute, value);
    const other = rankOf(attribute, wanted);
    if (order === undefined) return (rank === other) === (op === "eq");
    return compares(rank, order, other);
  };
}

const LEVEL_ORDER: readonly string[] = LEVELS;
const STATUS_ORDER = ["unsupported", "deprecated", "experimental", "test", "stable"];

function checkOrder(attribute: string, wanted: Scalar, given: Parameters): void {
  const isRanked =
    (attribute === "level" && LEVELS.some((one) => one === wanted)) ||
    (attribute === "status" && STATUS_ORDER.some((one) => one === wanted)) ||
    ((attribute === "date" || attribute === "modified") && /^\d{4}-\d\d-\d\d$/.test(`${wanted}`));
  const isNamed = ["level", "status", "date", "modified"].includes(attribute);
  if (isRanked || (!isNamed && Number.isFinite(Number(wanted)))) return;
  throw given.fault("value", `${attribute} can't be compared with "${String(wanted)}"`);
}

/** A number or text by which values of an attribute can be put in order. */
function rankOf(attribute: string, value: unknown): number | string {
  const text = String(value).toLowerCase();
  if (attribute === "level") return LEVEL_ORDER.indexOf(text);
  if (attribute === "status") return STATUS_ORDER.indexOf(text);
  // Older rules write 2020/01/31.
  if (attribute === "date" || attribute === "modified") return text.replaceAll("/", "-");
  return typeof value === "number" ? value : String(value);
}

function compares(value: number | string, order: Order, other: number | string): boolean {
  const isNumber = typeof value === "number" || typeof other === "number";
  const [left, right] = isNumber ? [Number(value), Number(other)] : [value, other];
  switch (order) {
    case "gt":
      return left > right;
    case "gte":
      return left >= right;
    case "lt":
      return left < right;
    case "lte":
      return left <= right;
  }
}

function attributeOf(subject: Subject, name: string): unknown {
  const { info, attributes, name: ruleName } = headOf(subject);
  const { custom, related: _related, tags, ...plain } = attributes;
  const known: Record<string, unknown> = {
    ...plain,
    tags,
    name: ruleName,
    title: info.title,
    id: info.id,
    description: info.description,
    level: info.level,
    status: info.status,
    references: info.references,
    falsepositives: info.falsePositives,
  };
  if (Object.hasOwn(known, name)) return known[name];
  return Object.hasOwn(custom, name) ? custom[name] : undefined;
}
