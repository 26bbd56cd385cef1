// A page as HTML that loads nothing, runs nothing and is laid out by nothing but its own few elements.
import { CHANNEL_MESSAGES } from "./messages.ts";
import type { ShownPage } from "./shown-page.ts";

/** Telephones make links of numbers and dates otherwise. */
const NO_DETECTION =
  '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">';

export function pageAsHtml(page: ShownPage): string {
  const { language, facts, advice, more } = page;
  const m = CHANNEL_MESSAGES[language];
  return [
    `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8">${NO_DETECTION}`,
    `<title>${escapeHtml(page.title)}</title></head><body>`,
    `<p>${foreign(page.head)}</p><h1>${foreign(page.title)}</h1>`,
    page.notice === undefined ? "" : `<p><strong>${foreign(page.notice)}</strong></p>`,
    list("dl", facts, ({ label, value }) => `<dt>${foreign(label)}</dt><dd>${foreign(value)}</dd>`),
    advice.length === 0 ? "" : `<h2>${escapeHtml(page.adviceHeading)}</h2>`,
    list("ol", advice, (text) => `<li>${foreign(text)}</li>`),
    more.length === 0 ? "" : `<h2>${escapeHtml(page.moreHeading)}</h2>`,
    list("ul", more, (text) => `<li>${foreign(text)}</li>`),
    ...page.links.map(
      ({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`,
    ),
    `<hr><p>${foreign(page.foot)}</p><p>${escapeHtml(m.automatic)}</p></body></html>`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text that runs from right to left turns nothing but itself. */
function foreign(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

function list<T>(tag: "dl" | "ol" | "ul", items: readonly T[], write: (item: T) => string): string {
  return items.length === 0 ? "" : `<${tag}>${items.map(write).join("")}</${tag}>`;
}
