// What `heidewacht rules backtest` prints: a table for people, JSON for programs, JUnit for pipelines that
// let a rule in only when it stays within its bounds.
import type { BacktestResult, BacktestRule } from "../backtest/result.ts";
import type { CliLanguage } from "./messages.ts";
import { BACKTEST_MESSAGES } from "./rules-backtest-messages.ts";
import { jsonText, printable } from "./rules-text.ts";
import { fitted, tableLines } from "./text-table.ts";

export const BACKTEST_FORMATS = ["text", "json", "junit"] as const;
export type BacktestFormat = (typeof BACKTEST_FORMATS)[number];

/** What a rule has to hold; undefined: anything goes. */
export interface BacktestBounds {
  readonly findingsPerDayMax: number | undefined;
  readonly mustHit: boolean;
}

export interface BacktestReport {
  readonly result: BacktestResult;
  readonly bounds: BacktestBounds;
  /** Damaged places of the archive. */
  readonly damaged: number;
}

/** Why a rule fails; undefined: it holds. */
export function failureOf(
  rule: BacktestRule,
  { findingsPerDayMax, mustHit }: BacktestBounds,
  language: CliLanguage,
): string | undefined {
  const text = BACKTEST_MESSAGES[language];
  const number = new Intl.NumberFormat(text.locale);
  const worst = worstDay(rule);
  if (
    findingsPerDayMax !== undefined &&
    !rule.isSilenced &&
    worst !== undefined &&
    worst.findings > findingsPerDayMax
  ) {
    return text.tooMany(number.format(worst.findings), worst.day, number.format(findingsPerDayMax));
  }
  return mustHit && rule.hits === 0 ? text.noHits : undefined;
}

/** The report, ending with a line break. */
export function backtestReport(
  report: BacktestReport,
  format: BacktestFormat,
  language: CliLanguage,
  width: number,
): string {
  switch (format) {
    case "text":
      return textReport(report, language, width);
    case "json":
      return jsonReport(report, language);
    case "junit":
      return junitReport(report, language);
  }
}

function worstDay({ days }: BacktestRule): BacktestRule["days"][number] | undefined {
  return days.reduce<BacktestRule["days"][number] | undefined>(
    (worst, day) => (worst === undefined || day.findings > worst.findings ? day : worst),
    undefined,
  );
}

function noteOf(rule: BacktestRule, bounds: BacktestBounds, language: CliLanguage): string {
  const text = BACKTEST_MESSAGES[language];
  const failure = failureOf(rule, bounds, language);
  const notes = [
    ...(failure === undefined ? [] : [failure]),
    ...(rule.joins === undefined ? [] : [text.joins(rule.joins.join(", "))]),
    ...(rule.isSilenced ? [text.silenced] : []),
    ...(rule.inactive === undefined ? [] : [text.inactive(rule.inactive)]),
    ...(rule.isReached ? [] : [text.notReached]),
    ...(rule.isExact ? [] : [text.notExact(rule.inexactFields.join(", "))]),
  ];
  return printable(notes.join("; "));
}

function textReport(
  { result, bounds, damaged }: BacktestReport,
  language: CliLanguage,
  width: number,
): string {
  const text = BACKTEST_MESSAGES[language];
  const number = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(text.locale, { style: "percent" });
  const isTold = (rule: BacktestRule) =>
    rule.hits > 0 || result.ruleCount === 1 || failureOf(rule, bounds, language) !== undefined;
  const told = result.rules
    .filter(isTold)
    .sort((one, other) => other.findings - one.findings || other.hits - one.hits);
  const rows = told.map((rule) => [
    rule.level,
    printable(rule.title),
    number.format(rule.hits),
    number.format(rule.findings),
    number.format(worstDay(rule)?.findings ?? 0),
  ]);
  const notes = told.flatMap((rule) => {
    const note = noteOf(rule, bounds, language);
    return note === "" ? [] : [`${printable(rule.title)}: ${note}`];
  });
  const columns = [
    { title: text.columns.level },
    { title: text.columns.rule, shrinks: true },
    { title: text.columns.hits, align: "right" },
    { title: text.columns.findings, align: "right" },
    { title: text.columns.most, align: "right" },
  ] as const;
  const seconds = number.format(result.durationMs / 1000);
  const counts = [result.events, result.unparsed].map((count) => number.format(count));
  const quiet = result.rules.filter((rule) => !isTold(rule));
  const inexact = quiet.filter(({ isExact }) => !isExact).length;
  const lines = [
    ...(rows.length === 0 ? [] : [...tableLines(columns, rows, width), ""]),
    ...(notes.length === 0 ? [] : [...notes, ""]),
    ...sampleLines(told, language, width),
    ...faultLines(result),
    text.read(counts[0] ?? "", counts[1] ?? "", share.format(result.share), seconds),
    text.sums(...sumsOf(result, number)),
    ...(quiet.length === 0
      ? []
      : [text.quiet(number.format(quiet.length), number.format(inexact))]),
    ...(result.stopped === undefined ? [] : [text.stopped[result.stopped]]),
    ...(result.isCut ? [text.cut] : []),
    ...(result.isCorrelationCut ? [text.correlationCut(number.format(result.observations))] : []),
    ...(damaged === 0 ? [] : [text.damaged(number.format(damaged))]),
  ];
  return `${lines.join("\n")}\n`;
}

function sumsOf(
  { ruleCount, hits, findings }: BacktestResult,
  number: Intl.NumberFormat,
): [string, string, string] {
  return [number.format(ruleCount), number.format(hits), number.format(findings)];
}

function faultLines({ faults }: BacktestResult): string[] {
  const lines = faults.map(({ place, code, message }) =>
    [place, code, message].map(printable).join("  "),
  );
  return lines.length === 0 ? [] : [...lines, ""];
}

// Of few rules each sample with what matched; of many nobody reads them here.
const SAMPLED_RULES_MAX = 5;

function sampleLines(
  rules: readonly BacktestRule[],
  language: CliLanguage,
  width: number,
): string[] {
  if (rules.length > SAMPLED_RULES_MAX) return [];
  const { sample } = BACKTEST_MESSAGES[language];
  return rules.flatMap((rule) =>
    rule.samples.flatMap(({ time, groupKey, eventId, matched }) => [
      fitted(
        printable(
          `${sample}: ${rule.title}  ${new Date(time).toISOString()}  ${groupKey}  ${eventId}`,
        ),
        width,
      ),
      ...matched.map(({ field, operator, value }) =>
        fitted(printable(`${field} ${operator}: ${value}`), width - 2).replace(/^/, "  "),
      ),
      "",
    ]),
  );
}

function jsonReport({ result, bounds, damaged }: BacktestReport, language: CliLanguage): string {
  const rules = result.rules.map((rule) => {
    const failure = failureOf(rule, bounds, language);
    return failure === undefined ? rule : { ...rule, failure };
  });
  return jsonText({ ...result, rules, damaged });
}

// Format: the XML of JUnit as Jenkins, GitLab and GitHub's actions read it; one suite, one case a rule.
function junitReport({ result, bounds }: BacktestReport, language: CliLanguage): string {
  const cases = result.rules.map((rule) => {
    const failure = failureOf(rule, bounds, language);
    const note = noteOf(rule, { findingsPerDayMax: undefined, mustHit: false }, language);
    return [
      `    <testcase classname=${quoted(rule.origin)} name=${quoted(`${rule.title} (${rule.id})`)}>`,
      ...(failure === undefined
        ? []
        : [`      <failure message=${quoted(failure)} type="bounds">${daysOf(rule)}</failure>`]),
      ...(note === "" ? [] : [`      <system-out>${escaped(note)}</system-out>`]),
      "    </testcase>",
    ].join("\n");
  });
  const faults = result.faults.map(({ place, code, message }) =>
    [
      `    <testcase classname=${quoted(place)} name=${quoted(code)}>`,
      `      <error message=${quoted(message)} type=${quoted(code)}></error>`,
      "    </testcase>",
    ].join("\n"),
  );
  const failures = result.rules.filter((one) => failureOf(one, bounds, language) !== undefined);
  const seconds = (result.durationMs / 1000).toFixed(3);
  const counts = `tests="${cases.length + faults.length}" failures="${failures.length}" errors="${faults.length}" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="heidewacht rules backtest" ${counts}>`,
    `  <testsuite name="backtest" ${counts}>`,
    ...cases,
    ...faults,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function daysOf({ days }: BacktestRule): string {
  return days.map(({ day, hits, findings }) => `${day}: ${hits} / ${findings}`).join("\n");
}

function quoted(value: string): string {
  return `"${escaped(value)}"`;
}

// What XML 1.0 has no character for can't be escaped either; `printable` took it out.
function escaped(value: string): string {
  return printable(value)
    .replace(/[\ufffe\uffff]|\p{Cs}/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
