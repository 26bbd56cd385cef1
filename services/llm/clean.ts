// Takes out of a text what people don't see but models and screens obey: control, bidirectional,
// zero-width and tag characters, variation selectors and blanks that look like nothing. Linear.

/** Longest value that a model is given, and longest that is shown in a slot, in characters. */
export const VALUE_CHARS_MAX = 512;
const SHOWN_CHARS_MAX = 160;

// Cf holds bidi marks, zero-width characters and the tags U+E0000–U+E007F; DI the letters and marks that
// are invisible all the same; U+2800 is a braille sign without dots.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]/gu;
const BREAK = /[\t\n\r\v\f\u0085\u2028\u2029]/;

export interface Cleaned {
  readonly text: string;
  /** Characters that were taken out. */
  readonly removed: number;
  readonly isCut: boolean;
}

/** The text without hidden characters, at most `charactersMax` long; breaks become blanks. */
export function cleanText(value: string, charactersMax: number): Cleaned {
  let removed = 0;
  // A value of a megabyte is cut before it is looked at.
  const clean = value.slice(0, charactersMax * 4).replace(HIDDEN, (character) => {
    removed += 1;
    return BREAK.test(character) ? " " : "";
  });
  const isCut = value.length > charactersMax * 4 || clean.length > charactersMax;
  return { text: isCut ? whole(clean.slice(0, charactersMax)) : clean, removed, isCut };
}

/**
 * A value as it may stand on a screen, in a mail or a report: as plain text in which nothing can come
 * alive. Signs that begin markup, links or a quotation are replaced by others that look like them.
 */
export function shownValue(value: string): string {
  const { text, isCut } = cleanText(value, SHOWN_CHARS_MAX);
  const tame = text
    .replace(/[<>"„“”`[\]{}&|]/g, (character) => LOOKALIKE[character] ?? "·")
    .replace(/:(?=\/\/)|\b(?<=javascript|vbscript|data|mailto|file):/gi, "∶");
  return isCut ? `${tame}…` : tame;
}

const LOOKALIKE: Readonly<Record<string, string>> = {
  "<": "‹",
  ">": "›",
  '"': "'",
  "„": "'",
  "“": "'",
  "”": "'",
  "`": "'",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  "&": "+",
  "|": "¦",
};

// A pair of surrogates that a cut has parted is no character.
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
