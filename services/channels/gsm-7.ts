// The letters of a short message (3GPP TS 23.038, the default alphabet and its extension table): text in, text
// that any telephone shows out, and how much room it takes. What the alphabet lacks is written in what it has.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Two septets each: an escape and a letter. */
const EXTENSION = new Set("^{}\\[~]|€");

const SEPTETS_SINGLE = 160;
/** Of a part of several: the header that joins them takes seven. */
const SEPTETS_PART = 153;

/** What has a plain way to be written; other letters lose their marks, and what is left becomes a `?`. */
const WRITTEN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "„": '"',
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‚": "'",
    "‘": "'",
    "’": "'",
    "‹": "'",
    "›": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "…": "...",
    "•": "*",
    "·": "*",
    "→": "->",
    "←": "<-",
    "×": "x",
    ẞ: "SS",
    Œ: "OE",
    œ: "oe",
    Đ: "D",
    đ: "d",
    Ł: "L",
    ł: "l",
    ı: "i",
    Þ: "Th",
    þ: "th",
    ð: "d",
    "\t": " ",
    "\r": "",
  }),
);

/** The same text in the alphabet of short messages; lines stay lines. */
export function toGsm7(text: string): string {
  let written = "";
  for (const letter of text.normalize("NFC")) written += gsmLetters(letter);
  return written;
}

function gsmLetters(letter: string): string {
  const known = WRITTEN.get(letter);
  if (known !== undefined) return known;
  if (BASIC.has(letter) || EXTENSION.has(letter)) return letter;
  if (/\p{Zs}/u.test(letter)) return " ";
  // Marks and invisible letters stand for nothing of their own.
  if (/[\p{M}\p{Cf}\p{Cc}]/u.test(letter)) return "";
  const plain = [...letter.normalize("NFKD")].filter((one) => BASIC.has(one)).join("");
  return plain === "" ? "?" : plain;
}

/** Room that a text of this alphabet takes. */
export function septetsOf(text: string): number {
  let septets = 0;
  for (const letter of text) septets += EXTENSION.has(letter) ? 2 : 1;
  return septets;
}

/** How many messages a text of this alphabet is sent as: an escape and its letter are never parted. */
export function partsOf(text: string): number {
  if (septetsOf(text) <= SEPTETS_SINGLE) return 1;
  return splitParts(text).length;
}

/** The text as the parts that it is sent in. */
export function splitParts(text: string): readonly string[] {
  if (septetsOf(text) <= SEPTETS_SINGLE) return [text];
  const parts: string[] = [];
  let part = "";
  let septets = 0;
  for (const letter of text) {
    const size = EXTENSION.has(letter) ? 2 : 1;
    if (septets + size > SEPTETS_PART) {
      parts.push(part);
      part = "";
      septets = 0;
    }
    part += letter;
    septets += size;
  }
  return [...parts, part];
}
