// Transformations of the detection as a whole: items dropped, taken apart, or added.
// Format: pySigma, "Processing Pipelines", `drop_detection_item`, `add_condition`, `hashes_fields`,
// `extract_fields`.
import { draftSelection, joinDrafts } from "../detection.ts";
import type { DraftItem, DraftTree } from "../draft.ts";
import { draftItem, type ItemValue } from "../item.ts";
import { PipelineRefusal } from "../reading.ts";
import type { LogSource } from "../rule.ts";
import { type DocumentReader, isRecord } from "../rule-document.ts";
import type { Parameters } from "./parameters.ts";
import { onItems, type Transformation } from "./step.ts";
import { escapedText } from "./value-text.ts";

export const DETECTION_TRANSFORMATIONS: Readonly<
  Record<string, (given: Parameters, reader: DocumentReader) => Transformation>
> = {
  drop_detection_item: () => onItems(() => ({ kind: "and", children: [] })),
  add_condition: addCondition,
  hashes_fields: hashesFields,
  extract_fields: extractFields,
};

function addCondition(given: Parameters, reader: DocumentReader): Transformation {
  const conditions = given.value("conditions");
  if (!isRecord(conditions))
    throw given.fault("conditions", "expected conditions: keys and values");
  // Conditions are told apart here by their place and need no name.
  given.maybeText("name");
  const isTemplate = given.flag("template");
  const isNegated = given.flag("negated");
  const path = [...given.path, "conditions"];
  // Read anew for each rule where it is a template, so that nothing may be counted.
  const source = { fault: reader.fault, spend: () => true };
  const read = (value: unknown) => withoutPlace(draftSelection(value, path, source));
  const fixed = read(conditions);
  return (subject) => {
    if (subject.kind === "correlation") return subject;
    const tree = isTemplate ? read(filledTemplate(conditions, subject.rule.logSource)) : fixed;
    const guards = [...subject.rule.guards, { tree, isNegated }];
    return { ...subject, rule: { ...subject.rule, guards } };
  };
}

// Faults in a rule's build must not point to places in the pipeline's file.
function withoutPlace(tree: DraftTree): DraftTree {
  return tree.kind === "item"
    ? { kind: "item", item: { ...tree.item, path: [] } }
    : { ...tree, children: tree.children.map(withoutPlace) };
}

function filledTemplate(value: unknown, logSource: LogSource): unknown {
  const named = new Map(Object.entries(logSource).map(([name, one]) => [name, String(one ?? "")]));
  if (typeof value === "string") {
    return value.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced, plain) => {
      const found = named.get(String(braced ?? plain));
      return found ?? written;
    });
  }
  if (Array.isArray(value)) return value.map((one) => filledTemplate(one, logSource));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, filledTemplate(one, logSource)]),
  );
}

const HASH_LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, "MD5"],
  [40, "SHA1"],
  [64, "SHA256"],
  [128, "SHA512"],
]);

// `Hashes: SHA1=…` becomes a field for each kind of hash.
function hashesFields(given: Parameters): Transformation {
  const kinds = given.texts("valid_hash_algos").map((one) => one.toUpperCase());
  const prefix = given.textOr("field_prefix", "");
  const isBare = given.flag("drop_algo_prefix");
  const fields = given.maybeTexts("field_to_parse") ?? ["Hashes", "Hash"];
  return onItems((item) => {
    const texts = fields.includes(item.field ?? "") ? plainValues(item) : undefined;
    if (texts === undefined) return undefined;
    const byField = new Map<string, string[]>();
    for (const text of texts) {
      const [kind, hash] = hashOf(text);
      if (!kinds.includes(kind)) continue;
      const field = prefix + (isBare ? "" : kind);
      byField.set(field, [...(byField.get(field) ?? []), hash]);
    }
    if (byField.size === 0) {
      throw new PipelineRefusal(
        `no hash of the kinds ${kinds.join(", ")} in "${texts.join(", ")}"`,
      );
    }
    const modifiers = item.modifiers.filter((one) => one === "neq");
    const trees = [...byField].map(([field, values]) => {
      return itemOf(field === "keyword" ? "" : field, modifiers, values, item);
    });
    return joinDrafts(linkOf(item), trees);
  });
}

function hashOf(text: string): [kind: string, hash: string] {
  const parts = text.split(text.includes("|") ? "|" : "=");
  const strip = (one: string) => one.replaceAll(/^[*?]+|[*?]+$/g, "");
  const [first = "", second] = parts;
  if (second !== undefined && parts.length === 2)
    return [strip(first).toUpperCase(), strip(second)];
  const hash = strip(first);
  return [HASH_LENGTHS.get(hash.length) ?? "", hash];
}

// Named groups of a pattern become fields.
function extractFields(given: Parameters): Transformation {
  const pattern = given.regex("regex");
  const names = Object.keys(pattern.namedGroups());
  if (names.length === 0) throw given.fault("regex", "expected a pattern with named groups");
  const prefix = given.maybeText("field_prefix");
  const isKept = given.flag("preserve_unmatched");
  return onItems((item) => {
    const texts = plainValues(item);
    if (texts === undefined) return undefined;
    const modifiers = item.modifiers.filter((one) => one === "neq");
    const every = modifiers.length > 0 ? "or" : "and";
    const trees = texts.flatMap((text, at): DraftTree[] => {
      const matcher = pattern.matcher(text);
      if (!matcher.lookingAt()) {
        const value = item.values[at];
        if (!isKept || value === undefined) return [];
        return [{ kind: "item", item: { ...item, values: [value] } }];
      }
      const parts = names.flatMap((name) => {
        const found = matcher.group(name) ?? "";
        if (found === "") return [];
        const field = prefix === undefined ? name : `${prefix}.${name}`;
        return [itemOf(field, modifiers, [typed(found)], item)];
      });
      return parts.length === 0 ? [] : [joinDrafts(every, parts)];
    });
    return trees.length === 0 ? undefined : joinDrafts(linkOf(item), trees);
  });
}

function typed(text: string): ItemValue {
  if (/^(?:null|none)$/i.test(text)) return null;
  return /^(?:0|-?[1-9]\d{0,14}(?:\.\d{1,9})?)$/.test(text) ? Number(text) : text;
}

/** The texts of an item that has nothing but texts; undefined for others. */
function plainValues(item: DraftItem): string[] | undefined {
  const texts = item.values.flatMap((value) => {
    const [one, ...more] = value.kind === "ready" && value.isText ? value.patterns : [];
    if (one?.kind !== "text" || more.length > 0) return [];
    return [escapedText(one.pieces)];
  });
  return texts.length === item.values.length ? texts : undefined;
}

// None of several is all of their opposites.
function linkOf({ modifiers }: DraftItem): "and" | "or" {
  return modifiers.includes("all") === modifiers.includes("neq") ? "or" : "and";
}

function itemOf(
  field: string,
  modifiers: readonly string[],
  values: readonly ItemValue[],
  from: DraftItem,
): DraftTree {
  // The texts come from a value that was read already: only wildcards may be escaped in them.
  const written = values.map((value) =>
    typeof value === "string" ? value.replaceAll(/\\(?![*?])/g, "\\\\") : value,
  );
  const made = draftItem([field, ...modifiers].join("|"), written, from.path);
  return { kind: "item", item: { ...made, applied: from.applied } };
}
