// Reads Sigma rules from YAML. Every fault names file, line and column; the other rules of the file, and
// of the other files, go on.
// Source: Sigma specification 2.1, sections "Components" and "Detection".
import { type Document, isMap, isNode, LineCounter, parseAllDocuments } from "yaml";
import type { DetectorInfo, Level } from "../detector.ts";
import { LEVELS } from "../detector.ts";
import { join, parseCondition } from "./condition.ts";
import { type ItemValue, itemTree, MissingPlaceholder, type Placeholders } from "./item.ts";
import type { LogSource, RuleFault, SigmaRule, Tree } from "./rule.ts";

/** What a file held. */
export interface ReadRules {
  readonly rules: readonly SigmaRule[];
  readonly faults: readonly RuleFault[];
  /** Correlations and filters: recognised, not evaluated by this engine. */
  readonly others: readonly {
    readonly place: string;
    readonly title: string;
    readonly kind: "correlation" | "filter";
  }[];
}

const ALIASES_MAX = 100;
const DEPTH_MAX = 20;
const NO_PLACEHOLDERS: Placeholders = () => undefined;

/**
 * @param origin names the file in faults and in the rules' `origin`
 * @param placeholders values for `expand`
 */
export function readSigmaRules(
  text: string,
  origin: string,
  placeholders: Placeholders = NO_PLACEHOLDERS,
): ReadRules {
  const rules: SigmaRule[] = [];
  const faults: RuleFault[] = [];
  const others: { place: string; title: string; kind: "correlation" | "filter" }[] = [];
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const reader = createReader(document, lines, origin);
    try {
      const value = reader.value();
      if (value === null) continue;
      if (!isRecord(value)) throw reader.fault([], "expected a rule: keys and values");
      const kind = isRecord(value.correlation)
        ? "correlation"
        : isRecord(value.filter)
          ? "filter"
          : undefined;
      if (kind !== undefined) {
        others.push({ place: reader.place([]), title: String(value.title ?? ""), kind });
        continue;
      }
      rules.push(readRule(value, reader, origin, placeholders));
    } catch (error) {
      if (!(error instanceof PlacedFault)) throw error;
      faults.push(error.fault);
    }
  }
  return { rules, faults, others };
}

class PlacedFault extends Error {
  readonly fault: RuleFault;
  constructor(fault: RuleFault) {
    super(fault.message);
    this.fault = fault;
  }
}

type Path = readonly (string | number)[];

interface Reader {
  value(): unknown;
  place(path: Path): string;
  fault(path: Path, message: string): PlacedFault;
}

function createReader(document: Document.Parsed, lines: LineCounter, origin: string): Reader {
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${origin}:${line}:${col}`;
  };
  const place = (path: Path): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : keyOrValue(document, path.slice(0, length));
      if (isNode(node) && node.range != null) return placeAt(node.range[0]);
    }
    return `${origin}:1:1`;
  };
  let title: string | undefined;
  const fault = (path: Path, message: string) =>
    new PlacedFault({ code: "HW_RULE_INVALID", place: place(path), title, message });
  return {
    place,
    fault,
    value() {
      const [error] = document.errors;
      if (error !== undefined) {
        const message = error.message.split("\n")[0] ?? "not YAML";
        throw new PlacedFault({
          code: "HW_RULE_INVALID",
          place: placeAt(error.pos[0]),
          title,
          message,
        });
      }
      let value: unknown;
      try {
        value = document.toJS({ maxAliasCount: ALIASES_MAX });
      } catch (error) {
        throw fault([], error instanceof Error ? error.message : "can't be read");
      }
      if (isRecord(value) && typeof value.title === "string") title = value.title;
      return value;
    },
  };
}

// A key is a better place to point at than what stands behind it.
function keyOrValue(document: Document.Parsed, path: Path): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isNode(item.key) && "value" in item.key && item.key.value === last,
    );
    if (pair !== undefined) return pair.key;
  }
  return document.getIn(path, true);
}

function readRule(
  value: Record<string, unknown>,
  reader: Reader,
  origin: string,
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
    tree = readDetection(value.detection, reader, placeholders);
  } catch (error) {
    if (!(error instanceof MissingPlaceholder)) throw error;
    inactive = error.message;
  }
  return {
    info: readInfo(value, reader, origin),
    logSource: readLogSource(value.logsource),
    tree,
    place: reader.place([]),
    inactive,
  };
}

function readLogSource(value: Record<string, unknown>): LogSource {
  const name = (key: string) => {
    const one = value[key];
    return typeof one === "string" && one !== "" ? one.toLowerCase() : undefined;
  };
  return { product: name("product"), category: name("category"), service: name("service") };
}

function readInfo(value: Record<string, unknown>, reader: Reader, origin: string): DetectorInfo {
  const level = value.level === undefined ? "medium" : String(value.level).toLowerCase();
  if (!isLevel(level)) throw reader.fault(["level"], `expected level: one of ${LEVELS.join(", ")}`);
  const tags = texts(value.tags).map((tag) => tag.toLowerCase());
  const attack = tags
    .filter((tag) => tag.startsWith("attack."))
    .map((tag) => tag.slice("attack.".length));
  return {
    id: typeof value.id === "string" ? value.id : `${origin}#${String(value.title)}`,
    kind: "sigma",
    title: String(value.title),
    description: typeof value.description === "string" ? value.description.trim() : "",
    level,
    status: typeof value.status === "string" ? value.status : "experimental",
    techniques: attack.filter((tag) => /^t\d{4}/.test(tag)).map((tag) => tag.toUpperCase()),
    tactics: attack
      .filter((tag) => !/^[tgs]\d{4}/.test(tag))
      .map((tag) => tag.replaceAll("_", "-")),
    falsePositives: texts(value.falsepositives),
    references: texts(value.references),
    response: texts(value.response),
    origin,
  };
}

function isLevel(level: string): level is Level {
  return LEVELS.some((one) => one === level);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function readDetection(
  detection: Record<string, unknown>,
  reader: Reader,
  placeholders: Placeholders,
): Tree {
  const { condition } = detection;
  const named = new Map<string, Tree>();
  for (const [name, value] of Object.entries(detection)) {
    if (name === "condition" || name === "timeframe") continue;
    named.set(name, readSelection(value, ["detection", name], reader, placeholders, 0));
  }
  const conditions = Array.isArray(condition) ? condition : [condition];
  const trees = conditions.map((one: unknown) => {
    const path = ["detection", "condition"];
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
  reader: Reader,
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
  reader: Reader,
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
