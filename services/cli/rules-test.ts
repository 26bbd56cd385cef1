// `heidewacht rules test`: proves rules by their samples, through the same parsers and the same engine
// that the service runs.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { MatchedField } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import type { Format } from "../normalize/format.ts";
import { createNormalizer, eventOrThrow } from "../normalize/normalizer.ts";
import type { RuleCheck } from "../rules/rule-check.ts";
import {
  proveRules,
  type RuleSamples,
  readSampleFolder,
  type SampleFailure,
} from "../rules/rule-samples.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { junitReport } from "./rules-test-junit.ts";
import { faultLine, jsonText, printable, splitPlace } from "./rules-text.ts";

export const TEST_FORMATS = ["text", "json", "junit"] as const;
export type TestFormat = (typeof TEST_FORMATS)[number];

export interface RulesTest {
  /** All samples, by rule. */
  readonly proven: readonly RuleSamples[];
  /** Id of a rule → its title. */
  readonly titles: ReadonlyMap<string, string>;
  readonly samples: number;
  /** Rules without samples. */
  readonly untested: readonly Pick<SigmaRule, "info" | "place">[];
  readonly failures: readonly SampleFailure[];
  /** Faults of rules and of sample files. */
  readonly faults: readonly RuleFault[];
  readonly isFailed: boolean;
}

/** Samples without a time of their own are taken as received now, which for a test is a fixed moment. */
const RECEIVED_AT = Date.UTC(2026, 10, 21);
const VALUE_CHARACTERS_MAX = 120;
const UNTESTED_SHOWN = 10;

/**
 * @param mapped formats of mapping files, which samples may name too
 * @throws AppError HW_NOT_FOUND when the folder is missing
 */
export function testRules(
  check: RuleCheck,
  folder: string,
  logSources: readonly LogSourceTable[],
  mapped: readonly Format[] = [],
): RulesTest {
  const read = readSampleFolder(folder);
  const engine = createSigmaEngine({ rules: check.rules, logSources });
  const failures = proveRules(read.rules, engine, check.correlations, createSampleReader(mapped));
  const all = [...engine.rules, ...check.correlations];
  const proven = new Set(read.rules.map(({ rule }) => rule));
  const faults = [...check.faults, ...read.faults];
  return {
    proven: read.rules,
    titles: new Map(all.map(({ info }) => [info.id, info.title])),
    samples: read.rules.reduce((sum, { samples }) => sum + samples.length, 0),
    untested: all.filter(({ info }) => !proven.has(info.id)),
    failures,
    faults,
    // No samples at all is a wrong folder, and not a success.
    isFailed: failures.length > 0 || faults.length > 0 || proven.size === 0,
  };
}

/** The report, ending with a line break. */
export function testReport(result: RulesTest, format: TestFormat, language: CliLanguage): string {
  switch (format) {
    case "text":
      return textReport(result, language);
    case "json":
      return jsonReport(result, language);
    case "junit":
      return junitReport(result, (failure) => failureLines(failure, language));
  }
}

function textReport(result: RulesTest, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const { untested } = result;
  const rest = untested.length - UNTESTED_SHOWN;
  const lines = [
    ...result.faults.map(faultLine),
    ...result.failures.flatMap((failure) => failureLines(failure, language)),
    text.tested(provenRules(result), result.samples, result.failures.length),
    ...(untested.length === 0 ? [] : [text.untested(untested.length)]),
    ...untested
      .slice(0, UNTESTED_SHOWN)
      .map(({ info, place }) => `  ${printable(info.title)}  (${printable(place)})`),
    ...(rest > 0 ? [`  ${text.more(rest)}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** How many rules have samples. */
export function provenRules({ proven }: RulesTest): number {
  return new Set(proven.map(({ rule }) => rule)).size;
}

function jsonReport(result: RulesTest, language: CliLanguage): string {
  return jsonText({
    rules: provenRules(result),
    samples: result.samples,
    failures: result.failures.map((failure) => ({
      ...splitPlace(failure.place),
      rule: failure.rule,
      reason: failure.reason,
      message: failureLines(failure, language).join("\n"),
    })),
    faults: result.faults.map(({ place, code, title, message }) => ({
      ...splitPlace(place),
      code,
      title,
      message,
    })),
    untested: result.untested.map(({ info, place }) => ({
      ...splitPlace(place),
      id: info.id,
      title: info.title,
    })),
  });
}

function failureLines(failure: SampleFailure, language: CliLanguage): string[] {
  const text = RULES_MESSAGES[language];
  const at = (message: string) => `${printable(failure.place)}  ${printable(message)}`;
  switch (failure.reason) {
    case "no-rule":
      return [at(text.noSuchRule(failure.rule))];
    case "not-read":
      return [at(text.sampleNotRead(failure.message))];
    case "silent": {
      const others = failure.others.join("; ");
      const instead = others === "" ? text.nothingFired : text.othersFired(others);
      return [at(text.silent(failure.title)), `    ${printable(instead)}`];
    }
    case "loud":
      return [at(text.loud(failure.title)), ...failure.matched.map(matchedLine)];
  }
}

function matchedLine({ field, operator, pattern, value }: MatchedField): string {
  const shown = printable(value).slice(0, VALUE_CHARACTERS_MAX);
  return `    ${printable(field)} ${operator} ${printable(pattern)}  ←  ${shown}`;
}

function createSampleReader(
  formats: readonly Format[],
): (format: string, text: string) => LogEvent {
  const normalizer = createNormalizer({ mappings: [], formats });
  return (format, text) => {
    const made = normalizer.normalize(
      {
        id: "sample",
        idFromSender: false,
        source: `sample-${format}`,
        format,
        timeZone: "Europe/Berlin",
        receivedAt: RECEIVED_AT,
        text,
      },
      "sample",
    );
    return eventOrThrow(made).event;
  };
}
