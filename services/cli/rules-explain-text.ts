// An explained rule as text or JSON. Truth is told by a sign and a word; colours only repeat it, and NO_COLOR
// is honoured.
import { styleText } from "node:util";
import type {
  ExplainedItem,
  ExplainedNode,
  ExplainedRule,
} from "../../detectors/sigma/explain-tree.ts";
import { logSourceText } from "../rules/rule-check.ts";
import type { CliLanguage } from "./messages.ts";
import type { FoundEvent, FoundRule } from "./rules-explain.ts";
import { EXPLAIN_MESSAGES } from "./rules-explain-messages.ts";
import { jsonText, printable } from "./rules-text.ts";

export const EXPLAIN_FORMATS = ["text", "json"] as const;
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

const VALUE_CHARACTERS_MAX = 240;
const PATTERN_CHARACTERS_MAX = 100;
const VALUES_SHOWN = 5;
const PATTERNS_SHOWN = 3;
const TITLE_WIDTH = 11;

/** The report, ending with a line break. */
export function explainReport(
  found: FoundRule,
  event: FoundEvent,
  explained: ExplainedRule,
  format: ExplainFormat,
  language: CliLanguage,
): string {
  if (format === "json") return jsonReport(found, event, explained);
  const text = EXPLAIN_MESSAGES[language];
  const { rule, conditions } = found;
  const { logSource, condition, filters } = explained;
  const titled = (title: string, ...lines: string[]) =>
    lines.map((line, at) => `${(at === 0 ? title : "").padEnd(TITLE_WIDTH)}${line}`);
  const time = new Date(event.event.time).toISOString();
  const names = (all: readonly string[]) => all.map(printable).join(", ");
  const has = text.has(
    names(logSource.products),
    names(logSource.categories),
    names(logSource.services),
  );
  const lines = [
    ...titled(
      text.titles.rule,
      printable(rule.info.title),
      printable(`${rule.info.id}  ${rule.place}`),
    ),
    ...titled(text.titles.event, text.eventAt(event.format, time, event.line)),
    ...titled(
      text.titles.logSource,
      `${truth(logSource.holds, language)}  ${printable(logSourceText(logSource.wanted)) || text.anyLogSource}`,
      `${text.eventHas}: ${has}`,
    ),
    ...titled(text.titles.condition, ...conditions.map(printable)),
    "",
    ...nodeLines(condition, 0, language),
    ...filters.flatMap(({ id, node }) => [
      "",
      `${text.titles.filter} ${printable(id)}`,
      ...nodeLines(node, 1, language),
    ]),
    "",
    `${text.titles.result}: ${mark(explained.fires)} ${resultText(rule.inactive, explained, language)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function resultText(
  inactive: string | undefined,
  { fires, logSource, condition }: ExplainedRule,
  language: CliLanguage,
): string {
  const { silent, fires: loud } = EXPLAIN_MESSAGES[language];
  if (fires) return loud;
  if (inactive !== undefined) return `${silent.inactive} (${printable(inactive)})`;
  if (!logSource.holds) return silent.logSource;
  return condition.holds ? silent.filter : silent.condition;
}

function mark(holds: boolean): string {
  return styleText(holds ? "green" : "red", holds ? "✓" : "✗");
}

function truth(holds: boolean, language: CliLanguage): string {
  const { yes, no } = EXPLAIN_MESSAGES[language].truth;
  const width = Math.max(yes.length, no.length);
  return `${mark(holds)} ${(holds ? yes : no).padEnd(width)}`;
}

function nodeLines(node: ExplainedNode, depth: number, language: CliLanguage): string[] {
  const text = EXPLAIN_MESSAGES[language];
  const indent = "  ".repeat(depth);
  const name = node.name === undefined ? "" : `${printable(node.name)}: `;
  const head = `${truth(node.holds, language)}  ${indent}${name}`;
  switch (node.kind) {
    case "item":
      return itemLines(node, head, indent, language);
    case "not":
      return [`${head}${text.joins.not}`, ...nodeLines(node.child, depth + 1, language)];
    default:
      return [
        `${head}${text.joins[node.kind]}`,
        ...node.children.flatMap((child) => nodeLines(child, depth + 1, language)),
      ];
  }
}

function itemLines(
  item: ExplainedItem,
  head: string,
  indent: string,
  language: CliLanguage,
): string[] {
  const text = EXPLAIN_MESSAGES[language];
  const { field, operator, patterns, matched, values, place, places } = item;
  const margin = `${" ".repeat(TITLE_WIDTH)}${indent}`;
  const name = field === undefined ? text.keywords : printable(field);
  const lines = [`${head}${name} ${operator} ${patternText(patterns, language)}`];
  if (patterns.length > 1 && matched !== undefined) {
    lines.push(`${margin}${text.pattern}: ${visible(matched, PATTERN_CHARACTERS_MAX, language)}`);
  }
  if (values === undefined) {
    const where =
      places.length === 0 ? text.nowhere : `${text.lookedFor} ${places.map(printable).join(", ")}`;
    lines.push(`${margin}${field === undefined ? text.notFound : `${text.missing} (${where})`}`);
    return lines;
  }
  const shown = values
    .slice(0, VALUES_SHOWN)
    .map((value) => visible(value, VALUE_CHARACTERS_MAX, language));
  const more = values.length - VALUES_SHOWN;
  const title = values.length > 1 ? text.values : text.value;
  const from = place === undefined || place === field ? "" : `  (${printable(place)})`;
  lines.push(
    `${margin}${title}: ${shown.join(" | ")}${more > 0 ? ` ${text.more(more)}` : ""}${from}`,
  );
  return lines;
}

function patternText(patterns: readonly string[], language: CliLanguage): string {
  const text = EXPLAIN_MESSAGES[language];
  const shown = patterns
    .slice(0, PATTERNS_SHOWN)
    .map((pattern) => visible(pattern, PATTERN_CHARACTERS_MAX, language));
  if (patterns.length === 1) return shown.join("");
  const more = patterns.length - PATTERNS_SHOWN;
  return `${text.patterns(patterns.length)}: ${shown.join(" | ")}${more > 0 ? ` ${text.more(more)}` : ""}`;
}

const PICTURES = new Map([
  ["\n", "␊"],
  ["\r", "␍"],
  ["\t", "␉"],
  ["\0", "␀"],
]);

/** A value in one line; what would not be seen, or could steer the terminal, is made visible. */
function visible(value: string, charactersMax: number, language: CliLanguage): string {
  const cut = value.length > charactersMax ? value.slice(0, charactersMax) : value;
  const shown = cut.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) =>
      PICTURES.get(character) ??
      `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
  const text = shown === "" ? '""' : shown;
  return cut === value ? text : `${text}${EXPLAIN_MESSAGES[language].cut(value.length)}`;
}

function jsonReport(
  { rule, conditions }: FoundRule,
  event: FoundEvent,
  explained: ExplainedRule,
): string {
  return jsonText({
    rule: { id: rule.info.id, title: rule.info.title, place: rule.place, conditions },
    event: {
      format: event.format,
      line: event.line,
      time: new Date(event.event.time).toISOString(),
    },
    ...explained,
  });
}
