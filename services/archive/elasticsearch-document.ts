// An event as it lies in Elasticsearch, and back. The document is kept whole as JSON text, so that it comes
// back as it was whatever its names and values are; beside it stand the ECS fields that are indexed.
import { createHash } from "node:crypto";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import type { ArchivedEvent } from "./archive.ts";
import { ECS_TYPES } from "./elasticsearch-mapping.ts";
import { wordsOf } from "./elasticsearch-words.ts";

/** What Elasticsearch takes as `_id`. */
const ID_BYTES_MAX = 512;
const HASHED = "sha256:";
/** Longer texts stand in the kept document only. */
const SHOWN_CHARS_MAX = 8192;
const YEAR_0 = -62_167_219_200_000;
const YEAR_10000 = 253_402_300_800_000;

/** What is asked back of a stored event. */
export const SOURCE_FIELDS = [
  "archive.id",
  "archive.time",
  "archive.source",
  "archive.class",
  "archive.document",
];

/** The part of a stored event that is ours; the fields of SOURCE_FIELDS. */
export interface StoredEvent {
  readonly archive: {
    readonly id: string;
    readonly time: number;
    readonly source: string;
    readonly class: string;
    readonly document: string;
  };
}

/** `_id` of an event, by which the same one is known; also its place among events of equal time. */
export function keyOf(id: string): string {
  const fits = id !== "" && id.isWellFormed() && Buffer.byteLength(id) <= ID_BYTES_MAX;
  // Nobody can take the place of a hashed one.
  if (fits && !id.startsWith(HASHED)) return id;
  // JSON tells halves of characters apart where UTF-8 can't.
  return `${HASHED}${createHash("sha256").update(JSON.stringify(id)).digest("hex")}`;
}

/** One line of JSON: the event for a bulk request. */
export function storedLine(tenant: string, event: ArchivedEvent): string {
  const { id, time, source, dataClass, document } = event;
  const shown: EcsDocument = {};
  for (const [name, value] of Object.entries(document))
    if (isShown(name, value)) shown[name] = value;
  // Elasticsearch reads years of four digits; others are found by `archive.time` only.
  const named = time >= YEAR_0 && time < YEAR_10000;
  return JSON.stringify({
    ...(named ? { "@timestamp": new Date(time).toISOString() } : {}),
    tenant,
    ...shown,
    archive: {
      id,
      key: keyOf(id),
      time,
      source,
      class: dataClass,
      document: JSON.stringify(document),
      words: wordsOf(document),
    },
  });
}

function isShown(name: string, value: EcsValue): boolean {
  const type = name === "message" ? "keyword" : ECS_TYPES.get(name);
  if (type === undefined) return false;
  const values: readonly EcsValue[] = Array.isArray(value) ? value : [value];
  return values.every((one) => {
    if (typeof one === "string") return one.length <= SHOWN_CHARS_MAX && one.isWellFormed();
    return type === "keyword" || (typeof one === "number" && type !== "ip");
  });
}

/** The event that `storedLine` was made of; undefined for a document that it did not make. */
export function eventOf(stored: StoredEvent | undefined): ArchivedEvent | undefined {
  try {
    if (stored === undefined) return undefined;
    const { id, time, source, class: dataClass, document } = stored.archive;
    // The text is what `storedLine` wrote.
    return { id, time, source, dataClass, document: JSON.parse(document) as EcsDocument };
  } catch {
    return undefined;
  }
}
