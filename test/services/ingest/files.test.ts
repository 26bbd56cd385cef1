import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsSchema } from "../../../config/inputs.ts";
import { type FileStateStore, openFileState } from "../../../services/ingest/file-state.ts";
import { startFileInput, startStreamInput } from "../../../services/ingest/files.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";

const BINDING = { tenant: "kreis", source: "webserver", timeZone: "Europe/Berlin" };
const FAST = { pollMs: 5, discoverMs: 10, closeQuietMs: 30, busyRetryMs: 5 };
let folder: string;
let log: string;
let bus: MemoryBus;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
  log = join(folder, "access.log");
  bus = createMemoryBus();
});
afterEach(() => rmSync(folder, { recursive: true }));

const statePath = () => join(folder, "state", "files.json");
const parts = () => {
  const metrics = createIngestMetrics(new Registry());
  return { sink: createRawSink(bus, metrics), metrics, logger: pino({ level: "silent" }) };
};

async function start(settings: Record<string, unknown> = {}, store?: FileStateStore) {
  const { files } = inputsSchema.parse({
    files: [{ ...BINDING, ...FAST, paths: [log], ...settings }],
  });
  const [config] = files;
  if (config === undefined) throw new Error("no configuration");
  const input = startFileInput(
    config,
    store ?? (await openFileState(statePath(), Date.now)),
    parts(),
  );
  return { ...input, [Symbol.asyncDispose]: () => input.close() };
}

const taken = (count: number) => until(() => bus.taken.length >= count);
const ids = () => bus.taken.map((one) => one.record.id);

/** Lines that fill more than the part by which files are told apart. */
function lines(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, n) => `${prefix} ${n} ${"x".repeat(60)}\n`).join("");
}

describe("followed files", () => {
  it("gives whole lines as they are written, with file and offset as id", async () => {
    writeFileSync(log, "eins\nzwei ä\nhal");
    await using _input = await start();
    await taken(2);
    appendFileSync(log, "b\r\n\nvier\n");
    await taken(4);
    expect(bus.texts()).toEqual(["eins", "zwei ä", "halb", "vier"]);
    expect(ids().map((id) => id.split("/")[1])).toEqual(["0", "5", "13", "20"]);
    expect(new Set(ids().map((id) => id.split("/")[0])).size).toBe(1);
    expect(bus.taken[0]).toMatchObject({
      tenant: "kreis",
      record: { source: "webserver", idFromSender: false },
    });
    expect(new Set(bus.taken.map((one) => one.key)).size).toBe(1);
  });

  it("goes on after a restart where it was, also with what was written meanwhile", async () => {
    writeFileSync(log, "eins\nzwei\n");
    const first = await start();
    await taken(2);
    await first.close();
    appendFileSync(log, "drei\n");
    await using _second = await start();
    await taken(3);
    expect(bus.texts()).toEqual(["eins", "zwei", "drei"]);
  });

  it("gives the same ids again when it is killed before the offset was remembered", async () => {
    writeFileSync(log, lines("a", 30));
    const first = await start();
    await taken(30);
    const killed = readFileSync(statePath());
    appendFileSync(log, lines("b", 30));
    await taken(60);
    await first.close();
    const before = ids();
    bus = createMemoryBus();
    writeFileSync(statePath(), killed);
    await using _second = await start();
    await until(() => ids().at(-1) === before.at(-1));
    expect(before.slice(-bus.taken.length)).toEqual(ids());
    expect(bus.taken.length).toBeGreaterThanOrEqual(30);
  });

  it("gives the same ids when the remembered state is lost and the file had a whole head", async () => {
    writeFileSync(log, lines("a", 30));
    const first = await start();
    await taken(30);
    await first.close();
    const before = ids();
    bus = createMemoryBus();
    rmSync(statePath());
    await using _second = await start();
    await taken(30);
    expect(ids()).toEqual(before);
  });

  it("reads a file that was moved away to its end, then the new one in its place", async () => {
    writeFileSync(log, "alt 1\n");
    await using _input = await start();
    await taken(1);
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, "alt 2\nalt 3 ohne Ende");
    writeFileSync(log, "neu 1\n");
    await taken(4);
    expect(bus.texts().sort()).toEqual(["alt 1", "alt 2", "alt 3 ohne Ende", "neu 1"]);
    expect(new Set(ids()).size).toBe(4);
  });

  it("reads nothing twice when the moved file fits the pattern too", async () => {
    writeFileSync(log, "alt 1\n");
    await using _input = await start({ paths: [`${log}*`] });
    await taken(1);
    renameSync(log, `${log}.1`);
    writeFileSync(log, "neu 1\n");
    await taken(2);
    appendFileSync(`${log}.1`, "alt 2\n");
    await taken(3);
    expect(bus.texts()).toEqual(["alt 1", "neu 1", "alt 2"]);
  });

  it("finds what was moved away while nothing ran", async () => {
    writeFileSync(log, "alt 1\n");
    const first = await start();
    await taken(1);
    await first.close();
    appendFileSync(log, "alt 2\n");
    renameSync(log, `${log}.1`);
    writeFileSync(log, "neu 1\n");
    await using _second = await start();
    await taken(3);
    expect(bus.texts().sort()).toEqual(["alt 1", "alt 2", "neu 1"]);
  });

  it("begins anew in a file that was emptied in place, with other ids", async () => {
    writeFileSync(log, lines("alt", 30));
    await using _input = await start();
    await taken(30);
    truncateSync(log);
    appendFileSync(log, "neu 1\n");
    await taken(31);
    appendFileSync(log, "neu 2\n");
    await taken(32);
    expect(bus.texts().slice(30)).toEqual(["neu 1", "neu 2"]);
    expect(new Set(ids()).size).toBe(32);
  });

  it("notices that a file was emptied although it is longer again than before", async () => {
    writeFileSync(log, "gleich\n");
    await using _input = await start();
    await taken(1);
    writeFileSync(log, "anders 1\nanders 2\n");
    await taken(3);
    expect(bus.texts()).toEqual(["gleich", "anders 1", "anders 2"]);
    expect(new Set(ids()).size).toBe(3);
  });

  it("does not read the copy of copytruncate again, only what the original did not give", async () => {
    writeFileSync(log, lines("alt", 40));
    const pattern = { paths: [`${log}*`] };
    const first = await start(pattern);
    await taken(40);
    await first.close();
    // Between the last look and the cut a line came that only the copy holds.
    appendFileSync(log, "nur in der Kopie\n");
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, "neu\n");
    await using _second = await start(pattern);
    await taken(42);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(bus.texts().slice(40).sort()).toEqual(["neu", "nur in der Kopie"]);
  });

  it("passes over the hole that a writer leaves who keeps its place", async () => {
    writeFileSync(log, `${"x".repeat(5000)}\n`);
    await using _input = await start();
    await taken(1);
    writeFileSync(log, Buffer.concat([Buffer.alloc(9000), Buffer.from("nach dem Loch\n")]));
    await taken(2);
    expect(bus.texts()[1]).toBe("nach dem Loch");
  });

  it("waits while the bus is full and gives each line once", async () => {
    bus.full = true;
    writeFileSync(log, lines("a", 1000));
    await using _input = await start({ readBytesMax: 4096 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bus.taken).toEqual([]);
    bus.full = false;
    await taken(1000);
    expect(new Set(ids()).size).toBe(1000);
    expect(bus.taken.length).toBe(1000);
  });

  it("cuts a 10 MB line, also over many reads, and goes on", async () => {
    writeFileSync(log, `${"x".repeat(10_000_000)}\nweiter\n`);
    await using _input = await start({ lineBytesMax: 2048 });
    await taken(2);
    expect(bus.texts().map((text) => text.length)).toEqual([2048, 6]);
  });

  it("finds files that come later, and leaves packed ones alone", async () => {
    mkdirSync(join(folder, "logs"));
    await using _input = await start({ paths: [join(folder, "logs")] });
    writeFileSync(join(folder, "logs", "alt.gz"), gzipSync("gepackt\n"));
    writeFileSync(join(folder, "logs", "a.log"), "a\n");
    await taken(1);
    writeFileSync(join(folder, "logs", "b.log"), "b\n");
    await taken(2);
    unlinkSync(join(folder, "logs", "a.log"));
    appendFileSync(join(folder, "logs", "b.log"), "c\n");
    await taken(3);
    expect(bus.texts()).toEqual(["a", "b", "c"]);
  });

  it("leaves out what stood there before the first start when told to begin at the end", async () => {
    writeFileSync(log, "vorher\n");
    await using _input = await start({ startAt: "end" });
    await until(() => readState().length === 1);
    appendFileSync(log, "nachher\n");
    await taken(1);
    expect(bus.texts()).toEqual(["nachher"]);
  });

  it("reads UTF-16 files line by line", async () => {
    writeFileSync(log, Buffer.from("\uFEFFgrößer\r\n", "utf16le"));
    await using _input = await start();
    await taken(1);
    appendFileSync(log, Buffer.from("zwei\r\n", "utf16le"));
    await taken(2);
    expect(bus.texts()).toEqual(["größer", "zwei"]);
  });

  it("puts the header before each line, a new one from where it stands on", async () => {
    writeFileSync(log, "#Version: 1.0\n#Fields: date c-ip\n1 10.0.0.1\n2 10.0.0.2\n");
    await using _input = await start();
    await taken(2);
    appendFileSync(log, "#Fields: date\n3\n");
    await taken(3);
    expect(bus.texts()).toEqual([
      "#Fields: date c-ip\n1 10.0.0.1",
      "#Fields: date c-ip\n2 10.0.0.2",
      "#Fields: date\n3",
    ]);
    expect(ids().map((id) => id.split("/")[1])).toEqual(["33", "44", "69"]);
  });

  it.each([
    ["remembered", false],
    ["read again from the file's beginning", true],
  ])("goes on after a restart with the header %s", async (_how, isForgotten) => {
    writeFileSync(log, "#Software: IIS\n#Fields: a\n1\n");
    const first = await start();
    await taken(1);
    appendFileSync(log, "#Fields: b\n2\n");
    await taken(2);
    await first.close();
    if (isForgotten) {
      const state = JSON.parse(readFileSync(statePath(), "utf8"));
      delete state.followed[0].header;
      writeFileSync(statePath(), JSON.stringify(state));
    }
    appendFileSync(log, "3\n");
    await using _second = await start();
    await taken(3);
    expect(bus.texts().at(-1)).toBe(`#Software: IIS\n#Fields: ${isForgotten ? "a" : "b"}\n3`);
  });

  it("takes each file's own header after rotation, and none from the file before", async () => {
    writeFileSync(log, "#Fields: alt\n1\n");
    await using _input = await start();
    await taken(1);
    renameSync(log, `${log}.1`);
    writeFileSync(log, "#Fields: neu\n2\n");
    await taken(2);
    renameSync(log, `${log}.2`);
    writeFileSync(log, "ohne\n");
    await taken(3);
    truncateSync(log);
    appendFileSync(log, "#fields\tts\n4\n");
    await taken(4);
    expect(bus.texts()).toEqual(["#Fields: alt\n1", "#Fields: neu\n2", "ohne", "#fields\tts\n4"]);
  });

  it("finds the header of a UTF-16 file that is read from its end on", async () => {
    writeFileSync(log, Buffer.from("\uFEFF#Fields: größe\r\nvorher\r\n", "utf16le"));
    await using _input = await start({ startAt: "end" });
    await until(() => readState().length === 1);
    appendFileSync(log, Buffer.from("nachher\r\n", "utf16le"));
    await taken(1);
    expect(bus.texts()).toEqual(["#Fields: größe\nnachher"]);
  });

  it.each(["kein json", '{"version":1,"followed":[{"id":7}],"finished":[]}'])(
    "refuses a damaged state: %j",
    async (text) => {
      mkdirSync(join(folder, "state"));
      writeFileSync(statePath(), text);
      await expect(openFileState(statePath(), Date.now)).rejects.toMatchObject({
        code: "HW_STORE_CORRUPT",
        place: statePath(),
      });
    },
  );
});

function readState(): unknown[] {
  try {
    return JSON.parse(readFileSync(statePath(), "utf8")).followed;
  } catch {
    return [];
  }
}

describe("finished files", () => {
  it("reads folders and packed files once, with ids that stay", async () => {
    mkdirSync(join(folder, "logs", "unten"), { recursive: true });
    writeFileSync(join(folder, "logs", "a.log"), "a 1\na 2");
    writeFileSync(join(folder, "logs", "unten", "b.log.gz"), gzipSync("b 1\n"));
    const settings = { mode: "once", paths: [join(folder, "logs")] };
    const first = await start(settings);
    await first.done;
    expect(bus.texts()).toEqual(["a 1", "a 2", "b 1"]);
    const before = ids();
    await (await start(settings)).done;
    expect(bus.taken.length).toBe(3);
    rmSync(statePath());
    await (await start(settings)).done;
    expect(ids().slice(3)).toEqual(before);
  });
});

describe("finished files with header lines", () => {
  it("stand for themselves line by line, header lines are no records", async () => {
    writeFileSync(log, "#Fields: a b\n1 2\n#Date: 2026-11-21\n3 4\n#Fields: a\n5\n#close\t2026\n");
    await (await start({ mode: "once" })).done;
    expect(bus.texts()).toEqual(["#Fields: a b\n1 2", "#Fields: a b\n3 4", "#Fields: a\n5"]);
  });
});

describe("standard input", () => {
  it("is read to its end", async () => {
    const stream = new PassThrough();
    const input = startStreamInput(stream, BINDING, parts());
    stream.write("eins\nzw");
    stream.end("ei");
    await input.done;
    expect(bus.texts()).toEqual(["eins", "zwei"]);
    expect(new Set(ids()).size).toBe(2);
  });

  it("stops when it is closed, although the stream goes on", async () => {
    const input = startStreamInput(new PassThrough(), BINDING, parts());
    await input.close();
    expect(bus.taken).toEqual([]);
  });
});
