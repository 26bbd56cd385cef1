// Reading the archive: which frames may hold what is asked for, and which of their events do.
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import type { ArchivedEvent, ArchiveQuery } from "./archive.ts";
import { mayContain } from "./bloom.ts";
import { FILTERED_FIELDS, fieldTerm } from "./frame.ts";

const placeSchema = z.tuple([z.number(), z.string()]);
const FILTERED: ReadonlySet<string> = new Set(FILTERED_FIELDS);

/** Whether a frame or segment with this filter may hold events with these terms. */
export function filterMayMatch(filter: Uint8Array, terms: ArchiveQuery["terms"]): boolean {
  return Object.entries(terms ?? {}).every(
    ([field, value]) => !FILTERED.has(field) || mayContain(filter, fieldTerm(field, value)),
  );
}

/** Cheap look at a line of JSON before it is parsed: false only when it can't match. */
export function linePrefilter(
  query: Pick<ArchiveQuery, "terms" | "text">,
): (line: string) => boolean {
  const needles = [...words(query.text), ...Object.values(query.terms ?? {})]
    .map((value) => JSON.stringify(value).slice(1, -1).toLowerCase())
    .filter((needle) => needle !== "");
  if (needles.length === 0) return () => true;
  return (line) => {
    const lower = line.toLowerCase();
    return needles.every((needle) => lower.includes(needle));
  };
}

/** Whether an event is what the query asks for. */
export function eventMatcher(
  query: Pick<ArchiveQuery, "from" | "to" | "terms" | "text">,
): (event: ArchivedEvent) => boolean {
  const terms = Object.entries(query.terms ?? {}).map(([field, value]) => ({
    field,
    value: value.toLowerCase(),
  }));
  const searched = words(query.text);
  return (event) => {
    if (event.time < query.from || event.time >= query.to) return false;
    for (const { field, value } of terms) {
      const own = event.document[field];
      if (own === undefined) return false;
      const values = Array.isArray(own) ? own : [own];
      if (!values.some((one) => String(one).toLowerCase() === value)) return false;
    }
    if (searched.length === 0) return true;
    const all = Object.values(event.document).join("\n").toLowerCase();
    return searched.every((word) => all.includes(word));
  };
}

/** The words of a search, in lower case. */
export function words(text: string | undefined): string[] {
  return (text ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Order of events: by time, then by id. */
export function compareEvents(a: Place, b: Place): number {
  return a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Where a page ended. */
export interface Place {
  readonly time: number;
  readonly id: string;
}

/** Opaque text for the next page. */
export function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.time, place.id])).toString("base64url");
}

/**
 * The place in a cursor.
 * @throws AppError HW_REQUEST_INVALID for a text that `encodeCursor` did not make
 */
export function decodeCursor(cursor: string): Place {
  try {
    const [time, id] = placeSchema.parse(
      JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")),
    );
    return { time, id };
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", "not a cursor of this archive", {
      place: "cursor",
      cause,
    });
  }
}
