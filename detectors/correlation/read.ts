// Reads a correlation rule from its document. Which rules it joins is looked up later, when all are known.
// Source: Sigma specification 2.1, "Sigma Correlation Rules"; pySigma for what the specification leaves
// open (units of the time span, `percentile`, conditions over rule names).
import { readAttributes } from "../sigma/attributes.ts";
import { readInfo } from "../sigma/read.ts";
import { type DocumentReader, isRecord, type Path } from "../sigma/rule-document.ts";
import { type ReadCondition, readCondition } from "./read-condition.ts";
import { CORRELATION_TYPES, type CorrelationRule, type CorrelationType } from "./rule.ts";

/** Months and years are the mean ones of the Gregorian calendar, as in pySigma. */
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_629_746_000,
  y: 31_556_952_000,
};
const TIMESPAN_DAYS_MAX = 366;
const RULES_MAX = 1000;
const GROUP_FIELDS_MAX = 32;
/** Rules of the temporal types: as many as a set of bits of one number holds. */
const TEMPORAL_RULES_MAX = 30;

/** Names of pySigma for the temporal types with a condition over rule names. */
const EXTENDED: Readonly<Record<string, CorrelationType>> = {
  temporal_extended: "temporal",
  temporal_ordered_extended: "temporal_ordered",
};

/** @throws PlacedFault */
export function readCorrelation(
  value: Record<string, unknown>,
  reader: DocumentReader,
): CorrelationRule {
  const body = value.correlation;
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(body)) {
    throw reader.fault(["correlation"], "expected correlation: keys and values");
  }
  const type = readType(body.type, reader);
  const named = readRules(body.rules, type, reader);
  const condition = readCondition(body.condition, type, named, reader);
  const rules = checkedRules(named, condition, type, reader);
  return {
    info: readInfo(value, reader, "correlation"),
    name: typeof value.name === "string" ? value.name : undefined,
    attributes: readAttributes(value),
    type,
    rules,
    groupBy: readGroupBy(body["group-by"], reader),
    timespanMs: readTimespan(body.timespan, reader),
    comparisons: condition.comparisons,
    fields: condition.fields,
    percentile: condition.percentile,
    expression: condition.expression,
    aliases: readAliases(body.aliases, reader),
    generate:
      readGenerate(body.generate, ["correlation", "generate"], reader) ||
      readGenerate(value.generate, ["generate"], reader),
    place: reader.place([]),
  };
}

function readType(value: unknown, reader: DocumentReader): CorrelationType {
  const type =
    CORRELATION_TYPES.find((one) => one === value) ??
    (typeof value === "string" && Object.hasOwn(EXTENDED, value) ? EXTENDED[value] : undefined);
  if (type !== undefined) return type;
  const at = ["correlation", "type"];
  throw reader.fault(at, `expected type: one of ${CORRELATION_TYPES.join(", ")}`);
}

/** Undefined: the temporal types may name their rules in the condition alone. */
function readRules(
  value: unknown,
  type: CorrelationType,
  reader: DocumentReader,
): readonly string[] | undefined {
  const at = ["correlation", "rules"];
  if (value === undefined && isTemporal(type)) return undefined;
  const rules = textsOf(value);
  if (rules === undefined || rules.length === 0) {
    throw reader.fault(at, "expected rules: names or ids of rules or correlations");
  }
  const twice = rules.findIndex((rule, index) => rules.indexOf(rule) < index);
  if (twice !== -1) {
    throw reader.fault([...at, twice], `${rules[twice] ?? ""} is named twice: name each rule once`);
  }
  return rules;
}

function checkedRules(
  named: readonly string[] | undefined,
  condition: ReadCondition,
  type: CorrelationType,
  reader: DocumentReader,
): readonly string[] {
  const rules = named ?? condition.rules;
  const at = ["correlation", "rules"];
  if (rules.length === 0) {
    throw reader.fault(at, "expected rules: names or ids of rules or correlations");
  }
  const most = isTemporal(type) ? TEMPORAL_RULES_MAX : RULES_MAX;
  if (rules.length > most) {
    throw reader.fault(at, `${rules.length} rules: ${type} joins at most ${most}`);
  }
  return rules;
}

function isTemporal(type: CorrelationType): boolean {
  return type === "temporal" || type === "temporal_ordered";
}

function readGroupBy(value: unknown, reader: DocumentReader): readonly string[] {
  if (value === undefined || value === null) return [];
  const at = ["correlation", "group-by"];
  const fields = textsOf(value);
  if (fields === undefined) throw reader.fault(at, "expected group-by: a list of fields");
  if (fields.length > GROUP_FIELDS_MAX) {
    throw reader.fault(at, `${fields.length} fields: at most ${GROUP_FIELDS_MAX} make a group`);
  }
  return [...new Set(fields)];
}

function readTimespan(value: unknown, reader: DocumentReader): number {
  const at = ["correlation", "timespan"];
  const match = /^(\d{1,9})([smhdwMy])$/.exec(typeof value === "string" ? value : "");
  const unit = UNIT_MS[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw reader.fault(at, "expected timespan: a number and s, m, h or d (also w, M or y)");
  }
  const timespanMs = Number(match[1]) * unit;
  if (timespanMs === 0) throw reader.fault(at, "expected a timespan longer than nothing");
  if (timespanMs > TIMESPAN_DAYS_MAX * 86_400_000) {
    throw reader.fault(at, `too long: a timespan is at most ${TIMESPAN_DAYS_MAX}d`);
  }
  return timespanMs;
}

function readAliases(
  value: unknown,
  reader: DocumentReader,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  if (value === undefined || value === null) return aliases;
  const at: Path = ["correlation", "aliases"];
  if (!isRecord(value)) throw reader.fault(at, "expected aliases: names with rules and fields");
  for (const [alias, fields] of Object.entries(value)) {
    if (!isRecord(fields)) {
      throw reader.fault([...at, alias], `expected ${alias}: for each rule the name of a field`);
    }
    const ofRule = new Map<string, string>();
    for (const [rule, field] of Object.entries(fields)) {
      if (typeof field !== "string" || field === "") {
        throw reader.fault([...at, alias, rule], `expected ${rule}: the name of a field`);
      }
      ofRule.set(rule, field);
    }
    aliases.set(alias, ofRule);
  }
  return aliases;
}

function readGenerate(value: unknown, at: Path, reader: DocumentReader): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw reader.fault(at, "expected generate: true or false");
  return value;
}

/** A text or a list of texts, none empty; undefined: something else. */
function textsOf(value: unknown): string[] | undefined {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((one) => typeof one === "string" && one !== "");
  return texts.length === all.length ? texts.map(String) : undefined;
}
