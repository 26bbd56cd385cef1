// Writes values into a flat ECS document: bounded in length and number, nothing that Elasticsearch or a
// report could stumble over (NaN, null, prototypes), objects as dotted names.
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";

/** Longest text of one field, in UTF-16 units: Lucene refuses terms over 32,766 bytes. */
export const TEXT_CHARACTERS_MAX = 32_000;
/** Most values of one field. */
export const VALUES_MAX = 200;
/** Most fields that are taken over from one record; Elasticsearch's default for an index is 1,000. */
export const FIELDS_MAX = 800;
/** Deepest object that becomes dotted names; what lies deeper is kept as JSON text. */
export const FLATTEN_DEPTH_MAX = 12;

/** Puts a value under a name unless it is empty or not representable. Objects become dotted names. */
export function put(document: EcsDocument, name: string, value: unknown): void {
  putNested(document, name, value, { fields: 0 }, 0);
}

/** Puts all fields of a nested object under `prefix` (ending with a dot, or empty). */
export function putAll(
  document: EcsDocument,
  prefix: string,
  record: Readonly<Record<string, unknown>>,
): void {
  const budget = { fields: 0 };
  for (const key of Object.keys(record)) putNested(document, prefix + key, record[key], budget, 1);
}

/** Whether a document already has a name. */
export function has(document: EcsDocument, name: string): boolean {
  return Object.hasOwn(document, name);
}

/** A text or number as text, anything else as nothing: an object's `toString` is the sender's. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** A text cut to the longest that a field takes. */
function bounded(text: string): string {
  return text.length > TEXT_CHARACTERS_MAX ? text.slice(0, TEXT_CHARACTERS_MAX) : text;
}

function putNested(
  document: EcsDocument,
  name: string,
  value: unknown,
  budget: { fields: number },
  depth: number,
): void {
  if (budget.fields >= FIELDS_MAX || name === "__proto__" || name.length > 512) return;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (depth >= FLATTEN_DEPTH_MAX) {
      putNested(document, name, JSON.stringify(value), budget, depth);
      return;
    }
    for (const [key, child] of Object.entries(value)) {
      putNested(document, `${name}.${key}`, child, budget, depth + 1);
    }
    return;
  }
  const written = Array.isArray(value) ? writeList(value) : writeOne(value);
  if (written === undefined) return;
  document[name] = written;
  budget.fields++;
}

function writeOne(value: unknown): string | number | boolean | undefined {
  if (typeof value === "string") return value === "" ? undefined : bounded(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "boolean" ? value : undefined;
}

function writeList(values: readonly unknown[]): EcsValue | undefined {
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const value of values.slice(0, VALUES_MAX)) {
    const one =
      typeof value === "object" && value !== null
        ? bounded(JSON.stringify(value))
        : writeOne(value);
    if (one === undefined) continue;
    if (typeof one === "number") numbers.push(one);
    texts.push(String(one));
  }
  if (texts.length === 0) return undefined;
  return numbers.length === texts.length ? numbers : texts;
}
