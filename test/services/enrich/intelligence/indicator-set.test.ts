// The set of indicators: everything that was put in is found, nothing else, and never more than its limit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createIndicatorSet,
  Fingerprint,
  type IndicatorFacts,
} from "../../../../services/enrich/intelligence/indicator-set.ts";

const FACTS: IndicatorFacts = { confidence: "medium", tlp: "AMBER", expiresAt: 2000 };
const print = new Fingerprint();

describe("the set", () => {
  it("finds what was put in, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { maxLength: 3000 }),
        fc.uniqueArray(fc.string()),
        (keys, others) => {
          const set = createIndicatorSet(10_000);
          for (const key of keys) set.add({ kind: "url", key }, FACTS);
          expect(set.size).toBe(keys.length);
          expect(keys.every((key) => set.find(print.of("url", key), 1000) !== undefined)).toBe(
            true,
          );
          const known = new Set(keys);
          for (const key of others) {
            expect(set.find(print.of("url", key), 1000) !== undefined).toBe(known.has(key));
            expect(set.find(print.of("hash", key), 1000)).toBeUndefined();
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("finds each of 50,000 names that differ little", () => {
    const set = createIndicatorSet(100_000);
    for (let at = 0; at < 50_000; at += 1)
      set.add({ kind: "domain", key: `n${at}.example` }, FACTS);
    let found = 0;
    for (let at = 0; at < 100_000; at += 1) {
      if (set.find(print.of("domain", `n${at}.example`), 1000) !== undefined) found += 1;
    }
    expect([set.size, found]).toEqual([50_000, 50_000]);
  });

  it("forgets what has expired", () => {
    const set = createIndicatorSet(10);
    set.add({ kind: "domain", key: "boese.example" }, FACTS);
    set.add({ kind: "network", key: "198.51.100.0/24" }, FACTS);
    const found = (at: number) => [
      set.find(print.of("domain", "boese.example"), at),
      set.findNetwork("198.51.100.7", at),
    ];
    expect(found(1999)).toEqual([FACTS, FACTS]);
    expect(found(2000)).toEqual([undefined, undefined]);
  });

  it("keeps of several facts the surest, the strictest and the longest", () => {
    const set = createIndicatorSet(10);
    const subject = { kind: "domain", key: "boese.example" } as const;
    set.add(subject, { confidence: "low", tlp: "RED", expiresAt: 3000 });
    set.add(subject, { confidence: "high", tlp: "CLEAR", expiresAt: 2500 });
    expect(set.find(print.of("domain", "boese.example"), 0)).toEqual({
      ...{ confidence: "high", tlp: "RED", expiresAt: 3000 },
    });
  });

  it("refuses what is over its limit, but not what it has", () => {
    const set = createIndicatorSet(2);
    const add = (key: string) => set.add({ kind: "domain", key }, FACTS);
    expect([add("a"), add("b"), add("c"), add("a")]).toEqual([true, true, false, true]);
    expect(set.add({ kind: "network", key: "198.51.100.0/24" }, FACTS)).toBe(false);
    expect(set.size).toBe(2);
  });
});
