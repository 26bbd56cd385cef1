import { expect, it } from "vitest";
import { tryPaging } from "./try-paging.ts";

it("loses no page, calls nobody wrong and is in time while faults are drawn", async () => {
  const { verdict, told, violations } = await tryPaging({
    ...{ seed: "1", pages: 200, faults: 28, duplicatesShareMax: 0.02 },
  });
  expect(violations).toEqual([]);
  expect(verdict.deliveries).toBeGreaterThan(120);
  expect(told.faults.get("kill")).toBeGreaterThan(2);
});
