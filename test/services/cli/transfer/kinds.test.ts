// A kind of document that nobody told the move about would be left behind silently.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KNOWN_KINDS } from "../../../../services/cli/transfer/kinds.ts";

const declared = readdirSync("services", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => {
    const text = readFileSync(join("services", name), "utf8");
    return [...text.matchAll(/: Kind<\w+> = \{\s*name: "(\w+)"/g)].map((match) => match[1] ?? "");
  });

describe("kinds", () => {
  it("sees the declarations", () => {
    expect(declared.length).toBeGreaterThan(8);
  });

  it("knows every kind that the program declares", () => {
    expect(declared.filter((name) => !KNOWN_KINDS.has(name))).toEqual([]);
  });

  it("knows none that is gone", () => {
    expect([...KNOWN_KINDS].filter((name) => !declared.includes(name))).toEqual([]);
  });
});
