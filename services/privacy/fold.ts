// One spelling for all spellings of a name: lower case, umlauts and ß as their transcriptions (ä = ae),
// other marks dropped. Composed and decomposed letters, percent-encoding and JSON escapes give the same.

/** Separators fold to 0, ASCII letters and digits to the code of their lower case. */
export const ASCII_FOLD = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const char = String.fromCharCode(code).toLowerCase();
  if (/[a-z\d]/.test(char)) ASCII_FOLD[code] = char.charCodeAt(0);
}

// DIN 5007-2 and the usual practice of German account names.
const TRANSCRIBED: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  æ: "ae",
  ø: "oe",
  å: "aa",
  œ: "oe",
  ł: "l",
  đ: "d",
  ı: "i",
};
const DIAERESIS = 0x308;
const MARKS = /\p{M}/gu;
const folded: (string | undefined)[] = [];

/** What one UTF-16 unit beyond ASCII folds to; "" for a separator. */
export function foldUnit(unit: number): string {
  const known = folded[unit];
  if (known !== undefined) return known;
  const char = String.fromCharCode(unit).toLowerCase();
  let fold = TRANSCRIBED[char];
  if (fold === undefined) {
    const bare = char.normalize("NFKD").replace(MARKS, "").toLowerCase();
    // Halves of a pair are kept as they are: letters of rare scripts come in pairs.
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    fold = isHalf ? char : /^[\p{L}\p{N}]+$/u.test(bare) ? bare : "";
  }
  folded[unit] = fold;
  return fold;
}

/** Whether a unit is a mark that belongs to the letter before it. */
export function isMark(unit: number): boolean {
  return unit >= 0x300 && unit <= 0x36f;
}

/** What a mark adds after a folded letter (unit code): the e of a decomposed umlaut. */
export function foldMark(mark: number, before: number): string {
  // a, o, u
  return mark === DIAERESIS && (before === 97 || before === 111 || before === 117) ? "e" : "";
}

/** The whole text folded; separators stay. */
export function fold(text: string): string {
  let out = "";
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 128) out += text[index]?.toLowerCase() ?? "";
    else if (isMark(unit)) out += foldMark(unit, out.charCodeAt(out.length - 1));
    else out += foldUnit(unit) || (text[index] ?? "");
  }
  return out;
}

/** The text with umlauts without their dots instead (Muller for Müller), which some forms demand. */
export function withoutMarks(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

/** A character that stands encoded in a text. */
export interface Decoded {
  readonly char: string;
  /** UTF-16 units that it takes in the text. */
  readonly length: number;
}

// How often a percent sign may itself be encoded.
const NESTED_MAX = 3;

/** The character that `%C3%BC`, `%2520` or `\u00fc` at this place stands for. */
export function decodeAt(text: string, at: number): Decoded | undefined {
  if (text[at] === "\\") {
    if (text[at + 1] !== "u") return undefined;
    const code = hexAt(text, at + 2, 4);
    return code === undefined ? undefined : { char: String.fromCharCode(code), length: 6 };
  }
  const first = percentByte(text, at);
  if (first === undefined) return undefined;
  const count = first.byte < 0x80 ? 1 : first.byte >= 0xf0 ? 4 : first.byte >= 0xe0 ? 3 : 2;
  // Latin-1, as old programs encode it, where no UTF-8 follows.
  const latin = { char: String.fromCharCode(first.byte), length: first.length };
  if (count === 1) return latin;
  const bytes = [first.byte];
  let length = first.length;
  while (bytes.length < count) {
    const next = percentByte(text, at + length);
    if (next === undefined || (next.byte & 0xc0) !== 0x80) return latin;
    bytes.push(next.byte);
    length += next.length;
  }
  const char = Buffer.from(bytes).toString("utf8");
  return char.includes("\ufffd") ? latin : { char, length };
}

function percentByte(text: string, at: number): { byte: number; length: number } | undefined {
  if (text[at] !== "%") return undefined;
  let digits = at + 1;
  for (let nested = 0; nested < NESTED_MAX; nested += 1) {
    if (hexAt(text, digits, 2) !== 0x25 || hexAt(text, digits + 2, 2) === undefined) break;
    digits += 2;
  }
  const byte = hexAt(text, digits, 2);
  return byte === undefined ? undefined : { byte, length: digits + 2 - at };
}

function hexAt(text: string, at: number, digits: number): number | undefined {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) {
    const code = text.charCodeAt(index);
    const digit =
      code >= 48 && code <= 57
        ? code - 48
        : (code | 32) >= 97 && (code | 32) <= 102
          ? (code | 32) - 87
          : undefined;
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}
