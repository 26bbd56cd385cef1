// A table that is bounded, and fair to those who fill it.
import { describe, expect, it } from "vitest";
import { createFairTable } from "../../detectors/fair-table.ts";

function table(keysMax: number, all: readonly (readonly [string, string])[]) {
  const made = createFairTable<{ source: string }>(keysMax);
  for (const [key, source] of all) made.set(key, { source });
  return made;
}
const keysOf = (made: ReturnType<typeof table>) => [...made.entries()].map(([key]) => key);

describe("a fair table", () => {
  it("keeps one source's keys whatever another one floods it with", () => {
    const made = table(10, [
      ["a1", "a"],
      ["a2", "a"],
    ]);
    for (let at = 0; at < 100_000; at += 1) made.set(`f${at}`, { source: "flood" });
    expect(keysOf(made).slice(0, 3)).toEqual(["a1", "a2", "f99992"]);
    expect([made.size, made.evicted]).toEqual([10, 99_992]);
  });

  it("loses of the largest source the key that was not touched the longest", () => {
    const made = table(3, [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
    ]);
    made.touch("a1");
    made.set("b2", { source: "b" });
    expect(keysOf(made)).toEqual(["a1", "b1", "b2"]);
    expect(made.get("a2")).toBeUndefined();
  });

  it("follows a key that has gone over to another source", () => {
    const made = table(3, [
      ["x", "a"],
      ["a1", "a"],
    ]);
    const x = made.get("x");
    if (x !== undefined) x.source = "b";
    made.touch("x");
    expect(keysOf(made)).toEqual(["a1", "x"]);
    made.delete("a1");
    made.touch("a1");
    expect([made.size, keysOf(made)]).toEqual([1, ["x"]]);
    made.clear();
    expect([made.size, keysOf(made)]).toEqual([0, []]);
  });

  it("gives up one that nobody misses first, as far as it looks", () => {
    const made = createFairTable<{ source: string; isKnown: boolean }>(10, (one) => one.isKnown);
    for (let at = 0; at < 4; at += 1) made.set(`k${at}`, { source: "a", isKnown: true });
    for (let at = 0; at < 1000; at += 1) made.set(`f${at}`, { source: "a", isKnown: false });
    expect([...made.entries()].flatMap(([key, one]) => (one.isKnown ? key : [])).sort()).toEqual([
      ...["k0", "k1", "k2", "k3"],
    ]);
    // Where all are missed, it is bounded all the same.
    for (let at = 0; at < 1000; at += 1) made.set(`m${at}`, { source: "a", isKnown: true });
    expect(made.size).toBe(10);
  });
});
