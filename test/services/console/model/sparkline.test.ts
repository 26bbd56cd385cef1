// The small picture of an anomaly: a line over its band, and nothing broken whatever numbers a finding holds.
import { describe, expect, it } from "vitest";
import { sparklineOf } from "../../../../services/console/model/sparkline.ts";

const picture = {
  ...{ name: "Fehlanmeldungen", from: 0, stepMs: 3_600_000 },
  ...{ values: [3, 4, 2, 240], low: [0, 0, 0, 0], high: [11, 11, 11, 11] },
};

describe("the small picture", () => {
  it("draws the series over its band and marks the last value, which is outside", () => {
    const drawn = sparklineOf(picture);
    expect(drawn?.line).toBe("M4 43.5L81.3 43.3L158.7 43.7L236 4");
    expect(drawn?.band).toBe("M4 42.2L81.3 42.2L158.7 42.2L236 42.2L236 44L158.7 44L81.3 44L4 44Z");
    expect(drawn?.seen).toEqual({ x: 236, y: 4, value: 240, low: 0, high: 11, isOutside: true });
  });

  it("leaves a gap where a number is missing", () => {
    const drawn = sparklineOf({ ...picture, values: [1, null, 2, 3] });
    expect(drawn?.line.split("M").length).toBe(3);
    expect(drawn?.seen?.isOutside).toBe(false);
  });

  it("shows a number between two gaps as a dot, which a line of one point is not", () => {
    const drawn = sparklineOf({ ...picture, values: [1, null, 2, null, 3] });
    expect(drawn?.line.match(/M[^M]*h0/g)).toHaveLength(3);
  });

  it("leaves a gap in the band where nothing was expected", () => {
    const drawn = sparklineOf({ ...picture, low: [0, null, 0, 0], high: [11, 11, 11, 11] });
    expect(drawn?.band).toBe("M4 42.2L4 44ZM158.7 42.2L236 42.2L236 44L158.7 44Z");
  });

  it("says the range of the line apart from that of the band", () => {
    const drawn = sparklineOf({ ...picture, values: [3, null, 40] });
    expect([drawn?.bottom, drawn?.top]).toEqual([0, 40]);
    expect(drawn?.range).toEqual({ least: 3, most: 40 });
    expect(sparklineOf({ ...picture, values: [null] })?.range).toBeUndefined();
  });

  it.each([
    ["no values", { values: [], low: [], high: [] }],
    ["nothing but gaps", { values: [null], low: [], high: [null] }],
  ])("is none of %s", (_, numbers) => {
    expect(sparklineOf({ ...picture, ...numbers })).toBeUndefined();
  });

  it.each([
    ["the greatest numbers", { values: [1e308, -1e308], low: [null, 0], high: [null, 0] }],
    ["equal numbers", { values: [7, 7, 7], low: [7], high: [7] }],
    ["a single value", { values: [0], low: [0], high: [0] }],
    ["a last value that is missing", { values: [1, null], low: [0, 0], high: [2, 2] }],
    ["a band without values", { values: [null, null], low: [0, 0], high: [2, 2] }],
  ])("holds only numbers of %s", (_, numbers) => {
    expect(JSON.stringify(sparklineOf({ ...picture, ...numbers }))).not.toMatch(/NaN|Infinity/);
  });
});
