// Makes the same text of all the ways in which it can be hidden: look-alike letters, invisible characters,
// digits for letters, percent, hexadecimal and Base64 writing. Every step is linear and bounded; no
// result of a decoding is longer than what it came from.

/** Longer values are looked at in their beginning and their end. */
export const TEXT_CHARACTERS_MAX = 2048;
const DECODED_RUNS_MAX = 4;
const RUN_CHARACTERS_MAX = 2048;
/** Hidden characters from which on they carry a text of their own. */
const TAGS_MIN = 6;

// Soft hyphen, zero-width characters, word joiner and its invisible neighbours, byte order mark.
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]/g;
// Unicode's tag characters U+E0020 to U+E007E repeat ASCII without being shown.
const TAG_RUN = /(?:\udb40[\udc20-\udc7e])+/g;
const FLAG = "\u{1f3f4}";
const ASCII = /^[^\u0080-\uffff]*$/;
const ACCENTS = /[\u0300-\u036f]/g;

// Letters of Greek and Cyrillic that look like Latin ones (Unicode's confusables, the common part).
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ а: "a", в: "b", е: "e", к: "k", м: "m", н: "h", о: "o", р: "p", с: "c", т: "t", у: "y" },
    ...{ х: "x", і: "i", ј: "j", ѕ: "s", ԁ: "d", ԛ: "q", ԝ: "w", һ: "h", г: "r", п: "n", ӏ: "l" },
    ...{ α: "a", β: "b", ε: "e", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x" },
    ...{ γ: "y", η: "n", ω: "w", ı: "i", ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe" },
  }),
);
const LOOKALIKE = new RegExp(`[${[...LOOKS_LIKE.keys()].join("")}]`, "g");
const LEET: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", $: "s", "!": "i" },
};

/** Lower case, without accents, invisible characters and look-alikes. */
export function foldText(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : foldLetters(text);
}

/** A folded word with the letters that its digits stand for. */
export function foldLeet(word: string): string {
  if (!/[a-z]/.test(word)) return word;
  return word.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);
}

function foldLetters(text: string): string {
  return text
    .replace(INVISIBLE, "")
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .toLowerCase()
    .replace(LOOKALIKE, (letter) => LOOKS_LIKE.get(letter) ?? letter);
}

/** A part of a long text that is looked at: its beginning and its end. */
export function boundedText(text: string): string {
  if (text.length <= TEXT_CHARACTERS_MAX) return text;
  const half = TEXT_CHARACTERS_MAX / 2;
  return `${text.slice(0, half)}\n${text.slice(-half)}`;
}

/** What is written in tag characters, where that is more than a flag's letters. */
export function hiddenByTags(text: string): string | undefined {
  if (!text.includes("\udb40")) return undefined;
  let found = "";
  for (const run of text.matchAll(TAG_RUN)) {
    if (text.slice(0, run.index).endsWith(FLAG)) continue;
    // A pair of surrogates each: the lower one tells the character.
    for (let at = 1; at < run[0].length; at += 2) {
      found += String.fromCharCode(run[0].charCodeAt(at) - 0xdc00);
    }
  }
  return found.length >= TAGS_MIN ? found : undefined;
}

/** What a text says once its percent, hexadecimal and Base64 writing is undone, each at most twice. */
export function decodedTexts(text: string): string[] {
  const found: string[] = [];
  const plain = percentDecoded(text);
  if (plain !== text) found.push(plain);
  for (const run of encodedRuns(plain)) {
    const decoded = decodeRun(run);
    if (decoded !== undefined) found.push(decoded);
  }
  return found;
}

/** `%69%67` and `+` for a blank in queries, twice at most; what is no valid UTF-8 stays. */
function percentDecoded(text: string): string {
  let out = text;
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(out); round += 1) {
    out = out.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
      return bytes.toString("utf8");
    });
  }
  return out === text ? text : out.replaceAll("+", " ");
}

const RUN = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

function encodedRuns(text: string): string[] {
  return (text.match(RUN) ?? [])
    .toSorted((a, b) => b.length - a.length)
    .slice(0, DECODED_RUNS_MAX)
    .map((run) => run.slice(0, RUN_CHARACTERS_MAX));
}

function decodeRun(run: string): string | undefined {
  const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(run);
  const bytes = Buffer.from(run, isHex ? "hex" : "base64");
  const text = bytes.toString("utf8");
  // Random bytes are hardly ever text.
  const readable = text.match(/[\p{L}\p{N}\p{P}\p{Zs}\s]/gu)?.length ?? 0;
  return readable >= text.length * 0.9 && !text.includes("\ufffd") ? text : undefined;
}
