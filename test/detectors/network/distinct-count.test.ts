import { describe, expect, it } from "vitest";
import {
  addDistinct,
  createDistinctCount,
  distinctCount,
} from "../../../detectors/network/distinct-count.ts";
import { hashText } from "../../../detectors/network/recent-table.ts";

describe("counting different values", () => {
  it.each([0, 1, 5, 20, 100, 300, 500, 1000, 10_000, 100_000])("%i of them, 20 %% off", (count) => {
    const registers = createDistinctCount();
    for (let value = 0; value < count; value += 1) {
      addDistinct(registers, hashText(`10.0.0.1:${value}`));
      addDistinct(registers, hashText(`10.0.0.1:${value}`));
    }
    expect(Math.abs(distinctCount(registers) - count)).toBeLessThanOrEqual(0.2 * count);
  });
});
