// `heidewacht parse test`: proves mapping files by the tests beside them.

import { AppError } from "../../config/errors.ts";
import type { LineRefusal } from "../normalize/mapping/line-reader.ts";
import { loadMappings } from "../normalize/mapping/mapping-folder.ts";
import type { MappingFault } from "../normalize/mapping/mapping-source.ts";
import {
  runMappingTests,
  type TestDifference,
  type TestResult,
} from "../normalize/mapping/mapping-tests.ts";
import type { CliLanguage } from "./messages.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";
import { printable } from "./rules-text.ts";

export interface MappingsTest {
  readonly report: string;
  readonly isFailed: boolean;
}

/** @throws AppError HW_NOT_FOUND when there is no mapping file, so that a wrong path never looks clean */
export function testMappings(paths: readonly string[], language: CliLanguage): MappingsTest {
  const text = PARSE_MESSAGES[language];
  const { mappings, faults } = loadMappings(paths, language);
  if (mappings.length + faults.length === 0) {
    throw new AppError("HW_NOT_FOUND", text.noMappings, {
      place: paths.join(" "),
      mend: text.noMappingsMend,
    });
  }
  const lines: string[] = [];
  const allFaults: MappingFault[] = [...faults];
  let tests = 0;
  let failures = 0;
  for (const { format, path, tests: file } of mappings) {
    if (file === undefined) {
      lines.push(text.untested(path));
      continue;
    }
    const run = runMappingTests(file, format, language);
    if ("faults" in run) {
      allFaults.push(...run.faults);
      continue;
    }
    const failed = run.results.filter(({ differences }) => differences.length > 0);
    tests += run.results.length;
    failures += failed.length;
    lines.push(
      failed.length === 0
        ? text.mappingPassed(path, run.results.length)
        : text.mappingFailed(path, failed.length, run.results.length),
      ...failed.flatMap((result) => failureLines(result, language)),
    );
  }
  const end = text.tested(mappings.length, tests, failures, allFaults.length);
  return {
    report: `${[...allFaults.flatMap((fault) => faultLines(fault, language)), ...lines, end].join("\n")}\n`,
    isFailed: failures + allFaults.length > 0,
  };
}

function faultLines({ place, path, message, mend }: MappingFault, language: CliLanguage): string[] {
  const where = path === "" ? "" : `${path}: `;
  return [
    `${printable(place)}  ${printable(where + message)}`,
    `    ${PARSE_MESSAGES[language].mend}: ${mend}`,
  ];
}

function failureLines({ place, line, differences }: TestResult, language: CliLanguage): string[] {
  return [
    `  ${printable(place)}  ${printable(line)}`,
    ...differences.flatMap((one) => differenceLines(one, language)),
  ];
}

function differenceLines(difference: TestDifference, language: CliLanguage): string[] {
  const text = PARSE_MESSAGES[language];
  if ("accepted" in difference) return [`    ${text.accepted}`];
  if ("refusal" in difference) {
    const { message, cause } = difference.refusal;
    return refusalTexts(message, cause, language).map((one) => `    ${text.refused(one)}`);
  }
  const { what, expected, seen } = difference;
  const found = text.seen(seen === undefined ? text.absent : printable(seen));
  return [`    ${text.expected(what, printable(expected))}, ${found}`];
}

function refusalTexts(message: string, cause: unknown, language: CliLanguage): string[] {
  const text = PARSE_MESSAGES[language];
  if (!isRefusal(cause)) return [message];
  switch (cause.kind) {
    case "pattern":
      return cause.misses.map(({ at, expected }, index) =>
        text.leftAt(index + 1, at + 1, expected === "" ? text.lineEnd : printable(expected)),
      );
    case "columns":
      return [text.columnCount(cause.expected, cause.found)];
    case "no-pairs":
      return [text.noPairs];
    case "no-json":
      return [text.noJson];
  }
}

function isRefusal(cause: unknown): cause is LineRefusal {
  return typeof cause === "object" && cause !== null && "kind" in cause;
}
