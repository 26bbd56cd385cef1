// The errors of event log reading, and the limits that keep a hostile file's cost in proportion to its
// size. The numbers are far above what Windows itself writes.
import { AppError } from "../../../config/errors.ts";

/** A chunk of an event log; all offsets in BinXML count from its beginning. */
export const CHUNK_BYTES = 65_536;
/** Longest JSON text of one event. */
export const EVENT_BYTES_MAX = 1024 * 1024;
/** All JSON texts of one chunk together. */
export const CHUNK_JSON_BYTES_MAX = 4 * 1024 * 1024;
/** Steps that one chunk may cost: bytes of templates read, and fields written. */
export const CHUNK_STEPS_MAX = 200_000;
/** Deepest nesting of elements, as in the XML reader. */
export const DEPTH_MAX = 32;
/** Deepest nesting of BinXML in values; Windows has one. */
export const EMBEDDED_DEPTH_MAX = 8;
/** Most fields of one template or fragment. */
export const FIELDS_MAX = 1000;
/** Longest name of an element or attribute, in UTF-16 units. */
export const NAME_UNITS_MAX = 1024;
/** Longest literal text in a template, in UTF-16 units. */
export const LITERAL_UNITS_MAX = 16_384;

/** What is wrong with a record; whoever reads the chunk adds the place. */
export function damaged(what: string): AppError {
  return new AppError("HW_PARSE_FAILED", `damaged event: ${what}`);
}

/** Told when a chunk has cost more than any real one can; the rest of the chunk is given up. */
export function chunkTooCostly(what: string): AppError {
  return new AppError("HW_INPUT_TOO_LARGE", `the chunk is given up: ${what}`);
}
