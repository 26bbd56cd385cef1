// Elasticsearch's watermarks: how they are read from its settings, and what they ask of a disk.
import { describe, expect, it } from "vitest";
import {
  neededFree,
  watermarksOf,
} from "../../../../services/cli/doctor/elasticsearch-disk-check.ts";

const GIB = 1024 ** 3;

function settings(disk: object) {
  return { cluster: { routing: { allocation: { disk } } } };
}

describe("watermarksOf", () => {
  const defaults = settings({
    threshold_enabled: "true",
    watermark: { low: "85%", "low.max_headroom": "200GB", high: "90%", flood_stage: "95%" },
  });

  it("takes the deepest first, and what is set before what is given", () => {
    const persistent = settings({ watermark: { low: "70%" } });
    const marks = watermarksOf({ defaults, persistent, transient: {} });
    expect(marks?.map(({ name, value }) => [name, value])).toEqual([
      ["flood_stage", "95%"],
      ["high", "90%"],
      ["low", "70%"],
    ]);
  });

  it("has none where Elasticsearch does not look at its disks", () => {
    const persistent = settings({ threshold_enabled: "false" });
    expect(watermarksOf({ defaults, persistent, transient: {} })).toBeUndefined();
  });

  it.each([
    ["nothing", {}],
    ["something else", { cluster: "x" }],
  ])("has no marks where it is told %s", (_, answer) => {
    expect(watermarksOf({ defaults: answer, persistent: {}, transient: {} })).toEqual([]);
  });
});

describe("neededFree", () => {
  it.each([
    ["85%", undefined, 100 * GIB, 15 * GIB],
    ["0.85", undefined, 100 * GIB, 15 * GIB],
    ["85%", "200GB", 10_000 * GIB, 200 * GIB],
    ["85%", "-1", 10_000 * GIB, 1500 * GIB],
    ["10gb", undefined, 100 * GIB, 10 * GIB],
    ["500mb", undefined, 100 * GIB, 500 * 1024 ** 2],
    ["unsinn", undefined, 100 * GIB, 0],
  ])("of %s with at most %s on a disk of %d bytes is %d", (value, headroom, total, free) => {
    expect(neededFree({ name: "low", value, headroom }, total)).toBeCloseTo(free, 0);
  });
});
