// A foreign text as it may stand in any page: one line, without secrets, in which nothing is hidden and
// nothing becomes a link, a mention or an address. Markup is left to each channel's own way of escaping.
import { isIPv6 } from "node:net";
import { CHANNEL_MESSAGES, type PageLanguage } from "./messages.ts";
import { withoutSecrets } from "./secrets.ts";

// Cf holds direction marks, zero-width characters and tags; DI the letters and marks that are invisible all
// the same; U+2800 is a braille sign without dots; a fourth mark upon a letter reaches into other lines.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Cn}\u2800]+|(?<=\p{M}{3})\p{M}+/gu;
const BREAKS = /[\t\n\r\v\f\u0085\u2028\u2029]+/g;
/** Only say how a sign is drawn. */
const VARIATIONS = /[\ufe0e\ufe0f]/g;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const LATIN_LOOKALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;
/** What programs take for a dot, an at sign and a colon; a zone of IPv6 has no place in an address here. */
const DOT = /(?<=\S)[.\u2024\u3002\ufe52\uff0e\uff61](?=[^\s\p{P}]|[-_%])/gu;
const AT = /(?<!\[)[@\ufe6b\uff20]|[@\ufe6b\uff20](?!\])/g;
const COLON = /(?<=[\p{L}\p{N}+.-])[:\ufe55\uff1a](?=\S)/gu;
const SHARE = /(?<![\\[])\\{2,}/g;
/** Decimals, dates and versions: no client takes them for an address. Four groups are one. */
const NUMBER_BEFORE = /(?<![\p{L}\p{N}.\]])\d{1,8}(?:\.\d{1,8})?$/u;
const NUMBER_AFTER = /^\d{1,8}(?:\.\d{1,8})?(?!\.?[\p{L}\p{N}])/u;
const NEAR_CHARACTERS = 45;

/**
 * The text, at most `charactersMax` long (UTF-16 units); what was longer says so at its end. Given to itself
 * again, it stays as it is.
 */
export function shownText(value: string, charactersMax: number, language: PageLanguage): string {
  // A value of a megabyte is cut before it is looked at.
  const near = value.slice(0, charactersMax * 4);
  const seen = markLookalikes(markHidden(withoutSecrets(near, language)));
  const shown = defanged(seen.replace(/\s+/g, " ").trim());
  const isCut = value.length > near.length || shown.length > charactersMax;
  return isCut ? cut(shown, charactersMax, language) : shown;
}

/** The beginning of a text that is ready, with the mark of a cut one. */
function cut(text: string, charactersMax: number, language: PageLanguage): string {
  const mark = CHANNEL_MESSAGES[language].cut;
  const kept = text.slice(0, Math.max(0, charactersMax - mark.length - 1));
  // Half a pair of surrogates is no character, half a bracket of ours is no longer safe.
  const whole = kept.replace(/[\ud800-\udbff]$|[[\u27e8][^\]\u27e9]{0,20}$/, "");
  return `${whole} ${mark}`.replace(/\s+/g, " ").trim();
}

function markHidden(text: string): string {
  return text
    .replace(BREAKS, " ")
    .replace(VARIATIONS, "")
    .replace(HIDDEN, (run) => {
      const characters = [...run];
      const first = codeName(run);
      return characters.length === 1 ? `⟨${first}⟩` : `⟨${first} ×${characters.length}⟩`;
    });
}

function codeName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Letters of another script within a Latin word are named; what is named already ends its word. */
function markLookalikes(text: string): string {
  return text.replace(WORD, (word, at: number, whole: string) => {
    if (!LATIN.test(word)) return word;
    const isNamed = whole.startsWith("⟨U+", at + word.length);
    return word.replace(LATIN_LOOKALIKE, (letter, letterAt: number) =>
      isNamed && letterAt + letter.length === word.length
        ? letter
        : `${letter}⟨${codeName(letter)}⟩`,
    );
  });
}

/** What clients and programs make clickable by themselves: brackets part it, as analysts know them. */
function defanged(text: string): string {
  return text
    .replace(COLON, (colon, at: number) => (isHarmlessColon(text, at) ? colon : "[:]"))
    .replace(SHARE, (run) => `[${run}]`)
    .replace(AT, "[@]")
    .replace(DOT, (dot, at: number, whole: string) => (isNumber(whole, at) ? dot : "[.]"));
}

/** Times of day, drives and addresses of IPv6. */
function isHarmlessColon(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR_CHARACTERS), at);
  const after = text.slice(at + 1, at + 1 + NEAR_CHARACTERS);
  if (/\d$/.test(before) && /^\d/.test(after)) return true;
  if (/(?<![\p{L}\p{N}])[A-Za-z]$/u.test(before) && /^[\\/](?![\\/])/.test(after)) return true;
  const head = /[0-9a-f:]*$/i.exec(before)?.[0] ?? "";
  const tail = /^[0-9a-f:]*/i.exec(after)?.[0] ?? "";
  return isIPv6(`${head}:${tail}`);
}

function isNumber(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR_CHARACTERS), at);
  const after = text.slice(at + 1, at + 1 + NEAR_CHARACTERS);
  const head = NUMBER_BEFORE.exec(before)?.[0];
  const tail = NUMBER_AFTER.exec(after)?.[0];
  if (head === undefined || tail === undefined) return false;
  return (head + tail).replace(/\d/g, "").length < 2;
}
