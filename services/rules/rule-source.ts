// Finds rule files: in folders, in SigmaHQ release zips and in tar archives, from disk only. Gives their
// text with a name that errors can point to.
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { type Entry, openPromise } from "yauzl";
import { AppError, messageOf } from "../../config/errors.ts";

/** One rule file. */
export interface RuleFile {
  /** Path below the folder or archive, with forward slashes. */
  readonly path: string;
  /** What errors name: the folder or archive as given, and the path. */
  readonly origin: string;
  readonly text: string;
}

const RULE_FILE = /\.ya?ml$/i;
// SigmaHQ keeps samples and test data beside its rules; they are no rules; what
// it calls deprecated or unsupported it does not want run.
const NOT_RULES =
  /(?:^|\/)(?:\.[^/]+|tests?|regression_data|node_modules|documentation|deprecated|unsupported)\//i;
const FILE_BYTES_MAX = 1_000_000;
const FILES_MAX = 50_000;

/**
 * All rule files of a folder, a .zip, a .tar or .tar.gz, or one file, sorted by path.
 * @throws AppError HW_NOT_FOUND, HW_INPUT_UNREADABLE, HW_INPUT_TOO_LARGE
 */
export async function readRuleFiles(path: string): Promise<RuleFile[]> {
  if (!existsSync(path)) {
    throw new AppError("HW_NOT_FOUND", "no such file or folder", { place: path });
  }
  const files = statSync(path).isDirectory() ? readFolder(path) : await readArchiveOrFile(path);
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function readArchiveOrFile(path: string): Promise<RuleFile[]> {
  try {
    if (/\.zip$/i.test(path)) return await readZip(path);
    if (/\.(?:tar|tar\.gz|tgz)$/i.test(path)) return await readTar(path);
    return [{ path: basename(path), origin: path, text: readFileSync(path, "utf8") }];
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("HW_INPUT_UNREADABLE", messageOf(cause), {
      place: path,
      mend: "give a folder, a .yml file, a .zip or a .tar.gz",
      cause,
    });
  }
}

function readFolder(folder: string): RuleFile[] {
  const found: RuleFile[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = name.split(sep).join("/");
    if (!RULE_FILE.test(path) || NOT_RULES.test(path)) continue;
    const full = join(folder, name);
    const size = statSync(full).size;
    checkSize(size, full, found.length);
    found.push({
      path,
      origin: relative(process.cwd(), full) || full,
      text: readFileSync(full, "utf8"),
    });
  }
  return found;
}

async function readZip(path: string): Promise<RuleFile[]> {
  const zip = await openPromise(path);
  const found: RuleFile[] = [];
  try {
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      if (!RULE_FILE.test(entry.fileName) || NOT_RULES.test(entry.fileName)) continue;
      checkSize(entry.uncompressedSize, `${path}!${entry.fileName}`, found.length);
      const stream = await zip.openReadStreamPromise(entry);
      found.push(
        ruleFile(path, entry.fileName, await readAll(stream, `${path}!${entry.fileName}`)),
      );
    }
  } finally {
    zip.close();
  }
  return found;
}

async function readTar(path: string): Promise<RuleFile[]> {
  const found: RuleFile[] = [];
  const unpack = extract();
  const source = createReadStream(path);
  const piped = /\.tar$/i.test(path)
    ? pipeline(source, unpack)
    : pipeline(source, createGunzip(), unpack);
  for await (const entry of unpack) {
    const name = entry.header.name;
    if (entry.header.type !== "file" || !RULE_FILE.test(name) || NOT_RULES.test(name)) {
      entry.resume();
      continue;
    }
    checkSize(entry.header.size ?? 0, `${path}!${name}`, found.length);
    found.push(ruleFile(path, name, await readAll(entry, `${path}!${name}`)));
  }
  await piped;
  return found;
}

function ruleFile(archive: string, path: string, text: string): RuleFile {
  return { path, origin: `${archive}!${path}`, text };
}

async function readAll(stream: AsyncIterable<unknown>, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    checkSize(bytes, place, 0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function checkSize(bytes: number, place: string, count: number): void {
  if (bytes > FILE_BYTES_MAX || count >= FILES_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", "too large for a rule file, or too many of them", {
      place,
      mend: `at most ${FILE_BYTES_MAX} bytes a file and ${FILES_MAX} files`,
    });
  }
}
