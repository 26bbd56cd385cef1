// A command that nobody can call is none.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("every command that is written is added to the program or to another command", () => {
  const folder = "services/cli";
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const made = sources.flatMap((text) =>
    [...text.matchAll(/^export function (add\w+Commands?)\(/gm)].map((match) => match[1] ?? ""),
  );
  const isCalled = (name: string) =>
    sources.some((text) => new RegExp(`^\\s*${name}\\(`, "m").test(text));
  expect(made.length).toBeGreaterThan(20);
  expect(made.filter((name) => !isCalled(name))).toEqual([]);
});
