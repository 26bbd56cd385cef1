// Takes apart the journal export format, which `journalctl -o export` writes and systemd-journal-upload
// sends, and gives each entry as the JSON object that `journalctl -o json` would write.
// Format: systemd.io/JOURNAL_EXPORT_FORMATS.
import { isUtf8 } from "node:buffer";
import { AppError } from "../../config/errors.ts";

/** Most fields of one entry; journald itself stores no more. */
const FIELDS_MAX = 1024;
/** Longest name of a field; journald's own limit. */
const NAME_CHARACTERS_MAX = 64;
const FIRST_BYTES = 64 * 1024;
const LENGTH_BYTES = 8;
const LINE_FEED = 0x0a;
const EQUALS = 0x3d;

export interface JournalExportOptions {
  /** Longest entry with all its fields; also the most that is kept in memory. */
  readonly entryBytesMax: number;
}

export interface JournalExportDecoder {
  /**
   * The entries that this chunk completes, as JSON text. What was complete before a damage is returned
   * first: the error comes with the next call, and with every one after it.
   * @throws AppError HW_PARSE_FAILED on damaged data, HW_INPUT_TOO_LARGE on an entry over its limits;
   *   the message names the position in the stream
   */
  push(chunk: Buffer): string[];
  /**
   * The last entry, when no empty line stands behind it.
   * @throws AppError as `push`, and HW_PARSE_FAILED when the data ends within a field
   */
  end(): string[];
}

type FieldValue = string | number[];

/** A decoder of one stream, from its beginning. */
export function createJournalExportDecoder(options: JournalExportOptions): JournalExportDecoder {
  const pending = createPending();
  const entry = createEntry();
  let entryBytes = 0;
  let fault: AppError | undefined;

  // The bytes of one field or of the empty line behind an entry; undefined until they are all there.
  const next = (): { name: string; value: Buffer } | "end" | undefined => {
    const lineEnd = pending.lineEnd();
    if (lineEnd === undefined) {
      checkSize(entryBytes + pending.length);
      return undefined;
    }
    if (lineEnd === 0) {
      pending.take(1);
      return "end";
    }
    const line = pending.view(0, lineEnd);
    const equals = line.indexOf(EQUALS);
    const name = nameOf(equals < 0 ? line : line.subarray(0, equals), pending.position);
    if (equals >= 0) {
      checkSize(entryBytes + lineEnd + 1);
      entryBytes += lineEnd + 1;
      return { name, value: pending.take(lineEnd + 1).subarray(equals + 1, lineEnd) };
    }
    const start = lineEnd + 1 + LENGTH_BYTES;
    if (pending.length < start) return undefined;
    const length = Number(pending.view(lineEnd + 1, start).readBigUInt64LE());
    checkSize(entryBytes + start + length + 1);
    if (pending.length < start + length + 1) return undefined;
    if (pending.view(start + length, start + length + 1)[0] !== LINE_FEED) {
      throw damaged(`the field ${name} is not as long as it says`, pending.position);
    }
    entryBytes += start + length + 1;
    return { name, value: pending.take(start + length + 1).subarray(start, start + length) };
  };
  const checkSize = (bytes: number): void => {
    if (bytes <= options.entryBytesMax) return;
    throw tooLarge(`over ${options.entryBytesMax} bytes`, pending.position);
  };
  const drain = (entries: string[]): void => {
    for (let found = next(); found !== undefined; found = next()) {
      if (found !== "end") entry.add(found.name, found.value, pending.position);
      else {
        entryBytes = 0;
        if (!entry.isEmpty()) entries.push(entry.take());
      }
    }
  };

  return {
    push(chunk) {
      if (fault !== undefined) throw fault;
      const entries: string[] = [];
      try {
        pending.append(chunk);
        drain(entries);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        fault = error;
        if (entries.length === 0) throw fault;
      }
      return entries;
    },
    end() {
      if (fault !== undefined) throw fault;
      if (pending.length > 0) throw damaged("the data ends within a field", pending.position);
      return entry.isEmpty() ? [] : [entry.take()];
    },
  };
}

/** Fields of the entry at hand. A field that occurs more than once becomes a list, as in journalctl. */
function createEntry() {
  let fields = new Map<string, FieldValue[]>();
  let count = 0;
  return {
    isEmpty: () => count === 0,
    add(name: string, bytes: Buffer, position: number): void {
      if (++count > FIELDS_MAX) throw tooLarge(`over ${FIELDS_MAX} fields`, position);
      // Text stays text even with control characters; journalctl writes those as numbers, too.
      const value = isUtf8(bytes) ? bytes.toString("utf8") : [...bytes];
      const known = fields.get(name);
      if (known === undefined) fields.set(name, [value]);
      else known.push(value);
    },
    take(): string {
      const pairs = [...fields].map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
      fields = new Map();
      count = 0;
      return JSON.stringify(Object.fromEntries(pairs));
    },
  };
}

/** Bytes that are not read yet, in one growing buffer: small chunks cost no more than large ones. */
function createPending() {
  let kept: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  /** Up to here there is no line feed. */
  let searched = 0;
  let position = 0;
  return {
    get length() {
      return end - start;
    },
    /** Of the first byte that is not read, in the stream. */
    get position() {
      return position;
    },
    append(chunk: Buffer): void {
      if (end + chunk.length > kept.length) {
        const length = end - start;
        const grown =
          length + chunk.length <= kept.length / 2
            ? kept
            : Buffer.allocUnsafe(Math.max(FIRST_BYTES, 2 * (length + chunk.length)));
        kept.copy(grown, 0, start, end);
        kept = grown;
        searched -= start;
        start = 0;
        end = length;
      }
      chunk.copy(kept, end);
      end += chunk.length;
    },
    /** Where the first line ends, counted from the first byte that is not read. */
    lineEnd(): number | undefined {
      const found = kept.subarray(0, end).indexOf(LINE_FEED, searched);
      searched = found < 0 ? end : found;
      return found < 0 ? undefined : found - start;
    },
    view: (from: number, to: number): Buffer => kept.subarray(start + from, start + to),
    /** Valid until the next `append`. */
    take(length: number): Buffer {
      const taken = kept.subarray(start, start + length);
      start += length;
      searched = start;
      position += length;
      return taken;
    },
  };
}

function nameOf(bytes: Buffer, position: number): string {
  const name = bytes.length <= NAME_CHARACTERS_MAX ? bytes.toString("latin1") : "";
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw damaged("a field's name was expected", position);
  return name;
}

function damaged(what: string, position: number): AppError {
  return new AppError("HW_PARSE_FAILED", `damaged journal export at byte ${position}: ${what}`);
}

function tooLarge(what: string, position: number): AppError {
  return new AppError("HW_INPUT_TOO_LARGE", `journal entry at byte ${position} is ${what}`);
}
