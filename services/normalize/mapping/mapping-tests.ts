// Tests beside a mapping file: lines, and what has to come out of them. They run through the normaliser
// that the service uses.
import { z } from "zod";
import { ecsDocument } from "../ecs-document.ts";
import type { Format } from "../format.ts";
import { createNormalizer } from "../normalizer.ts";
import { MAPPING_MESSAGES, type MappingLanguage } from "./mapping-messages.ts";
import { type MappingFault, readYamlFile, schemaFaults, wording } from "./mapping-source.ts";

const TESTS_MAX = 10_000;

function testsSchema(language: MappingLanguage) {
  const text = MAPPING_MESSAGES[language];
  const value = z.union([z.string(), z.number(), z.boolean()]);
  return z.strictObject({
    tests: z
      .array(
        z
          .strictObject({
            line: z.string().min(1),
            /** Event time, ISO 8601 with zone. */
            time: z.union([z.iso.datetime({ offset: true }), z.null()]).optional(),
            timeZone: z.string().default("Europe/Berlin"),
            identity: z.string().optional(),
            /** ECS name → value; null: must not be there. */
            fields: z.record(z.string(), z.union([value, z.array(value), z.null()])).optional(),
            /** The line must not be parsed. */
            refused: z.literal(true).optional(),
          })
          .superRefine((test, context) => {
            const wanted = [test.time, test.identity, test.fields].filter(
              (one) => one !== undefined,
            );
            if (test.refused === true && wanted.length > 0) {
              context.addIssue({ code: "custom", path: ["refused"], message: text.expectBoth });
            } else if (test.refused !== true && wanted.length === 0) {
              context.addIssue({ code: "custom", path: [], message: text.expectNothing });
            }
          }),
      )
      .min(1)
      .max(TESTS_MAX),
  });
}

type MappingTest = z.infer<ReturnType<typeof testsSchema>>["tests"][number];

/** What differs. */
export type TestDifference =
  | { readonly what: string; readonly expected: string; readonly seen: string | undefined }
  /** The line was refused though it should have been read. */
  | { readonly refusal: { readonly message: string; readonly cause: unknown } }
  /** It was read though it should have been refused. */
  | { readonly accepted: true };

export interface TestResult {
  /** `mappings/dms.tests.yml:3:5` */
  readonly place: string;
  readonly line: string;
  /** Empty: passed. */
  readonly differences: readonly TestDifference[];
}

/** Runs the tests of a file. */
export function runMappingTests(
  path: string,
  format: Format,
  language: MappingLanguage,
): { readonly results: readonly TestResult[] } | { readonly faults: readonly MappingFault[] } {
  const file = readYamlFile(path, language);
  if ("faults" in file) return file;
  const parsed = testsSchema(language).safeParse(file.value, wording(language));
  if (!parsed.success) return { faults: schemaFaults(parsed.error, file, language) };
  const results = parsed.data.tests.map((test, index) => ({
    place: file.placeOf(["tests", index]),
    line: test.line,
    differences: runTest(test, format),
  }));
  return { results };
}

/** Lines without a year are read as of a time that does not move: the test's own, or this one. */
const RECEIVED_AT = Date.UTC(2026, 10, 21, 5);
const DAY_MS = 86_400_000;
const SOURCE = "test";

function runTest(test: MappingTest, format: Format): TestDifference[] {
  const wanted = typeof test.time === "string" ? Date.parse(test.time) : test.time;
  const receivedAt = typeof wanted === "number" ? wanted + DAY_MS : RECEIVED_AT;
  const made = createNormalizer({ mappings: [], formats: [format] }).normalize(
    {
      id: SOURCE,
      idFromSender: false,
      source: SOURCE,
      format: format.id,
      timeZone: test.timeZone,
      receivedAt,
      text: test.line,
    },
    SOURCE,
  );
  if ("skipped" in made) return test.refused === true ? [] : [skipped()];
  if ("fault" in made) {
    if (test.refused === true) return [];
    return [{ refusal: { message: made.fault.message, cause: made.fault.cause } }];
  }
  if (test.refused === true) return [{ accepted: true }];
  const { event } = made;
  const hasTime = event.time !== receivedAt;
  const document = ecsDocument(event, made.format);
  return [
    ...differenceOf("time", wanted, hasTime ? event.time : undefined, isoOf),
    ...differenceOf("identity", test.identity, identityOf(event.id), String),
    ...Object.entries(test.fields ?? {}).flatMap(([name, value]) =>
      differenceOf(
        name,
        value,
        Object.hasOwn(document, name) ? document[name] : undefined,
        written,
      ),
    ),
  ];
}

function skipped(): TestDifference {
  return { refusal: { message: "a header line, no event", cause: undefined } };
}

function identityOf(id: string): string | undefined {
  return id.startsWith(`${SOURCE}:`) ? id.slice(SOURCE.length + 1) : undefined;
}

// Nothing is expected of what is left out; null says that it must not be there.
function differenceOf<Value>(
  what: string,
  expected: Value | null | undefined,
  seen: Value | undefined,
  show: (value: Value) => string,
): TestDifference[] {
  if (expected === undefined) return [];
  const wanted = expected === null ? undefined : show(expected);
  const found = seen === undefined ? undefined : show(seen);
  return wanted === found ? [] : [{ what, expected: wanted ?? "–", seen: found }];
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

function written(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).join(", ")}]` : String(value);
}
