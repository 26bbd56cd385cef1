// Any text as it may stand in a report: nothing in it is hidden, turns the direction of reading or reaches
// into other lines. What can't be seen is named by its number. Markup is left to each form's own way of
// escaping. Linear, and cut before it is looked at.

import { CUT_SIGN } from "./messages.ts";

/** Longest text of a paragraph or a block of code, of a heading, caption or label, and of a cell; UTF-16 units. */
export const TEXT_CHARACTERS_MAX = 8_000;
export const LINE_CHARACTERS_MAX = 300;
export const CELL_CHARACTERS_MAX = 600;

// Cf holds direction marks, zero-width characters and tags; DI the letters and marks that are invisible all
// the same; U+2800 is a braille sign without dots; a fourth mark upon a letter reaches into other lines.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Cn}\u2800]+|(?<=\p{M}{3})\p{M}+/gu;
const BREAKS = /[\t\n\r\v\f\u0085\u2028\u2029]+/g;
/** Only say how a sign is drawn. */
const VARIATIONS = /[\ufe0e\ufe0f]/g;

export interface VisibleOptions {
  readonly charactersMax: number;
  /** Breaks of lines stay; else they become a blank. */
  readonly keepsLines?: boolean;
  /** Whether a form can draw a character, by its code point; what it can't draw is named. */
  readonly canDraw?: (codePoint: number) => boolean;
}

export function visibleText(text: string, options: VisibleOptions): string {
  const { charactersMax, canDraw } = options;
  if (options.keepsLines === true) return visibleLines(text, options);
  const near = beginOf(text, charactersMax);
  const isCut = near.length < text.length;
  const seen = named(near.replace(BREAKS, " ").replace(VARIATIONS, ""));
  const drawn = canDraw === undefined ? seen : drawable(seen, canDraw);
  // What was named has become longer: a text of nothing but hidden characters is cut again.
  const longMax = charactersMax * 2;
  if (!isCut && drawn.length <= longMax) return drawn;
  return `${drawn.slice(0, longMax).replace(/[\ud800-\udbff]$|⟨[^⟩]{0,20}$/, "")}${CUT_SIGN}`;
}

/** A pair that would be cut in two is left out whole. */
function beginOf(text: string, charactersMax: number): string {
  const isWhole = text.length <= charactersMax;
  return isWhole ? text : text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, "");
}

function visibleLines(text: string, options: VisibleOptions): string {
  const near = beginOf(text, options.charactersMax);
  const lines = near.split(/\r\n|\n/).map((line) =>
    visibleText(line, {
      charactersMax: options.charactersMax,
      ...(options.canDraw === undefined ? {} : { canDraw: options.canDraw }),
    }),
  );
  return near.length < text.length ? `${lines.join("\n")}${CUT_SIGN}` : lines.join("\n");
}

function named(text: string): string {
  return text.replace(HIDDEN, (run) => {
    const count = [...run].length;
    return count === 1 ? `⟨${codeName(run)}⟩` : `⟨${codeName(run)} ×${count}⟩`;
  });
}

function drawable(text: string, canDraw: (codePoint: number) => boolean): string {
  let drawn = "";
  for (const character of text)
    drawn += canDraw(character.codePointAt(0) ?? 0) ? character : `⟨${codeName(character)}⟩`;
  return drawn;
}

function codeName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
