// One field of the event at hand: read once, folded once, however many rules ask.

import type { ParsedRecord } from "../event.ts";
import type { FieldReader } from "./field-reader.ts";
import { foldCase } from "./fold-case.ts";

/** Elements of a list that are looked at. */
const ELEMENTS_MAX = 1000;

export class FieldValue {
  readonly #reader: FieldReader;
  #stamp = 0;
  #lower: string | undefined;
  /** The value as the only text; undefined: missing, or `texts` holds several. */
  text: string | undefined;
  /** All texts of a list. */
  texts: readonly string[] | undefined;
  present = false;

  constructor(reader: FieldReader) {
    this.#reader = reader;
  }

  load(record: ParsedRecord, stamp: number): void {
    if (this.#stamp === stamp) return;
    this.#stamp = stamp;
    const value = this.#reader(record);
    this.#lower = undefined;
    this.texts = undefined;
    if (typeof value === "string") {
      this.text = value;
      this.present = true;
      return;
    }
    this.text = undefined;
    this.present = value !== undefined;
    if (typeof value === "number" || typeof value === "boolean") this.text = String(value);
    else if (this.present) this.texts = textsOf(value);
  }

  /** The only text in lower case. */
  lowerText(text: string): string {
    this.#lower ??= foldCase(text);
    return this.#lower;
  }
}

/** A value as the texts that tests see; objects as the JSON that they came in. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (Array.isArray(value)) {
    return value
      .slice(0, ELEMENTS_MAX)
      .flatMap((one) => (Array.isArray(one) ? [JSON.stringify(one)] : textsOf(one)));
  }
  return typeof value === "object" && value !== null ? [JSON.stringify(value)] : [];
}
