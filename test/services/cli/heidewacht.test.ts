// The program's entrance: a command that is written is also there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const CLI = join(import.meta.dirname, "../../../services/cli");
const ADDING = /export function (add\w+Commands?)\(program\b/g;

const written = readdirSync(CLI, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => [...readFileSync(join(CLI, name), "utf8").matchAll(ADDING)])
  .map((match) => match[1] ?? "");

describe("heidewacht", () => {
  it("has every command that is written", () => {
    const entrance = readFileSync(join(CLI, "program.ts"), "utf8");
    expect(written.length).toBeGreaterThan(15);
    expect(written.filter((name) => !entrance.includes(`${name}(program, language);`))).toEqual([]);
  });
});
