import { expect, it } from "vitest";
import { pageStorm } from "./storm.ts";

it("calls people at most five times in a storm, and tells of everything urgent", async () => {
  const { pages, paged, untold } = await pageStorm("storm", 4000);
  expect(paged).toBeGreaterThan(100);
  expect(pages).toBeGreaterThan(0);
  expect(pages).toBeLessThanOrEqual(5);
  expect(untold).toBe(0);
});
