import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputsSchema } from "../../../config/inputs.ts";
import { busSchema } from "../../../config/kafka.ts";
import type { Bus, IncomingRecord } from "../../../services/bus/bus.ts";
import { openEmbeddedBus } from "../../../services/bus/embedded.ts";
import { decodeRaw } from "../../../services/bus/raw-record.ts";
import { type Ingest, startIngest } from "../../../services/ingest/ingest.ts";
import { until } from "./memory-bus.ts";

const BINDING = { tenant: "kreis", timeZone: "Europe/Berlin" };
const RAW = {
  name: "raw",
  partitions: 2,
  retentionMs: 3_600_000,
  retentionBytes: 100_000_000,
  compacted: false,
  backlogBytesMax: 20_000,
};
let folder: string;
let bus: Bus;
let ingest: Ingest | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingest-"));
  bus = openEmbeddedBus({ dataDir: join(folder, "bus"), topics: [RAW], sealedTopics: [] });
});
afterEach(async () => {
  await ingest?.close();
  await bus.close();
  rmSync(folder, { recursive: true });
});

async function start(inputs: Record<string, unknown>, stdin = new PassThrough()): Promise<Ingest> {
  ingest = await startIngest({
    busConfig: busSchema.parse({}),
    config: inputsSchema.parse(inputs),
    bus,
    keys: {
      verify: async (id, key) =>
        id === "store" && key === "geheim" ? { ...BINDING, source: "aus-dem-store" } : undefined,
    },
    registry: new Registry(),
    logger: pino({ level: "silent" }),
    configFolder: folder,
    stateFolder: join(folder, "state"),
    stdin,
    closeGraceMs: 1000,
  });
  return ingest;
}

/** Everything that lies on the raw topic, once there are `count` records. */
async function drain(count: number): Promise<{ source: string; text: string }[]> {
  const records: IncomingRecord[] = [];
  const consumer = await bus.consume(["kreis"], {
    topic: "raw",
    group: "detect",
    recordsPerBatchMax: 100,
    lingerMs: 1,
    retryDelayMs: 10,
    handle: async (batch) => {
      records.push(...batch.records);
    },
  });
  await until(() => records.length >= count);
  await consumer.close();
  return records
    .map((record) => decodeRaw(record.value))
    .map(({ source, text }) => ({ source, text }))
    .sort((a, b) => (a.source + a.text < b.source + b.text ? -1 : 1));
}

function authorization(id: string, key: string) {
  return { authorization: `ApiKey ${Buffer.from(`${id}:${key}`).toString("base64")}` };
}

describe("startIngest", () => {
  it("starts every configured input in front of the durable bus", async () => {
    const log = join(folder, "auth.log");
    writeFileSync(log, "aus der Datei\n");
    const stdin = new PassThrough();
    const sha256 = createHash("sha256").update("k").digest("hex");
    const running = await start(
      {
        http: { port: 0, keys: [{ id: "dc", sha256, ...BINDING, source: "dc" }] },
        syslog: [
          { protocol: "tcp", port: 0, binding: { ...BINDING, source: "syslog" } },
          { protocol: "udp", port: 0, binding: { ...BINDING, source: "syslog" } },
        ],
        files: [{ ...BINDING, source: "datei", paths: [log], pollMs: 5 }],
        stdin: { ...BINDING, source: "stdin" },
      },
      stdin,
    );
    stdin.end("aus der Eingabe\n");
    for (const [id, key] of [
      ["dc", "k"],
      ["store", "geheim"],
    ] as const) {
      const reply = await fetch(`${running.url}/ingest/lines`, {
        method: "POST",
        headers: authorization(id, key),
        body: `mit Schlüssel ${id}\n`,
      });
      expect(await reply.json()).toMatchObject({ accepted: 1 });
    }
    expect(running.ports.syslog.length).toBe(2);
    connect(running.ports.syslog[0] ?? 0, "127.0.0.1").end("<1>über TCP\n");
    expect(await drain(5)).toEqual([
      { source: "aus-dem-store", text: "mit Schlüssel store" },
      { source: "datei", text: "aus der Datei" },
      { source: "dc", text: "mit Schlüssel dc" },
      { source: "stdin", text: "aus der Eingabe" },
      { source: "syslog", text: "<1>über TCP" },
    ]);
  });

  it("holds senders back while the backlog is full, and takes everything afterwards", async () => {
    // Only what a group has not read yet is a backlog: it has to be known first.
    await drain(0);
    const log = join(folder, "viel.log");
    const expected = Array.from({ length: 300 }, (_, n) => `${n} ${"x".repeat(200)}`);
    const running = await start({
      http: { port: 0 },
      files: [
        {
          ...BINDING,
          source: "a",
          paths: [log],
          pollMs: 5,
          busyRetryMs: 5,
          discoverMs: 5,
          readBytesMax: 4096,
        },
      ],
    });
    writeFileSync(log, `${expected.slice(0, 150).join("\n")}\n`);
    appendFileSync(log, `${expected.slice(150).join("\n")}\n`);
    const send = () =>
      fetch(`${running.url}/_bulk`, {
        method: "POST",
        headers: authorization("store", "geheim"),
        body: '{"create":{}}\n{"message":"aus dem Bulk"}\n',
      });
    await until(async () => (await send()).status === 429);
    const reading = drain(301);
    await until(async () => (await send()).status === 200);
    const records = await reading;
    const fromFile = records.filter((record) => record.source === "a").map((record) => record.text);
    expect(fromFile).toEqual([...expected].sort());
    expect(records.some((record) => record.source === "aus-dem-store")).toBe(true);
  });

  it("reads finished files and then says so", async () => {
    const path = join(folder, "alt.log");
    writeFileSync(path, "eins\nzwei\n");
    const running = await start({
      http: { enabled: false },
      files: [{ ...BINDING, source: "alt", mode: "once", paths: [path] }],
    });
    await running.finished;
    expect(running.url).toBeUndefined();
    expect((await drain(2)).map((record) => record.text)).toEqual(["eins", "zwei"]);
  });

  it("means relative paths of files from the folder of the configuration", async () => {
    writeFileSync(join(folder, "nah.log"), "eins\n");
    const running = await start({
      http: { enabled: false },
      files: [{ ...BINDING, source: "nah", mode: "once", paths: ["nah.log"] }],
    });
    await running.finished;
    expect((await drain(1)).map((record) => record.text)).toEqual(["eins"]);
  });

  it("stops what it had started when one input can't start", async () => {
    const first = await start({ http: { port: 0 } });
    const port = Number(new URL(first.url ?? "").port);
    const tcp = { protocol: "tcp", binding: { ...BINDING, source: "s" } };
    await expect(start({ http: { port: 0 }, syslog: [{ ...tcp, port }] })).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
    });
    await first.close();
    const again = await start({ http: { port } });
    expect(again.url).toBe(first.url);
  });
});
