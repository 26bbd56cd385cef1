// A page as Markdown in which no sign of a foreign text means anything. Clients differ in what they take for
// markup and what they let be escaped: signs that all of them know to escape are, the others become look-alikes.
import type { ShownPage } from "./shown-page.ts";

const LOOKALIKE: Readonly<Record<string, string>> = {
  "<": "‹",
  ">": "›",
  "|": "¦",
  "&": "＆",
  "~": "∼",
  "#": "＃",
  $: "＄",
  "`": "ʹ",
  "^": "ˆ",
};

export function pageAsMarkdown(page: ShownPage): string {
  const { facts, advice, more, links } = page;
  const parts = [
    [escapeMarkdown(page.head)],
    [`**${escapeMarkdown(page.title)}**`],
    page.notice === undefined ? [] : [escapeMarkdown(page.notice)],
    facts.map(factAsMarkdown),
    advice.length === 0 ? [] : [`**${page.adviceHeading}:**`],
    advice.map((text, at) => `${at + 1}. ${escapeMarkdown(text)}`),
    more.length === 0 ? [] : [`**${page.moreHeading}:**`],
    more.map((text) => `- ${escapeMarkdown(text)}`),
    links.length === 0 ? [] : [links.map(({ label, url }) => `[${label}](<${url}>)`).join(" · ")],
    [escapeMarkdown(page.foot)],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function factAsMarkdown({ label, value }: ShownPage["facts"][number]): string {
  return `- **${escapeMarkdown(label)}:** ${escapeMarkdown(value)}`;
}

/** A text of one line that means nothing in Markdown, also at the beginning of a line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[<>|&~#$`^]/g, (character) => LOOKALIKE[character] ?? "·")
    .replace(/:(?=[\w+-]{1,64}:)|(?<=:[\w+-]{1,64}):/g, "∶")
    .replace(/[\\*_{}[\]()!]/g, "\\$&")
    .replace(/^([+-])/, "\\$1")
    .replace(/^(\d{1,9})\./, "$1\\.");
}
