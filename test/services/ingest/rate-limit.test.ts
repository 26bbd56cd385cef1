import { describe, expect, it } from "vitest";
import { createByteBudget } from "../../../services/ingest/byte-budget.ts";
import { createRateLimit } from "../../../services/ingest/rate-limit.ts";

describe("rate limit", () => {
  it("lets a second's worth through at once, then so many a second", () => {
    let now = 0;
    const limit = createRateLimit(100, () => now);
    limit.spend("a", 100);
    expect(limit.waitMs("a")).toBe(10);
    expect(limit.waitMs("b")).toBe(0);
    now += 10;
    expect(limit.waitMs("a")).toBe(0);
    limit.spend("a", 1);
    expect(limit.waitMs("a")).toBe(10);
    now += 1_000_000;
    limit.spend("a", 101);
    expect(limit.waitMs("a")).toBe(20);
  });

  it("lets a large batch go into debt, which has to fill up first", () => {
    let now = 0;
    const limit = createRateLimit(10, () => now);
    limit.spend("a", 110);
    expect(limit.waitMs("a")).toBe(10_100);
    now += 10_099;
    expect(limit.waitMs("a")).toBeGreaterThan(0);
    now += 1;
    expect(limit.waitMs("a")).toBe(0);
  });
});

describe("byte budget", () => {
  it("makes what is over it wait its turn, and lets one alone be larger than all", async () => {
    const budget = createByteBudget(100);
    const order: string[] = [];
    const hold = async (name: string, bytes: number) => {
      await budget.hold(bytes);
      order.push(name);
    };
    await hold("a", 60);
    const waiting = [hold("b", 500), hold("c", 10)];
    await Promise.resolve();
    expect(order).toEqual(["a"]);
    budget.change(-60);
    await waiting[0];
    expect([order, budget.heldBytes]).toEqual([["a", "b"], 500]);
    budget.change(-500);
    await waiting[1];
    expect([order, budget.heldBytes]).toEqual([["a", "b", "c"], 10]);
  });
});
