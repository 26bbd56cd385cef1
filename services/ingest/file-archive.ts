// The entries of zip and tar archives as streams of bytes. Nothing is written to disk, so that names may
// say what they like; sizes are counted and not believed.
import { pipeline, type Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { extract } from "tar-stream";
import { fromBufferPromise, openPromise, type Entry as ZipEntry, type ZipFile } from "yauzl";
import { AppError, messageOf } from "../../config/errors.ts";
import type { Progress } from "./file-bytes.ts";
import { bomb, isBomb, readableOf, type UnpackBudget } from "./file-unpack.ts";

/** Most files of one archive. */
export const ARCHIVE_ENTRIES_MAX = 10_000;
/** Largest zip archive inside another archive: its directory stands at its end, so it is held in memory. */
const INNER_ZIP_BYTES_MAX = 64 * 1024 * 1024;
const NAME_SHOWN_MAX = 500;

/** A file in an archive. */
export interface ArchiveEntry {
  /** `/folder/a.log`, no two the same; fit to be shown. */
  readonly name: string;
  /** Its bytes; to be read to their end, or left, before the next entry is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
}

export interface ArchiveSource {
  readonly place: string;
  /** The archive's path when it lies on disk as it is. */
  readonly path: string | undefined;
  readonly chunks: AsyncIterable<Buffer>;
  readonly budget: UnpackBudget;
  readonly progress: Progress;
}

/**
 * The files of a zip archive, in its own order, without hidden ones.
 * @throws AppError HW_INPUT_TOO_LARGE, Error of the zip library
 */
export async function* zipEntries(source: ArchiveSource): AsyncGenerator<ArchiveEntry> {
  const zip =
    source.path === undefined
      ? await fromBufferPromise(await readAll(source))
      : await openPromise(source.path);
  const nameOf = createNames(source.place);
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.endsWith("/") ? undefined : nameOf(entry.fileName);
      if (source.path !== undefined) {
        source.progress.bytesRead = entry.relativeOffsetOfLocalHeader + entry.compressedSize;
      }
      if (name === undefined) continue;
      yield { name, chunks: zipBytes(zip, entry, `${source.place}!${name}`, source.budget) };
    }
  } finally {
    zip.close();
  }
}

async function* zipBytes(
  zip: ZipFile,
  entry: ZipEntry,
  place: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) {
    throw new AppError("HW_INPUT_UNREADABLE", "the entry is encrypted", {
      place,
      mend: "unpack the archive with its password",
    });
  }
  const stream = await zip.openReadStreamPromise(entry);
  let checksum = 0;
  let unpacked = 0;
  for await (const bytes of stream) {
    unpacked += bytes.length;
    if (isBomb(unpacked, entry.compressedSize)) throw bomb(place);
    budget.spend(bytes.length, place);
    checksum = crc32(bytes, checksum);
    yield bytes;
  }
  if (checksum === entry.crc32) return;
  throw new AppError("HW_INPUT_UNREADABLE", "the checksum of the entry is wrong", { place });
}

async function readAll(source: ArchiveSource): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source.chunks) {
    length += chunk.length;
    if (length > INNER_ZIP_BYTES_MAX) {
      throw new AppError(
        "HW_INPUT_TOO_LARGE",
        `a zip archive inside another one has over ${INNER_ZIP_BYTES_MAX} bytes`,
        { place: source.place, mend: "unpack the outer archive first" },
      );
    }
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}

/**
 * The files of a tar archive, in its own order, without hidden ones and links.
 * @throws AppError HW_INPUT_TOO_LARGE, Error of the tar library or of the source
 */
export async function* tarEntries(source: ArchiveSource): AsyncGenerator<ArchiveEntry> {
  const unpack = extract();
  const nameOf = createNames(source.place);
  const bytes: Readable = readableOf(source.chunks);
  let fault: Error | undefined;
  pipeline(bytes, unpack, (error) => {
    fault = error ?? undefined;
  });
  try {
    for await (const entry of unpack) {
      const { name: path, type } = entry.header;
      const isFile = type === "file" || type === "contiguous-file";
      const name = isFile ? nameOf(path) : undefined;
      const chunks = tarBytes(entry);
      if (name !== undefined) yield { name, chunks: { [Symbol.asyncIterator]: () => chunks } };
      // The next header stands behind what nobody wanted, too.
      while ((await chunks.next()).done !== true);
    }
    if (fault !== undefined) throw fault;
  } catch (error) {
    // The source's own reason says more than the broken pipe.
    throw fault ?? error;
  } finally {
    bytes.destroy();
    unpack.destroy();
  }
}

/** An iterator that may be left: ending the one of the library would end the whole archive. */
function tarBytes(entry: AsyncIterable<unknown>): AsyncIterator<Buffer, undefined> {
  const iterator = entry[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await iterator.next();
      if (done === true || !Buffer.isBuffer(value)) return { done: true, value: undefined };
      return { done: false, value };
    },
  };
}

/** Names for showing, each once; undefined for hidden files, as in folders. */
function createNames(place: string): (path: string) => string | undefined {
  const seen = new Set<string>();
  let count = 0;
  return (path) => {
    if (++count > ARCHIVE_ENTRIES_MAX) {
      throw new AppError("HW_INPUT_TOO_LARGE", `over ${ARCHIVE_ENTRIES_MAX} entries`, { place });
    }
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    // `__MACOSX` holds what macOS knows of the files beside it.
    if (parts.some((part) => (part.startsWith(".") && part !== "..") || part === "__MACOSX")) {
      return undefined;
    }
    // Terminals obey control characters, and archives are hostile.
    const shown = `/${parts.join("/")}`.slice(0, NAME_SHOWN_MAX).replace(/[\p{Cc}\p{Cf}]/gu, "·");
    const name = seen.has(shown) ? `${shown}#${count}` : shown;
    seen.add(name);
    return name;
  };
}

/** A fault of an archive as an expected error. */
export function archiveFault(error: unknown, place: string): AppError {
  if (error instanceof AppError) return error;
  return new AppError("HW_INPUT_UNREADABLE", messageOf(error), { place, cause: error });
}
