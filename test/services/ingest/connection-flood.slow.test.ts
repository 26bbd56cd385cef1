import { describe, expect, it } from "vitest";
import { connectionsPossible, survivesFlood } from "./connection-flood.ts";

describe("10,000 connections", () => {
  const attempts = connectionsPossible(10_000);

  it(`of the ${attempts} that this process can open, takes as many as are allowed`, async () => {
    expect(attempts).toBeGreaterThan(0);
    await survivesFlood(attempts);
  });
});
