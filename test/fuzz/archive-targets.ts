// What the fuzzer tries of packed files: zip and tar archives, gzip and zstd, one in the other, whose bytes
// were spoiled.
import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { isAppError } from "../../config/errors.ts";
import { readRecords } from "../../services/ingest/file-records.ts";
import { createUnpackBudget } from "../../services/ingest/file-unpack.ts";
import { tarOf, zipOf } from "../support/archives.ts";
import { type Chance, spoilBytes } from "./mutate.ts";
import type { FuzzTarget } from "./targets.ts";

const LINE_BYTES_MAX = 2000;
const READ_BYTES = 700;
const FILES = [
  { name: "a.log", text: "eins\nzwei\n".repeat(50) },
  { name: "../../b.json", text: '[{"a":1},{"b":2}]' },
  { name: "c.log.gz", text: gzipSync("drei\nvier") },
];

/** All targets of packed files. */
export async function archiveTargets(): Promise<FuzzTarget[]> {
  const zip = zipOf(FILES);
  const tar = await tarOf(FILES);
  const samples = new Map([
    ["zip", [zip, zipOf([{ name: "in.zip", text: zip }])]],
    ["tar", [tar, await tarOf([{ name: "in.zip", text: zip }])]],
    ["gzip", [gzipSync(tar), gzipSync("eins\nzwei\n".repeat(5000))]],
    ["zstd", [zstdCompressSync(tar), zstdCompressSync("eins\nzwei\n".repeat(5000))]],
  ]);
  return [...samples].map(([name, own]) => ({
    name: `file-${name}`,
    make(chance: Chance) {
      const copy = Buffer.from(own[chance(own.length)] ?? zip);
      spoilBytes(copy, chance(2) === 0 ? 0 : Math.floor(copy.length / 2), copy.length, chance);
      return chance(4) === 0 ? copy.subarray(0, chance(copy.length)) : copy;
    },
    run: readAll,
  }));
}

async function readAll(input: Buffer): Promise<void> {
  const batches = readRecords({
    place: "fuzz",
    path: undefined,
    chunks: chunksOf(input),
    lineBytesMax: LINE_BYTES_MAX,
    signal: undefined,
    budget: createUnpackBudget(input.length),
    progress: { bytesRead: 0 },
    archives: 0,
    packings: 0,
  });
  try {
    for await (const { place, lines, faults } of batches) {
      assert(!/\p{Cc}/u.test(place), "a place with control characters");
      for (const { text } of lines) assert(text.length <= LINE_BYTES_MAX, "a line over its limit");
      for (const fault of faults) assert(isAppError(fault) && fault.place !== undefined);
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
    assert(error.place !== undefined, "an error without its place");
  }
}

async function* chunksOf(input: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < input.length; at += READ_BYTES) {
    yield input.subarray(at, at + READ_BYTES);
  }
}
