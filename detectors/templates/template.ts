// A template: the words that all its lines have, and where between them variables stand.
import type { Skeleton } from "./scan.ts";

/** Stands in a template's words where any word may stand. */
export const ANY = 0;
/** How a variable is written. */
export const WILDCARD = "<*>";

/** Stands in `between` for a variable that may as well be a word: `ssh2`. */
const NUMBERED = "\u0001";
const TEXT_CHARACTERS_MAX = 300;
const WORD_CHARACTERS_MAX = 64;

export interface Template {
  readonly id: number;
  /** The template that this one became a part of. */
  mergedInto: Template | undefined;
  /** A number for each word, `ANY` where it varies. */
  words: Uint32Array;
  /** The words themselves. */
  texts: readonly string[];
  /** 1 where a word stands behind an equals sign, a colon or a quotation mark. */
  values: Uint8Array;
  /** 1 where a variable stands before the word of that place; the last entry: behind the last word. */
  gaps: Uint8Array;
  /** Text before each word and behind the last, variables as `<*>`. */
  between: readonly string[];
  /** Lines that were of this template. */
  count: number;
  /** When a line of it was seen last, counted in lines. */
  seen: number;
}

/** A template of one line. */
export function templateOf(id: number, line: string, start: number, skeleton: Skeleton): Template {
  const count = skeleton.words;
  const texts: string[] = [];
  const between: string[] = [];
  const gaps = new Uint8Array(count + 1);
  let variable = 0;
  let at = start;
  let room = TEXT_CHARACTERS_MAX;
  for (let word = 0; word <= count; word++) {
    const end = word < count ? (skeleton.from[word] ?? at) : line.length;
    let text = "";
    while (variable < skeleton.variables && (skeleton.variableFrom[variable] ?? 0) < end) {
      const from = skeleton.variableFrom[variable] ?? 0;
      if (room > 0) text += line.slice(at, Math.min(from, at + room));
      at = skeleton.variableTo[variable] ?? at;
      gaps[word] = 1;
      if (room > 0) text += isNumberedWord(line, from, at) ? NUMBERED : WILDCARD;
      variable++;
    }
    if (room > 0 && end > at) text += line.slice(at, Math.min(end, at + room));
    at = Math.max(at, end);
    between.push(detached(text));
    room -= text.length;
    if (word < count) {
      at = skeleton.to[word] ?? at;
      const kept = line.slice(end, Math.min(at, end + WORD_CHARACTERS_MAX));
      texts.push(detached(kept));
      room -= kept.length;
    }
  }
  return {
    id,
    mergedInto: undefined,
    words: skeleton.hash.slice(0, count),
    texts,
    values: skeleton.value.slice(0, count),
    gaps,
    between,
    count: 0,
    seen: 0,
  };
}

/** The template as one text. */
export function templateText(template: Template): string {
  let text = template.between[0] ?? "";
  for (let word = 0; word < template.texts.length; word++) {
    text += template.words[word] === ANY ? WILDCARD : template.texts[word];
    text += template.between[word + 1] ?? "";
  }
  return text
    .replaceAll(NUMBERED, WILDCARD)
    .trim()
    .slice(0, 2 * TEXT_CHARACTERS_MAX);
}

// A piece of a line keeps the whole line in memory; a copy does not.
function detached(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

function isNumberedWord(line: string, from: number, to: number): boolean {
  return to - from <= 20 && /^[A-Za-z]{2,}\d{1,2}$/.test(line.slice(from, to));
}

/** The template that this one is part of now; itself, where it stands alone. */
export function rootOf(template: Template): Template {
  let root = template;
  while (root.mergedInto !== undefined) root = root.mergedInto;
  if (template !== root) template.mergedInto = root;
  return root;
}
