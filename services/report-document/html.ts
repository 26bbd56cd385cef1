// A document as one HTML file for the screen and the printer: no script, nothing loaded from elsewhere,
// headings, tables and pictures said as BITV 2.0 (EN 301 549) asks. Every text goes through `shown`.
import { chartSvg } from "./chart-svg.ts";
import { checkDocument } from "./check-document.ts";
import type { Block, ChartBlock, ReportDocument, Run, TableBlock, Text, Tile } from "./document.ts";
import { HTML_STYLE } from "./html-style.ts";
import { escaped, outsideAddress } from "./markup.ts";
import { DOCUMENT_MESSAGES, LIGHT_SIGNS, NOTE_SIGNS, TREND_SIGNS } from "./messages.ts";
import { rowsNote } from "./rows-note.ts";
import { shownTableOfChart } from "./table-of-chart.ts";
import {
  CELL_CHARACTERS_MAX,
  LINE_CHARACTERS_MAX,
  TEXT_CHARACTERS_MAX,
  visibleText,
} from "./visible-text.ts";

/** @throws AppError HW_INPUT_TOO_LARGE when it has more than can be shown */
export function renderHtml(document: ReportDocument): string {
  checkDocument(document);
  const messages = DOCUMENT_MESSAGES[document.language];
  const name = `${document.title} – ${document.tenant.name}, ${document.period.label}`;
  return [
    `<!doctype html>\n<html lang="${document.language}">\n<head>\n<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    `<meta name="referrer" content="no-referrer">`,
    `<title>${shown(name)}</title>`,
    `<style>${HTML_STYLE}</style>\n</head>\n<body>`,
    `<a class="skip" href="#inhalt">${messages.skip}</a>`,
    cover(document),
    contents(document),
    `<main id="inhalt" tabindex="-1">`,
    ...document.sections.map((_, index) => section(document, index)),
    "</main>",
    `<footer><p>${shown(document.author)} · ${shown(document.title)}</p></footer>`,
    "</body>\n</html>\n",
  ].join("\n");
}

function cover(document: ReportDocument): string {
  const mark = document.mark === undefined ? "" : `<p class="mark">${shown(document.mark)}</p>`;
  const meta = document.meta.map(
    ({ key, value }) => `<dt>${shown(key)}</dt><dd>${runs(value, document)}</dd>`,
  );
  return [
    `<header>\n<p class="tenant">${shown(document.tenant.name)}</p>`,
    `<h1>${shown(document.title)}</h1>`,
    `<p class="subtitle">${shown(document.subtitle)}</p>`,
    `<p class="period">${shown(document.period.label)}</p>`,
    mark,
    meta.length === 0 ? "" : `<dl>${meta.join("\n")}</dl>`,
    "</header>",
  ].join("\n");
}

function contents(document: ReportDocument): string {
  const title = DOCUMENT_MESSAGES[document.language].contents;
  const entries = document.sections.map(
    (one, index) => `<li><a href="#abschnitt-${index}">${headline(one)}</a></li>`,
  );
  return `<nav aria-label="${title}">\n<ul>\n${entries.join("\n")}\n</ul>\n</nav>`;
}

function headline({ number, title }: ReportDocument["sections"][number]): string {
  return number === "" ? shown(title) : `${shown(number)}\u2002${shown(title)}`;
}

function section(document: ReportDocument, index: number): string {
  const one = document.sections[index];
  if (one === undefined) return "";
  const id = `abschnitt-${index}`;
  const starts = one.startsPage === true ? ' class="starts-page"' : "";
  return [
    `<section${starts} aria-labelledby="${id}">`,
    `<h2 id="${id}">${headline(one)}</h2>`,
    ...one.blocks.map((part) => block(part, document)),
    "</section>",
  ].join("\n");
}

function block(part: Block, document: ReportDocument): string {
  switch (part.kind) {
    case "paragraph":
      return `<p>${runs(part.text, document)}</p>`;
    case "heading":
      return `<h3>${shown(part.text)}</h3>`;
    case "list": {
      const tag = part.isOrdered === true ? "ol" : "ul";
      const items = part.items.map((item) => `<li>${runs(item, document)}</li>`);
      return `<${tag}>${items.join("\n")}</${tag}>`;
    }
    case "code":
      return `<pre tabindex="0"><code>${shownLines(part.text)}</code></pre>`;
    case "pageBreak":
      return `<div class="page-break"></div>`;
    case "note": {
      const title = `<span aria-hidden="true">${NOTE_SIGNS[part.tone]}</span> ${shown(part.title)}`;
      return `<div class="note ${part.tone}"><p class="note-title">${title}</p><p>${runs(part.text, document)}</p></div>`;
    }
    case "table":
      return table(part, document);
    case "tiles":
      return `<ul class="tiles">${part.tiles.map((one) => tile(one, document)).join("\n")}</ul>`;
    case "chart":
      return chart(part, document);
  }
}

function table(part: TableBlock, document: ReportDocument): string {
  const messages = DOCUMENT_MESSAGES[document.language];
  const id = `tabelle-${part.id}`;
  const side = (index: number) => part.columns[index]?.align ?? "left";
  const head = part.columns
    .map((column, index) => `<th scope="col" class="${side(index)}">${shown(column.header)}</th>`)
    .join("");
  const rows = part.rows.map((cells) => {
    const set = cells.map((cell, index) => {
      const text = runs(cell, document, CELL_CHARACTERS_MAX);
      return part.columns[index]?.isRowHeader === true
        ? `<th scope="row" class="${side(index)}">${text}</th>`
        : `<td class="${side(index)}">${text}</td>`;
    });
    return `<tr>${set.join("")}</tr>`;
  });
  const empty = `<tr><td colspan="${part.columns.length}" class="empty">${shown(part.emptyText ?? messages.noRows)}</td></tr>`;
  const note = [rowsNote(part, document.language), part.note ?? ""].filter((one) => one !== "");
  return [
    `<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0">`,
    `<table>\n<caption id="${id}">${shown(part.caption)}</caption>\n<thead><tr>${head}</tr></thead>`,
    `<tbody>${rows.length === 0 ? empty : rows.join("\n")}</tbody>\n</table>\n</div>`,
    note.length === 0 ? "" : `<p class="under">${shown(note.join(" "))}</p>`,
  ].join("\n");
}

function tile(one: Tile, document: ReportDocument): string {
  const messages = DOCUMENT_MESSAGES[document.language];
  const { light, trend } = one;
  const lines = [
    `<p class="label">${shown(one.label)}</p>`,
    `<p class="value">${shown(one.value)}</p>`,
    light === undefined
      ? ""
      : `<p class="light ${light.state}"><span aria-hidden="true">${LIGHT_SIGNS[light.state]}</span> ${shown(light.text)}</p>`,
    one.target === undefined ? "" : `<p>${messages.target}: ${shown(one.target)}</p>`,
    trend === undefined
      ? ""
      : `<p><span aria-hidden="true">${TREND_SIGNS[trend.direction]}</span> ${shown(trend.text)}</p>`,
    one.basis === undefined ? "" : `<p class="muted">${shown(one.basis)}</p>`,
    one.command === undefined ? "" : `<p class="command"><code>${shown(one.command)}</code></p>`,
  ];
  return `<li>${lines.join("")}</li>`;
}

function chart(part: ChartBlock, document: ReportDocument): string {
  const picture = `<div role="img" aria-label="${shown(part.alt)}">${chartSvg(part)}</div>`;
  const caption = `<figcaption>${shown(part.title)}</figcaption>`;
  const values = table(shownTableOfChart(part, document.language), document);
  return `<figure>${caption}${picture}</figure>\n${values}`;
}

function runs(
  text: Text,
  document: ReportDocument,
  charactersMax: number = TEXT_CHARACTERS_MAX,
): string {
  if (typeof text === "string") return withBreaks(text, charactersMax);
  return text.map((part) => run(part, document, charactersMax)).join("");
}

function run({ text, style, link }: Run, document: ReportDocument, charactersMax: number): string {
  const plain = withBreaks(text, charactersMax);
  const body =
    style === "strong"
      ? `<strong>${plain}</strong>`
      : style === "code"
        ? `<code>${plain}</code>`
        : plain;
  const address = link === undefined ? undefined : addressOf(link, document);
  return address === undefined ? body : `<a href="${escaped(address)}">${body}</a>`;
}

function addressOf(link: NonNullable<Run["link"]>, document: ReportDocument): string | undefined {
  if ("url" in link) return outsideAddress(link.url);
  const at = document.sections.findIndex((one) => one.number === link.section);
  return at < 0 || link.section === "" ? undefined : `#abschnitt-${at}`;
}

/** Allows breaks in what is too long for a column: no word of a language, but hashes and paths. */
const LONG = /\S{30,}/g;
const PARTS = /.{1,12}/gsu;

function withBreaks(text: string, charactersMax: number): string {
  let set = "";
  let at = 0;
  const seen = visibleText(text, { charactersMax });
  for (const match of seen.matchAll(LONG)) {
    const parts = match[0].match(PARTS) ?? [];
    set += escaped(seen.slice(at, match.index)) + parts.map(escaped).join("<wbr>");
    at = match.index + match[0].length;
  }
  return set + escaped(seen.slice(at));
}

function shown(text: string, charactersMax: number = LINE_CHARACTERS_MAX): string {
  return escaped(visibleText(text, { charactersMax }));
}

function shownLines(text: string): string {
  return escaped(visibleText(text, { charactersMax: TEXT_CHARACTERS_MAX, keepsLines: true }));
}
