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

// Controls, format characters (category Cf: bidi marks, zero-width, tags), line separators, lone
// surrogates, private use, every space but the plain one, variation selectors and the blank letters
// of Hangul and Braille.
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|(?! )\p{Zs}/gu;

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

/** ␀ … ␟ and ␡ for ASCII controls, ⟨U+202E⟩ for all others. */
function standIn(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
