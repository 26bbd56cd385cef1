// Makes a format of a mapping file: patterns and times are compiled, names are checked against what the
// lines hold. Everything that is wrong is told at once.
import { isAppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { lineReader } from "./line-reader.ts";
import { mappedFormat } from "./mapped-format.ts";
import { MAPPING_MESSAGES, type MappingLanguage } from "./mapping-messages.ts";
import type { MappingFile } from "./mapping-schema.ts";
import { createTimeReader, type TimeReader } from "./mapping-time.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

/** Something wrong in a mapping, at a path of its file. */
export interface MappingIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly mend: string;
}

/** Names that a syslog header gives. */
const FRAME_NAMES = ["host", "program", "pid", "message_id", "facility", "severity"];

/** The format, or all that is wrong with it. */
export function compileMapping(
  mapping: MappingFile,
  language: MappingLanguage,
): { readonly format: Format } | { readonly issues: readonly MappingIssue[] } {
  const issues: MappingIssue[] = [];
  const time = timeReaderOf(mapping, language, issues);
  const patterns = patternsOf(mapping, time, language, issues);
  checkColumns(mapping, language, issues);
  if (issues.length === 0) checkNames(mapping, patterns, language, issues);
  if (issues.length > 0) return { issues };
  return { format: mappedFormat(mapping, lineReader(mapping, patterns), time) };
}

function timeReaderOf(
  { time }: MappingFile,
  language: MappingLanguage,
  issues: MappingIssue[],
): TimeReader | undefined {
  if (time === undefined) return undefined;
  const text = MAPPING_MESSAGES[language];
  try {
    return createTimeReader([time.format].flat(), time.zone);
  } catch (error) {
    if (!isAppError(error)) throw error;
    issues.push({
      path: ["time", "format"],
      message: text.time(error.message),
      mend: text.timeMend,
    });
    return undefined;
  }
}

function patternsOf(
  { pattern, time }: MappingFile,
  reader: TimeReader | undefined,
  language: MappingLanguage,
  issues: MappingIssue[],
): Pattern[] {
  if (pattern === undefined) return [];
  const text = MAPPING_MESSAGES[language];
  // A time that could not be compiled is told once, not at each pattern too.
  const piece = reader?.piece ?? (time === undefined ? undefined : () => undefined);
  return [pattern].flat().flatMap((source, index) => {
    const made = compilePattern(source, piece);
    if ("pattern" in made) return [made.pattern];
    for (const { kind, detail } of made.faults) {
      issues.push({
        path: Array.isArray(pattern) ? ["pattern", index] : ["pattern"],
        message: text.pattern[kind](detail),
        mend: text.patternMend,
      });
    }
    return [];
  });
}

function checkColumns({ csv }: MappingFile, language: MappingLanguage, issues: MappingIssue[]) {
  const text = MAPPING_MESSAGES[language];
  for (const [index, column] of (csv?.columns ?? []).entries()) {
    if (column === "-" || csv?.columns.indexOf(column) === index) continue;
    issues.push({
      path: ["csv", "columns", index],
      message: text.columnTwice(column),
      mend: text.keysMend,
    });
  }
}

// Names that no line can hold are slips of the pen. JSON and pairs may hold any.
function checkNames(
  mapping: MappingFile,
  patterns: readonly Pattern[],
  language: MappingLanguage,
  issues: MappingIssue[],
): void {
  const text = MAPPING_MESSAGES[language];
  const isOpen = mapping.json !== undefined || patterns.some(({ hasPairs }) => hasPairs);
  if (isOpen || (mapping.pattern === undefined && mapping.csv === undefined)) return;
  const own = [...new Set(patterns.flatMap(({ names }) => names)), ...(mapping.csv?.columns ?? [])];
  const known = new Set([...own, ...(mapping.syslog ? FRAME_NAMES : [])]);
  const check = (name: string, path: readonly (string | number)[]) => {
    if (known.has(name)) return;
    const message = text.unknownField(name, [...known].join(", "));
    issues.push({ path, message, mend: text.keysMend });
  };
  for (const [name, from] of Object.entries(mapping.fields)) check(from, ["fields", name]);
  for (const [name, { from }] of Object.entries(mapping.translate)) {
    check(from, ["translate", name, "from"]);
  }
  if (mapping.identity !== undefined) check(mapping.identity, ["identity"]);
  for (const field of [mapping.time?.field ?? []].flat()) {
    if (known.has(field)) continue;
    const message =
      mapping.csv === undefined
        ? text.noTimePiece(field)
        : text.unknownField(field, [...known].join(", "));
    issues.push({ path: ["time", "field"], message, mend: text.keysMend });
  }
}
