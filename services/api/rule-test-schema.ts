// What `heidewacht rules test --record` tells of a run: counts alone, for the audit chain and the report.
import { z } from "zod";

const count = z.number().int().min(0).max(10_000_000);

export const ruleTestBody = z.strictObject({
  /** Rules that samples prove, and how many samples that are. */
  rules: count,
  samples: count,
  /** Samples that did not come out as they say, and rules or samples that can't be read. */
  failures: count,
  faults: count,
  /** Rules without samples. */
  untested: count,
});
export type RuleTestBody = z.infer<typeof ruleTestBody>;

export const ruleTestAnswer = z.object({ recordedAt: z.number() });
