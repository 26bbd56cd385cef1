// A page as a short message: what a person needs first, in at most three parts. The code and the link are
// never cut off; what happened and where give way to them.
import type { OutgoingPage } from "./channel.ts";
import { partsOf, septetsOf, toGsm7 } from "./gsm-7.ts";
import type { Page } from "./page.ts";
import { type ShownPage, showPage } from "./shown-page.ts";

export const SMS_PARTS_MAX = 3;
/** A longer link is left out, because a link that is cut leads nowhere. */
const LINK_SEPTETS_MAX = 160;
const TITLE_SEPTETS_MAX = 150;
const LINE_SEPTETS_MAX = 80;
const ADVICE_SEPTETS_MAX = 120;
const CODE = /^[0-9A-Za-z]{1,12}$/;
/** What happened is the title. */
const FACTS = ["where", "since", "confidence", "what"] as const;

const WORDS = {
  de: { answer: (code: string) => `Antwort: OK ${code} / NEIN ${code}`, more: "weitere" },
  en: { answer: (code: string) => `Reply: OK ${code} / NO ${code}`, more: "more" },
} as const;

/**
 * In the alphabet of short messages alone, so that a page has as much room as can be and every telephone
 * shows it; lines in the order in which they are needed.
 */
export function smsText(outgoing: OutgoingPage): string {
  const { page } = outgoing;
  const shown = showPage(outgoing);
  const end = [answerLine(page), linkLine(shown)].filter((line) => line !== undefined);
  const tlp = page.tlp === undefined ? "" : ` ${page.tlp}`;
  const title = shown.title.replace(/^P[1-4]\s*[:–-]?\s*/i, "");
  const first = cutLine(`${page.priority.toUpperCase()}${tlp} ${title}`, TITLE_SEPTETS_MAX);
  const optional = [
    cutLine(shown.notice ?? "", LINE_SEPTETS_MAX),
    ...FACTS.flatMap((key) => shown.facts.filter((fact) => fact.key === key)).map(
      ({ label, value }) => cutLine(`${label}: ${value}`, LINE_SEPTETS_MAX),
    ),
    page.more.length === 0 ? "" : `+ ${page.more.length} ${WORDS[page.language].more}`,
    cutLine(shown.advice[0] ?? "", ADVICE_SEPTETS_MAX),
  ];
  const lines = [first];
  for (const line of optional) {
    if (line !== "" && partsOf([...lines, line, ...end].join("\n")) <= SMS_PARTS_MAX) {
      lines.push(line);
    }
  }
  return [...lines, ...end].join("\n");
}

function answerLine({ code, language }: Page): string | undefined {
  return code === undefined || !CODE.test(code) ? undefined : WORDS[language].answer(code);
}

function linkLine({ links }: ShownPage): string | undefined {
  const short = links.filter(
    ({ url }) => /^https?:\/\/[!-~]+$/.test(url) && septetsOf(url) <= LINK_SEPTETS_MAX,
  );
  return (short.find(({ action }) => action === "acknowledge") ?? short.at(-1))?.url;
}

/** One line of at most so many septets; three dots where something is missing. */
function cutLine(text: string, septetsMax: number): string {
  const line = toGsm7(text.replace(/⟨/g, "<").replace(/⟩/g, ">")).replace(/\s+/g, " ").trim();
  if (septetsOf(line) <= septetsMax) return line;
  let kept = "";
  for (const letter of line) {
    if (septetsOf(kept) + septetsOf(letter) > septetsMax - 3) break;
    kept += letter;
  }
  return `${kept}...`;
}
