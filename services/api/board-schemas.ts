// The boards as they cross the HTTP border: a span of time asks, points and series answer. What a series is
// called stands in the board's definition, which the console has.
import { z } from "zod";

/** Three years and a bit. */
const SPAN_MS_MAX = 1100 * 86_400_000;
const TIME_MAX = 4_102_444_800_000;
const NAME_CHARS_MAX = 100;
const time = z.coerce.number().int().min(0).max(TIME_MAX);

export const boardParams = z.object({
  board: z.string().max(NAME_CHARS_MAX),
  panel: z.string().max(NAME_CHARS_MAX),
});

/** ms UTC, half-open [from, to). */
export const boardQuery = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => to > from && to - from <= SPAN_MS_MAX, {
    path: ["to"],
    message: "to: after from, at most 1100 days",
  });

export const boardPanelAnswer = z.object({
  timeZone: z.string(),
  points: z.array(z.number()).readonly(),
  categories: z.array(z.string()).readonly().optional(),
  series: z
    .array(
      z.object({
        of: z.number().int(),
        by: z.string().optional(),
        labels: z.record(z.string(), z.string()).readonly().optional(),
        values: z.array(z.number().nullable()).readonly(),
      }),
    )
    .readonly(),
  /** Of metrics: since when this process remembers them, and how many series found no room. */
  memory: z.object({ since: z.number().nullable(), leftOut: z.number().int() }).optional(),
});
export type BoardPanelAnswer = z.infer<typeof boardPanelAnswer>;
