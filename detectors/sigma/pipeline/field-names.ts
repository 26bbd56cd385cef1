// Transformations of field names: in items, in comparisons of fields, in a rule's list of fields, and in
// what a correlation groups by and counts.
// Format: pySigma, "Processing Pipelines", `field_name_…`.
import type { CorrelationRule } from "../../correlation/rule.ts";
import { joinDrafts } from "../detection.ts";
import type { DraftItem, DraftTree, DraftValue } from "../draft.ts";
import { PipelineRefusal } from "../reading.ts";
import type { Pattern } from "../rule.ts";
import { surround } from "../value.ts";
import type { Parameters } from "./parameters.ts";
import type { PipelineRun } from "./run.ts";
import { isMeant, type StepContext, type Transformation } from "./step.ts";
import { changeItems, withAttributes } from "./subject.ts";
import { mapTextPatterns } from "./value-text.ts";

/** New names of a field, undefined for none; keywords are a field without name. */
type Naming = (field: string | undefined) => readonly string[] | undefined;

export const FIELD_NAME_TRANSFORMATIONS: Readonly<
  Record<string, (given: Parameters) => Transformation>
> = {
  field_name_mapping(given) {
    const mapping = given.mapping("mapping");
    // YAML's null as a key, for keywords, comes as an empty text.
    return renaming((field) => mapping.get(field ?? ""));
  },
  field_name_prefix_mapping(given) {
    const mapping = [...given.mapping("mapping")];
    return renaming((field) => {
      const found = mapping.find(([prefix]) => field?.startsWith(prefix));
      if (found === undefined || field === undefined) return undefined;
      const [prefix, targets] = found;
      return targets.map((target) => target + field.slice(prefix.length));
    });
  },
  field_name_prefix(given) {
    const prefix = given.text("prefix");
    return renaming((field) => (field === undefined ? undefined : [prefix + field]));
  },
  field_name_suffix(given) {
    const suffix = given.text("suffix");
    return renaming((field) => (field === undefined ? undefined : [field + suffix]));
  },
  field_name_transform(given) {
    const names = ["lower", "upper", "snake_case", "camel_case"] as const;
    const change = SPELLINGS[given.oneOf("transform_func", names)];
    const mapping = given.has("mapping") ? given.mapping("mapping") : new Map<string, string[]>();
    if (given.flag("apply_keyword")) {
      throw given.fault("apply_keyword", "keywords have no name that could be changed");
    }
    return renaming((field) =>
      field === undefined ? undefined : (mapping.get(field) ?? [change(field)]),
    );
  },
};

const SPELLINGS = {
  lower: (name: string) => name.toLowerCase(),
  upper: (name: string) => name.toUpperCase(),
  snake_case: (name: string) => wordsOf(name).join("_"),
  camel_case: (name: string) =>
    wordsOf(name)
      .map((word, at) => (at === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
      .join(""),
};

// `TargetIPAddress` is target, ip and address.
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, "$1$3 $2$4")
    .split(/[\s_-]+/)
    .map((word) => word.toLowerCase());
}

function renaming(namesOf: Naming): Transformation {
  return (subject, context) => {
    const { conditions, run, id } = context;
    const rename = (field: string): readonly string[] => {
      const names = namesOf(field);
      if (names === undefined || !conditions.field.name(field, run)) return [field];
      trackSteps(run, field, names, id);
      return names;
    };
    const fields = subject.rule.attributes.fields.flatMap(rename);
    const changed = withAttributes(subject, { fields });
    if (changed.kind === "correlation") {
      return { ...changed, rule: renameCorrelation(changed.rule, rename) };
    }
    return changeItems(changed, id, (item) => renameItem(item, namesOf, rename, context));
  };
}

function trackSteps(
  run: PipelineRun,
  field: string,
  names: readonly string[],
  id: string | undefined,
): void {
  if (names.length === 1 && names[0] === field) return;
  const steps = new Set(run.fieldSteps.get(field));
  if (id !== undefined) steps.add(id);
  for (const name of names) run.fieldSteps.set(name, steps);
}

function renameItem(
  item: DraftItem,
  namesOf: Naming,
  rename: (field: string) => readonly string[],
  context: StepContext,
): DraftTree | undefined {
  if (!isMeant(item, context)) return undefined;
  const { conditions, run } = context;
  const values = item.values.map((value) => renameReferences(value, rename));
  const isCompared = values.some((value, at) => value !== item.values[at]);
  const compared = isCompared ? { ...item, values } : item;
  const names = namesOf(item.field);
  if (names === undefined || !conditions.field.name(item.field, run)) {
    return isCompared ? { kind: "item", item: compared } : undefined;
  }
  for (const name of [item.field ?? "", ...names]) run.mappedFields.add(name);
  if (item.field !== undefined) trackSteps(run, item.field, names, context.id);
  if (names.length === 0) throw new PipelineRefusal(`no field is left for "${item.field}"`);
  return spread(item.field === undefined ? withinField(compared) : compared, names);
}

function renameReferences(
  value: DraftValue,
  rename: (field: string) => readonly string[],
): DraftValue {
  if (value.kind === "open" || !value.patterns.some(({ kind }) => kind === "fieldref")) {
    return value;
  }
  const patterns = value.patterns.flatMap((one): readonly Pattern[] =>
    one.kind === "fieldref" ? rename(one.other).map((other) => ({ ...one, other })) : [one],
  );
  const isSame = patterns.every((one, at) => {
    const before = value.patterns[at];
    return one.kind !== "fieldref" || (before?.kind === "fieldref" && before.other === one.other);
  });
  return isSame && patterns.length === value.patterns.length ? value : { ...value, patterns };
}

// Keywords stand anywhere in a value; of a field they have to keep that.
function withinField(item: DraftItem): DraftItem {
  const values = item.values.map(
    (value) =>
      mapTextPatterns(value, (one) => ({ ...one, pieces: surround(one.pieces, true, true) })) ??
      value,
  );
  const { modifiers } = item;
  const isText = !modifiers.some((one) => one === "re" || one === "cidr" || one === "contains");
  return { ...item, values, modifiers: isText ? [...modifiers, "contains"] : modifiers };
}

/**
 * An item under several names: any of them may have the value. That a field is missing has to be true of all
 * of them, or nearly every event would do. `neq` turns both around.
 */
function spread(item: DraftItem, names: readonly string[]): DraftTree {
  const under = (field: string, values: readonly DraftValue[]): DraftTree => ({
    kind: "item",
    item: { ...item, field, values },
  });
  const [only] = names;
  if (names.length === 1 && only !== undefined) return under(only, item.values);
  const isNegated = item.modifiers.includes("neq");
  const [any, every] = isNegated ? (["and", "or"] as const) : (["or", "and"] as const);
  const absent = item.values.filter(isAbsence);
  const present = item.values.filter((value) => !isAbsence(value));
  const each = (kind: "and" | "or", values: readonly DraftValue[]): DraftTree[] =>
    values.length === 0
      ? []
      : [
          joinDrafts(
            kind,
            names.map((name) => under(name, values)),
          ),
        ];
  const parts = [...each(any, present), ...each(every, absent)];
  return joinDrafts(item.modifiers.includes("all") ? every : any, parts);
}

function isAbsence(value: DraftValue): boolean {
  return (
    value.kind === "ready" &&
    value.patterns.some(
      (one) => one.kind === "null" || (one.kind === "exists" && one.wanted === false),
    )
  );
}

function renameCorrelation(
  rule: CorrelationRule,
  rename: (field: string) => readonly string[],
): CorrelationRule {
  const single = (field: string): string => {
    const [name, ...more] = rename(field);
    if (name !== undefined && more.length === 0) return name;
    throw new PipelineRefusal(`"${field}" has several names, which a correlation can't use here`);
  };
  const aliases = new Map(
    [...rule.aliases].map(([alias, fields]) => [
      alias,
      new Map([...fields].map(([place, field]) => [place, single(field)])),
    ]),
  );
  return {
    ...rule,
    aliases,
    groupBy: rule.groupBy.flatMap((field) => (aliases.has(field) ? [field] : rename(field))),
    fields: rule.fields.map(single),
  };
}
