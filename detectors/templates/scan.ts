// Reads a log line once and keeps the words that do not vary by their looks: numbers, addresses, paths,
// host names, identifiers and units are variables. What remains in order is the line's skeleton; lines of
// one skeleton are one template, however many variables stand between the words.

/** Characters of a line that are looked at: what follows never decides which template it is. */
const SCANNED_CHARACTERS_MAX = 4_096;
/** Words of a line that are kept. */
const WORDS_MAX = 96;

const LETTER = 1;
const DIGIT = 2;
const JOINT = 3;
const SEPARATOR = 4;
const SPACE = 5;
const CLASSES = new Uint8Array(128).map((_, code) => classOf(String.fromCharCode(code)));
const FIRST = 0x811c9dc5;

/** The kept words of the last line that was read; reused for every line. */
export interface Skeleton {
  /** Number of words kept. */
  words: number;
  /** Where they begin and end in the line. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** A number for each word; equal words have equal numbers. */
  readonly hash: Uint32Array;
  /** 1 where the word stands where values stand: behind an equals sign, a colon or a quotation mark. */
  readonly value: Uint8Array;
  /** Number of variables, and where they begin and end in the line. */
  variables: number;
  readonly variableFrom: Uint32Array;
  readonly variableTo: Uint32Array;
  /** A number for the whole skeleton, below 2^53. */
  key: number;
}

/** A skeleton to read lines into. */
export function newSkeleton(): Skeleton {
  return {
    words: 0,
    from: new Uint32Array(WORDS_MAX),
    to: new Uint32Array(WORDS_MAX),
    hash: new Uint32Array(WORDS_MAX),
    value: new Uint8Array(WORDS_MAX),
    variables: 0,
    variableFrom: new Uint32Array(WORDS_MAX),
    variableTo: new Uint32Array(WORDS_MAX),
    key: 0,
  };
}

/** Reads the line from a place on. Linear in its length. */
export function scanLine(line: string, start: number, into: Skeleton): void {
  const end = Math.min(line.length, start + SCANNED_CHARACTERS_MAX);
  let high = 0;
  let low = 0;
  let words = 0;
  let variables = 0;
  let at = start;
  token.variableEnd = -2;
  while (at < end && words < WORDS_MAX) {
    const code = line.charCodeAt(at);
    const kind = code < 128 ? (CLASSES[code] ?? 0) : LETTER;
    if (kind >= SEPARATOR) {
      at++;
      continue;
    }
    readToken(line, at, end);
    const { hash, isWord } = token;
    const isRepeated = isWord && token.isVariable && words > 0 && into.hash[words - 1] === hash;
    if (isWord && !isRepeated) {
      into.from[words] = at;
      into.to[words] = token.wordEnd;
      into.hash[words] = hash;
      into.value[words] = at > start && isValueMark(line.charCodeAt(at - 1)) ? 1 : 0;
      high = (high + Math.imul(hash, HIGH[words] ?? 1)) | 0;
      low = (low + Math.imul(hash, LOW[words] ?? 1)) | 0;
      words++;
    }
    if (token.isVariable) {
      token.variableEnd = token.end;
      if (variables < WORDS_MAX) {
        into.variableFrom[variables] = isWord && !isRepeated ? token.wordEnd : at;
        into.variableTo[variables] = token.end;
        variables++;
      }
    }
    at = token.end;
  }
  // A line of variables only is known by what it begins with: `jetty-6.1`.
  if (words === 0) high = Math.imul(leadingLetters(line, start, end), HIGH[0] ?? 1);
  into.words = words;
  into.variables = variables;
  into.key = keyOf(words, high, low);
}

/** Factors that give each place of a word its own share of a key. */
export const HIGH = oddNumbers(0x01000193);
export const LOW = oddNumbers(0x85ebca6b);

/** The number of a skeleton from its words' shares: sums of hash × factor, each in 32 bits. */
export function keyOf(words: number, high: number, low: number): number {
  const mixed = Math.imul(low ^ words, 0x9e3779b1);
  return (high >>> 0) * 0x200000 + ((mixed ^ (mixed >>> 15)) >>> 11);
}

function oddNumbers(seed: number): Int32Array {
  let state = seed;
  return Int32Array.from({ length: WORDS_MAX }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state ^ (state >>> 16)) | 1;
  });
}

/** What `readToken` found; one for all calls, so that a line costs no objects. */
const token = { end: 0, hash: 0, wordEnd: 0, isWord: false, isVariable: false, variableEnd: -2 };

// Reads one token and says whether it is a word, a variable, both (`blk_123`: the word is `blk_`), or neither.
function readToken(line: string, start: number, end: number): void {
  let at = start;
  let hash = FIRST;
  let letters = 0;
  let digits = 0;
  let dots = 0;
  let slashes = 0;
  let lastDot = 0;
  let prefixEnd = 0;
  let prefixHash = 0;
  let odd = false;
  let last = 0;
  for (; at < end; at++) {
    const code = line.charCodeAt(at);
    const kind = code < 128 ? (CLASSES[code] ?? 0) : LETTER;
    if (kind === LETTER) {
      letters++;
      hash = Math.imul(hash ^ code, 0x01000193);
    } else if (kind === DIGIT) {
      digits++;
      hash = Math.imul(hash ^ code, 0x01000193);
    } else if (kind >= SEPARATOR) break;
    else if (code === 46) {
      if (at === start && isRelativePath(line, at, end)) {
        token.end = endOfPath(line, at, end);
        token.isWord = false;
        token.isVariable = true;
        return;
      }
      const next = at + 1 < end ? line.charCodeAt(at + 1) : 32;
      if (next === 46) break;
      if (last !== 0 && isAlphanumeric(next)) {
        dots++;
        lastDot = at;
      }
    } else if (code === 47) {
      slashes++;
      if (at === start && isPathStart(line, at + 1, end)) {
        token.end = endOfPath(line, at, end);
        token.isWord = false;
        token.isVariable = true;
        return;
      }
      hash = Math.imul(hash ^ code, 0x01000193);
    } else if (code === 95) {
      if (prefixEnd === 0 && digits === 0 && letters >= 2) {
        prefixEnd = at + 1;
        prefixHash = hash;
      }
      hash = Math.imul(hash ^ code, 0x01000193);
    } else if (code === 64 || code === 92)
      odd ||= at + 1 < end && isAlphanumeric(line.charCodeAt(at + 1));
    else if (code === 43 || code === 45) hash = Math.imul(hash ^ code, 0x01000193);
    last = code;
  }
  token.end = at === start ? at + 1 : at;
  token.hash = avalanche(hash);
  token.wordEnd = at;
  token.isVariable = isVariable(line, start, at, end, letters, digits, dots, lastDot, slashes, odd);
  token.isWord = letters > 0 && !token.isVariable;
  if (token.isVariable && prefixEnd > 0 && digits > 0 && dots === 0 && slashes === 0 && !odd) {
    token.isWord = true;
    token.hash = avalanche(prefixHash);
    token.wordEnd = prefixEnd;
  }
}

function leadingLetters(line: string, start: number, end: number): number {
  let at = start;
  let hash = FIRST;
  while (at < end && !isAlphanumeric(line.charCodeAt(at))) at++;
  for (; at < end && isLetter(line, at); at++)
    hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
  return at < end && ".@".includes(line[at] ?? "") ? 0 : avalanche(hash);
}

function isValueMark(code: number): boolean {
  return code === 61 || code === 58 || code === 34 || code === 39;
}

// Linear sums of words need hashes without pattern.
function avalanche(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function isVariable(
  line: string,
  start: number,
  at: number,
  end: number,
  letters: number,
  digits: number,
  dots: number,
  lastDot: number,
  slashes: number,
  odd: boolean,
): boolean {
  const next = at < end ? line.charCodeAt(at) : 32;
  if (digits > 0) {
    // `r24=0x0f`: the name of a value, not a value.
    return !(
      next === 61 &&
      digits <= 2 &&
      letters > 0 &&
      dots === 0 &&
      !odd &&
      isLetter(line, start)
    );
  }
  if (letters === 0) return false;
  // `java.vm.version=`: the name of a value as well.
  if (dots >= 2 && isNameOfValue(line, at, end)) return false;
  if (odd || dots >= 2 || slashes >= 2) return true;
  if (dots === 1 && EXTENSIONS.has(line.slice(lastDot + 1, at))) return true;
  if (next === 58 && at + 1 < end) {
    const after = line.charCodeAt(at + 1);
    // `C:\\`, `hdfs://` and `host.example:80`.
    if (after === 92 && at - start === 1) return true;
    if (after === 47 && line.charCodeAt(at + 2) === 47) return true;
    if (dots === 1 && after >= 48 && after <= 57) return true;
    if (at - start === 2 && isHexadecimal(line, start, at) && isHexadecimal(line, at + 1, at + 3))
      return true;
  }
  const length = at - start;
  if (length > 5) return length >= 8 && length <= 64 && isHexadecimal(line, start, at);
  if (start > 0 && line.charCodeAt(start - 1) === 58 && length === 2) {
    if (start - token.variableEnd === 1 && isHexadecimal(line, start, at)) return true;
  }
  const word = line.slice(start, at);
  if (CONSTANT_VALUES.has(word)) return true;
  if (TIME_NAMES.has(word)) return true;
  return start - token.variableEnd <= 1 && UNITS.has(word);
}

const EXTENSIONS: ReadonlySet<string> = new Set(
  "exe dll dat log txt xml jar conf cfg ini so sys tmp json yml properties com net org de".split(
    " ",
  ),
);
const CONSTANT_VALUES: ReadonlySet<string> = new Set(
  "true false True False TRUE FALSE null".split(" "),
);
const TIME_NAMES: ReadonlySet<string> = new Set(
  "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
);
const UNITS: ReadonlySet<string> = new Set(
  "B KB MB GB TB kB K M G KiB MiB GiB s ms us ns sec secs min".split(" "),
);

function endOfPath(line: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const code = line.charCodeAt(at);
    if (code >= 128) continue;
    const kind = CLASSES[code] ?? 0;
    if (kind === SPACE) break;
    if (kind === SEPARATOR && code !== 61 && code !== 58 && code !== 59 && code !== 44) break;
  }
  // A comma or colon at the end belongs to the sentence.
  while (at > start + 1 && ",:;".includes(line[at - 1] ?? "")) at--;
  return at;
}

function isPathStart(line: string, at: number, end: number): boolean {
  if (at >= end) return false;
  const code = line.charCodeAt(at);
  return isAlphanumeric(code) || code === 47 || code === 46 || code === 95;
}

function isRelativePath(line: string, at: number, end: number): boolean {
  if (line.startsWith("./", at)) return isPathStart(line, at + 2, end);
  return line.startsWith("../", at) && isPathStart(line, at + 3, end);
}

// An equals sign follows, or a colon that stands alone.
function isNameOfValue(line: string, at: number, end: number): boolean {
  if (at >= end) return false;
  if (line.charCodeAt(at) === 61) return true;
  return line.startsWith(" = ", at) || line.startsWith(" : ", at);
}

function isLetter(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code >= 128 || CLASSES[code] === LETTER;
}

function isAlphanumeric(code: number): boolean {
  if (code >= 128) return true;
  const kind = CLASSES[code];
  return kind === LETTER || kind === DIGIT;
}

function isHexadecimal(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at) | 32;
    if (!((code >= 97 && code <= 102) || (code >= 48 && code <= 57))) return false;
  }
  return true;
}

function classOf(character: string): number {
  if (/[A-Za-z]/.test(character)) return LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (character <= " " || character === "\u007f") return SPACE;
  if (",;=()[]{}<>\"'`|:".includes(character)) return SEPARATOR;
  return JOINT;
}
