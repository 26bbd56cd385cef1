// A page as a message of Matrix: plain text, and HTML of a handful of tags in which everything foreign is
// text. Nobody is called by what stands in it, only by us.
import type { OutgoingPage } from "./channel.ts";
import { escapeHtml } from "./html.ts";
import { type ShownPage, showPage } from "./shown-page.ts";
import { pageAsText } from "./text.ts";

/** Where our own message says which page it was; read again when somebody answers it. */
export const PAGE_FIELD = "de.heidewacht.page";

export interface MatrixMessage {
  readonly msgtype: "m.text";
  readonly body: string;
  readonly format: "org.matrix.custom.html";
  readonly formatted_body: string;
  readonly "m.mentions": { readonly room?: true; readonly user_ids?: readonly string[] };
  readonly [PAGE_FIELD]: string;
}

/** @param user who is meant; undefined: the room */
export function matrixMessage(outgoing: OutgoingPage, user: string | undefined): MatrixMessage {
  const { id, page } = outgoing;
  const shown = showPage(outgoing);
  const answer = answerHint(outgoing);
  const isUrgent = page.priority === "p1" || page.priority === "p2";
  return {
    msgtype: "m.text",
    body: plainBody(shown, answer),
    format: "org.matrix.custom.html",
    formatted_body: htmlBody(shown, answer),
    "m.mentions": user === undefined ? (isUrgent ? { room: true } : {}) : { user_ids: [user] },
    [PAGE_FIELD]: id,
  };
}

function answerHint({ page: { code, language } }: OutgoingPage): string | undefined {
  if (code === undefined || !/^[0-9A-Za-z]{1,12}$/.test(code)) return undefined;
  return language === "de"
    ? `Antworten: ✅ übernimmt, ❌ lehnt ab – oder „OK ${code}“, „NEIN ${code}“`
    : `Answer: ✅ acknowledges, ❌ declines – or "OK ${code}", "NO ${code}"`;
}

function plainBody(shown: ShownPage, answer: string | undefined): string {
  const text = pageAsText(shown).trimEnd();
  return answer === undefined ? text : `${text}\n\n${answer}`;
}

function htmlBody(shown: ShownPage, answer: string | undefined): string {
  const items = (lines: readonly string[]) =>
    `<ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`;
  const list = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`<p>${escapeHtml(heading)}:</p>`, items(lines.map(escapeHtml))];
  const facts = shown.facts.map(
    ({ label, value }) => `<strong>${escapeHtml(label)}</strong>: ${escapeHtml(value)}`,
  );
  const links = shown.links.map(
    ({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`,
  );
  return [
    `<p>${escapeHtml(shown.head)}<br><strong>${escapeHtml(shown.title)}</strong></p>`,
    ...(shown.notice === undefined ? [] : [`<p><em>${escapeHtml(shown.notice)}</em></p>`]),
    ...(facts.length === 0 ? [] : [items(facts)]),
    ...list(shown.adviceHeading, shown.advice),
    ...list(shown.moreHeading, shown.more),
    ...(answer === undefined ? [] : [`<p>${escapeHtml(answer)}</p>`]),
    ...(links.length === 0 ? [] : [`<p>${links.join(" · ")}</p>`]),
    `<p>${escapeHtml(shown.foot)}</p>`,
  ].join("");
}
