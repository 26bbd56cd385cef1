// Writes JSON as UTF-8 bytes into one reused buffer: an event's values go from the log's bytes to the
// JSON text without a string for each of them, which is what makes reading event logs fast.

const FIRST_BYTES = 64 * 1024;
/** A UTF-16 unit takes at most six bytes: `\u0000`. */
const BYTES_PER_UNIT = 6;
const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
/** Digits of the largest number that is exact. */
const DECIMALS_MAX = 16;
const LOWER_HEX = Buffer.from("0123456789abcdef");
const UPPER_HEX = Buffer.from("0123456789ABCDEF");

/** 1 for ASCII characters that stand in a JSON string as they are. */
const AS_IS = new Uint8Array(128).map((_, code) =>
  code >= 0x20 && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);
const SHORT_ESCAPES: Readonly<Record<number, number>> = {
  8: 0x62,
  9: 0x74,
  10: 0x6e,
  12: 0x66,
  13: 0x72,
  [QUOTE]: QUOTE,
  [BACKSLASH]: BACKSLASH,
};

/** Where the JSON text of one event after the other is put together. */
export class JsonBytes {
  readonly #bytesMax: number;
  readonly #refuse: () => never;
  #out = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  /** All bytes since the buffer was empty, or-ed: below 128 the text is ASCII. */
  #seen = 0;

  /**
   * @param bytesMax longest text
   * @param refuse throws the error for a text that is longer
   */
  constructor(bytesMax: number, refuse: () => never) {
    this.#bytesMax = bytesMax;
    this.#refuse = refuse;
  }

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** Forgets everything from `length` on. */
  cutTo(length: number): void {
    this.#length = length;
    if (length === 0) this.#seen = 0;
  }

  /** Bytes that are JSON already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const out = this.#out;
    const start = this.#length;
    const end = bytes.length;
    let or = 0;
    for (let at = 0; at < end; at++) {
      const byte = bytes[at] ?? 0;
      or |= byte;
      out[start + at] = byte;
    }
    this.#seen |= or;
    this.#length = start + end;
  }

  /** One ASCII character that is JSON already. */
  mark(code: number): void {
    this.#reserve(1);
    this.#out[this.#length++] = code;
  }

  /** ASCII text that needs no escaping. */
  plain(text: string): void {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.#out[this.#length++] = text.charCodeAt(at);
  }

  /** A whole number from 0 to 2^53, with zeros before it up to `width` digits. */
  decimal(value: number, width: number): void {
    this.#reserve(DECIMALS_MAX + width);
    let end = this.#length + width;
    for (let limit = 10 ** width; value >= limit; limit *= 10) end++;
    this.#length = end;
    for (let rest = value; ; ) {
      // Whole numbers below 2^31 are divided much faster.
      const shorter = rest < 0x8000_0000 ? ((rest | 0) / 10) | 0 : Math.floor(rest / 10);
      this.#out[--end] = ZERO + (rest - 10 * shorter);
      rest = shorter;
      if (--width <= 0 && rest === 0) return;
    }
  }

  /** 32 bits in hexadecimal, with zeros before them when `isWhole`. */
  hex32(value: number, isWhole: boolean): void {
    this.#reserve(8);
    let shift = 28;
    if (!isWhole) while (shift > 0 && value >>> shift === 0) shift -= 4;
    for (; shift >= 0; shift -= 4) {
      this.#out[this.#length++] = LOWER_HEX[(value >>> shift) & 15] ?? 0;
    }
  }

  /** A character inside a JSON string, by its UTF-16 unit. */
  character(unit: number): void {
    this.#reserve(BYTES_PER_UNIT);
    if (isSurrogate(unit)) this.#escaped(unit);
    else this.#encoded(unit);
  }

  /** UTF-16 little endian inside a JSON string; an odd last byte is left out. */
  utf16(view: DataView, from: number, to: number): void {
    const end = to - ((to - from) & 1);
    this.#reserve(((end - from) / 2) * BYTES_PER_UNIT);
    const out = this.#out;
    for (let at = from; at < end; at += 2) {
      // The usual characters stay in this inner loop, with the position in a register.
      let position = this.#length;
      let code = view.getUint16(at, true);
      while (code < 0x80 && AS_IS[code] === 1) {
        out[position++] = code;
        at += 2;
        if (at >= end) break;
        code = view.getUint16(at, true);
      }
      this.#length = position;
      if (at >= end) return;
      if (!isSurrogate(code)) this.#encoded(code);
      else {
        const low = code < 0xdc00 && at + 2 < end ? view.getUint16(at + 2, true) : 0;
        if ((low & 0xfc00) === 0xdc00) {
          this.#encoded(0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff));
          at += 2;
        } else this.#escaped(code);
      }
    }
  }

  /** Two hexadecimal digits for each byte, inside a JSON string. */
  hex(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(2 * (to - from));
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      this.#out[this.#length++] = UPPER_HEX[byte >> 4] ?? 0;
      this.#out[this.#length++] = UPPER_HEX[byte & 15] ?? 0;
    }
  }

  /** Everything written, as an object: the comma before its first field becomes its bracket. */
  objectText(): string {
    this.mark(CLOSE_OBJECT);
    if (this.#length > this.#bytesMax) this.#refuse();
    this.#out[0] = OPEN_OBJECT;
    return this.#out.toString(this.#seen < 0x80 ? "latin1" : "utf8", 0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    if (this.#length > this.#bytesMax) this.#refuse();
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#out.length, this.#length + bytes));
    this.#out.copy(grown, 0, 0, this.#length);
    this.#out = grown;
  }

  #escaped(code: number): void {
    const short = SHORT_ESCAPES[code];
    this.#out[this.#length++] = BACKSLASH;
    if (short !== undefined) {
      this.#out[this.#length++] = short;
      return;
    }
    this.#out[this.#length++] = 0x75;
    for (let shift = 12; shift >= 0; shift -= 4) {
      this.#out[this.#length++] = UPPER_HEX[(code >> shift) & 15] ?? 0;
    }
  }

  #encoded(code: number): void {
    if (code < 0x80) {
      if (AS_IS[code] === 1) this.#out[this.#length++] = code;
      else this.#escaped(code);
      return;
    }
    this.#seen = 0x80;
    if (code < 0x800) this.#out[this.#length++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) this.#out[this.#length++] = 0xe0 | (code >> 12);
      else {
        this.#out[this.#length++] = 0xf0 | (code >> 18);
        this.#out[this.#length++] = 0x80 | ((code >> 12) & 0x3f);
      }
      this.#out[this.#length++] = 0x80 | ((code >> 6) & 0x3f);
    }
    this.#out[this.#length++] = 0x80 | (code & 0x3f);
  }
}

function isSurrogate(code: number): boolean {
  return (code & 0xf800) === 0xd800;
}
