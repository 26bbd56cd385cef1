// Log data is hostile: characters that show nothing, or that turn the order of what is shown, hide what
// a line really says. This file finds them and gives each a visible stand-in.

/** A run of plain text, or one hidden character with what to show in its place. */
export interface TextPart {
  /** What is shown. */
  readonly shown: string;
  /** Whether `shown` stands in for a character that can't be seen. */
  readonly hidden: boolean;
  /** Offset of the part in the original text, UTF-16 units. */
  readonly start: number;
  /** Length in the original text, UTF-16 units. */
  readonly length: number;
}

// The line end of Windows, as one; controls, format characters (category Cf: bidi marks, zero-width, tags), line separators, lone
// surrogates, private use, every space but the plain one, what Unicode says to draw as nothing
// (variation selectors, Hangul fillers) and the blank of Braille.
const HIDDEN =
  /\r\n|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Splits a text so that every invisible character is a part of its own with a stand-in. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) parts.push(plain(text, from, match.index));
    const char = match[0];
    parts.push({ shown: standIn(char), hidden: true, start: match.index, length: char.length });
    from = match.index + char.length;
  }
  if (from < text.length) parts.push(plain(text, from, text.length));
  return parts;
}

/** The text with stand-ins in it, for attributes and plain strings. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, standIn);
}

function plain(text: string, from: number, to: number): TextPart {
  return { shown: text.slice(from, to), hidden: false, start: from, length: to - from };
}

/** Signs that every font has for the common ones; `␀` and its like are missing in many. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ["\n", "↵"],
  ["\r\n", "↵"],
  ["\t", "⇥"],
]);

/** ↵ and ⇥, and ⟨U+202E⟩ for all others. */
function standIn(char: string): string {
  const sign = SIGNS.get(char);
  if (sign !== undefined) return sign;
  const code = char.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
