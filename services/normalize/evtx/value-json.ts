// Writes the values of BinXML as JSON, each type as event log tools show it: numbers as numbers, hex
// types as `0x…`, GUIDs in capitals, times in ISO 8601. Types: MS-EVEN6 2.2.12.
import type { ChunkBytes } from "./chunk-bytes.ts";
import { damaged } from "./damage.ts";
import type { JsonBytes } from "./json-bytes.ts";
import { writeFileTime, writeSystemTime } from "./windows-time.ts";

/** Set in the type of a value that is a list. */
const LIST = 0x80;
/** Types that are written in a way of their own. */
const TYPE = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  uint8: 0x04,
  uint16: 0x06,
  uint32: 0x08,
  uint64: 0x0a,
  binary: 0x0e,
  guid: 0x0f,
  pointer: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  handle: 0x20,
  xml: 0x23,
} as const;
/** The type of a value that is BinXML itself; it is not written here. */
export const BINXML_TYPE = 0x21;

/** Bytes of one value by its type; 0 where they differ. */
const FIXED_BYTES = Uint8Array.from([
  0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8,
]);

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const SID_HEAD_BYTES = 8;
/** The upper half of the first 64-bit number that JSON readers don't keep exactly. */
const EXACT_HIGH = 0x20_0000;
/** A GUID's bytes in the order in which they are written; -1: a hyphen. */
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

/** Characters of ANSI text: Windows-1252, what German Windows has. */
const ANSI = [
  ...new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, n) => n)),
].map((character) => character.charCodeAt(0));

/** Writes values of the chunk at hand. */
export class ValueWriter {
  readonly #chunk: ChunkBytes;
  readonly #out: JsonBytes;

  constructor(chunk: ChunkBytes, out: JsonBytes) {
    this.#chunk = chunk;
    this.#out = out;
  }

  /**
   * A value as JSON; a list of one is that one.
   * @throws AppError HW_PARSE_FAILED
   */
  json(type: number, at: number, size: number): void {
    if ((type & LIST) !== 0) this.#list(type & ~LIST, at, size);
    else if (isPlainNumber(type, this.#chunk.view, at, size)) this.#one(type, at, size);
    else {
      this.#out.mark(QUOTE);
      this.#one(type, at, size);
      this.#out.mark(QUOTE);
    }
  }

  /**
   * A value as the content of a JSON string, between other text.
   * @throws AppError HW_PARSE_FAILED
   */
  text(type: number, at: number, size: number): void {
    if ((type & LIST) === 0) {
      this.#one(type, at, size);
      return;
    }
    let isFirst = true;
    for (const [from, length] of this.#itemsOf(type & ~LIST, at, size)) {
      if (!isFirst) this.#out.plain(", ");
      isFirst = false;
      this.#one(type & ~LIST, from, length);
    }
  }

  #list(type: number, at: number, size: number): void {
    const items = this.#itemsOf(type, at, size);
    const [first] = items;
    if (first !== undefined && items.length === 1) {
      this.json(type, first[0], first[1]);
      return;
    }
    let isFirst = true;
    this.#out.mark(OPEN_LIST);
    for (const [from, length] of items) {
      if (!isFirst) this.#out.mark(COMMA);
      isFirst = false;
      this.json(type, from, length);
    }
    this.#out.mark(CLOSE_LIST);
  }

  // Where a list's items lie, and how long they are: strings end with a NUL each, others have their length.
  #itemsOf(type: number, at: number, size: number): (readonly [number, number])[] {
    const { view } = this.#chunk;
    const end = at + size;
    const items: (readonly [number, number])[] = [];
    for (let from = at; from < end; ) {
      let length = FIXED_BYTES[type] ?? 0;
      let next = from + length;
      if (type === TYPE.string) {
        while (from + length + 2 <= end && view.getUint16(from + length, true) !== 0) length += 2;
        next = from + length + 2;
      } else if (type === TYPE.pointer) next = from + pointerBytes(size);
      else if (type === TYPE.sid && from + SID_HEAD_BYTES <= end) {
        next = from + SID_HEAD_BYTES + 4 * view.getUint8(from + 1);
      }
      if (next === from) throw damaged(`there is no list of type ${type}`);
      if (type !== TYPE.string) length = next - from;
      if (from + length > end) throw damaged("a list is cut off");
      items.push([from, length]);
      from = next;
    }
    this.#chunk.spend(items.length);
    return items;
  }

  #one(type: number, at: number, size: number): void {
    const out = this.#out;
    const { bytes, view } = this.#chunk;
    if (size < (FIXED_BYTES[type] ?? 0)) {
      throw damaged(`a value of type ${type} has ${size} bytes`);
    }
    switch (type) {
      case TYPE.null:
        break;
      case TYPE.string:
      case TYPE.xml:
        out.utf16(view, at, withoutNuls(view, at, at + size));
        break;
      case TYPE.ansi:
        this.#ansi(at, size);
        break;
      case TYPE.binary:
        out.hex(bytes, at, at + size);
        break;
      case TYPE.guid:
        this.#guid(at);
        break;
      case TYPE.hex32:
        this.#hexNumber(at, 4);
        break;
      case TYPE.hex64:
        this.#hexNumber(at, 8);
        break;
      case TYPE.pointer:
      case TYPE.handle:
        this.#hexNumber(at, pointerBytes(size));
        break;
      case TYPE.fileTime:
        writeFileTime(out, view.getUint32(at, true), view.getUint32(at + 4, true));
        break;
      case TYPE.systemTime:
        writeSystemTime(out, view, at);
        break;
      case TYPE.sid:
        this.#sid(at, size);
        break;
      case TYPE.uint8:
        out.decimal(view.getUint8(at), 1);
        break;
      case TYPE.uint16:
        out.decimal(view.getUint16(at, true), 1);
        break;
      case TYPE.uint32:
        out.decimal(view.getUint32(at, true), 1);
        break;
      case TYPE.uint64:
        this.#uint64(at);
        break;
      default:
        out.plain(numberText(type, view, at));
    }
  }

  #ansi(at: number, size: number): void {
    for (let n = at; n < at + size; n++) {
      const code = this.#chunk.view.getUint8(n);
      if (code === 0) return;
      this.#out.character(ANSI[code] ?? code);
    }
  }

  #guid(at: number): void {
    const { bytes } = this.#chunk;
    for (const place of GUID_ORDER) {
      if (place < 0) this.#out.mark(HYPHEN);
      else this.#out.hex(bytes, at + place, at + place + 1);
    }
  }

  #hexNumber(at: number, length: number): void {
    const { view } = this.#chunk;
    const high = length === 8 ? view.getUint32(at + 4, true) : 0;
    this.#out.plain("0x");
    if (high !== 0) this.#out.hex32(high, false);
    this.#out.hex32(view.getUint32(at, true), high !== 0);
  }

  // Most 64-bit numbers are small, and bigints are slow.
  #uint64(at: number): void {
    const { view } = this.#chunk;
    const high = view.getUint32(at + 4, true);
    if (high < EXACT_HIGH) this.#out.decimal(high * 0x1_0000_0000 + view.getUint32(at, true), 1);
    else this.#out.plain(String(view.getBigUint64(at, true)));
  }

  #sid(at: number, size: number): void {
    const { view } = this.#chunk;
    const count = size < SID_HEAD_BYTES ? 0 : view.getUint8(at + 1);
    if (size < SID_HEAD_BYTES + 4 * count) throw damaged("a SID is cut off");
    const authority = view.getUint16(at + 2) * 0x1_0000_0000 + view.getUint32(at + 4);
    this.#out.plain("S-");
    this.#out.decimal(view.getUint8(at), 1);
    this.#out.mark(HYPHEN);
    this.#out.decimal(authority, 1);
    for (let n = 0; n < count; n++) {
      this.#out.mark(HYPHEN);
      this.#out.decimal(view.getUint32(at + SID_HEAD_BYTES + 4 * n, true), 1);
    }
  }
}

function numberText(type: number, view: DataView, at: number): string {
  switch (type) {
    case 0x03:
      return String(view.getInt8(at));
    case 0x05:
      return String(view.getInt16(at, true));
    case 0x07:
      return String(view.getInt32(at, true));
    case 0x09:
      return String(view.getBigInt64(at, true));
    case 0x0b:
      return shortest(view.getFloat32(at, true));
    case 0x0c:
      return String(view.getFloat64(at, true));
    case 0x0d:
      return view.getUint32(at, true) === 0 ? "false" : "true";
    default:
      throw damaged(`there is no value of type ${type}`);
  }
}

// Numbers that JSON readers keep exactly; the others stand in quotes.
function isPlainNumber(type: number, view: DataView, at: number, size: number): boolean {
  if (type < 0x03 || type > 0x0c) return false;
  if (type <= 0x08) return true;
  if (size < (FIXED_BYTES[type] ?? 0)) return false;
  if (type === 0x0a) return view.getUint32(at + 4, true) < EXACT_HIGH;
  if (type === 0x09) {
    const high = view.getInt32(at + 4, true);
    return high < EXACT_HIGH && high >= -EXACT_HIGH;
  }
  if (type === 0x0b) return Number.isFinite(view.getFloat32(at, true));
  return type === 0x0c && Number.isFinite(view.getFloat64(at, true));
}

function pointerBytes(size: number): number {
  if (size < 4) throw damaged(`an address has ${size} bytes`);
  return size >= 8 ? 8 : 4;
}

// Fewest digits that give the same 32-bit number again.
function shortest(value: number): string {
  for (let digits = 6; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

function withoutNuls(view: DataView, from: number, to: number): number {
  let end = to - ((to - from) & 1);
  while (end > from && view.getUint16(end - 2, true) === 0) end -= 2;
  return end;
}
