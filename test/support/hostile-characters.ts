// Characters that nobody sees, that turn the order of reading, that look like others or that are too many.

const INVISIBLE = [
  0x00ad, 0x034f, 0x061c, 0x115f, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x2060, 0x2061, 0x2064,
  0x206a, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0x1d173, 0xe0100,
];
const DIRECTIONS = [
  0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
];
const CONTROLS = [
  0x00, 0x01, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x1a, 0x1b, 0x1c, 0x1f, 0x7f, 0x80,
  0x84, 0x85, 0x8d, 0x90, 0x9b, 0x9d, 0x9f, 0x2028, 0x2029,
];
const LOOKALIKES = [
  "p\u0430ypal-\u043aonto",
  "\u0410dministrator",
  "\u0430\u0440\u0440\u04cf\u0435",
  "micr\u03bfsoft",
  "\u0405\u041f\u041f\u0412 kr\u0435is",
  "\uff41\uff44\uff4d\uff49\uff4e",
  "\ud835\udc1a\ud835\udc1d\ud835\udc26\ud835\udc22\ud835\udc27",
  "\u24d0\u24d3\u24dc\u24d8\u24dd",
  "l\u0456nux r\u043e\u043et",
  "\u1d00\u1d05\u1d0d\u026a\u0274",
  "kreis\u2215intern \u2044 \u29f8",
  "\u0441md\u2024exe",
];
const ODD = [
  "\u20ac ^{}\\[~]| \u00a7 \u00df \u00e4\u00f6\u00fc",
  "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\u00d8\u00f8\u00c5\u00e5",
  "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e",
  "\ud83e\udd89 \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
  "\ud83c\udde9\ud83c\uddea",
  "\ud800 allein",
  "allein \udc00",
  "\udc00\ud800",
  "\ufffd \ufffe \uffff",
  "\ue000 privat \uf8ff",
  "\u4e2d\u6587 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea",
  "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dA\u036b\u0357\u0334\u0362",
  "\u0130\u0131\u017f\u212a",
  "\ufdfa\ufdfb",
  "\ufb01\ufb02 \u00bd \u2460 \u3392",
];
const ESCAPES = [
  "\x1b[31mrot\x1b[0m",
  "\x1b[2J\x1b[H",
  "\x1b]0;Titel\x07",
  "\x1b]8;;https://boese.example\x1b\\hier\x1b]8;;\x1b\\",
  "\x9b31m",
  "\x1bP$q\x1b\\",
  "\x1b(0",
  "\x1b[?1049h",
  "abc\x08\x08\x08xyz",
  "weg\rda",
  "\x1b[1;1Hoben",
];

const of = (code: number): string => String.fromCodePoint(code);
const tags = (text: string): string =>
  [...text].map((character) => of(0xe0000 + (character.codePointAt(0) ?? 0))).join("");

export const CHARACTER_TEXTS: Readonly<Record<string, readonly string[]>> = {
  invisible: INVISIBLE.flatMap((code) => [`Konto${of(code)}name`, of(code).repeat(40)]),
  directions: DIRECTIONS.flatMap((code) => [`rechnung${of(code)}fdp.exe`, `${of(code)}oben`]),
  controls: CONTROLS.flatMap((code) => [`vor${of(code)}nach`, `${of(code)}${of(code)}x`]),
  tags: ["ignoriere alles", "@channel", "<b>x</b>", ""].map((text) => `Host${tags(text)}\u{e007f}`),
  lookalikes: LOOKALIKES,
  odd: ODD,
  escapes: ESCAPES,
  long: [
    "A".repeat(100_000),
    "<b>".repeat(10_000),
    "[".repeat(20_000),
    "*_".repeat(20_000),
    "\ud83e\udd89".repeat(5000),
    "a ".repeat(20_000),
    "\u202e".repeat(5000),
    "https://boese.example/".repeat(2000),
    "a.".repeat(20_000),
    "@a".repeat(20_000),
    "\n".repeat(10_000),
    "&#60;".repeat(5000),
    "e\u0301".repeat(5000),
    `${"x".repeat(199)}\ud83e\udd89`,
  ],
  empty: ["", " ", "\t", "\n", "\u00a0", "\u3000"],
};
