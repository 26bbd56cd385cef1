// `heidewacht rules test`: proves rules by their samples, through the same parsers and the same engine
// that the service runs.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { MatchedField } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { Format } from "../normalize/format.ts";
import { createNormalizer, eventOrThrow } from "../normalize/normalizer.ts";
import type { RuleCheck } from "../rules/rule-check.ts";
import { proveRules, readSampleFolder, type SampleFailure } from "../rules/rule-samples.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { faultLine, printable } from "./rules-text.ts";

interface RulesTest {
  /** Rules with samples. */
  readonly rules: number;
  readonly samples: number;
  /** Rules without samples. */
  readonly untested: number;
  readonly failures: readonly SampleFailure[];
  /** Faults of rules and of sample files. */
  readonly faults: readonly RuleFault[];
  readonly isFailed: boolean;
}

/** Samples without a time of their own are taken as received now, which for a test is a fixed moment. */
const RECEIVED_AT = Date.UTC(2026, 10, 21);
const VALUE_CHARACTERS_MAX = 120;

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
  const failures = proveRules(read.rules, engine, createSampleReader(mapped));
  const proven = new Set(read.rules.map(({ rule }) => rule));
  const faults = [...check.faults, ...read.faults];
  return {
    rules: proven.size,
    samples: read.rules.reduce((sum, { samples }) => sum + samples.length, 0),
    untested: engine.rules.filter(({ info }) => !proven.has(info.id)).length,
    failures,
    faults,
    // No samples at all is a wrong folder, and not a success.
    isFailed: failures.length > 0 || faults.length > 0 || proven.size === 0,
  };
}

/** The report, ending with a line break. */
export function testReport(result: RulesTest, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const lines = [
    ...result.faults.map(faultLine),
    ...result.failures.flatMap((failure) => failureLines(failure, language)),
    text.tested(result.rules, result.samples, result.failures.length),
    ...(result.untested === 0 ? [] : [text.untested(result.untested)]),
  ];
  return `${lines.join("\n")}\n`;
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
