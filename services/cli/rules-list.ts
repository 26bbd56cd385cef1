// What `heidewacht rules list` prints: the rules that can be loaded, the most severe first.
import { type Level, levelRank } from "../../detectors/detector.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { logSourceText, type RuleCheck } from "../rules/rule-check.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { printable } from "./rules-text.ts";

export const LIST_FORMATS = ["table", "json"] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export interface ListFilter {
  readonly level?: Level;
  readonly product?: string;
}

const TITLE_CHARACTERS_MAX = 72;

/** The list, ending with a line break. */
export function listReport(
  check: RuleCheck,
  filter: ListFilter,
  format: ListFormat,
  language: CliLanguage,
): string {
  const product = filter.product?.toLowerCase();
  const rules = check.rules
    .filter(({ info }) => filter.level === undefined || info.level === filter.level)
    .filter(({ logSource }) => product === undefined || logSource.product === product)
    .sort(
      (a, b) =>
        levelRank(b.info.level) - levelRank(a.info.level) ||
        a.info.title.localeCompare(b.info.title, language),
    );
  return format === "json" ? jsonList(rules) : tableList(rules, check, language);
}

function jsonList(rules: readonly SigmaRule[]): string {
  const list = rules.map(({ info, name, attributes, logSource, filteredBy, place }) => ({
    level: info.level,
    title: info.title,
    id: info.id,
    name,
    status: info.status,
    logsource: logSource,
    tactics: info.tactics,
    techniques: info.techniques,
    author: attributes.author,
    license: attributes.license,
    date: attributes.date,
    modified: attributes.modified,
    related: attributes.related,
    filters: filteredBy,
    custom: attributes.custom,
    place,
  }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

function tableList(rules: readonly SigmaRule[], check: RuleCheck, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const rows = [
    [...text.columns],
    ...rules.map(({ info, logSource }) => [
      info.level,
      shorten(printable(info.title)),
      printable(info.id),
      printable(logSourceText(logSource)) || text.anyLogSource,
      printable(info.tactics.join(", ")),
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
  return `${[...lines, "", text.listed(rules.length), ...(faults === 0 ? [] : [text.leftOutFaults(faults)])].join("\n")}\n`;
}

function shorten(title: string): string {
  return title.length <= TITLE_CHARACTERS_MAX
    ? title
    : `${title.slice(0, TITLE_CHARACTERS_MAX - 1)}…`;
}
