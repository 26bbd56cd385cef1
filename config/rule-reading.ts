// The part of the configuration that says how rules are read: which of them by their status, values for
// their placeholders, and pipelines that fit them to the site.
import { z } from "zod";

/** Sigma specification 2.1, "Status". */
export const RULE_STATUSES = [
  "stable",
  "test",
  "experimental",
  "deprecated",
  "unsupported",
] as const;
export type RuleStatus = (typeof RULE_STATUSES)[number];

const path = z.string().min(1).max(1000);
const value = z.union([z.string().min(1).max(1000), z.number()]).transform(String);

const placeholderSchema = z.union([
  z.array(value).max(10_000),
  /** One value a line. */
  z.strictObject({ file: path }),
]);

/** Statuses of rules that are loaded. */
export const ruleStatusesSchema = z.array(z.enum(RULE_STATUSES)).min(1).max(RULE_STATUSES.length);

/** Name without percent signs → its values. */
export const placeholdersSchema = z.record(
  z.string().regex(/^[\w.-]{1,100}$/, "Buchstaben, Ziffern, Punkt, Binde- und Unterstrich"),
  placeholderSchema,
);
export type PlaceholdersConfig = z.infer<typeof placeholdersSchema>;

/** Files in pySigma's YAML format. */
export const pipelinesSchema = z.array(path).max(100);
