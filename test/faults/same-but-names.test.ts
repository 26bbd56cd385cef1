import { expect, test } from "vitest";
import { isSameButNames } from "./same-but-names.ts";

const of = (value: unknown, count = 2) => ({ count, matched: [{ field: "CommandLine", value }] });

test.each([
  ["the same", "net user adm96 /add", "net user adm96 /add", true],
  ["a pseudonym for a name", "net user adm96 /add", "net user konto-l3wzdj01xr /add", true],
  ["the same the other way round", "net user konto-l3wzdj01xr", "net user adm96", true],
  ["another name", "net user adm96 /add", "net user adm97 /add", false],
  ["another pseudonym", "net user konto-l3wzdj01xr", "net user konto-l3wzdj01xs", false],
  ["another word beside it", "net user adm96 /add", "net user konto-l3wzdj01xr /del", false],
  ["a word more", "net user adm96", "net user adm96 /add", false],
  ["nothing", "net user adm96", undefined, false],
])("texts with %s are told apart as they should", (_, one, other, isSame) => {
  expect(isSameButNames(of(one), of(other))).toBe(isSame);
});

test("a different number beside the same text is a difference", () => {
  expect(isSameButNames(of("whoami", 2), of("whoami", 3))).toBe(false);
});
