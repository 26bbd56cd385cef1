import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsInOrder, faultsOf } from "../../support/awkward-lines.ts";
import {
  AUTHORIZATION_TOKEN,
  KEY,
  openShipperIngest,
  parseAll,
} from "../../support/shipper-ingest.ts";
import { fetchShippers, runShipper, shipperFolder, tlsFile } from "../../support/shippers.ts";

const LINES = awkwardLines(3000, 60_000);
const TLS = { certificateFile: tlsFile("server.pem"), keyFile: tlsFile("server.key") };

beforeAll(fetchShippers);

describe("pygelf", () => {
  it.each([
    ["tcp", { protocol: "tcp" }],
    ["tls", { protocol: "tls", tls: TLS }],
  ])("sends every message whole, once and in order by %s", async (kind, settings) => {
    await using ingest = await openShipperIngest({ gelf: [settings] });
    using folder = shipperFolder();
    await run(folder, kind, ingest.ports("gelf"), LINES);
    await ingest.arrived(LINES.length);
    check(ingest.records, LINES, faultsInOrder);
    expect(await ingest.counted("rejected")).toBe(0);
  });

  // Datagrams that find no room in the kernel's buffer are lost before anybody can count them.
  it.each(["udp", "udp-plain"])(
    "sends every message whole and once in chunks by %s",
    async (kind) => {
      const lines = LINES.slice(0, 1000);
      const linesPerRun = 100;
      await using ingest = await openShipperIngest({ gelf: [{ protocol: "udp" }] });
      using folder = shipperFolder();
      for (let from = 0; from < lines.length; from += linesPerRun) {
        await run(folder, kind, ingest.ports("gelf"), lines.slice(from, from + linesPerRun));
        while (ingest.records.length < from + linesPerRun) await sleep(1);
      }
      await ingest.arrived(lines.length);
      check(ingest.records, lines, faultsOf);
    },
  );

  async function run(
    folder: ReturnType<typeof shipperFolder>,
    kind: string,
    [port = 0]: readonly number[],
    lines: readonly string[],
  ): Promise<void> {
    const file = folder.write("lines.txt", `${lines.join("\n")}\n`);
    await runShipper("pygelf", [kind, "localhost", String(port), file, tlsFile("ca.pem")]);
  }

  function check(
    records: Parameters<typeof parseAll>[0],
    lines: readonly string[],
    faults: typeof faultsOf,
  ): void {
    const events = parseAll(records);
    expect(
      faults(
        events.map(({ record }) => String(record.short_message)),
        lines,
      ),
    ).toEqual([]);
    expect(new Set(events.map(({ format }) => format))).toEqual(new Set(["gelf"]));
    expect(events[0]?.record).toMatchObject({
      version: "1.1",
      level: 4,
      _amt: "Ordnungsamt Süd",
      _vorgang: "4711",
    });
  }
});

describe("splunk-handler", () => {
  it("sends every event whole and once", async () => {
    await using ingest = await openShipperIngest();
    const output = await send(ingest.url);
    await ingest.arrived(LINES.length);
    check(ingest.records, output);
  });

  it("repeats what a full queue refused, and loses nothing", async () => {
    await using ingest = await openShipperIngest({}, { retryAfterSeconds: 1 }, 100_000);
    const full = ingest.fill();
    // It sends everything in one request: the queue has to be full before.
    await fetch(`${ingest.url}/ingest/lines`, {
      method: "POST",
      headers: { authorization: `Bearer ${AUTHORIZATION_TOKEN}` },
      body: "x".repeat(200_000),
    });
    const sent = send(ingest.url);
    await full;
    ingest.drain();
    const output = await sent;
    await ingest.arrived(LINES.length + 1);
    check(ingest.records.slice(1), output);
  });

  async function send(url: string): Promise<string> {
    using folder = shipperFolder();
    const file = folder.write("lines.txt", `${LINES.join("\n")}\n`);
    const token = `${KEY.id}.${KEY.key}`;
    return await runShipper("splunk-handler", ["127.0.0.1", new URL(url).port, token, file]);
  }

  function check(records: Parameters<typeof parseAll>[0], output: string): void {
    const events = parseAll(records);
    expect(
      faultsOf(
        events.map(({ record }) => String(record.event)),
        LINES,
      ),
      output,
    ).toEqual([]);
    expect(new Set(events.map(({ format }) => format))).toEqual(new Set(["splunk-hec"]));
    expect(events[0]?.record).toMatchObject({ host: "app01", source: "fachverfahren" });
  }
});
