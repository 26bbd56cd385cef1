// The page about mapping files names every piece and every kind of time, and its examples work.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readMapping } from "../../../../services/normalize/mapping/mapping-folder.ts";
import { PIECES } from "../../../../services/normalize/mapping/pieces.ts";
import { compileTimePattern } from "../../../../services/normalize/time-pattern.ts";

const page = readFileSync(
  fileURLToPath(new URL("../../../../docs/quellen/eigene-formate.md", import.meta.url)),
  "utf8",
);
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
const mappings = blocks.filter((block) => /^id:/m.test(block));

describe("docs/quellen/eigene-formate.md", () => {
  it.each([...Object.keys(PIECES), "TIME", "KEYVALUE"])("explains the piece %s", (piece) => {
    expect(page).toMatch(new RegExp(`^\\| \`${piece}\` \\|`, "m"));
  });

  it("has examples that compile", () => {
    expect(mappings.length).toBeGreaterThan(4);
    const faults = mappings.map((block) => readMapping(block, "page", "de"));
    expect(faults.filter((one) => "faults" in one)).toEqual([]);
  });

  it.each([
    "dd.MM.yyyy HH:mm:ss,SSS",
    "yyyyMMdd-HHmmss",
    "dd/MMM/yyyy:HH:mm:ss Z",
    "d. MMMM yyyy HH:mm",
  ])("names a time that can be read: %s", (pattern) => {
    expect(page).toContain(`\`${pattern}\``);
    expect(compileTimePattern(pattern).pattern).toBe(pattern);
  });
});
