// The page behind a link in an alarm, as HTML without script: what will be done with which finding, and a
// form. It says priority, title and time and nothing more, because whoever holds the link sees it unasked.
import type { Priority } from "../../config/paging.ts";
import type { LinkPurpose } from "../paging/links.ts";
import type { AnswerMessages } from "./answer-messages.ts";

export const ANSWER_STYLE_PATH = "/antwort/seite.css";

/** What is shown of a finding. */
interface AnswerSubject {
  readonly tenantName: string;
  readonly priority: Priority;
  readonly title: string;
  /** When it was raised, ms UTC. */
  readonly raisedAt: number;
  readonly timeZone: string;
}

export type AnswerView =
  | {
      readonly kind: "ask";
      readonly purpose: LinkPurpose;
      readonly subject: AnswerSubject;
      readonly nonce: string;
      /** The form was sent too late: it is shown again. */
      readonly isAgain: boolean;
    }
  | { readonly kind: "done"; readonly purpose: LinkPurpose; readonly consoleUrl?: string }
  | { readonly kind: "answered" | "over" | "expired"; readonly consoleUrl?: string }
  | { readonly kind: "former" | "unknown" | "limited" | "fault" };

/** The whole document. */
export function answerPage(view: AnswerView, messages: AnswerMessages): string {
  const title = titleOf(view, messages);
  const body = view.kind === "ask" ? askBody(view, messages) : toldBody(view, messages);
  return `<!doctype html>
<html lang="${messages.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${safe(title)} – ${safe(messages.product)}</title>
<link rel="stylesheet" href="${ANSWER_STYLE_PATH}">
</head>
<body>
<main>
<p class="product">${safe(messages.product)}</p>
<h1>${safe(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function titleOf(view: AnswerView, messages: AnswerMessages): string {
  if (view.kind === "ask") return messages.title[view.purpose];
  return view.kind === "done" ? messages.doneTitle[view.purpose] : messages[`${view.kind}Title`];
}

function askBody(view: AnswerView & { readonly kind: "ask" }, messages: AnswerMessages): string {
  const { purpose, subject, nonce, isAgain } = view;
  const facts = [
    [messages.priority, messages.priorities[subject.priority]],
    [messages.what, subject.title],
    [messages.since, localTime(subject, messages.language)],
    [messages.for, subject.tenantName],
  ] as const;
  const rows = facts.map(
    ([label, value]) => `<dt>${safe(label)}</dt><dd><bdi>${safe(value)}</bdi></dd>`,
  );
  const again = isAgain ? `<p class="notice" role="alert">${safe(messages.formOld)}</p>\n` : "";
  return `${again}<dl>
${rows.join("\n")}
</dl>
<p id="will">${safe(messages.will[purpose])}</p>
<form method="post">
<input type="hidden" name="form" value="${safe(nonce)}">
<button type="submit" aria-describedby="will">${safe(messages.button[purpose])}</button>
</form>`;
}

function toldBody(
  view: Exclude<AnswerView, { readonly kind: "ask" }>,
  messages: AnswerMessages,
): string {
  const text = view.kind === "done" ? messages.done[view.purpose] : messages[view.kind];
  const url = "consoleUrl" in view ? view.consoleUrl : undefined;
  const link =
    url === undefined ? "" : `\n<p><a href="${safe(url)}">${safe(messages.console)}</a></p>`;
  return `<p role="status">${safe(text)}</p>${link}`;
}

function localTime({ raisedAt, timeZone }: AnswerSubject, language: string): string {
  return new Intl.DateTimeFormat(language, {
    ...{ weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" },
  }).format(raisedAt);
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};
// Control, format and direction characters, and halves of pairs: they change how a line is read.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

function safe(text: string): string {
  return text.replace(UNSEEN, "\uFFFD").replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** Readable without the console's files, by day and by night, on a telephone. */
export const ANSWER_STYLE = `:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #14161a);
  --text: light-dark(#171a1c, #eef1f4);
  --muted: light-dark(#4b5560, #b4bdc7);
  --line: light-dark(#c3cad1, #4a525c);
  --action: light-dark(#171a96, #9db2ff);
  --on-action: light-dark(#ffffff, #10121a);
  --notice: light-dark(#fff3d6, #3d2f0a);
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--text);
  font: 1.0625rem / 1.5 system-ui, sans-serif;
}
main {
  max-width: 34rem;
  margin: 0 auto;
  padding: 1.5rem 1rem 3rem;
}
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
.product { margin: 0; color: var(--muted); }
.notice { background: var(--notice); padding: 0.75rem 1rem; border-inline-start: 0.25rem solid; }
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.5rem 1rem;
  margin: 0 0 1.5rem;
  padding: 1rem 0;
  border-block: 1px solid var(--line);
}
dt { color: var(--muted); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
button {
  width: 100%;
  min-height: 3.25rem;
  border: 2px solid transparent;
  border-radius: 0.25rem;
  background: var(--action);
  color: var(--on-action);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
a { color: var(--action); }
:focus-visible { outline: 3px solid var(--text); outline-offset: 3px; }
@media (max-width: 24rem) {
  dl { grid-template-columns: 1fr; gap: 0.125rem; }
  dd { margin-bottom: 0.5rem; }
}
`;
