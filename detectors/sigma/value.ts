// Sigma strings: wildcards, escapes, and the modifiers that change a value before it is compared.
// Source: Sigma specification 2.1, sections "Wildcards", "Escaping" and appendix "Modifiers".
import { ANY, ONE, type Piece } from "./rule.ts";

/** Splits a value into text and wildcards; `\*`, `\?` and `\\` stand for the characters themselves. */
export function parsePieces(value: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") pieces.push(text);
    text = "";
  };
  for (let index = 0; index < value.length; index += 1) {
    const character = value[index] ?? "";
    const next = value[index + 1];
    if (character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      text += next;
      index += 1;
    } else if (character === "*" || character === "?") {
      flush();
      const wildcard = character === "*" ? ANY : ONE;
      if (wildcard === ONE || pieces.at(-1) !== ANY) pieces.push(wildcard);
    } else {
      text += character;
    }
  }
  flush();
  return pieces;
}

/** Surrounds pieces as contains, startswith and endswith do. */
export function surround(pieces: readonly Piece[], before: boolean, after: boolean): Piece[] {
  const out = [...pieces];
  if (before && out[0] !== ANY) out.unshift(ANY);
  if (after && out.at(-1) !== ANY) out.push(ANY);
  return out;
}

/** The text of pieces without wildcards; undefined when there are some. */
export function plainText(pieces: readonly Piece[]): string | undefined {
  if (pieces.length === 0) return "";
  const [only] = pieces;
  return pieces.length === 1 && typeof only === "string" ? only : undefined;
}

const DASHES = ["-", "/", "–", "—", "―"];
/** 625 spellings. */
const DASHES_ALL_COMBINATIONS_MAX = 4;

/**
 * All spellings of command line options: every dash or slash before a word as each of five signs. Beyond
 * `DASHES_ALL_COMBINATIONS_MAX` dashes: as written, and with the same sign everywhere.
 */
export function dashVariants(value: string): string[] {
  const places = [...value.matchAll(/\B[-/–—―]\b/gu)].map((match) => match.index);
  if (places.length === 0) return [value];
  if (places.length > DASHES_ALL_COMBINATIONS_MAX) {
    const same = DASHES.map((dash) => {
      const signs = places.map(() => dash);
      return replaceAt(value, places, signs);
    });
    return [...new Set([value, ...same])];
  }
  let combinations: string[][] = [[]];
  for (const _place of places) {
    combinations = combinations.flatMap((signs) => DASHES.map((dash) => [...signs, dash]));
  }
  return combinations.map((signs) => replaceAt(value, places, signs));
}

function replaceAt(value: string, places: readonly number[], signs: readonly string[]): string {
  const characters = [...Array(value.length).keys()].map((index) => value[index] ?? "");
  for (const [index, place] of places.entries()) characters[place] = signs[index] ?? "";
  return characters.join("");
}

/** Text as bytes in an encoding that Sigma names. */
export function encodeText(
  value: string,
  encoding: "utf8" | "utf16le" | "utf16be" | "utf16",
): Buffer {
  if (encoding === "utf8") return Buffer.from(value, "utf8");
  const little = Buffer.from(value, "utf16le");
  if (encoding === "utf16le") return little;
  if (encoding === "utf16be") return Buffer.from(little).swap16();
  return Buffer.concat([Buffer.of(0xff, 0xfe), little]);
}

/** The bytes in base64, with its padding. */
export function base64Text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

// Which characters of the encoding are the same whatever stands before and behind (by offset 0, 1, 2).
const START = [0, 2, 3];
const END: readonly (number | undefined)[] = [undefined, -3, -2];

/** The three ways in which bytes can stand inside a longer base64 text. */
export function base64Offsets(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset, 0x20), bytes])
      .toString("base64")
      .slice(START[offset], END[(bytes.length + offset) % 3]),
  );
}
