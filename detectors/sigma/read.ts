// Reads one detection rule of Sigma from its document. Every fault names file, line and column.
// Source: Sigma specification 2.1, sections "Components" and "Detection".
import type { DetectorInfo, Level } from "../detector.ts";
import { LEVELS } from "../detector.ts";
import { readAttributes, textsOf } from "./attributes.ts";
import { join, parseCondition } from "./condition.ts";
import { type ItemValue, itemTree, MissingPlaceholder, type Placeholders } from "./item.ts";
import type { LogSource, SigmaRule, Tree } from "./rule.ts";
import { type DocumentReader, isRecord, type Path } from "./rule-document.ts";
import { readSuppression } from "./suppression.ts";

const DEPTH_MAX = 20;

/**
 * A detection rule.
 * @throws PlacedFault
 */
export function readRule(
  value: Record<string, unknown>,
  reader: DocumentReader,
  placeholders: Placeholders,
): SigmaRule {
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(value.logsource))
    throw reader.fault(["logsource"], "expected logsource: keys and values");
  if (!isRecord(value.detection))
    throw reader.fault(["detection"], "expected detection: keys and values");
  let tree: Tree = { kind: "or", children: [] };
  let inactive: string | undefined;
  try {
    tree = readDetection(value.detection, ["detection"], reader, placeholders);
  } catch (error) {
    if (!(error instanceof MissingPlaceholder)) throw error;
    inactive = error.message;
  }
  return {
    info: readInfo(value, reader),
    name: typeof value.name === "string" ? value.name : undefined,
    attributes: readAttributes(value),
    logSource: readLogSource(value.logsource),
    tree,
    filteredBy: [],
    place: reader.place([]),
    inactive,
  };
}

export function readLogSource(value: Record<string, unknown>): LogSource {
  const name = (key: string) => {
    const one = value[key];
    return typeof one === "string" && one !== "" ? one.toLowerCase() : undefined;
  };
  return { product: name("product"), category: name("category"), service: name("service") };
}

/**
 * What a rule or correlation says of itself.
 * @throws PlacedFault
 */
export function readInfo(
  value: Record<string, unknown>,
  reader: DocumentReader,
  kind: DetectorInfo["kind"] = "sigma",
): DetectorInfo {
  const { origin } = reader;
  const level = value.level === undefined ? "medium" : String(value.level).toLowerCase();
  if (!isLevel(level)) throw reader.fault(["level"], `expected level: one of ${LEVELS.join(", ")}`);
  const tags = textsOf(value.tags).map((tag) => tag.toLowerCase());
  const attack = tags
    .filter((tag) => tag.startsWith("attack."))
    .map((tag) => tag.slice("attack.".length));
  const suppress = readSuppression(value.suppress);
  return {
    id: typeof value.id === "string" ? value.id : `${origin}#${String(value.title)}`,
    kind,
    title: String(value.title),
    description: typeof value.description === "string" ? value.description.trim() : "",
    level,
    status: typeof value.status === "string" ? value.status : "experimental",
    techniques: attack.filter((tag) => /^t\d{4}/.test(tag)).map((tag) => tag.toUpperCase()),
    tactics: attack
      .filter((tag) => !/^[tgs]\d{4}/.test(tag))
      .map((tag) => tag.replaceAll("_", "-")),
    falsePositives: textsOf(value.falsepositives),
    references: textsOf(value.references),
    response: textsOf(value.response),
    origin,
    ...(suppress === undefined ? {} : { suppress }),
  };
}

function isLevel(level: string): level is Level {
  return LEVELS.some((one) => one === level);
}

/**
 * The selections of a detection, joined by its conditions.
 * @param at where the detection stands in the document
 * @throws PlacedFault, MissingPlaceholder
 */
export function readDetection(
  detection: Record<string, unknown>,
  at: Path,
  reader: DocumentReader,
  placeholders: Placeholders,
): Tree {
  const { condition } = detection;
  const named = new Map<string, Tree>();
  for (const [name, value] of Object.entries(detection)) {
    if (name === "condition" || name === "timeframe") continue;
    named.set(name, readSelection(value, [...at, name], reader, placeholders, 0));
  }
  const conditions = Array.isArray(condition) ? condition : [condition];
  const trees = conditions.map((one: unknown) => {
    const path = [...at, "condition"];
    if (typeof one !== "string") throw reader.fault(path, "expected condition: a text");
    if (one.includes("|")) {
      throw reader.fault(
        path,
        "aggregations in conditions were replaced by correlation rules in Sigma 2",
      );
    }
    try {
      return parseCondition(one, named);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw reader.fault(path, error.message);
    }
  });
  return join("or", trees);
}

// A map: all of its items. A list of maps: any of them. A list of values: keywords.
function readSelection(
  value: unknown,
  path: Path,
  reader: DocumentReader,
  placeholders: Placeholders,
  depth: number,
): Tree {
  if (depth > DEPTH_MAX) throw reader.fault(path, "nested too deeply");
  if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) throw reader.fault(path, "expected at least one field");
    return join(
      "and",
      entries.map(([key, item]) => readItem(key, item, [...path, key], reader, placeholders)),
    );
  }
  if (!Array.isArray(value)) return readItem(undefined, value, path, reader, placeholders);
  if (value.length === 0) throw reader.fault(path, "expected at least one entry");
  if (value.every((one) => !isRecord(one) && !Array.isArray(one))) {
    return readItem(undefined, value, path, reader, placeholders);
  }
  const children = value.map((one: unknown, index) =>
    readSelection(one, [...path, index], reader, placeholders, depth + 1),
  );
  return join("or", children);
}

function readItem(
  key: string | undefined,
  value: unknown,
  path: Path,
  reader: DocumentReader,
  placeholders: Placeholders,
): Tree {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every(isItemValue)) throw reader.fault(path, "expected a value or a list of values");
  try {
    return itemTree(key, values, placeholders);
  } catch (error) {
    if (error instanceof SyntaxError) throw reader.fault(path, error.message);
    throw error;
  }
}

function isItemValue(value: unknown): value is ItemValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
