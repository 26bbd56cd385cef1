// Records of several lines: what PostgreSQL and Java write stays one record, from the file to the event.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsSchema } from "../../../config/inputs.ts";
import { readLines } from "../../../services/ingest/file-read.ts";
import type { InputLine } from "../../../services/ingest/file-records.ts";
import { openFileState } from "../../../services/ingest/file-state.ts";
import { startFileInput } from "../../../services/ingest/files.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";

const STATEMENT =
  "2026-11-21 05:38:16.123 CET [2214] emustermann@fach LOG:  statement: select *\n\tfrom bescheid\n\twhere id = 1";
const TRACE =
  "2026-11-21 05:38:17,123 ERROR [org.keycloak.services.error.KeycloakErrorHandler] (executor-thread-1) Uncaught server error: java.lang.NullPointerException\n\tat org.keycloak.A.b(A.java:1)\nCaused by: java.io.IOException: x\n\t... 23 more";
const NEXT = "2026-11-21 05:38:18.123 CET [2215] LOG:  checkpoint starting: time";

let folder: string;
let bus: MemoryBus;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "indented-"));
  bus = createMemoryBus();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Buffer, lineBytesMax = 1024 * 1024) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const lines: InputLine[] = [];
  const faults: (string | undefined)[] = [];
  for await (const batch of readLines(path, { lineBytesMax, multiline: "indent" })) {
    lines.push(...batch.lines);
    faults.push(...batch.faults.map(({ place }) => place?.slice(path.length)));
  }
  return { lines, faults, texts: lines.map(({ text }) => text) };
}

async function follow(log: string) {
  const { files } = inputsSchema.parse({
    files: [
      {
        tenant: "kreis",
        source: "db",
        paths: [log],
        multiline: "indent",
        pollMs: 60,
        discoverMs: 10,
      },
    ],
  });
  const [config] = files;
  if (config === undefined) throw new Error("no configuration");
  const metrics = createIngestMetrics(new Registry());
  const sink = createRawSink(bus, metrics);
  const store = await openFileState(join(folder, "state.json"), Date.now);
  const input = startFileInput(config, store, { sink, metrics, logger: pino({ level: "silent" }) });
  return { ...input, [Symbol.asyncDispose]: () => input.close() };
}

const taken = (count: number) => until(() => bus.taken.length >= count);

describe("indented lines of a finished file", () => {
  it.each([
    ["plain", "a.log", (text: string) => text],
    ["packed", "a.log.gz", (text: string) => gzipSync(text)],
    ["UTF-16", "a.log", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    [
      "UTF-16 of big machines",
      "a.log",
      (t: string) => Buffer.from(`\ufeff${t}`, "utf16le").swap16(),
    ],
    ["with CR LF", "a.log", (text: string) => text.replaceAll("\n", "\r\n")],
  ])("belong to the line before them: %s", async (_what, name, make) => {
    const { lines, texts } = await read(name, make([STATEMENT, TRACE, "", NEXT].join("\n")));
    expect(texts).toEqual([STATEMENT, TRACE, NEXT]);
    expect(lines.map(({ line }) => line)).toEqual([1, 4, 9]);
  });

  it("are records of their own where nothing stands before them", async () => {
    expect((await read("a.log", "\tlost\nwhole\n")).texts).toEqual(["\tlost", "whole"]);
  });

  it.each([
    ["lines", `head\n${"\tx\n".repeat(1500)}next\n`, 1024 * 1024, 4 + 999 * 3],
    ["bytes", `head\n${`\t${"x".repeat(99)}\n`.repeat(20)}next\n`, 1000, 1000],
  ])("are cut at the limit of %s, and the place is told", async (_what, text, bytesMax, length) => {
    const { texts, faults } = await read("a.log", text, bytesMax);
    expect(texts.map((one) => one.length)).toEqual([length, 4]);
    expect(faults).toEqual([":1"]);
  });

  it.each([
    [STATEMENT, "postgresql", "where id = 1"],
    [TRACE, "keycloak", "23 more"],
  ])("stay in the event of %.40s", async (text, format, end) => {
    const made = createNormalizer({ mappings: [] }).normalize(
      {
        id: "r",
        idFromSender: false,
        source: "s",
        text,
        timeZone: "Europe/Berlin",
        receivedAt: Date.UTC(2026, 10, 21, 5),
      },
      "kreis",
    );
    const { event, format: found } = eventOrThrow(made);
    expect(found.id).toBe(format);
    expect(JSON.stringify(event.record)).toContain(end);
  });
});

describe("indented lines of a growing file", () => {
  it("wait for the rest of their record until the file is quiet", async () => {
    const log = join(folder, "db.log");
    writeFileSync(log, "one\n\tgoes");
    await using _input = await follow(log);
    appendFileSync(log, " on\n\tand on\ntwo\n");
    await taken(2);
    expect(bus.texts()).toEqual(["one\n\tgoes on\n\tand on", "two"]);
    appendFileSync(log, "three\r\n\tmore\r\n");
    await taken(3);
    expect(bus.texts().at(-1)).toBe("three\n\tmore");
    expect(bus.taken.map(({ record }) => record.id.split("/")[1])).toEqual(["0", "21", "25"]);
  });

  it("are read once, whatever the restart", async () => {
    const log = join(folder, "db.log");
    writeFileSync(log, "one\r\n\tmore\r\ntwo\r\n");
    const first = await follow(log);
    await taken(1);
    await first.close();
    appendFileSync(log, "\trest\r\nthree\r\n");
    await using _second = await follow(log);
    await until(() => bus.texts().includes("three"));
    const last = new Map(bus.taken.map(({ record }, at) => [record.id, bus.texts()[at]]));
    expect([...last.values()].filter((text) => text?.startsWith("one"))).toEqual(["one\n\tmore"]);
    expect([...last.values()]).toContain("three");
  });
});
