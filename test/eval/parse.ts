// Quality of the parsers on real recordings: the share of lines that a format of their own takes, and
// fields that differ from those that the sets' makers wrote down. Every line that is not taken is named.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLines } from "../../services/ingest/file-read.ts";
import { listInputFiles } from "../../services/ingest/input-files.ts";
import { createNormalizer, type Normalized } from "../../services/normalize/normalizer.ts";
import { printFigure } from "../bench/figure.ts";
import { sharedDataOrSkip } from "../support/shared-data.ts";
import { readCsv } from "./csv.ts";

/** Formats that take whatever has a header or braces: no answer to the question what a line says. */
const CATCH_ALL = new Set(["syslog", "json", "plain", "key-value"]);
const LINE_BYTES_MAX = 4 * 1024 * 1024;

/** Columns of a set's structured file and where our record has the same. */
type Columns = Readonly<
  Record<string, (found: Extract<Normalized, { event: unknown }>) => unknown>
>;

const field =
  (name: string): Columns[string] =>
  ({ event }) =>
    event.record[name];

const LOGHUB: Readonly<Record<string, Columns>> = {
  Windows: { Level: field("level"), Component: field("component"), Content: field("message") },
  Linux: {
    Level: field("host"),
    Component: field("program"),
    PID: field("pid"),
    Content: field("message"),
    Time: ({ event }) => new Date(event.time).toISOString().slice(11, 19),
  },
  Apache: {
    Level: field("level"),
    // Our message leaves the client to its own field.
    Content: ({ event: { record } }) =>
      record.client === undefined
        ? record.message
        : `[client ${textOf(record.client)}] ${textOf(record.message)}`,
  },
  OpenSSH: {
    Component: field("host"),
    Pid: field("pid"),
    Content: field("message"),
    Time: ({ event }) => new Date(event.time).toISOString().slice(11, 19),
  },
};

const counts = { lines: 0, taken: 0, compared: 0, wrong: 0 };
const loghub = sharedDataOrSkip("eval:parse loghub", "anomaly/loghub_2k");
if (loghub !== undefined) {
  for (const [name, columns] of Object.entries(LOGHUB)) await evaluateSet(loghub, name, columns);
}
const sigma = sharedDataOrSkip("eval:parse sigma", "sigma");
if (sigma !== undefined) {
  for (const part of ["regression/events.ndjson", "lanes", "otrf", "evtx"]) {
    await evaluateFolder(join(sigma, part), part);
  }
}
if (counts.lines > 0) {
  printFigure("parse.share_parsed", counts.taken / counts.lines, "ratio", { lines: counts.lines });
  printFigure("parse.fields_wrong", counts.wrong, "fields", { compared: counts.compared });
}

async function evaluateSet(folder: string, name: string, columns: Columns): Promise<void> {
  const path = join(folder, name, `${name}_2k.log`);
  const expected = readCsv(readFileSync(`${path}_structured.csv`, "utf8"));
  await evaluateFile(path, name, (found, line) => {
    const row = expected[line - 1];
    if (row === undefined) return;
    for (const [column, read] of Object.entries(columns)) {
      const [seen, wanted] = [textOf(read(found)), (row[column] ?? "").trim()];
      counts.compared++;
      if (seen === wanted) continue;
      counts.wrong++;
      process.stderr.write(`${name}:${line} ${column}: ${seen} instead of ${wanted}\n`);
    }
  });
}

async function evaluateFolder(path: string, name: string): Promise<void> {
  const { files } = await listInputFiles([path]);
  const before = { ...counts };
  for (const file of files.filter((one) => /\.(?:ndjson|evtx)(?:\.zst)?$/.test(one.path))) {
    await evaluateFile(file.path, undefined);
  }
  printShare(name, before);
}

type Compare = (found: Extract<Normalized, { event: unknown }>, line: number) => void;

async function evaluateFile(
  path: string,
  name: string | undefined,
  compare: Compare = () => undefined,
): Promise<void> {
  const before = { ...counts };
  const normalizer = createNormalizer({ mappings: [] });
  for await (const batch of readLines(path, { lineBytesMax: LINE_BYTES_MAX })) {
    for (const fault of batch.faults) process.stderr.write(`${fault.place}: ${fault.message}\n`);
    counts.lines += batch.faults.length;
    for (const { text, line } of batch.lines) {
      const raw = { id: "1", idFromSender: false, source: path, timeZone: "UTC", text };
      const found = normalizer.normalize({ ...raw, receivedAt: Date.now() }, "eval");
      if ("skipped" in found) continue;
      counts.lines++;
      const format = "event" in found ? found.format.id : "no format";
      if ("event" in found && !CATCH_ALL.has(format)) {
        counts.taken++;
        compare(found, line);
      } else process.stderr.write(`${path}:${line} ${format}: ${text.slice(0, 200)}\n`);
    }
  }
  if (name !== undefined) printShare(name, before);
}

function printShare(set: string, before: typeof counts): void {
  const lines = counts.lines - before.lines;
  const share = (counts.taken - before.taken) / lines;
  const wrong = counts.wrong - before.wrong;
  printFigure("parse.share_parsed_by_set", share, "ratio", { set, lines, wrong });
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}
