// Of which colour a number with a target is: Grafana's own way from the generated JSON and the target to a
// colour, written down from its behaviour (configFromData, thresholds by percent of least and greatest).
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BOARDS } from "../../../dashboards/boards.ts";
import { grafanaBoard } from "../../../dashboards/grafana/dashboard.ts";

const thresholdsSchema = z.object({
  mode: z.enum(["absolute", "percentage"]),
  steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })).min(1),
});
type Thresholds = z.infer<typeof thresholdsSchema>;
const numberSchema = z.looseObject({
  type: z.literal("stat"),
  title: z.string(),
  targets: z.array(z.looseObject({ refId: z.string(), alias: z.string().optional() })),
  transformations: z
    .array(
      z.object({
        id: z.literal("configFromData"),
        options: z.object({
          configRefId: z.string(),
          applyTo: z.object({ id: z.literal("byFrameRefID"), options: z.literal("A") }),
          mappings: z.tuple([
            z.object({
              fieldName: z.string(),
              handlerKey: z.enum(["threshold1", "max"]),
              reducerId: z.literal("last"),
            }),
          ]),
        }),
      }),
    )
    .max(1)
    .default([]),
  fieldConfig: z.looseObject({
    defaults: z.looseObject({
      thresholds: thresholdsSchema,
      min: z.number().optional(),
      max: z.number().optional(),
    }),
  }),
});
type NumberPanel = z.infer<typeof numberSchema>;

const numbers = BOARDS.flatMap((board) => {
  const { panels } = z
    .looseObject({ panels: z.array(z.looseObject({ type: z.string() })) })
    .parse(grafanaBoard(board, "de"));
  return board.panels.flatMap((panel, at) =>
    panels[at]?.type === "stat"
      ? [{ name: `${board.id}/${panel.id}`, panel, drawn: numberSchema.parse(panels[at]) }]
      : [],
  );
});

/** @param value undefined: there is none; of the target likewise */
function colourOf(panel: NumberPanel, value: number | undefined, target?: number) {
  const { defaults } = panel.fieldConfig;
  let { thresholds, max } = defaults;
  for (const { options } of panel.transformations) {
    const [{ fieldName, handlerKey }] = options.mappings;
    expect(panel.targets.find(({ refId }) => refId === options.configRefId)?.alias).toBe(fieldName);
    if (target === undefined) continue;
    if (handlerKey === "max") max = target;
    else thresholds = { mode: "absolute", steps: [BASE, { value: target, color: "red" }] };
  }
  const least = defaults.min ?? 0;
  const percent =
    value === undefined ? 0 : ((value - least) / ((max ?? value) - least)) * WHOLE_PERCENT;
  const height = thresholds.mode === "percentage" ? percent : (value ?? -Infinity);
  return activeOf(thresholds, height);
}

const WHOLE_PERCENT = 100;
/** Where the transformation makes limits, they begin so. */
const BASE = { value: null, color: "green" };

/** Steps are looked through in their order, up to the first that is not reached. */
function activeOf({ steps }: Thresholds, height: number): string | undefined {
  let active = steps[0]?.color;
  for (const { value, color } of steps) {
    if (value !== null && height < value) break;
    active = color;
  }
  return active;
}

const held = numbers.filter(({ panel }) => panel.target !== undefined);

describe("a number with a target", () => {
  it("is each KPI for management", () => {
    expect(held.map(({ name }) => name)).toEqual(
      ["k1", "k2", "k3", "k4", "k5"].map((id) => `kpi/${id}-now`),
    );
  });

  it.each(held)("is red where it misses it, and only there: $name", ({ name, panel, drawn }) => {
    const isAtLeast = name === "kpi/k5-now";
    expect(panel.target?.isAtLeast === true).toBe(isAtLeast);
    const [less, more] = isAtLeast ? ["red", "green"] : ["green", "red"];
    for (const target of isAtLeast ? [0.3, 0.8, 0.95, 1] : [0.5, 60, 86_400]) {
      expect(colourOf(drawn, 0, target)).toBe(less);
      expect(colourOf(drawn, target * 0.999, target)).toBe(less);
      expect(colourOf(drawn, target * 1.001, target)).toBe(more);
      // What just meets it: Grafana's limit of at most begins with the target itself.
      expect(colourOf(drawn, target, target)).toBe(isAtLeast ? "green" : "red");
      expect(colourOf(drawn, undefined, target)).toBe("green");
    }
  });
});

describe("a number without a target", () => {
  it.each(numbers)("is never red: $name", ({ drawn }) => {
    expect(numbers.length).toBeGreaterThan(10);
    for (const value of [undefined, 0, 0.5, 1, 79, 81, 1e9])
      expect(colourOf(drawn, value)).toBe("green");
  });
});
