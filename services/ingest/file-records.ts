// The records of a stream of bytes, whatever it is: lines, elements of a JSON document, events of a
// binary log, and all of these packed or in archives. What can't be read costs no more than its own file.
import { AppError, isAppError } from "../../config/errors.ts";
import type { Multiline } from "../../config/inputs.ts";
import { createEvtxDecoder } from "../normalize/evtx/evtx-decoder.ts";
import { createJournalExportDecoder } from "../normalize/journal-export.ts";
import { archiveFault, tarEntries, zipEntries } from "./file-archive.ts";
import { type Progress, peekBytes } from "./file-bytes.ts";
import { fileKind, KIND_BYTES } from "./file-kind.ts";
import { createFileSplitter, layoutBytes, layoutOf } from "./file-layout.ts";
import { type UnpackBudget, unpackBytes } from "./file-unpack.ts";
import { createLineJoiner } from "./indented-lines.ts";
import { type Piece, pieceText } from "./line-splitter.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** A record of a file. */
export interface InputLine {
  readonly text: string;
  /** Place of its first byte in the unpacked file; in a journal export the number of the entry. */
  readonly offset: number;
  /** From 1; for JSON elements the line in which they begin, in binary logs the number of the record. */
  readonly line: number;
  /** Longer than `lineBytesMax`; the text is its beginning. */
  readonly cut: boolean;
}

/** Some records of one file, or of one entry of an archive. */
export interface RecordBatch {
  /** The file, or `archive.zip!/folder/a.evtx`. */
  readonly place: string;
  /** Without empty lines. */
  readonly lines: readonly InputLine[];
  /**
   * HW_INPUT_TOO_LARGE for each cut line, place `file:line`; what is damaged in a binary log, place
   * `file:chunk@offset`; HW_INPUT_UNREADABLE and others for entries of archives.
   */
  readonly faults: readonly AppError[];
}

/** Where bytes come from, and what reading them may cost. */
export interface RecordSource {
  readonly place: string;
  /** Path of the file when the bytes are those on disk. */
  readonly path: string | undefined;
  readonly chunks: AsyncIterable<Buffer>;
  readonly lineBytesMax: number;
  /** Whether lines may belong to the line before them; without it they don't. */
  readonly multiline?: Multiline;
  readonly signal: AbortSignal | undefined;
  readonly budget: UnpackBudget;
  readonly progress: Progress;
  /** How many archives and packings it lies in. */
  readonly archives: number;
  readonly packings: number;
}

/** An archive, and archives in it. */
const ARCHIVES_MAX = 2;
/** A tar inside gzip inside an archive is usual. */
const PACKINGS_MAX = 3;
/** Binary logs are read in pieces of this size, so that no piece holds up anything else. */
const STEP_BYTES = 64 * 1024;

/**
 * The records in batches of what was read at once.
 * @throws AppError, place `file` or `file:line`, after everything readable before it
 */
export async function* readRecords(source: RecordSource): AsyncGenerator<RecordBatch> {
  try {
    const wanted = Math.max(KIND_BYTES, layoutBytes(source.place));
    const { head, chunks, close } = await peekBytes(source.chunks, wanted);
    const peeked = { ...source, chunks };
    try {
      yield* readKind(peeked, head);
    } finally {
      await close();
    }
  } catch (error) {
    source.signal?.throwIfAborted();
    throw archiveFault(error, source.place);
  }
}

function readKind(source: RecordSource, head: Buffer): AsyncGenerator<RecordBatch> {
  const kind = fileKind(head, source.place);
  switch (kind) {
    case "plain":
      return readText(source, head);
    case "gzip":
    case "zstd": {
      const packings = source.packings + 1;
      if (packings > PACKINGS_MAX) throw tooDeep(source.place);
      const chunks = unpackBytes(kind, source.chunks, source.place, source.budget);
      return readRecords({ ...source, chunks, packings, path: undefined });
    }
    case "zip":
    case "tar":
      return readArchive(source, kind);
    case "evtx":
      return readEvtx(source);
    case "journal":
      return readJournal(source);
  }
}

async function* readText(source: RecordSource, head: Buffer): AsyncGenerator<RecordBatch> {
  const { place } = source;
  const layout = layoutOf(place, head);
  const splitter = createFileSplitter(layout, source.lineBytesMax);
  const encoding = layout.records === "elements" ? "utf-8" : layout.encoding;
  const isLines = layout.records === "lines";
  const multiline = isLines ? (source.multiline ?? "none") : "none";
  const joiner = createLineJoiner(multiline, encoding, source.lineBytesMax);
  let { markBytes } = layout;
  let lastLine = 0;
  let fault: unknown;
  try {
    for await (const chunk of source.chunks) {
      source.signal?.throwIfAborted();
      const pieces = splitter.push(chunk.subarray(markBytes));
      markBytes = 0;
      lastLine = pieces.at(-1)?.line ?? lastLine;
      yield toBatch(place, joiner.add(pieces), encoding);
    }
  } catch (error) {
    source.signal?.throwIfAborted();
    fault = archiveFault(error, place);
  }
  const rest = splitter.rest();
  const last = [...joiner.add(rest === undefined ? [] : [rest]), ...joiner.flush()];
  if (last.length > 0) yield toBatch(place, last, encoding);
  if (fault === undefined) return;
  if (lastLine === 0 || !(fault instanceof AppError)) throw fault;
  throw new AppError(fault.code, fault.message, {
    place: `${place}:${lastLine}`,
    mend: fault.mend,
    cause: fault,
  });
}

async function* readEvtx(source: RecordSource): AsyncGenerator<RecordBatch> {
  const decoder = createEvtxDecoder(source.place);
  let count = 0;
  for await (const step of stepsOf(source)) {
    const { records, faults } = step === "end" ? decoder.end() : decoder.push(step);
    if (records.length === 0 && faults.length === 0) continue;
    const lines = records.map(({ text, offset }) => ({ text, offset, line: ++count, cut: false }));
    yield { place: source.place, lines, faults };
  }
}

async function* readJournal(source: RecordSource): AsyncGenerator<RecordBatch> {
  const decoder = createJournalExportDecoder({ entryBytesMax: source.lineBytesMax });
  let count = 0;
  try {
    for await (const step of stepsOf(source)) {
      const texts = step === "end" ? decoder.end() : decoder.push(step);
      if (texts.length === 0) continue;
      const lines = texts.map((text) => ({ text, offset: count, line: ++count, cut: false }));
      yield { place: source.place, lines, faults: [] };
    }
  } catch (error) {
    if (!isAppError(error) || error.place !== undefined) throw error;
    throw new AppError(error.code, error.message, { place: source.place, cause: error });
  }
}

async function* stepsOf(source: RecordSource): AsyncGenerator<Buffer | "end"> {
  for await (const chunk of source.chunks) {
    for (let at = 0; at < chunk.length; at += STEP_BYTES) {
      source.signal?.throwIfAborted();
      yield chunk.subarray(at, at + STEP_BYTES);
    }
  }
  yield "end";
}

async function* readArchive(
  source: RecordSource,
  kind: "zip" | "tar",
): AsyncGenerator<RecordBatch> {
  const archives = source.archives + 1;
  if (archives > ARCHIVES_MAX) throw tooDeep(source.place);
  for await (const entry of kind === "zip" ? zipEntries(source) : tarEntries(source)) {
    const place = `${source.place}!${entry.name}`;
    const inner = { ...source, place, path: undefined, chunks: entry.chunks, archives };
    try {
      yield* readRecords(inner);
    } catch (error) {
      source.signal?.throwIfAborted();
      if (source.budget.isSpent) throw error;
      yield { place, lines: [], faults: [archiveFault(error, place)] };
    }
  }
}

function tooDeep(place: string): AppError {
  return new AppError("HW_INPUT_UNREADABLE", "it lies in too many archives", {
    place,
    mend: "unpack the outermost archive first",
  });
}

function toBatch(place: string, pieces: readonly Piece[], encoding: TextEncoding): RecordBatch {
  const lines: InputLine[] = [];
  const faults: AppError[] = [];
  for (const piece of pieces) {
    if (piece.bytes.length === 0) continue;
    const { offset, line, cut } = piece;
    lines.push({ text: pieceText(piece, encoding), offset, line, cut });
    if (cut) {
      faults.push(
        new AppError("HW_INPUT_TOO_LARGE", "the record is longer than allowed and was cut", {
          place: `${place}:${line}`,
        }),
      );
    }
  }
  return { place, lines, faults };
}
