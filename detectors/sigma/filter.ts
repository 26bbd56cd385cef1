// Sigma filters: exceptions that live beside the rules, for some of them or for all of a log source. A
// filter's condition is a further demand on the rule, as written: exceptions say `not selection`.
// Source: Sigma specification 2.1, "Sigma Filters".
import { readAttributes } from "./attributes.ts";
import { buildDetection, draftDetection } from "./detection.ts";
import type { DetectionDraft } from "./draft.ts";
import { MissingPlaceholder } from "./placeholder.ts";
import { readLogSource } from "./read.ts";
import type { RuleReading } from "./reading.ts";
import type { LogSource, RuleFault, SigmaRule, Tree } from "./rule.ts";
import { type DocumentReader, isRecord, PlacedFault } from "./rule-document.ts";

export interface SigmaFilter {
  readonly id: string;
  readonly title: string;
  readonly logSource: LogSource;
  /** Ids or names of rules; "any": all rules of the log source. */
  readonly rules: readonly string[] | "any";
  /** `file:line:column` of each of the rules. */
  readonly rulePlaces: readonly string[];
  /** What must be true besides the rule, before pipelines. */
  readonly tree: Tree;
  readonly detection: DetectionDraft;
  /** Custom attribute `expires`: from this moment on it no longer applies, milliseconds since 1970 UTC. */
  readonly expires: number | undefined;
  /** Custom attribute `owner`: who answers for the exception. */
  readonly owner: string | undefined;
  readonly place: string;
}

/** @throws PlacedFault */
export function readFilter(
  value: Record<string, unknown>,
  reader: DocumentReader,
  { placeholders }: RuleReading,
): SigmaFilter {
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(value.filter)) {
    throw reader.fault(["filter"], "expected filter: keys and values");
  }
  const logSource = readLogSource(isRecord(value.logsource) ? value.logsource : {});
  if (Object.values(logSource).every((name) => name === undefined)) {
    throw reader.fault(["logsource"], "expected logsource: product, category or service");
  }
  const { rules: written, ...parts } = value.filter;
  const rules = readReferences(written);
  if (rules === undefined) {
    throw reader.fault(["filter", "rules"], 'expected rules: a list of rules, or "any"');
  }
  if (typeof parts.condition !== "string") {
    throw reader.fault(["filter", "condition"], "expected condition: a text");
  }
  const detection = draftDetection(parts, ["filter"], reader);
  const { custom } = readAttributes(value);
  return {
    id: typeof value.id === "string" ? value.id : `${reader.origin}#${value.title}`,
    title: value.title,
    logSource,
    rules,
    rulePlaces: rules === "any" ? [] : placesOf(rules.length, written, reader),
    tree: firstTree(detection, placeholders, reader),
    detection,
    expires: readExpiry(custom.expires, reader),
    owner: typeof custom.owner === "string" ? custom.owner : undefined,
    place: reader.place([]),
  };
}

function readReferences(written: unknown): readonly string[] | "any" | undefined {
  if (typeof written === "string") return written.toLowerCase() === "any" ? "any" : [written];
  if (!Array.isArray(written) || written.length === 0) return undefined;
  return written.map(String);
}

function placesOf(length: number, written: unknown, reader: DocumentReader): string[] {
  const path = ["filter", "rules"];
  return Array.from({ length }, (_one, at) =>
    reader.place(Array.isArray(written) ? [...path, at] : path),
  );
}

function firstTree(
  detection: DetectionDraft,
  placeholders: RuleReading["placeholders"],
  reader: DocumentReader,
): Tree {
  try {
    return buildDetection(detection, [], placeholders, reader.fault);
  } catch (error) {
    if (error instanceof MissingPlaceholder) throw reader.fault(["filter"], error.message);
    throw error;
  }
}

const DAY_MS = 86_400_000;

// A day is meant to its end, UTC.
function readExpiry(value: unknown, reader: DocumentReader): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = Date.parse(text);
  const isReal = isDay && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (!isReal) throw reader.fault(["expires"], "expected expires: a day such as 2027-01-31");
  return time + DAY_MS;
}

/** Whether the filter is meant for the rule. */
export function isFilterFor(filter: SigmaFilter, rule: SigmaRule): boolean {
  const { product, category, service } = filter.logSource;
  const own = rule.writtenLogSource ?? rule.logSource;
  const fits =
    (product === undefined || product === own.product) &&
    (category === undefined || category === own.category) &&
    (service === undefined || service === own.service);
  if (!fits || filter.rules === "any") return fits;
  return filter.rules.some((one) => one === rule.info.id || one === rule.name);
}

/** Rules with their filters, and what went wrong with which filter. */
export interface FilteredRules {
  readonly rules: readonly SigmaRule[];
  readonly faults: readonly RuleFault[];
}

/** The rules with the filters that are meant for them. A filter that can't be applied to a rule is told of. */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly SigmaFilter[],
  reading: RuleReading,
): FilteredRules {
  const faults: RuleFault[] = [];
  const filtered = rules.map((rule) => {
    const trees: Tree[] = [];
    const ids: string[] = [];
    for (const filter of rule.inactive === undefined ? filters : []) {
      if (!isFilterFor(filter, rule)) continue;
      try {
        trees.push(treeFor(filter, rule, reading));
        ids.push(filter.id);
      } catch (error) {
        if (!(error instanceof PlacedFault)) throw error;
        faults.push(error.fault);
      }
    }
    if (trees.length === 0) return rule;
    const tree: Tree = { kind: "and", children: [rule.tree, ...trees] };
    return { ...rule, tree, filteredBy: [...rule.filteredBy, ...ids] };
  });
  return { rules: filtered, faults };
}

// A filter's fields are those of the rule's log source, so the pipelines see them as the rule's.
function treeFor(filter: SigmaFilter, rule: SigmaRule, reading: RuleReading): Tree {
  if (reading.pipeline === undefined) return filter.tree;
  const { info, name, attributes } = rule;
  const { place, title, detection } = filter;
  const fault = (_path: unknown, message: string) =>
    new PlacedFault({
      code: "HW_RULE_INVALID",
      place,
      title,
      message: `for the rule "${info.title}": ${message}`,
    });
  const logSource = rule.writtenLogSource ?? rule.logSource;
  const draft = { info, name, attributes, logSource, detection, guards: [] };
  const shaped = reading.pipeline.shape(draft, fault);
  return buildDetection(shaped.detection, shaped.guards, reading.placeholders, fault);
}
