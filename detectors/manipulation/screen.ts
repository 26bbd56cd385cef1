// The cheap first look at every value: one pass over its characters, in which four neighbours are looked up in
// a table of bits. A text without suspicious characters and without a part of the words that every
// instruction needs ends there; what is found is only looked at more closely.

/** Classes of characters: letters with the digits that stand for them, and few signs. */
const CLASS_BITS = 5;
const GRAM_MASK = 2 ** (CLASS_BITS * 4) - 1;
const CLASSES = new Uint8Array(128);
const LETTER_FIRST = "a".charCodeAt(0);
const SUSPECT = 255;
const ASK_NEXT = 254;

const SIGNS: Readonly<Record<string, number>> = { "\\": 27, "[": 28, "#": 29, "|": 30, "2": 31 };
const LEET: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", $: "s", "!": "i" },
};
/** From here on letters that look like Latin ones, invisible characters, and other scripts. */
const FOREIGN_FIRST = 0x370;
const C1_FIRST = 0x7f;
const C1_LAST = 0x9f;

for (let letter = 0; letter < 26; letter += 1) {
  CLASSES[LETTER_FIRST + letter] = letter + 1;
  CLASSES["A".charCodeAt(0) + letter] = letter + 1;
}
for (const [sign, letter] of Object.entries(LEET)) {
  CLASSES[sign.charCodeAt(0)] = letter.charCodeAt(0) - LETTER_FIRST + 1;
}
for (const [sign, kind] of Object.entries(SIGNS)) CLASSES[sign.charCodeAt(0)] = kind;
// Control characters but tab, line feed and carriage return, which lines of text are full of.
for (let code = 0; code < 32; code += 1) {
  if (code !== 9 && code !== 10 && code !== 13) CLASSES[code] = SUSPECT;
}
for (const sign of ["<", "%", "]"]) CLASSES[sign.charCodeAt(0)] = ASK_NEXT;

/** `<s…`, `<|`, `%0a`, `%25`, percent-encoded letters, `](`: what follows the sign makes it suspicious. */
function isSuspectPair(sign: number, next: number, afterNext: number): boolean {
  const follower = String.fromCharCode(next);
  if (sign === "%".charCodeAt(0)) {
    return "01467".includes(follower) || (follower === "2" && afterNext === "5".charCodeAt(0));
  }
  if (sign === "]".charCodeAt(0)) return follower === "(";
  return /[a-z|<\s/]/i.test(follower);
}

/** Four letters of words that orders are about, and of words that go with them: an instruction has both. */
const OBJECTS =
  "tufe ollo omis ompt bier nich noth reat dang norm menaz zagr orza fine nfin lare uage ertu stru prom weis rgab egel nsig regl lece idel orde rule rior ever verd aler larm indi ncid efun hwer " +
  "ravi rave eldu asad ytyc chtl efeh llaz scor vent unre jail rect eign ertu";
const COMPANIONS =
  "utpu none denk now rite resp answ spon wort twor onds pisz hort ahor tena tera nten prec ante oben bove gnor sreg orge erri verg issa umge rwir ubli lvid omni drzu skip eman enig rmle rmlo fehl alse osit nsiv " +
  "szko iedr faib baja nisk spom asys enti menc nbed rlic giti alsz ssis hmod odel modl reve prin epea nenn zeig wied play vela uest kaz low";
/** Marks that need no company. */
const MARKS = [
  ...["oner", "onlo", "oncl", "onmo", "onfo", "ascr", "rlin", "ebse", "cmd|", "[ins"],
  ...[
    "\\x1b",
    "\\033",
    "\\u00",
    "\\u20",
    "\\r\\n",
    "\\n20",
    "#012",
    "#015",
    "#033",
    "\\e[3",
    "\\e[2",
  ],
];
const HIDDEN_WORDS = ["nstru", "riori", "nweis", "ssist", "onsig", "gnori", "gnore"];
const GRAM_CHARACTERS = 4;
/** About the length of the eleven words that `instructions.ts` looks at together. */
const NEAR_CHARACTERS = 120;
const IS_OBJECT = 1;
const IS_COMPANION = 2;
const IS_MARK = 3;

/** Base64 of a word without its ends, at the three places at which it can begin in a group. */
function base64Grams(word: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.from("\0".repeat(offset) + word);
    const from = Math.ceil((offset * 8) / 6);
    return bytes.toString("base64").slice(from, from + GRAM_CHARACTERS);
  });
}

const GRAMS = new Uint32Array(2 ** (CLASS_BITS * GRAM_CHARACTERS - 5));
const KINDS = new Map<number, number>();
for (const gram of OBJECTS.split(" ")) addGram(gram, IS_OBJECT);
for (const gram of COMPANIONS.split(" ")) addGram(gram, IS_COMPANION);
for (const gram of [...MARKS, ...HIDDEN_WORDS.flatMap(base64Grams)]) addGram(gram, IS_MARK);

function addGram(text: string, kind: number): void {
  let gram = 0;
  for (let at = 0; at < GRAM_CHARACTERS; at += 1) gram = (gram << CLASS_BITS) | classAt(text, at);
  GRAMS[gram >>> 5] = (GRAMS[gram >>> 5] ?? 0) | (1 << (gram & 31));
  KINDS.set(gram, (KINDS.get(gram) ?? 0) | kind);
}

function classAt(text: string, at: number): number {
  const kind = CLASSES[text.charCodeAt(at)] ?? 0;
  return kind >= ASK_NEXT ? 0 : kind;
}

/** Shorter texts can't say anything. */
const SCREENED_CHARACTERS_MIN = 8;

/** Whether a text deserves a closer look. Costs a few operations for each character. */
export function deservesLook(text: string, charactersMax: number): boolean {
  const { length } = text;
  if (length < SCREENED_CHARACTERS_MIN) return false;
  if (length <= charactersMax) return foundIn(text, 0, length);
  const half = charactersMax >> 1;
  return foundIn(text, 0, half) || foundIn(text, length - half, length);
}

function foundIn(text: string, from: number, to: number): boolean {
  let gram = 0;
  let objectAt = -Infinity;
  let companionAt = Infinity;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    let kind = 0;
    if (code < 128) {
      kind = CLASSES[code] ?? 0;
      if (kind >= ASK_NEXT) {
        if (kind === SUSPECT) return true;
        if (isSuspectPair(code, text.charCodeAt(at + 1), text.charCodeAt(at + 2))) return true;
        kind = 0;
      }
    } else if (code >= FOREIGN_FIRST ? isForeign(code) : code <= C1_LAST && code >= C1_FIRST) {
      return true;
    }
    gram = ((gram << CLASS_BITS) | kind) & GRAM_MASK;
    if ((((GRAMS[gram >>> 5] ?? 0) >>> (gram & 31)) & 1) === 0) continue;
    const found = KINDS.get(gram) ?? 0;
    if (found === IS_MARK) return true;
    if (found === IS_OBJECT) objectAt = at;
    else companionAt = at;
    if (Math.abs(objectAt - companionAt) < NEAR_CHARACTERS) return true;
  }
  return false;
}

// Marks of good typography and currency are no reason; Greek, Cyrillic and what is invisible is.
function isForeign(code: number): boolean {
  if (code < 0x530) return true;
  if (code < 0x2000) return code === 0x180e;
  if (code < 0x2070) return !(code >= 0x2010 && code <= 0x2027) && code !== 0x202f;
  return (
    (code >= 0xff01 && code <= 0xff5e) ||
    code === 0xfeff ||
    code === 0xd835 ||
    code === 0xdb40 ||
    code === 0x240a
  );
}
