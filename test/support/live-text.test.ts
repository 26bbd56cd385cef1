// The checks that say "nothing alive" have to be able to say the opposite.
import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";
import { liveInMarkdown, liveInText, readHtml } from "./live-text.ts";

const shareFound = (families: readonly string[], find: (text: string) => readonly string[]) => {
  const texts = HOSTILE_TEXTS.filter(({ family }) => families.includes(family));
  return texts.filter(({ text }) => find(text).length > 0).length / texts.length;
};

describe("the checks of what is alive", () => {
  it("find hostile texts as they were given", () => {
    expect(shareFound(["links", "mentions"], liveInText)).toBeGreaterThan(0.8);
    expect(shareFound(["invisible", "directions", "tags"], liveInText)).toBe(1);
    const markup = ["html", "handlers", "loaders", "markdown", "emphasis", "mentions"];
    expect(shareFound(markup, liveInMarkdown)).toBeGreaterThan(0.85);
    const html = shareFound(["html", "loaders"], (text) => readHtml(`<p>${text}</p>`).faults);
    expect(html).toBeGreaterThan(0.9);
  });

  it.each([
    "[x](y)",
    "x **fett**",
    "x `y` z",
    "x\n# y",
    "- **Was:** a\n\n> b",
    "@channel",
    "\\@channel",
    "<!channel>",
    "#thema",
    ":+1:",
    "[Übernehmen](<https://boese.example>)",
    "**Was:** a **b** c",
    "boese.example",
  ])("find %j in Markdown", (text) => {
    expect(liveInMarkdown(text)).not.toEqual([]);
  });

  it.each([
    "<p><b>x</b></p>",
    '<p onclick="x">y</p>',
    '<a href="https://boese.example">x</a>',
    "<p>x",
    "</p>",
    "<p>a & b</p>",
    "<p>&lt;</p>",
    "<p>a < b</p>",
    '<img src="x">',
  ])("find %j in HTML", (html) => {
    expect(readHtml(html).faults).not.toEqual([]);
  });
});
