import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsInOrder } from "../../support/awkward-lines.ts";
import { openShipperIngest, parseAll, type ShipperIngest } from "../../support/shipper-ingest.ts";
import { fetchShippers, runShipper, shipperFolder, tlsFile } from "../../support/shippers.ts";

const LINES = awkwardLines(3000, 200_000);
const TLS = {
  certificateFile: tlsFile("server.pem"),
  keyFile: tlsFile("server.key"),
  clientCaFile: tlsFile("ca.pem"),
  clientCertificates: "required",
};
const CERTIFICATES = [tlsFile("ca.pem"), tlsFile("client-web.pem"), tlsFile("client-web.key")];
/** How long our side takes nothing, and how long the client waits for a sign of life. */
const FULL_MS = 5000;
const PATIENCE_SECONDS = 2;

beforeAll(fetchShippers);

type Send = (port: number, file: string, seconds: number, tls: readonly string[]) => Promise<void>;

const pylogbeat: Send = async (port, file, seconds, tls) => {
  const window = tls.length > 0 ? "500" : "200";
  const args = ["localhost", String(port), file, window, String(seconds), ...tls];
  await runShipper("pylogbeat", args);
};

const goLumberjack =
  (level: number): Send =>
  async (port, file, seconds, tls) => {
    const args = [`localhost:${port}`, file, String(level), String(seconds), ...tls];
    expect((await runShipper("go-lumberjack", args)).trim()).toBe(String(LINES.length));
  };

const CLIENTS: readonly (readonly [string, Send])[] = [
  ["pylogbeat", pylogbeat],
  ["go-lumber without compression", goLumberjack(0)],
  ["go-lumber with compression level 3", goLumberjack(3)],
];

describe("Lumberjack clients", () => {
  for (const [way, settings, tls] of [
    ["TCP", {}, []],
    ["TLS with a client certificate", { tls: TLS }, CERTIFICATES],
  ] as const) {
    it.each(CLIENTS)(
      `%s by ${way}: every record arrives whole, once and in order`,
      async (...client) => {
        await using ingest = await openShipperIngest({ lumberjack: [settings] });
        await run(ingest, client[1], tls);
      },
    );
  }

  it.each(CLIENTS)("%s doesn't send anew while a full queue makes it wait", async (...client) => {
    const listener = { keepAliveMs: 500, busyRetryMs: 50 };
    await using ingest = await openShipperIngest({ lumberjack: [listener] }, {}, 1_000_000);
    const full = ingest.fill();
    const sent = run(ingest, client[1], []);
    await full;
    await sleep(FULL_MS);
    ingest.drain();
    await sent;
  });

  async function run(ingest: ShipperIngest, send: Send, tls: readonly string[]): Promise<void> {
    using folder = shipperFolder();
    const file = folder.write("lines.txt", `${LINES.join("\n")}\n`);
    const [port = 0] = ingest.ports("lumberjack");
    await send(port, file, PATIENCE_SECONDS, tls);
    await ingest.arrived(LINES.length);
    const events = parseAll(ingest.records);
    expect(
      faultsInOrder(
        events.map(({ record }) => String(record.message)),
        LINES,
      ),
    ).toEqual([]);
    expect(new Set(events.map(({ format }) => format))).toEqual(new Set(["ecs"]));
    expect(await ingest.counted("rejected")).toBe(0);
  }
});
