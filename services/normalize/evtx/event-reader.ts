// Reads the BinXML of one event and writes the event as a flat JSON object: finds the template (each is
// read once a chunk), lists its values, and puts them in.
import { isAppError } from "../../../config/errors.ts";
import type { ChunkBytes } from "./chunk-bytes.ts";
import {
  CHUNK_JSON_BYTES_MAX,
  chunkTooCostly,
  damaged,
  EMBEDDED_DEPTH_MAX,
  EVENT_BYTES_MAX,
} from "./damage.ts";
import type { Section } from "./event-layout.ts";
import { JsonBytes } from "./json-bytes.ts";
import { type Field, type Part, TemplateReader } from "./template.ts";
import { BINXML_TYPE, ValueWriter } from "./value-json.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const END_TOKEN = 0x00;
const ELEMENT_TOKEN = 0x01;
const MORE = 0x40;
const TEMPLATE_TOKEN = 0x0c;
const FRAGMENT_TOKEN = 0x0f;
/** Token, version, id and place of a template. */
const INSTANCE_BYTES = 10;
/** Place of the next template, GUID, length. */
const DEFINITION_HEAD_BYTES = 24;
/** Length and type of a value. */
const VALUE_HEAD_BYTES = 4;

/** What is kept of a value: where it lies, how long it is (0: empty or not there), its type. */
const FACTS_PER_VALUE = 3;
const START = 0;
const SIZE = 1;
const TYPE = 2;
const FIRST_VALUES = 256;

/** The values of one template instance, in the reader's list of facts. */
interface Values {
  readonly count: number;
  readonly base: number;
}

const NO_VALUES: Values = { count: 0, base: 0 };

/** Reads the events of one chunk after the other. */
export class EventReader {
  readonly #chunk: ChunkBytes;
  readonly #out: JsonBytes;
  readonly #definitions: TemplateReader;
  readonly #values: ValueWriter;
  readonly #templates = new Map<string, readonly Field[]>();
  /** Facts of the values of all instances that are open, one behind the other. */
  #facts = new Int32Array(FACTS_PER_VALUE * FIRST_VALUES);
  #factsEnd = 0;
  #written = 0;

  constructor(chunk: ChunkBytes) {
    this.#chunk = chunk;
    this.#out = new JsonBytes(EVENT_BYTES_MAX, () => {
      throw damaged(`it is longer than ${EVENT_BYTES_MAX} bytes`);
    });
    this.#definitions = new TemplateReader(chunk);
    this.#values = new ValueWriter(chunk, this.#out);
  }

  /** Begins a new chunk: forgets the templates of the one before. */
  begin(): void {
    this.#templates.clear();
    this.#written = 0;
  }

  /**
   * The event between two places of the chunk as JSON text.
   * @throws AppError HW_PARSE_FAILED for a damaged event, HW_INPUT_TOO_LARGE when the chunk is spent
   */
  read(from: number, to: number): string {
    this.#out.cutTo(0);
    this.#factsEnd = 0;
    this.#fragment(from, to, "root", 0);
    if (this.#out.length === 0) throw damaged("it has no fields");
    const text = this.#out.objectText();
    this.#written += text.length;
    if (this.#written > CHUNK_JSON_BYTES_MAX) {
      throw chunkTooCostly("its events are too long together");
    }
    return text;
  }

  #fragment(from: number, to: number, section: Section, depth: number): void {
    if (depth > EMBEDDED_DEPTH_MAX) throw damaged(`nested deeper than ${EMBEDDED_DEPTH_MAX}`);
    const { view } = this.#chunk;
    const at = from + 4 <= to && view.getUint8(from) === FRAGMENT_TOKEN ? from + 4 : from;
    const token = at < to ? view.getUint8(at) : END_TOKEN;
    if (token === TEMPLATE_TOKEN) this.#instance(at, to, section, depth);
    else if ((token & ~MORE) === ELEMENT_TOKEN) {
      this.#writeFields(this.#elements(at, to, section, depth), NO_VALUES, depth);
    } else if (token !== END_TOKEN) throw damaged(`it begins with the token ${token}`);
  }

  // Elements outside of templates. Whether they have room for a dependency, descriptions differ: those of
  // a whole event have it, those in a value don't, and if that does not fit, it is the other way.
  #elements(at: number, to: number, section: Section, depth: number): readonly Field[] {
    const hasDependency = depth === 0;
    try {
      return this.#definitions.read(at, to, section, hasDependency);
    } catch (error) {
      if (!isAppError(error, "HW_PARSE_FAILED")) throw error;
      const other = this.#elementsOrNone(at, to, section, !hasDependency);
      if (other === undefined) throw error;
      return other;
    }
  }

  #elementsOrNone(at: number, to: number, section: Section, hasDependency: boolean) {
    try {
      return this.#definitions.read(at, to, section, hasDependency);
    } catch (error) {
      if (isAppError(error, "HW_PARSE_FAILED")) return undefined;
      throw error;
    }
  }

  #instance(at: number, to: number, section: Section, depth: number): void {
    const { view, end } = this.#chunk;
    if (at + INSTANCE_BYTES > to) throw damaged("it ends within a template");
    const place = view.getUint32(at + 6, true);
    let next = at + INSTANCE_BYTES;
    // A definition stands in the first event of the chunk that needs it.
    if (place + DEFINITION_HEAD_BYTES > end) throw damaged("its template lies outside");
    const start = place + DEFINITION_HEAD_BYTES;
    const length = view.getUint32(start - 4, true);
    if (start + length > end) throw damaged("its template is too long");
    if (place === next) next = start + length;
    const key = `${place}/${section}`;
    let fields = this.#templates.get(key);
    if (fields === undefined) {
      fields = this.#definitions.read(start, start + length, section, true);
      this.#templates.set(key, fields);
    }
    const base = this.#factsEnd;
    this.#writeFields(fields, this.#valuesAt(next, to), depth);
    this.#factsEnd = base;
  }

  #valuesAt(at: number, to: number): Values {
    const { view } = this.#chunk;
    if (at + 4 > to) throw damaged("it ends within its values");
    const count = view.getUint32(at, true);
    const heads = at + 4;
    let start = heads + VALUE_HEAD_BYTES * count;
    if (start > to) throw damaged(`it can't have ${count} values`);
    this.#chunk.spend(count);
    const base = this.#factsEnd;
    const facts = this.#room(FACTS_PER_VALUE * count);
    for (let index = 0, fact = base; index < count; index++, fact += FACTS_PER_VALUE) {
      const head = heads + VALUE_HEAD_BYTES * index;
      const size = view.getUint16(head, true);
      const type = view.getUint8(head + 2);
      facts[fact] = start;
      facts[fact + 1] = type === 0 ? 0 : size;
      facts[fact + 2] = type;
      start += size;
    }
    if (start > to) throw damaged("its values are longer than it is");
    return { count, base };
  }

  #room(facts: number): Int32Array {
    this.#factsEnd += facts;
    if (this.#factsEnd > this.#facts.length) {
      const grown = new Int32Array(2 * this.#factsEnd);
      grown.set(this.#facts);
      this.#facts = grown;
    }
    return this.#facts;
  }

  #writeFields(fields: readonly Field[], from: Values, depth: number): void {
    this.#chunk.spend(fields.length);
    for (const field of fields) {
      if (field.value >= 0) this.#writeValue(field, from, depth);
      else if (field.items.length > 0) this.#writeList(field, from, depth);
      else if (this.#isBinXml(field, from)) this.#embedded(field, from, depth);
      else if (field.key.length > 0 && (field.keepsEmpty || !this.#isEmpty(field, from))) {
        this.#out.raw(field.key);
        this.#writeContent(field, from);
      }
    }
  }

  // The usual field: one value and nothing besides.
  #writeValue(field: Field, from: Values, depth: number): void {
    const size = this.#fact(from, field.value, SIZE);
    const type = this.#fact(from, field.value, TYPE);
    if (type === BINXML_TYPE) this.#embedded(field, from, depth);
    else if (field.key.length > 0 && (size > 0 || field.keepsEmpty)) {
      this.#out.raw(field.key);
      this.#values.json(size === 0 ? 0 : type, this.#fact(from, field.value, START), size);
    }
  }

  // Fields of one name: a list of those that are there.
  #writeList(list: Field, from: Values, depth: number): void {
    this.#chunk.spend(list.items.length);
    let count = 0;
    for (const item of list.items) {
      if (this.#isBinXml(item, from) || (!item.keepsEmpty && this.#isEmpty(item, from))) continue;
      if (count++ > 0) this.#out.mark(COMMA);
      else {
        this.#out.raw(list.key);
        this.#out.mark(OPEN_LIST);
      }
      this.#writeContent(item, from);
    }
    if (count > 0) this.#out.mark(CLOSE_LIST);
    // What such elements hold are fields of their own.
    for (const item of list.items) {
      if (this.#isBinXml(item, from)) this.#embedded(item, from, depth);
    }
  }

  #writeContent(field: Field, from: Values): void {
    if (field.constant !== undefined) this.#out.raw(field.constant);
    else if (field.value >= 0) {
      const size = this.#fact(from, field.value, SIZE);
      const type = size === 0 ? 0 : this.#fact(from, field.value, TYPE);
      this.#values.json(type, this.#fact(from, field.value, START), size);
    } else {
      this.#chunk.spend(field.parts.length);
      this.#out.mark(QUOTE);
      for (const part of field.parts) this.#writePart(part, from);
      this.#out.mark(QUOTE);
    }
  }

  #writePart(part: Part, from: Values): void {
    if (part.literal !== undefined) this.#out.raw(part.literal);
    else {
      const size = this.#fact(from, part.value, SIZE);
      if (size === 0) return;
      const type = this.#fact(from, part.value, TYPE);
      this.#values.text(type, this.#fact(from, part.value, START), size);
    }
  }

  #embedded(field: Field, from: Values, depth: number): void {
    this.#chunk.spend(field.parts.length);
    for (const part of field.parts) {
      if (!this.#isBinXmlPart(part, from)) continue;
      const at = this.#fact(from, part.value, START);
      const size = this.#fact(from, part.value, SIZE);
      this.#fragment(at, at + size, field.section, depth + 1);
    }
  }

  #isBinXml(field: Field, from: Values): boolean {
    if (field.value >= 0) return this.#fact(from, field.value, TYPE) === BINXML_TYPE;
    return field.constant === undefined && field.parts.some((p) => this.#isBinXmlPart(p, from));
  }

  #isBinXmlPart(part: Part, from: Values): boolean {
    return part.literal === undefined && this.#fact(from, part.value, TYPE) === BINXML_TYPE;
  }

  #isEmpty(field: Field, from: Values): boolean {
    if (field.constant !== undefined) return field.parts.length === 0;
    if (field.value >= 0) return this.#fact(from, field.value, SIZE) === 0;
    return field.parts.every((part) => this.#isEmptyPart(part, from));
  }

  #isEmptyPart(part: Part, from: Values): boolean {
    if (part.literal !== undefined) return part.literal.length === 0;
    return this.#fact(from, part.value, SIZE) === 0;
  }

  /** A value that is not there has no bytes. */
  #fact(from: Values, index: number, fact: number): number {
    if (index >= from.count) return 0;
    return this.#facts[from.base + FACTS_PER_VALUE * index + fact] ?? 0;
  }
}
