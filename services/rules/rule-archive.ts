// Reads rule files out of zip and tar archives, which strangers packed: sizes are counted and not
// believed, and an archive with names that lead out of it is refused.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract } from "tar-stream";
import { type Entry, openPromise } from "yauzl";
import { AppError, isAppError } from "../../config/errors.ts";
import type { RuleCollector } from "./rule-source.ts";

/** Unpacked size of all entries of a tar, wanted or not: a compressed one must be unpacked to be passed. */
const ARCHIVE_BYTES_MAX = 4 * 1024 * 1024 * 1024;
const TAR_BLOCK_BYTES = 512;
const PATH_BYTES_MAX = 1000;
const NAME_BYTES_MAX = 255;
const SHOWN_CHARACTERS_MAX = 200;

/** @throws Error of the zip library for a damaged archive or names that leave it */
export async function readZip(archive: string, found: RuleCollector): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      const { fileName, uncompressedSize } = entry;
      if (fileName.endsWith("/")) continue;
      const origin = `${archive}!${fileName}`;
      const kind = found.wanted(fileName, uncompressedSize, origin);
      if (kind === undefined) continue;
      refuseUnsafe(fileName, archive);
      // The library holds the stream to the size that was just looked at.
      const text = await readAll(await zip.openReadStreamPromise(entry));
      found.add(kind, { path: fileName, origin, text });
    }
  } finally {
    zip.close();
  }
}

/** @throws AppError, or Error of the tar library for a damaged archive */
export async function readTar(archive: string, found: RuleCollector): Promise<void> {
  const unpack = extract();
  const source = createReadStream(archive);
  const piped = /\.tar$/i.test(archive)
    ? pipeline(source, unpack)
    : pipeline(source, createGunzip(), unpack);
  // Both fail when one does; the entries' own reason says more than the broken pipe.
  const [entries, pipe] = await Promise.allSettled([readEntries(unpack, archive, found), piped]);
  if (entries.status === "rejected" && isAppError(entries.reason)) throw entries.reason;
  if (pipe.status === "rejected") throw pipe.reason;
  if (entries.status === "rejected") throw entries.reason;
}

async function readEntries(unpack: Extract, archive: string, found: RuleCollector): Promise<void> {
  let bytes = 0;
  for await (const entry of unpack) {
    const { name, type, size = 0 } = entry.header;
    bytes += size + TAR_BLOCK_BYTES;
    if (bytes > ARCHIVE_BYTES_MAX) {
      throw new AppError("HW_INPUT_TOO_LARGE", `over ${ARCHIVE_BYTES_MAX} bytes unpacked`, {
        place: archive,
      });
    }
    const origin = `${archive}!${name}`;
    const kind = type === "file" ? found.wanted(name, size, origin) : undefined;
    if (kind === undefined) {
      entry.resume();
      continue;
    }
    // `tar` writes what it was given as `.` with a dot in front.
    const path = name.replace(/^(?:\.\/)+/, "");
    refuseUnsafe(path, archive);
    found.add(kind, { path, origin, text: await readAll(entry) });
  }
}

/** Whether a name stays below the folder that it is written into, on every system. */
export function isSafePath(path: string): boolean {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX || /[\\:\p{Cc}]/u.test(path)) return false;
  return path.split("/").every((name) => {
    return (
      name !== "" && name !== ".." && name !== "." && Buffer.byteLength(name) <= NAME_BYTES_MAX
    );
  });
}

function refuseUnsafe(path: string, archive: string): void {
  if (isSafePath(path)) return;
  const shown = JSON.stringify(path.slice(0, SHOWN_CHARACTERS_MAX));
  throw new AppError("HW_INPUT_UNREADABLE", `unsafe file name in the archive: ${shown}`, {
    place: archive,
    mend: "get the archive again from where the rules are published",
  });
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
