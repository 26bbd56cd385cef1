// Remembers on disk what rule files were read into, so that a start need not read thousands of YAML files
// again. Keyed by content: the file's text and name, the reader itself, and what the caller names besides
// (values of placeholders, pipelines). A cache that is missing, damaged or foreign is passed over and written
// anew; it never decides what a rule means.
import { hash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../config/errors.ts";
import type { RuleFileContent } from "../../detectors/rule-file.ts";
import { decodeRules, encodeRules } from "./rule-codec.ts";
import type { RuleFile } from "./rule-source.ts";

/** Largest cache that is read or written. SigmaHQ's 3,800 files take about 10 MB. */
const CACHE_BYTES_MAX = 256 * 1024 * 1024;
const FORM = "heidewacht-rules-1";
const DIGEST = "sha256";
const DIGEST_DIGITS = 64;
const NEWLINE = 0x0a;
const READER_FOLDER = fileURLToPath(new URL("../../detectors", import.meta.url));

export interface RuleCache {
  /** Empty: rules are remembered as they are written, without values of placeholders or pipelines. */
  readonly fingerprint?: string;
  /** What the file holds: as it was remembered, or read now. */
  contentOf(file: RuleFile, read: () => RuleFileContent): RuleFileContent;
  /** Writes what was asked for since the cache was opened, and nothing else; when nothing changed, nothing. */
  save(): void;
}

export interface RuleCacheOptions {
  readonly path: string;
  /** What else decides how a file is read: values of placeholders, pipelines. */
  readonly fingerprint?: string;
  /** The cache can't be written; everything works without it, only slower. */
  readonly onFault: (reason: string) => void;
}

/** Opens the cache at a path; never throws. */
export function openRuleCache(options: RuleCacheOptions): RuleCache {
  const { path, fingerprint = "" } = options;
  const reader = readerDigest();
  const known = readEntries(path);
  const asked = new Map<string, Buffer>();
  let isChanged = known.size === 0;
  return {
    fingerprint,
    contentOf(file, read) {
      const key = hash(DIGEST, JSON.stringify([reader, fingerprint, file.origin, file.text]));
      const entry = known.get(key);
      const remembered = entry === undefined ? undefined : decodeEntry(entry);
      if (entry !== undefined && remembered !== undefined) {
        asked.set(key, entry);
        return remembered;
      }
      const content = read();
      const encoded = encodeEntry(content);
      if (encoded !== undefined) asked.set(key, encoded);
      isChanged ||= encoded !== undefined || entry !== undefined;
      return content;
    },
    save() {
      if (!isChanged && asked.size === known.size) return;
      try {
        writeEntries(path, asked);
      } catch (error) {
        options.onFault(messageOf(error));
      }
    },
  };
}

let knownReader: string | undefined;

// The reader's own text, so that nobody has to remember to count up a version; the YAML library's version
// stands in package.json.
function readerDigest(): string {
  if (knownReader !== undefined) return knownReader;
  const sources = readdirSync(READER_FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => readFileSync(join(READER_FOLDER, name), "utf8"));
  const versions = readFileSync(join(dirname(READER_FOLDER), "package.json"), "utf8");
  const codec = readFileSync(new URL("rule-codec.ts", import.meta.url), "utf8");
  knownReader = hash(DIGEST, JSON.stringify([sources, versions, codec]));
  return knownReader;
}

/** Keys and encoded contents; none where the file is no cache of ours, or damaged. */
function readEntries(path: string): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  let bytes: Buffer;
  try {
    if (statSync(path).size > CACHE_BYTES_MAX) return entries;
    bytes = readFileSync(path);
  } catch {
    // There is none yet, or it can't be read: the rules are read from their files.
    return entries;
  }
  const head = bytes.indexOf(NEWLINE) + 1;
  const body = bytes.subarray(head);
  if (bytes.toString("latin1", 0, head) !== headOf(body)) return entries;
  for (let from = 0; from < body.length; ) {
    const end = body.indexOf(NEWLINE, from);
    if (end === -1) break;
    const key = body.toString("latin1", from, from + DIGEST_DIGITS);
    entries.set(key, body.subarray(from + DIGEST_DIGITS, end));
    from = end + 1;
  }
  return entries;
}

function headOf(body: Buffer): string {
  return `${FORM} ${hash(DIGEST, body)}\n`;
}

function writeEntries(path: string, entries: ReadonlyMap<string, Buffer>): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const [key, entry] of entries) {
    bytes += DIGEST_DIGITS + entry.length + 1;
    if (bytes > CACHE_BYTES_MAX - DIGEST_DIGITS * 2) break;
    parts.push(Buffer.from(key, "latin1"), entry, Buffer.of(NEWLINE));
  }
  const body = Buffer.concat(parts);
  const written = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(written, Buffer.concat([Buffer.from(headOf(body)), body]), { mode: 0o600 });
    renameSync(written, path);
  } catch (error) {
    rmSync(written, { force: true });
    throw error;
  }
}

function encodeEntry(content: RuleFileContent): Buffer | undefined {
  try {
    return Buffer.from(encodeRules(content), "utf8");
  } catch (error) {
    // Too deep to be written: such a file is read each time.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function decodeEntry(entry: Buffer): RuleFileContent | undefined {
  let value: unknown;
  try {
    value = decodeRules(entry.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return isContent(value) ? value : undefined;
}

// The digest covers what was written by the same reader; this keeps out what never was a file's content.
function isContent(value: unknown): value is RuleFileContent {
  return (
    typeof value === "object" &&
    value !== null &&
    ["rules", "correlations", "filters", "faults"].every((name) =>
      Array.isArray(Object.getOwnPropertyDescriptor(value, name)?.value),
    )
  );
}
