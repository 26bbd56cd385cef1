import { expect, it } from "vitest";
import { tryPaging } from "./try-paging.ts";

it("loses no page, calls nobody wrong and is in time while faults are drawn", async () => {
  const { verdict, told, violations } = await tryPaging({ seed: "1", pages: 500, faults: 50 });
  expect(violations).toEqual([]);
  expect(verdict.deliveries).toBeGreaterThan(300);
  expect(told.faults.get("kill")).toBeGreaterThan(3);
});
