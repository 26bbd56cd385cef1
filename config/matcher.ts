// Matchers over findings: which findings a silence or an inhibition is about. All of a list must hold.
import { z } from "zod";

const MATCHERS_MAX = 20;

/**
 * `rule` (id), `level`, `entity` (value or `type:value`), `source`, or an ECS name, looked for in the event
 * of the finding's newest signal. Compared without case; in `glob`, `*` stands for any characters and `?`
 * for one.
 */
const matcherSchema = z.strictObject({
  field: z.string().trim().min(1).max(200),
  operator: z.enum(["equals", "glob"]).default("equals"),
  value: z.string().min(1).max(500),
});
export type Matcher = z.infer<typeof matcherSchema>;

/** At least one of them must leave something out: nobody hides everything. */
export const matchersSchema = z
  .array(matcherSchema)
  .min(1)
  .max(MATCHERS_MAX)
  .refine(
    (all) => all.some((one) => !matchesAnything(one)),
    "mindestens ein Vergleich darf nicht auf alles passen",
  );

function matchesAnything({ operator, value }: Matcher): boolean {
  return operator === "glob" && /^[*?]+$/.test(value);
}
