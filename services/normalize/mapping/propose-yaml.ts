// Writes a proposed mapping and its tests as YAML, in the order in which people read them.
import { stringify } from "yaml";
import { isAppError } from "../../../config/errors.ts";
import { ecsDocument } from "../ecs-document.ts";
import type { Format, ParseContext } from "../format.ts";
import { looksLikeJson, parseJsonRecord } from "../json-text.ts";
import type { Draft } from "./propose-draft.ts";

const WRITING = { lineWidth: 0, defaultStringType: "PLAIN", defaultKeyType: "PLAIN" } as const;
/** Lines that become tests. */
const TESTS_MAX = 4;
const TEST_FIELDS_MAX = 8;
// What every event has says nothing about a mapping.
const GIVEN =
  /^(?:@timestamp|ecs\.version|event\.(?:kind|id|ingested|dataset|module)|labels\.source|labels\.time|organization\.id)/;

export interface ProposeOptions {
  readonly id: string;
  readonly title: string;
  readonly context: ParseContext;
  /** A line without identities, for the tests file; the format reads the line. */
  readonly protectLine: (line: string, format: Format) => string;
  /** First line of the mapping file, a comment. */
  readonly comment: string;
}

/** The mapping file. */
export function mappingYaml(draft: Draft, { id, title, comment }: ProposeOptions): string {
  const { body, time, identity, fields, translate, keys, frame } = draft;
  const match = {
    ...(frame?.isFramed === true && frame.program !== undefined ? { program: frame.program } : {}),
    ...(keys.length === 0 ? {} : { keys: [...keys] }),
  };
  const file = {
    id,
    title,
    ...body,
    ...(frame?.isFramed === true ? { syslog: true } : {}),
    ...(time === undefined ? {} : { time }),
    ...(identity === undefined ? {} : { identity }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    constants: { "event.module": id },
    ...(Object.keys(translate).length === 0 ? {} : { translate }),
    ...(Object.keys(match).length === 0 ? {} : { match }),
    logsource: { product: id },
  };
  return `# ${comment}\n${stringify(file, WRITING)}`;
}

/** The tests file: some of the lines as they are read now; empty when none reads the same without names. */
export function testsYaml(
  lines: readonly string[],
  format: Format,
  options: ProposeOptions,
): string {
  const tests = spread(lines).flatMap((line) => testOf(line, format, options));
  return tests.length === 0 ? "" : stringify({ tests }, WRITING);
}

// From the whole of the lines, because the first ones are often alike.
function spread(lines: readonly string[]): string[] {
  if (lines.length <= TESTS_MAX) return [...lines];
  const step = lines.length / TESTS_MAX;
  return Array.from({ length: TESTS_MAX }, (_one, at) => lines[Math.floor(at * step)] ?? "");
}

function testOf(line: string, format: Format, options: ProposeOptions): object[] {
  const safe = options.protectLine(line, format);
  // A line that no longer reads the same without its names is no use as a test.
  const parsed = tryParse(format, safe, options.context);
  if (parsed === undefined) return [];
  const document = ecsDocument(
    {
      id: "test",
      tenant: "test",
      source: "test",
      time: parsed.time ?? 0,
      ingestedAt: 0,
      shape: format.shape,
      record: parsed.record,
      text: safe,
    },
    format,
  );
  const fields = Object.entries(document)
    .filter(([name]) => !GIVEN.test(name))
    .slice(0, TEST_FIELDS_MAX);
  return [
    {
      line: safe,
      ...(parsed.time === undefined ? {} : { time: new Date(parsed.time).toISOString() }),
      timeZone: options.context.timeZone,
      fields: Object.fromEntries(fields),
    },
  ];
}

/** The line as the format reads it; undefined when it refuses it. */
export function tryParse(format: Format, line: string, context: ParseContext) {
  try {
    const json = looksLikeJson(line) ? parseJsonRecord(line) : undefined;
    return format.parse(line, context, json);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
