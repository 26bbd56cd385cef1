// Texts in bytes: the length as a number of variable width, then one byte a character where all are below
// 256, else two. Exact for every text, also for halves of surrogate pairs, which UTF-8 would make equal.

/** Bytes that a text takes. */
export function textBytes(text: string): number {
  const { length } = text;
  return isWide(text) ? numberBytes(length * 2 + 1) + 2 * length : numberBytes(length * 2) + length;
}

/** Writes a text; gives the offset behind it. */
export function writeText(view: DataView, offset: number, text: string): number {
  const { length } = text;
  if (isWide(text)) {
    let at = writeNumber(view, offset, length * 2 + 1);
    for (let index = 0; index < length; index += 1, at += 2) {
      view.setUint16(at, text.charCodeAt(index));
    }
    return at;
  }
  let at = writeNumber(view, offset, length * 2);
  for (let index = 0; index < length; index += 1, at += 1) {
    view.setUint8(at, text.charCodeAt(index));
  }
  return at;
}

/** The text at the offset. */
export function readText(view: DataView, offset: number): string {
  const head = readNumber(view, offset);
  const start = offset + numberBytes(head);
  const length = Math.floor(head / 2);
  const isLong = head % 2 === 1;
  let text = "";
  for (let from = 0; from < length; from += CHUNK) {
    const codes: number[] = [];
    for (let index = from; index < Math.min(length, from + CHUNK); index += 1) {
      codes.push(isLong ? view.getUint16(start + 2 * index) : view.getUint8(start + index));
    }
    text += String.fromCharCode(...codes);
  }
  return text;
}

/** Offset behind the text at the offset. */
export function skipText(view: DataView, offset: number): number {
  const head = readNumber(view, offset);
  const length = Math.floor(head / 2);
  return offset + numberBytes(head) + (head % 2 === 1 ? 2 * length : length);
}

/** Whether this very text stands at the offset. */
export function isTextAt(view: DataView, offset: number, text: string): boolean {
  const head = readNumber(view, offset);
  const { length } = text;
  if (Math.floor(head / 2) !== length) return false;
  const start = offset + numberBytes(head);
  if (head % 2 === 1) {
    for (let index = 0; index < length; index += 1) {
      if (view.getUint16(start + 2 * index) !== text.charCodeAt(index)) return false;
    }
    return true;
  }
  for (let index = 0; index < length; index += 1) {
    if (view.getUint8(start + index) !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Bytes of a number of variable width: seven bits a byte. */
export function numberBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Writes a whole number below 2 ** 32; gives the offset behind it. */
export function writeNumber(view: DataView, offset: number, value: number): number {
  let rest = value;
  let at = offset;
  while (rest >= 0x80) {
    view.setUint8(at, (rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
    at += 1;
  }
  view.setUint8(at, rest);
  return at + 1;
}

export function readNumber(view: DataView, offset: number): number {
  let value = 0;
  let factor = 1;
  for (let at = offset; ; at += 1) {
    const byte = view.getUint8(at);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 0x80;
  }
}

const CHUNK = 4096;

function isWide(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0xff) return true;
  }
  return false;
}
