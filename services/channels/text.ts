// A page as plain text: for mail, and for whatever shows no markup.
import { CHANNEL_MESSAGES } from "./messages.ts";
import type { ShownPage } from "./shown-page.ts";

/** All of it, with addresses of ours on lines of their own. */
export function pageAsText(page: ShownPage): string {
  const m = CHANNEL_MESSAGES[page.language];
  const parts = [
    [page.head],
    [page.title],
    page.notice === undefined ? [] : [page.notice],
    ...bodyParts(page),
    page.links.map(({ label, url }) => `${label}: ${url}`),
    [page.foot, m.automatic],
  ];
  return `${joined(parts)}\n`;
}

/** What is read below a title where links have a place of their own: neither title nor links. */
export function bodyAsText(page: ShownPage): string {
  return joined([
    [page.head],
    page.notice === undefined ? [] : [page.notice],
    ...bodyParts(page),
    [page.foot],
  ]);
}

function bodyParts({ facts, adviceHeading, advice, moreHeading, more }: ShownPage): string[][] {
  return [
    facts.map(({ label, value }) => `${label}: ${value}`),
    section(
      adviceHeading,
      advice.map((text, at) => `${at + 1}. ${text}`),
    ),
    section(
      moreHeading,
      more.map((text) => `- ${text}`),
    ),
  ];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines];
}

function joined(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}
