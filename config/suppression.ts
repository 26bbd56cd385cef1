// Settings that fold or hide findings without losing any: suppression by field and time, inhibition.
import { z } from "zod";
import { readDuration } from "./duration.ts";
import { matchersSchema } from "./matcher.ts";

/** Fields that hits can be folded by at once. */
export const SUPPRESSION_FIELDS_MAX = 5;
/** Longest window of a suppression: a week. */
export const SUPPRESSION_MS_MAX = 7 * 86_400_000;
const INHIBITION_MS_MAX = 7 * 86_400_000;
const RULES_MAX = 1000;

const durationSchema = (max: number) =>
  z.string().transform((text, context) => {
    const ms = readDuration(text);
    if (ms !== undefined && ms <= max) return ms;
    const message = `eine Spanne wie 30m, 4h oder 2d, höchstens ${max / 86_400_000}d`;
    context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  });

/** Hits of these rules with equal values in `by` within `for` (event time) are one finding. */
export const suppressionSchema = z.strictObject({
  rules: z.union([z.literal("any"), z.array(z.string().min(1).max(200)).min(1).max(RULES_MAX)]),
  by: z.array(z.string().min(1).max(200)).min(1).max(SUPPRESSION_FIELDS_MAX),
  for: durationSchema(SUPPRESSION_MS_MAX),
  reason: z.string().trim().min(1).max(500),
});
export type ConfiguredSuppression = z.infer<typeof suppressionSchema>;

const side = z.strictObject({ matchers: matchersSchema });

/** While an open finding fits `source`, findings that fit `target` on an equal entity stand below it. */
export const inhibitionSchema = z.strictObject({
  source: side,
  target: side,
  equal: z
    .array(z.enum(["host", "account", "address", "service"]))
    .min(1)
    .default(["host"]),
  /** Longest pause between the two in event time. */
  within: durationSchema(INHIBITION_MS_MAX).prefault("24h"),
});
export type Inhibition = z.infer<typeof inhibitionSchema>;
