// The chain's arithmetic: canonical JSON, and every changed bit shows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  chainHash,
  hashPayload,
  isChained,
  nextEntry,
} from "../../../services/store/audit-chain.ts";

const input = { at: 5, actor: "cli", action: "x.y", subject: "s", payload: { b: 1, a: [true] } };

describe("canonical JSON", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ ö: 1, z: { y: undefined, x: null } }, '{"z":{"x":null},"ö":1}'],
    [[1, "ä\n", [], {}], '[1,"ä\\n",[],{}]'],
    [undefined, "null"],
    [1e21, "1e+21"],
  ])("writes %j as %s", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("does not depend on the order of keys, and reads back as the same value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(
          canonicalJson(Object.fromEntries(Object.entries(value))),
        );
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("the chain", () => {
  it("hashes a known entry as documented", () => {
    // printf '[1,5,"cli","x.y","s","p","q"]' | sha256sum
    const fields = { sequence: 1, at: 5, actor: "cli", action: "x.y", subject: "s" };
    expect(chainHash({ ...fields, payloadHash: "p", previousHash: "q" })).toBe(
      "bf1c24aa37f93eae0d3f399c94818eff859d5f8638808372f6d0228df8fc35a8",
    );
    // printf 'salt\n{"a":1}' | sha256sum
    expect(hashPayload("salt", { a: 1 })).toBe(
      "298a33ae7c3be7be592a6451311504ba7dd829f3091fa578f91783d85c3eafa0",
    );
  });

  it("shows every changed bit of every field", () => {
    const first = nextEntry(undefined, input, "00");
    const entry = nextEntry(first, input, "01");
    expect(isChained(entry, 2, first.hash)).toBe(true);
    const fields = [
      "actor",
      "action",
      "subject",
      "payloadHash",
      "previousHash",
      "hash",
      "salt",
    ] as const;
    for (const field of fields) {
      const bytes = Buffer.from(entry[field] ?? "", "latin1");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const forged = { ...entry, [field]: changed.toString("latin1") };
        expect(isChained(forged, 2, first.hash)).toBe(false);
      }
    }
    expect(isChained({ ...entry, at: 6 }, 2, first.hash)).toBe(false);
    expect(isChained(entry, 3, first.hash)).toBe(false);
    expect(isChained({ ...entry, payload: { b: 1, a: [false] } }, 2, first.hash)).toBe(false);
  });
});
