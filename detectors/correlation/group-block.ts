// What is remembered of one group, in a block of bytes: key, for windows that close later also group and
// source, numbers, and entries in the order in which they came. The same bytes are what a snapshot stores.
//
//   end, body, head, entries    4 × 4 bytes: ends of the block, of the fixed part, begin and number of entries
//   extra                       0 or 16 bytes, as the judge needs
//   key [source, group]         texts
//   numbers                     8 bytes each, between body and head
//   entries                     size 4, time 8, rule 2, payload, id, rests
import type { EventReference, Observation } from "../keyed.ts";
import type { BlockMemory } from "./block-memory.ts";
import {
  isTextAt,
  numberBytes,
  readNumber,
  readText,
  skipText,
  textBytes,
  writeNumber,
  writeText,
} from "./text-codec.ts";

const END = 0;
const BODY = 4;
const HEAD = 8;
const ENTRIES = 12;
const EXTRA = 16;
/** Blocks above this grow by half, smaller ones to the next size. */
const GROWTH_FROM_BYTES = 4096;

const SIZE = 0;
const TIME = 4;
const RULE = 12;
const PAYLOAD = 14;

/** What an entry holds beside the event. */
type Payload = "none" | "number" | "value";

/** How the blocks of a correlation are laid out. */
export interface BlockLayout {
  readonly extraBytes: 0 | 16;
  /** Whether group and source are kept: a hit of a timer has no observation that could say them. */
  readonly keepsGroup: boolean;
  /** Whether numbers stand before the entries; else what is taken from the front leaves a gap there. */
  readonly keepsNumbers: boolean;
  readonly payload: Payload;
}

const NO_LAYOUT: BlockLayout = {
  extraBytes: 0,
  keepsGroup: false,
  keepsNumbers: false,
  payload: "none",
};

/** A window into one block at a time. */
export class GroupBlock {
  readonly #memory: BlockMemory;
  #handle = 0;
  #base = 0;
  #view: DataView;
  #bytes: Uint8Array;
  #layout: BlockLayout = NO_LAYOUT;

  constructor(memory: BlockMemory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The block's handle; another one after it grew. */
  get handle(): number {
    return this.#handle;
  }

  open(handle: number, layout: BlockLayout): void {
    this.#handle = handle;
    this.#layout = layout;
    this.#bytes = this.#memory.bytesOf(handle);
    this.#view = this.#memory.viewOf(handle);
    this.#base = this.#memory.offsetOf(handle);
  }

  /** A block for a new group. */
  create(observation: Observation, layout: BlockLayout): void {
    const { key, source, group } = observation;
    let bytes = EXTRA + layout.extraBytes + textBytes(key);
    if (layout.keepsGroup) {
      bytes += textBytes(source) + numberBytes(group.length);
      for (const value of group) bytes += textBytes(value);
    }
    bytes += (layout.keepsNumbers ? 8 : 0) + entryBytes(observation, layout.payload);
    this.open(this.#memory.allocate(bytes), layout);
    const view = this.#view;
    for (let at = 0; at < layout.extraBytes; at += 8) view.setFloat64(this.#base + EXTRA + at, 0);
    let at = writeText(view, this.#base + EXTRA + layout.extraBytes, key);
    if (layout.keepsGroup) {
      at = writeText(view, at, source);
      at = writeNumber(view, at, group.length);
      for (const value of group) at = writeText(view, at, value);
    }
    const body = at - this.#base;
    for (const field of [END, BODY, HEAD]) this.#set(field, body);
    this.#set(ENTRIES, 0);
  }

  /** A block with the bytes that a snapshot held. */
  load(bytes: Uint8Array, layout: BlockLayout): void {
    this.open(this.#memory.allocate(bytes.length), layout);
    this.#bytes.set(bytes, this.#base);
  }

  /** The bytes in use; only valid until the block changes. */
  content(): Uint8Array {
    return this.#bytes.subarray(this.#base, this.#base + this.#get(END));
  }

  isOf(key: string): boolean {
    return isTextAt(this.#view, this.#base + EXTRA + this.#layout.extraBytes, key);
  }

  key(): string {
    return readText(this.#view, this.#base + EXTRA + this.#layout.extraBytes);
  }

  /** Of layouts that keep the group. */
  source(): string {
    return readText(this.#view, this.#afterKey());
  }

  group(): string[] {
    let at = skipText(this.#view, this.#afterKey());
    const length = readNumber(this.#view, at);
    at += numberBytes(length);
    return Array.from({ length }, () => {
      const value = readText(this.#view, at);
      at = skipText(this.#view, at);
      return value;
    });
  }

  /** One of the two extra numbers. */
  extra(place: 0 | 1): number {
    return this.#view.getFloat64(this.#base + EXTRA + 8 * place);
  }

  setExtra(place: 0 | 1, value: number): void {
    this.#view.setFloat64(this.#base + EXTRA + 8 * place, value);
  }

  get numbers(): number {
    return (this.#get(HEAD) - this.#get(BODY)) / 8;
  }

  number(place: number): number {
    return this.#view.getFloat64(this.#base + this.#get(BODY) + 8 * place);
  }

  /** Replaces the numbers from one place on; entries must not have been taken from the front. */
  setNumbers(from: number, values: readonly number[]): void {
    const head = this.#get(BODY) + 8 * (from + values.length);
    const grow = head - this.#get(HEAD);
    if (grow !== 0) {
      if (grow > 0) this.#reserve(grow);
      this.#move(this.#get(HEAD), head, this.#get(END) - this.#get(HEAD));
      this.#set(END, this.#get(END) + grow);
      this.#set(HEAD, head);
    }
    let at = this.#base + this.#get(BODY) + 8 * from;
    for (const value of values) {
      this.#view.setFloat64(at, value);
      at += 8;
    }
  }

  get entries(): number {
    return this.#get(ENTRIES);
  }

  /** Offset of the first entry. */
  get firstEntry(): number {
    return this.#get(HEAD);
  }

  /** Offset behind the last entry. */
  get end(): number {
    return this.#get(END);
  }

  nextEntry(entry: number): number {
    return entry + this.#get(entry + SIZE);
  }

  entryTime(entry: number): number {
    return this.#view.getFloat64(this.#base + entry + TIME);
  }

  entryRule(entry: number): number {
    return this.#view.getUint16(this.#base + entry + RULE);
  }

  /** Payload `number`. */
  entryNumber(entry: number): number {
    return this.#view.getFloat64(this.#base + entry + PAYLOAD);
  }

  /** Payload `value`: how often it came. */
  entryTimes(entry: number): number {
    return this.#get(entry + PAYLOAD);
  }

  setEntryTimes(entry: number, times: number): void {
    this.#set(entry + PAYLOAD, times);
  }

  /** Payload `value`: the entry with this value; 0: none. */
  findValue(value: string): number {
    const end = this.#get(END);
    for (let entry = this.#get(HEAD); entry < end; entry = this.nextEntry(entry)) {
      if (isTextAt(this.#view, this.#base + entry + PAYLOAD + 4, value)) return entry;
    }
    return 0;
  }

  /** The entry of this rule; 0: none. */
  findRule(rule: number): number {
    const end = this.#get(END);
    for (let entry = this.#get(HEAD); entry < end; entry = this.nextEntry(entry)) {
      if (this.entryRule(entry) === rule) return entry;
    }
    return 0;
  }

  append(observation: Observation, number: number): void {
    const { payload } = this.#layout;
    const bytes = entryBytes(observation, payload);
    this.#reserve(bytes);
    const view = this.#view;
    const start = this.#base + this.#get(END);
    view.setUint32(start + SIZE, bytes);
    view.setFloat64(start + TIME, observation.time);
    view.setUint16(start + RULE, observation.rule);
    let at = start + PAYLOAD;
    if (payload === "number") {
      view.setFloat64(at, number);
      at += 8;
    } else if (payload === "value") {
      view.setUint32(at, 1);
      at = writeText(view, at + 4, observation.value ?? "");
    }
    at = writeText(view, at, observation.id);
    const { rests } = observation;
    at = writeNumber(view, at, rests?.length ?? 0);
    for (const { id, time } of rests ?? []) {
      view.setFloat64(at, time);
      at = writeText(view, at + 8, id);
    }
    this.#set(END, this.#get(END) + bytes);
    this.#set(ENTRIES, this.#get(ENTRIES) + 1);
  }

  /** Takes out an entry; offsets behind it change, unless it was the first. */
  remove(entry: number): void {
    const size = this.#get(entry + SIZE);
    const head = this.#get(HEAD);
    if (entry === head && !this.#layout.keepsNumbers) {
      this.#set(HEAD, head + size);
    } else {
      this.#move(entry + size, entry, this.#get(END) - entry - size);
      this.#set(END, this.#get(END) - size);
    }
    this.#set(ENTRIES, this.#get(ENTRIES) - 1);
  }

  /** The entry's event, or those that its hit rests on, added to `references`. */
  collect(entry: number, references: EventReference[]): void {
    const view = this.#view;
    const rule = this.entryRule(entry);
    const { payload } = this.#layout;
    let at = this.#base + entry + PAYLOAD;
    if (payload === "number") at += 8;
    else if (payload === "value") at = skipText(view, at + 4);
    const id = at;
    at = skipText(view, at);
    const rests = readNumber(view, at);
    if (rests === 0) references.push({ id: readText(view, id), time: this.entryTime(entry), rule });
    at += numberBytes(rests);
    for (let count = 0; count < rests; count += 1) {
      references.push({ id: readText(view, at + 8), time: view.getFloat64(at), rule });
      at = skipText(view, at + 8);
    }
  }

  #get(field: number): number {
    return this.#view.getUint32(this.#base + field);
  }

  #set(field: number, value: number): void {
    this.#view.setUint32(this.#base + field, value);
  }

  #move(from: number, to: number, length: number): void {
    const start = this.#base + from;
    this.#bytes.copyWithin(this.#base + to, start, start + length);
  }

  #afterKey(): number {
    return skipText(this.#view, this.#base + EXTRA + this.#layout.extraBytes);
  }

  // Makes room at the end. What was taken from the front is used again once it is as much as what stays.
  #reserve(more: number): void {
    const head = this.#get(HEAD);
    const end = this.#get(END);
    if (end + more <= this.#memory.capacityOf(this.#handle)) return;
    const start = this.#layout.keepsNumbers ? head : this.#get(BODY);
    const gap = head - start;
    if (gap >= more && gap >= end - head) {
      this.#move(head, start, end - head);
    } else {
      const wanted = end - gap + more;
      const [old, bytes, base] = [this.#handle, this.#bytes, this.#base];
      const spare = wanted > GROWTH_FROM_BYTES ? Math.ceil(wanted / 2) : 0;
      this.open(this.#memory.allocate(wanted + spare), this.#layout);
      this.#bytes.set(bytes.subarray(base, base + start), this.#base);
      this.#bytes.set(bytes.subarray(base + head, base + end), this.#base + start);
      this.#memory.release(old);
    }
    this.#set(HEAD, start);
    this.#set(END, end - gap);
  }
}

function entryBytes({ id, value, rests }: Observation, payload: Payload): number {
  let bytes = PAYLOAD + textBytes(id) + numberBytes(rests?.length ?? 0);
  if (payload === "number") bytes += 8;
  if (payload === "value") bytes += 4 + textBytes(value ?? "");
  for (const rest of rests ?? []) bytes += 8 + textBytes(rest.id);
  return bytes;
}
