// Names and literal texts of templates as JSON bytes. Names come again in every chunk of every file, so
// they are kept.
import type { Part } from "./template.ts";

const KEPT_MAX = 20_000;
const kept = new Map<string, Uint8Array>();

/** `,"name":` */
export function fieldKey(name: string): Uint8Array {
  let key = kept.get(name);
  if (key === undefined) {
    // Hostile files can't fill the memory with names.
    if (kept.size >= KEPT_MAX) kept.clear();
    key = Buffer.from(`,${JSON.stringify(name)}:`);
    kept.set(name, key);
  }
  return key;
}

/** Literal text as the content of a JSON string. */
export function literalText(text: string): Part {
  return { literal: Buffer.from(JSON.stringify(text).slice(1, -1)), value: -1 };
}

/** Literal parts as one JSON value; event ids are numbers, as everywhere. */
export function literalJson(name: string, parts: readonly Part[]): Buffer {
  const content = Buffer.concat(parts.map((part) => part.literal ?? Buffer.alloc(0)));
  if (name === "EventID" && /^\d{1,9}$/.test(content.toString("latin1"))) {
    return Buffer.from(String(Number(content.toString("latin1"))));
  }
  return Buffer.concat([QUOTE, content, QUOTE]);
}

const QUOTE = Buffer.from('"');
