import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";

describe("hostile texts", () => {
  it("are at least 500, each once, from all families", () => {
    expect(new Set(HOSTILE_TEXTS.map(({ text }) => text)).size).toBeGreaterThanOrEqual(500);
    expect(new Set(HOSTILE_TEXTS.map(({ family }) => family)).size).toBeGreaterThanOrEqual(18);
  });
});
