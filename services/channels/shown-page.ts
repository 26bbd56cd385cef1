// A page with all foreign text made harmless and all words of ours chosen: what every way of writing begins
// with, so that none can forget a field.

import type { OutgoingPage } from "./channel.ts";
import { CHANNEL_MESSAGES, type PageLanguage } from "./messages.ts";
import type { PageFact } from "./page.ts";
import { shownText } from "./shown-text.ts";

// All of it together stays below the 28 KB of a card for Teams, whatever the characters.
const TITLE_CHARACTERS_MAX = 200;
const VALUE_CHARACTERS_MAX = 400;
const LABEL_CHARACTERS_MAX = 40;
const ADVICE_CHARACTERS_MAX = 300;
const LINE_CHARACTERS_MAX = 200;
const NOTICE_CHARACTERS_MAX = 300;
const FACTS_MAX = 8;
const ADVICE_MAX = 3;
/** Ten findings, and how many more. */
const LINES_MAX = 11;
const REFERENCE_CHARACTERS = 12;
const TLP = /^TLP:(?:RED|AMBER(?:\+STRICT)?|GREEN|CLEAR)$/;

interface ShownLink {
  readonly action: "open" | "acknowledge" | "decline";
  readonly label: string;
  /** http or https, of ours; no character in it ends an attribute or a link in Markdown. */
  readonly url: string;
}

export interface ShownPage {
  readonly language: PageLanguage;
  /** Kind, priority, TLP and administration, in one line. */
  readonly head: string;
  readonly title: string;
  readonly notice: string | undefined;
  readonly facts: readonly PageFact[];
  readonly adviceHeading: string;
  readonly advice: readonly string[];
  readonly moreHeading: string;
  readonly more: readonly string[];
  readonly links: readonly ShownLink[];
  /** When it was raised, and the id by which repetitions are told. */
  readonly foot: string;
}

export function showPage({ id, page }: OutgoingPage): ShownPage {
  const { language } = page;
  const m = CHANNEL_MESSAGES[language];
  const show = (text: string, charactersMax: number) => shownText(text, charactersMax, language);
  const lines = (texts: readonly string[], linesMax: number, charactersMax: number) =>
    texts.slice(0, linesMax).map((text) => show(text, charactersMax));
  const { tlp } = page;
  return {
    language,
    head: [
      m.kinds[page.kind],
      m.priorities[page.priority],
      // Its colon is no address.
      ...(tlp === undefined ? [] : [TLP.test(tlp) ? tlp : show(tlp, LABEL_CHARACTERS_MAX)]),
      show(page.tenantName, TITLE_CHARACTERS_MAX),
    ].join(" · "),
    title: show(page.title, TITLE_CHARACTERS_MAX) || m.kinds[page.kind],
    notice: page.notice === undefined ? undefined : show(page.notice, NOTICE_CHARACTERS_MAX),
    facts: page.facts.slice(0, FACTS_MAX).map(({ key, label, value }) => ({
      key,
      label: show(label, LABEL_CHARACTERS_MAX),
      value: show(value, VALUE_CHARACTERS_MAX),
    })),
    adviceHeading: m.advice,
    advice: lines(page.advice, ADVICE_MAX, ADVICE_CHARACTERS_MAX),
    moreHeading: m.more,
    more: lines(page.more, LINES_MAX, LINE_CHARACTERS_MAX),
    links: [
      ...link("acknowledge", m.acknowledge, page.acknowledgeLink),
      ...link("decline", m.decline, page.declineLink),
      ...link("open", m.open, page.link),
    ],
    foot: `${m.raised}: ${momentOf(page.raisedAt, language)} · ${m.page}: ${referenceOf(id)}`,
  };
}

/** The first characters of an id: enough to tell repetitions, short enough to be compared. */
function referenceOf(id: string): string {
  return id.replace(/[^\w-]/g, "").slice(0, REFERENCE_CHARACTERS);
}

function link(action: ShownLink["action"], label: string, given: string | undefined): ShownLink[] {
  const url = given === undefined ? null : URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  const href = url.href.replace(
    /[()'"<>\\`|]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return [{ action, label, url: href }];
}

/** The reader's clock is not known here, so it says whose it is. */
function momentOf(at: number, language: PageLanguage): string {
  const iso = new Date(at).toISOString();
  const [year, month, day] = iso.slice(0, 10).split("-");
  const time = `${iso.slice(11, 16)} UTC`;
  return language === "de" ? `${day}.${month}.${year}, ${time}` : `${iso.slice(0, 10)}, ${time}`;
}
