// What may stand in a mapping file. Every fault is told in the reader's language.
import { z } from "zod";
import { MAPPING_MESSAGES, type MappingLanguage } from "./mapping-messages.ts";

const PATTERN_CHARACTERS_MAX = 4000;
const PATTERNS_MAX = 20;
const COLUMNS_MAX = 300;
const FIELDS_MAX = 300;

const path = z.string().trim().min(1).max(300);
const name = z.string().trim().min(1).max(200);
const constant = z.union([
  z.string().min(1).max(1000),
  z.number(),
  z.boolean(),
  z.array(z.string().min(1).max(200)).min(1).max(20),
]);

/** The schema with its messages in one language. */
export function mappingSchema(language: MappingLanguage) {
  const text = MAPPING_MESSAGES[language];
  const oneCharacter = z
    .string()
    .refine((one) => [...one].length === 1 || one === "\\t", text.oneCharacter);
  return z
    .strictObject({
      /** Name by which sources choose it as their format. */
      id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, text.id),
      title: z.string().trim().min(1).max(200),
      /** One or several patterns, tried in their order. */
      pattern: z
        .union([
          z.string().min(1).max(PATTERN_CHARACTERS_MAX),
          z.array(z.string().min(1).max(PATTERN_CHARACTERS_MAX)).min(1).max(PATTERNS_MAX),
        ])
        .optional(),
      csv: z
        .strictObject({
          delimiter: oneCharacter.default(";"),
          quote: z.union([z.literal(""), oneCharacter]).default('"'),
          /** Names of the columns from left to right; `-` is not kept. */
          columns: z.array(name).min(2).max(COLUMNS_MAX),
          /** The line that names the columns, where it is not the columns' names themselves. */
          header: z.string().min(1).max(PATTERN_CHARACTERS_MAX).optional(),
        })
        .optional(),
      /** How pairs are written, also those of `%{KEYVALUE}`. */
      keyValue: z
        .strictObject({
          /** Between pairs. */
          delimiter: oneCharacter.default(" "),
          /** Between key and value. */
          assign: oneCharacter.default("="),
        })
        .optional(),
      json: z.strictObject({}).optional(),
      /** Lines may come behind a syslog header; then `host`, `program` and `pid` are known too. */
      syslog: z.boolean().default(false),
      time: z
        .strictObject({
          /** Two names, e.g. of date and time, are joined by a blank. */
          field: z.union([path, z.array(path).min(1).max(4)]),
          format: z
            .union([z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(10)])
            .default("auto"),
          zone: z.string().refine(isTimeZone, text.zone).optional(),
        })
        .optional(),
      identity: path.optional(),
      /** ECS name → name of a piece, column or key, or JSON path. */
      fields: z
        .record(name, path)
        .refine((all) => Object.keys(all).length <= FIELDS_MAX)
        .default({}),
      /** ECS name → value that every event gets. */
      constants: z.record(name, constant).default({}),
      /** ECS name → values of a field and what they mean. */
      translate: z
        .record(
          name,
          z.strictObject({
            from: path,
            map: z.record(z.string(), constant),
            /** For values that are not in the map; left out: nothing is written. */
            otherwise: constant.optional(),
          }),
        )
        .default({}),
      logsource: z
        .strictObject({
          product: name.optional(),
          category: name.optional(),
          service: name.optional(),
        })
        .optional(),
      dataClass: z.enum(["security", "network", "content"]).default("content"),
      /** By what lines are found without being told; all marks have to hold. */
      match: matchSchema(text.matchEmpty).optional(),
    })
    .superRefine((mapping, context) => {
      const ways = [mapping.pattern, mapping.csv, mapping.json].filter((one) => one !== undefined);
      // Beside a pattern, keyValue says how the pairs of %{KEYVALUE} are written.
      const isPairs = mapping.keyValue !== undefined && mapping.pattern === undefined;
      if (ways.length + (isPairs ? 1 : 0) === 1) return;
      context.addIssue({ code: "custom", path: [], message: text.exactlyOne });
    });
}

function matchSchema(empty: string) {
  return z
    .strictObject({
      startsWith: z.string().min(1).max(200).optional(),
      contains: z.array(z.string().min(1).max(200)).min(1).max(10).optional(),
      /** Program of the syslog header. */
      program: name.optional(),
      /** JSON paths that have to be there. */
      keys: z.array(path).min(1).max(10).optional(),
      /** JSON path → value. */
      equals: z.record(path, z.union([z.string(), z.number(), z.boolean()])).optional(),
    })
    .refine((marks) => Object.keys(marks).length > 0, empty);
}

/** A mapping file as it is used, defaults filled in. */
export type MappingFile = z.infer<ReturnType<typeof mappingSchema>>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
