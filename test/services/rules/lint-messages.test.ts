// The linter's words: every code has them in both languages, and its row on the page about it.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isLintCode, LINT_CODES } from "../../../services/rules/lint-finding.ts";
import { LINT_MESSAGES } from "../../../services/rules/lint-messages.ts";

const codes = Object.keys(LINT_CODES).filter(isLintCode);
const page = readFileSync("docs/regeln-pruefen.md", "utf8");
const SEVERITIES = { error: "Fehler", warning: "Warnung", note: "Hinweis" };

describe.each(codes)("%s", (code) => {
  it("has its row on the page", () => {
    const { title } = LINT_MESSAGES.de[code];
    expect(page).toContain(`| \`${code}\` | ${SEVERITIES[LINT_CODES[code]]} | ${title} |`);
  });

  it("names what gave rise to it, and what to do", () => {
    for (const { title, text, mend } of [LINT_MESSAGES.de[code], LINT_MESSAGES.en[code]]) {
      const words = [title, text("keywords", "text"), text("", ""), mend("text")];
      for (const sentence of words) expect(sentence).not.toMatch(/undefined|\bnull\b|\[object/);
      expect(title.length).toBeGreaterThan(4);
      expect(mend("text").length).toBeGreaterThan(4);
    }
    expect(LINT_MESSAGES.de[code].mend("text")).not.toBe(LINT_MESSAGES.en[code].mend("text"));
  });
});

it("are no longer told of on the page when they are gone", () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (?:Fehler|Warnung|Hinweis) \|/gm)];
  expect(rows.map((row) => row[1])).toEqual(codes);
});
