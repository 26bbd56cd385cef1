// Writes Windows event logs (.evtx) for tests: chunks with checksums, templates that later events of a
// chunk refer to, names that stand once, values of every type, and BinXML inside values. Offsets count
// from the beginning of the chunk, as in the real thing.
import { crc32 } from "node:zlib";

/** A value with its type number; `embedded` is BinXML that is written where the value lies. */
export interface EvtxValue {
  readonly type: number;
  readonly bytes: Buffer;
  readonly embedded?: EvtxInstance;
}

/** What stands in an element or attribute: literal text, a value by number, or something rarer. */
export type Content =
  | string
  | { readonly value: number }
  | { readonly cdata: string }
  | { readonly entity: string }
  | { readonly character: number }
  | { readonly instruction: string }
  | Element;

export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, Content>>;
  readonly content?: readonly Content[];
}

/** A template with values; equal objects are one definition in a chunk. Without values: written out. */
export interface EvtxInstance {
  readonly template: Element;
  readonly values?: readonly EvtxValue[];
}

const CHUNK_BYTES = 65_536;
const CHUNK_HEADER_BYTES = 512;
const FILE_HEADER_BYTES = 4096;
const ARRAY = 0x80;

function fixed(type: number, bytes: number, write: (buffer: Buffer) => unknown): EvtxValue {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return { type, bytes: buffer };
}

/** Values of all types that BinXML knows. */
export const VALUE = {
  nothing: { type: 0, bytes: Buffer.alloc(0) },
  string: (text: string): EvtxValue => ({ type: 1, bytes: Buffer.from(text, "utf16le") }),
  ansi: (bytes: Buffer): EvtxValue => ({ type: 2, bytes }),
  int8: (value: number) => fixed(3, 1, (b) => b.writeInt8(value)),
  uint8: (value: number) => fixed(4, 1, (b) => b.writeUInt8(value)),
  int16: (value: number) => fixed(5, 2, (b) => b.writeInt16LE(value)),
  uint16: (value: number) => fixed(6, 2, (b) => b.writeUInt16LE(value)),
  int32: (value: number) => fixed(7, 4, (b) => b.writeInt32LE(value)),
  uint32: (value: number) => fixed(8, 4, (b) => b.writeUInt32LE(value)),
  int64: (value: bigint) => fixed(9, 8, (b) => b.writeBigInt64LE(value)),
  uint64: (value: bigint) => fixed(10, 8, (b) => b.writeBigUInt64LE(value)),
  float: (value: number) => fixed(11, 4, (b) => b.writeFloatLE(value)),
  double: (value: number) => fixed(12, 8, (b) => b.writeDoubleLE(value)),
  bool: (value: boolean) => fixed(13, 4, (b) => b.writeUInt32LE(value ? 1 : 0)),
  binary: (bytes: Buffer): EvtxValue => ({ type: 14, bytes }),
  guid: (text: string): EvtxValue => ({ type: 15, bytes: guidBytes(text) }),
  size32: (value: number) => fixed(16, 4, (b) => b.writeUInt32LE(value)),
  size64: (value: bigint) => fixed(16, 8, (b) => b.writeBigUInt64LE(value)),
  fileTime: (ms: number, ticks = 0) =>
    fixed(17, 8, (b) => b.writeBigUInt64LE(fileTimeOf(ms) + BigInt(ticks))),
  systemTime: (...parts: readonly number[]) =>
    fixed(18, 16, (b) => {
      for (const [index, part] of parts.entries()) b.writeUInt16LE(part, 2 * index);
    }),
  sid: (text: string): EvtxValue => ({ type: 19, bytes: sidBytes(text) }),
  hex32: (value: number) => fixed(20, 4, (b) => b.writeUInt32LE(value)),
  hex64: (value: bigint) => fixed(21, 8, (b) => b.writeBigUInt64LE(value)),
  handle: (value: bigint) => fixed(32, 8, (b) => b.writeBigUInt64LE(value)),
  xml: (text: string): EvtxValue => ({ type: 35, bytes: Buffer.from(text, "utf16le") }),
  binXml: (embedded: EvtxInstance): EvtxValue => ({ type: 33, bytes: Buffer.alloc(0), embedded }),
  strings: (texts: readonly string[]): EvtxValue => ({
    type: ARRAY | 1,
    bytes: Buffer.from(texts.map((text) => `${text}\0`).join(""), "utf16le"),
  }),
  /** A list of values of one type. */
  list: (values: readonly EvtxValue[]): EvtxValue => ({
    type: ARRAY | (values[0]?.type ?? 0),
    bytes: Buffer.concat(values.map((value) => value.bytes)),
  }),
} as const;

/** Facts of the header that the writer can be told to get wrong. */
export interface EvtxFileOptions {
  readonly dirty?: boolean;
}

/** A whole file; each list of events is one chunk. Record numbers go on from chunk to chunk. */
export function evtxFile(
  chunks: readonly (readonly EvtxInstance[])[],
  options: EvtxFileOptions = {},
): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.write("ElfFile\0", 0, "latin1");
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(FILE_HEADER_BYTES, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(options.dirty === true ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  let firstRecord = 1n;
  const bodies = chunks.map((events) => {
    const body = evtxChunk(events, firstRecord);
    firstRecord += BigInt(events.length);
    return body;
  });
  return Buffer.concat([header, ...bodies]);
}

/** A chunk with sound checksums. @throws RangeError when the events don't fit */
function evtxChunk(events: readonly EvtxInstance[], firstRecord: bigint): Buffer {
  const writer = createChunkWriter();
  let last = CHUNK_HEADER_BYTES;
  for (const [index, event] of events.entries()) {
    last = writer.record(event, firstRecord + BigInt(index));
  }
  const { bytes } = writer;
  bytes.write("ElfChnk\0", 0, "latin1");
  const lastRecord = firstRecord + BigInt(events.length) - 1n;
  for (const [at, value] of [firstRecord, lastRecord, firstRecord, lastRecord].entries()) {
    bytes.writeBigUInt64LE(value, 8 + 8 * at);
  }
  bytes.writeUInt32LE(128, 40);
  bytes.writeUInt32LE(last, 44);
  bytes.writeUInt32LE(writer.end(), 48);
  // As in real logs, closed ones too.
  bytes.writeUInt32LE(1, 120);
  sealChunk(bytes);
  return bytes;
}

/** Computes a chunk's checksums anew, after its content was changed on purpose. */
export function sealChunk(chunk: Buffer): void {
  const free = chunk.readUInt32LE(48);
  chunk.writeUInt32LE(crc32(chunk.subarray(CHUNK_HEADER_BYTES, free)), 52);
  const head = crc32(chunk.subarray(0, 120));
  chunk.writeUInt32LE(crc32(chunk.subarray(128, CHUNK_HEADER_BYTES), head), 124);
}

function createChunkWriter() {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  const names = new Map<string, number>();
  const templates = new Map<Element, number>();
  let at = CHUNK_HEADER_BYTES;
  const u8 = (value: number): void => {
    at = bytes.writeUInt8(value, at);
  };
  const u16 = (value: number): void => {
    at = bytes.writeUInt16LE(value, at);
  };
  const u32 = (value: number): void => {
    at = bytes.writeUInt32LE(value, at);
  };
  const put = (part: Buffer): void => {
    if (at + part.length > CHUNK_BYTES) throw new RangeError("the chunk is full");
    at += part.copy(bytes, at);
  };
  const text = (value: string): void => {
    u16(value.length);
    put(Buffer.from(value, "utf16le"));
  };
  const name = (value: string): void => {
    const known = names.get(value);
    u32(known ?? at + 4);
    if (known !== undefined) return;
    names.set(value, at);
    u32(0);
    u16(0);
    text(value);
    u16(0);
  };
  const content = (one: Content, hasDependency: boolean): void => {
    if (typeof one === "string") {
      u8(0x05);
      u8(1);
      text(one);
    } else if ("value" in one) {
      u8(0x0d);
      u16(one.value);
      u8(1);
    } else if ("cdata" in one) {
      u8(0x07);
      text(one.cdata);
    } else if ("entity" in one) {
      u8(0x09);
      name(one.entity);
    } else if ("character" in one) {
      u8(0x08);
      u16(one.character);
    } else if ("instruction" in one) {
      u8(0x0a);
      name(one.instruction);
      u8(0x0b);
      text("data");
    } else element(one, hasDependency);
  };
  const element = (one: Element, hasDependency: boolean): void => {
    const attributes = Object.entries(one.attributes ?? {});
    u8(attributes.length > 0 ? 0x41 : 0x01);
    if (hasDependency) u16(0xffff);
    const size = at;
    u32(0);
    name(one.name);
    if (attributes.length > 0) {
      u32(0);
      for (const [index, [key, value]] of attributes.entries()) {
        u8(index < attributes.length - 1 ? 0x46 : 0x06);
        name(key);
        content(value, hasDependency);
      }
    }
    if (one.content === undefined) u8(0x03);
    else {
      u8(0x02);
      for (const part of one.content) content(part, hasDependency);
      u8(0x04);
    }
    bytes.writeUInt32LE(at - size - 4, size);
  };
  const fragmentHead = (): void => put(Buffer.from([0x0f, 1, 1, 0]));
  const instance = (one: EvtxInstance, isInValue: boolean): void => {
    fragmentHead();
    if (one.values === undefined) {
      element(one.template, !isInValue);
      u8(0);
      return;
    }
    const known = templates.get(one.template);
    u8(0x0c);
    u8(1);
    u32(0);
    u32(known ?? at + 4);
    if (known === undefined) {
      templates.set(one.template, at);
      u32(0);
      put(Buffer.alloc(16, templates.size));
      const size = at;
      u32(0);
      fragmentHead();
      element(one.template, true);
      u8(0);
      bytes.writeUInt32LE(at - size - 4, size);
    }
    u32(one.values.length);
    const heads = at;
    put(Buffer.alloc(4 * one.values.length));
    for (const [index, value] of one.values.entries()) {
      const start = at;
      if (value.embedded === undefined) put(value.bytes);
      else instance(value.embedded, true);
      bytes.writeUInt16LE(at - start, heads + 4 * index);
      bytes.writeUInt8(value.type, heads + 4 * index + 2);
    }
  };
  return {
    bytes,
    end: () => at,
    /** Writes a record and gives where it begins. */
    record(event: EvtxInstance, id: bigint): number {
      const start = at;
      u32(0x2a2a);
      u32(0);
      at = bytes.writeBigUInt64LE(id, at);
      at = bytes.writeBigUInt64LE(fileTimeOf(0), at);
      instance(event, false);
      u32(at + 4 - start);
      bytes.writeUInt32LE(at - start, start + 4);
      return start;
    },
  };
}

function fileTimeOf(ms: number): bigint {
  return BigInt(ms + 11_644_473_600_000) * 10_000n;
}

function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

function sidBytes(text: string): Buffer {
  const [, revision = 0, authority = 0, ...rest] = text.split("-").map(Number);
  const bytes = Buffer.alloc(8 + 4 * rest.length);
  bytes.writeUInt8(revision, 0);
  bytes.writeUInt8(rest.length, 1);
  bytes.writeUIntBE(authority, 2, 6);
  for (const [index, part] of rest.entries()) bytes.writeUInt32LE(part, 8 + 4 * index);
  return bytes;
}
