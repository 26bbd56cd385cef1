// The file input over event logs and archives: read once when told so, never followed.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsSchema } from "../../../config/inputs.ts";
import { openFileState } from "../../../services/ingest/file-state.ts";
import { startFileInput } from "../../../services/ingest/files.ts";
import { createIngestMetrics } from "../../../services/ingest/metrics.ts";
import { createRawSink } from "../../../services/ingest/raw-sink.ts";
import { zipOf } from "../../support/archives.ts";
import { processCreation, windowsEvent } from "../../support/evtx-events.ts";
import { evtxFile } from "../../support/evtx-writer.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";

const BINDING = { tenant: "kreis", source: "windows", timeZone: "Europe/Berlin" };
const FAST = { pollMs: 5, discoverMs: 10, closeQuietMs: 30, busyRetryMs: 5 };
let folder: string;
let log: string;
let bus: MemoryBus;
let logged: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-archives-"));
  log = join(folder, "Security.evtx");
  bus = createMemoryBus();
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

async function start(settings: Record<string, unknown>) {
  const { files } = inputsSchema.parse({ files: [{ ...BINDING, ...FAST, ...settings }] });
  const [config] = files;
  if (config === undefined) throw new Error("no configuration");
  const metrics = createIngestMetrics(new Registry());
  const logger = pino({ level: "warn" }, { write: (entry) => logged.push(entry) });
  const parts = { sink: createRawSink(bus, metrics), metrics, logger };
  const store = await openFileState(join(folder, "state", "files.json"), Date.now);
  const input = startFileInput(config, store, parts);
  return { ...input, [Symbol.asyncDispose]: () => input.close() };
}

const taken = (count: number) => until(() => bus.taken.length >= count);
const ids = () => bus.taken.map((one) => one.record.id);

describe("finished event logs and archives", () => {
  it("are read once, with ids that tell the entries apart", async () => {
    const header = "#Fields: a b\n";
    const entries = [
      { name: "x/a.evtx", text: evtxFile([[windowsEvent(processCreation(7))]]) },
      { name: "x/b.log", text: `${header}1 2\n` },
      { name: "y/b.log", text: "3 4\n" },
    ];
    mkdirSync(join(folder, "logs"));
    writeFileSync(join(folder, "logs", "a.zip"), zipOf(entries));
    const settings = { mode: "once", paths: [join(folder, "logs")] };
    await (await start(settings)).done;
    await (await start(settings)).done;
    const [event = "", ...texts] = bus.texts();
    expect(JSON.parse(event)).toMatchObject({ EventID: 1, EventRecordID: 7 });
    expect(texts).toEqual([`${header}1 2`, "3 4"]);
    expect(new Set(ids()).size).toBe(3);
    expect(ids()[1]).toMatch(/^[0-9a-f]{32}!\/x\/b\.log\/13$/);
  });

  it("can't be followed, which is told once", async () => {
    writeFileSync(log, evtxFile([[windowsEvent(processCreation(7))]]));
    const other = join(folder, "other.log");
    writeFileSync(other, "eins\n");
    await using _input = await start({ paths: [log, other] });
    await taken(1);
    appendFileSync(other, "zwei\n");
    await taken(2);
    expect(bus.texts()).toEqual(["eins", "zwei"]);
    expect(logged.filter((entry) => entry.includes("binary logs can't be followed"))).toHaveLength(
      1,
    );
  });
});
