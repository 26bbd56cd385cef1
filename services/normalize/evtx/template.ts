// Turns a BinXML definition (of a template, or a fragment without one) into a list of fields: names ready
// to be written, literal texts, and the numbers of the values to put in. Format: MS-EVEN6 2.2.12 to
// 2.2.15 and libyal's description of BinXML.
import type { ChunkBytes } from "./chunk-bytes.ts";
import { DEPTH_MAX, damaged, FIELDS_MAX, LITERAL_UNITS_MAX } from "./damage.ts";
import { attributeName, placementOf, type Section } from "./event-layout.ts";
import { fieldKey, literalJson, literalText } from "./field-key.ts";

/** A piece of a field's text: literal JSON string content, or the value of this number. */
export interface Part {
  readonly literal: Uint8Array | undefined;
  readonly value: number;
}

/** One field of a record. */
export interface Field {
  /** `,"name":`, ready to be written. */
  readonly key: Uint8Array;
  /** A whole JSON value; then there is nothing else. */
  readonly constant: Uint8Array | undefined;
  /** Number of the only value that it consists of; -1: see `parts`. */
  readonly value: number;
  readonly parts: readonly Part[];
  /** Fields of the same name become one list. */
  readonly items: readonly Field[];
  readonly keepsEmpty: boolean;
  /** Where the elements of a value belong that is BinXML itself. */
  readonly section: Section;
}

const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  text: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  target: 0x0a,
  instruction: 0x0b,
  substitution: 0x0d,
  optional: 0x0e,
  fragment: 0x0f,
} as const;
/** "More of the same follows", or for elements: attributes do. */
const MORE = 0x40;

/** The length of an element, which nobody needs. */
const ELEMENT_LENGTH_BYTES = 4;
const STRING_TYPE = 1;
const NONE: readonly never[] = [];
const NO_ATTRIBUTES: ReadonlyMap<string, Part[]> = new Map();

/** Reads the definitions of one chunk after the other. */
export class TemplateReader {
  readonly #chunk: ChunkBytes;
  #at = 0;
  #end = 0;
  #dependencyBytes = 0;
  #fields = new Map<string, Field[]>();
  #count = 0;

  constructor(chunk: ChunkBytes) {
    this.#chunk = chunk;
  }

  /**
   * The fields of the definition between two places of the chunk.
   * @param hasDependency elements carry the number of a value that they depend on
   * @throws AppError HW_PARSE_FAILED
   */
  read(from: number, to: number, section: Section, hasDependency: boolean): readonly Field[] {
    this.#chunk.spend(to - from);
    this.#at = from;
    this.#end = to;
    this.#dependencyBytes = hasDependency ? 2 : 0;
    this.#fields = new Map();
    this.#count = 0;
    while (this.#at < this.#end) {
      const token = this.#byte();
      if (token === TOKEN.end) break;
      if (token === TOKEN.fragment) this.#skip(3);
      else if ((token & ~MORE) === TOKEN.openElement) this.#element(token, section, 1);
      else if (!this.#passInstruction(token)) {
        const part = this.#part(token);
        if (part === undefined) throw damaged(`there is no token ${token} in a template`);
        if (part.value >= 0) this.#add("", [part], false, section);
      }
    }
    return [...this.#fields].flatMap(([name, fields]) => listOf(name, fields));
  }

  #element(token: number, section: Section, depth: number): void {
    if (depth > DEPTH_MAX) throw damaged(`nested deeper than ${DEPTH_MAX}`);
    this.#skip(this.#dependencyBytes + ELEMENT_LENGTH_BYTES);
    const tag = localName(this.#name());
    const attributes = (token & MORE) === 0 ? NO_ATTRIBUTES : this.#attributes();
    const dataName = literalOf(attributes.get("Name"));
    const place = placementOf(section, tag, dataName);
    if (place.prefix !== undefined) {
      for (const [attribute, parts] of attributes) {
        if (attribute === "Name" && dataName !== undefined && section === "event-data") continue;
        const name = attributeName(place.prefix, attribute, section);
        if (name !== undefined) this.#add(name, parts, false, "leaves");
      }
    }
    const parts = this.#content(place.inner, depth);
    if (place.name === undefined) {
      // Outside of fields only BinXML in a value can mean anything.
      for (const part of parts) if (part.value >= 0) this.#add("", [part], false, place.inner);
    } else if (place.keepsEmpty || !parts.every(isBlank)) {
      this.#add(place.name, parts, place.keepsEmpty, place.inner);
      const alias = place.alias;
      if (alias !== undefined) this.#add(alias, parts, place.keepsEmpty, place.inner);
    }
  }

  // The attributes in front of the end of an element's start.
  #attributes(): ReadonlyMap<string, Part[]> {
    const found = new Map<string, Part[]>();
    const { view } = this.#chunk;
    this.#skip(4);
    while (this.#at < this.#end && (view.getUint8(this.#at) & ~MORE) === TOKEN.attribute) {
      this.#at++;
      const parts: Part[] = [];
      found.set(this.#name(), parts);
      if (found.size > FIELDS_MAX) throw damaged("it has too many fields");
      for (;;) {
        const start = this.#at;
        const part = start < this.#end ? this.#part(this.#byte()) : undefined;
        if (part === undefined) {
          this.#at = start;
          break;
        }
        parts.push(part);
      }
    }
    return found;
  }

  // What stands between an element's start and its end.
  #content(section: Section, depth: number): Part[] {
    const parts: Part[] = [];
    const first = this.#byte();
    if (first === TOKEN.closeEmpty) return parts;
    if (first !== TOKEN.closeStart) throw damaged("an element's start has no end");
    for (;;) {
      const token = this.#byte();
      if (token === TOKEN.endElement) return parts;
      if ((token & ~MORE) === TOKEN.openElement) this.#element(token, section, depth + 1);
      else if (!this.#passInstruction(token)) {
        const part = this.#part(token);
        if (part === undefined) throw damaged(`there is no token ${token} in an element`);
        parts.push(part);
      }
    }
  }

  // A piece of text; undefined when the token is none.
  #part(token: number): Part | undefined {
    switch (token & ~MORE) {
      case TOKEN.text:
        if (this.#byte() !== STRING_TYPE) throw damaged("a literal value is no text");
        return literalText(this.#units());
      case TOKEN.cdata:
        return literalText(this.#units());
      case TOKEN.character:
        return literalText(String.fromCharCode(this.#uint16()));
      case TOKEN.entity:
        return literalText(entityText(this.#name()));
      case TOKEN.substitution:
      case TOKEN.optional: {
        const value = this.#uint16();
        this.#skip(1);
        return { literal: undefined, value };
      }
      default:
        return undefined;
    }
  }

  // Passes over a processing instruction; false when the token is none.
  #passInstruction(token: number): boolean {
    if (token === TOKEN.target) this.#name();
    else if (token === TOKEN.instruction) this.#units();
    else return false;
    return true;
  }

  #add(name: string, parts: readonly Part[], keepsEmpty: boolean, section: Section): void {
    if (++this.#count > FIELDS_MAX) throw damaged("it has too many fields");
    const field = fieldOf(name, parts, keepsEmpty, section);
    const known = this.#fields.get(name);
    if (known === undefined) this.#fields.set(name, [field]);
    else known.push(field);
  }

  #skip(length: number): void {
    if (this.#at + length > this.#end) throw damaged("it ends within an element");
    this.#at += length;
  }

  #byte(): number {
    this.#skip(1);
    return this.#chunk.view.getUint8(this.#at - 1);
  }

  #uint16(): number {
    this.#skip(2);
    return this.#chunk.view.getUint16(this.#at - 2, true);
  }

  #name(): string {
    const found = this.#chunk.nameAt(this.#at, this.#end);
    this.#at = this.#chunk.nameEnd;
    return found;
  }

  #units(): string {
    const length = this.#uint16();
    if (length > LITERAL_UNITS_MAX) throw damaged("a literal text is too long");
    this.#skip(2 * length);
    return this.#chunk.bytes.toString("utf16le", this.#at - 2 * length, this.#at);
  }
}

function fieldOf(
  name: string,
  parts: readonly Part[],
  keepsEmpty: boolean,
  section: Section,
): Field {
  const [first] = parts;
  const only = parts.length === 1 ? (first?.value ?? -1) : -1;
  const constant = parts.every((one) => one.literal !== undefined)
    ? literalJson(name, parts)
    : undefined;
  const key = fieldKey(name);
  return { key, constant, value: only, parts, items: NONE, keepsEmpty, section };
}

// The same name twice: a list, as unnamed `Data` is in classic events. Values without a name stay apart.
function listOf(name: string, fields: readonly Field[]): readonly Field[] {
  const [first] = fields;
  if (name === "" || first === undefined || fields.length === 1) return fields;
  return [{ ...first, constant: undefined, value: -1, items: fields }];
}

function isBlank(part: Part): boolean {
  return part.literal?.every((byte) => byte <= 0x20) === true;
}

/** The text of literal parts; undefined when a value is among them. */
function literalOf(parts: readonly Part[] | undefined): string | undefined {
  if (parts === undefined || parts.some((one) => one.literal === undefined)) return undefined;
  const text: unknown = JSON.parse(literalJson("", parts).toString());
  return typeof text === "string" ? text : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function entityText(name: string): string {
  return ENTITIES.get(name) ?? `&${name};`;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
