// Spans of time as a report tells them. Median and P90 are observed values (nearest rank), as in the KPIs.
import { z } from "zod";

const MS = 1000;

export const durationsSchema = z.object({
  n: z.number().int(),
  /** Whole seconds; null without a value, never 0. */
  medianS: z.number().nullable(),
  p90S: z.number().nullable(),
  maxS: z.number().nullable(),
});
export type Durations = z.infer<typeof durationsSchema>;

/** @param spansMs in any order; sorted in place */
export function durationsOf(spansMs: number[]): Durations {
  spansMs.sort((one, other) => one - other);
  const n = spansMs.length;
  const rank = (percent: number) => {
    const found = spansMs[Math.max(0, Math.ceil((percent * n) / 100) - 1)];
    return found === undefined ? null : Math.floor(found / MS);
  };
  return { n, medianS: rank(50), p90S: rank(90), maxS: rank(100) };
}
