// What `heidewacht rules list` prints: the rules and correlations that can be loaded, the most severe first.
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { type Level, levelRank } from "../../detectors/detector.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { logSourceText, type RuleCheck } from "../rules/rule-check.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { jsonText, printable } from "./rules-text.ts";

export const LIST_FORMATS = ["table", "json"] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export interface ListFilter {
  readonly level?: Level;
  readonly product?: string;
}

const TITLE_CHARACTERS_MAX = 72;

type Listed = SigmaRule | CorrelationRule;

/** The list, ending with a line break. */
export function listReport(
  check: RuleCheck,
  filter: ListFilter,
  format: ListFormat,
  language: CliLanguage,
): string {
  const isWanted = ofProduct(check, filter.product?.toLowerCase());
  const listed = [...check.rules, ...check.correlations]
    .filter(({ info }) => filter.level === undefined || info.level === filter.level)
    .filter(isWanted)
    .sort(
      (a, b) =>
        levelRank(b.info.level) - levelRank(a.info.level) ||
        a.info.title.localeCompare(b.info.title, language),
    );
  return format === "json" ? jsonList(listed) : tableList(listed, check, language);
}

/** A correlation is for the products of what it joins. */
function ofProduct(
  { rules, correlations }: RuleCheck,
  product: string | undefined,
): (rule: Listed) => boolean {
  if (product === undefined) return () => true;
  const wanted = new Set<string>();
  const want = ({ info, name }: Listed) => {
    wanted.add(info.id);
    if (name !== undefined) wanted.add(name);
  };
  for (const rule of rules) if (rule.logSource.product === product) want(rule);
  // Correlations join correlations: each round reaches one level more.
  for (let before = -1; before < wanted.size; ) {
    before = wanted.size;
    for (const one of correlations) if (one.rules.some((name) => wanted.has(name))) want(one);
  }
  return ({ info }) => wanted.has(info.id);
}

function jsonList(all: readonly Listed[]): string {
  const list = all.map((rule) => {
    const { info, name, attributes, place } = rule;
    return {
      kind: "logSource" in rule ? "rule" : "correlation",
      level: info.level,
      title: info.title,
      id: info.id,
      name,
      status: info.status,
      ...("logSource" in rule
        ? { logsource: rule.logSource, filters: rule.filteredBy }
        : { correlation: partsOf(rule) }),
      tactics: info.tactics,
      techniques: info.techniques,
      author: attributes.author,
      license: attributes.license,
      date: attributes.date,
      modified: attributes.modified,
      related: attributes.related,
      custom: attributes.custom,
      place,
    };
  });
  return jsonText(list);
}

function partsOf({ type, rules, groupBy, timespanMs, generate }: CorrelationRule) {
  return { type, rules, groupBy, timespanSeconds: timespanMs / 1000, generate };
}

function tableList(all: readonly Listed[], check: RuleCheck, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const rows = [
    [...text.columns],
    ...all.map((rule) => [
      rule.info.level,
      shorten(printable(rule.info.title)),
      printable(rule.info.id),
      sourceOf(rule, language),
      printable(rule.info.tactics.join(", ")),
    ]),
  ];
  const widths = text.columns.map((_name, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const faults = check.faults.length;
  const correlations = all.filter((rule) => !("logSource" in rule)).length;
  const sums = [
    text.listed(all.length - correlations, correlations),
    ...(faults === 0 ? [] : [text.leftOutFaults(faults)]),
  ];
  return `${[...lines, "", ...sums].join("\n")}\n`;
}

function sourceOf(rule: Listed, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  if (!("logSource" in rule)) return text.correlation(rule.type, rule.rules.length);
  return printable(logSourceText(rule.logSource)) || text.anyLogSource;
}

function shorten(title: string): string {
  return title.length <= TITLE_CHARACTERS_MAX
    ? title
    : `${title.slice(0, TITLE_CHARACTERS_MAX - 1)}…`;
}
