// Sigma filters: exceptions that live beside the rules, for some of them or for all of a log source.
// Source: Sigma specification 2.1, "Sigma Filters".
import type { Placeholders } from "./item.ts";
import { readDetection, readLogSource } from "./read.ts";
import type { LogSource, SigmaRule, Tree } from "./rule.ts";
import { type DocumentReader, isRecord } from "./rule-document.ts";

export interface SigmaFilter {
  readonly id: string;
  readonly title: string;
  readonly logSource: LogSource;
  /** Ids or names of rules; "any": all rules of the log source. */
  readonly rules: readonly string[] | "any";
  /** What must be true besides the rule. */
  readonly tree: Tree;
  readonly place: string;
}

/** @throws PlacedFault, MissingPlaceholder */
export function readFilter(
  value: Record<string, unknown>,
  reader: DocumentReader,
  placeholders: Placeholders,
): SigmaFilter {
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(value.filter)) {
    throw reader.fault(["filter"], "expected filter: keys and values");
  }
  const { rules, ...detection } = value.filter;
  const named = Array.isArray(rules) ? rules.map(String) : undefined;
  if (named === undefined && rules !== "any") {
    throw reader.fault(["filter", "rules"], 'expected rules: a list of rules, or "any"');
  }
  return {
    id: typeof value.id === "string" ? value.id : `${reader.origin}#${value.title}`,
    title: value.title,
    logSource: readLogSource(isRecord(value.logsource) ? value.logsource : {}),
    rules: named ?? "any",
    tree: readDetection(detection, ["filter"], reader, placeholders),
    place: reader.place([]),
  };
}

/** The rules with the filters that name them. */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly SigmaFilter[],
): SigmaRule[] {
  return rules.map((rule) => {
    const meant = filters.filter((filter) => isMeant(filter, rule));
    if (meant.length === 0) return rule;
    const tree: Tree = { kind: "and", children: [rule.tree, ...meant.map((one) => one.tree)] };
    return { ...rule, tree, filteredBy: [...rule.filteredBy, ...meant.map(({ id }) => id)] };
  });
}

function isMeant(filter: SigmaFilter, rule: SigmaRule): boolean {
  const { product, category, service } = filter.logSource;
  const fits =
    (product === undefined || product === rule.logSource.product) &&
    (category === undefined || category === rule.logSource.category) &&
    (service === undefined || service === rule.logSource.service);
  if (!fits || filter.rules === "any") return fits;
  return filter.rules.some((one) => one === rule.info.id || one === rule.name);
}
