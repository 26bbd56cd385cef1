import { createSocket } from "node:dgram";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openGelfInput } from "../../../services/ingest/gelf.ts";
import { until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput } from "./network-setup.ts";

const open = (settings: Record<string, unknown>) =>
  openInput("gelf", openGelfInput, { binding: FIREWALL, batchMs: 5, ...settings });

const MESSAGE = JSON.stringify({ version: "1.1", host: "web01", short_message: "größer" });

async function sendUdp(port: number, datagrams: readonly Buffer[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, port, "127.0.0.1", resolve));
  }
  socket.close();
}

function inChunks(message: Buffer, size: number): Buffer[] {
  const count = Math.ceil(message.length / size);
  return Array.from({ length: count }, (_, number) => {
    const head = Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, number, count]);
    return Buffer.concat([head, message.subarray(number * size, (number + 1) * size)]);
  });
}

describe("GELF over UDP", () => {
  it("takes plain, gzip, zlib and chunked messages", async () => {
    await using input = await open({ protocol: "udp" });
    const long = JSON.stringify({ version: "1.1", host: "a", full_message: "ä".repeat(5000) });
    await sendUdp(input.port, [
      Buffer.from(MESSAGE),
      gzipSync(MESSAGE),
      deflateSync(MESSAGE),
      deflateSync(MESSAGE, { level: 1 }),
      ...inChunks(Buffer.from(long), 1000).reverse(),
      ...inChunks(gzipSync(`${MESSAGE}`), 20).map((one) => Buffer.concat([one.fill(9, 2, 10)])),
    ]);
    await until(() => input.bus.taken.length === 6);
    expect(input.bus.texts()).toEqual([MESSAGE, MESSAGE, MESSAGE, MESSAGE, long, MESSAGE]);
    expect(input.bus.taken[0]).toMatchObject({ tenant: "kreis", record: { source: "firewall" } });
  });

  it("counts bombs, damage and chunks that never came", async () => {
    await using input = await open({ protocol: "udp", frameBytesMax: 1024, chunkMs: 20 });
    const [first] = inChunks(Buffer.from(MESSAGE), 20);
    await sendUdp(input.port, [
      gzipSync(Buffer.alloc(10_000_000)),
      Buffer.from("\x1f\x8bkein gzip", "latin1"),
      first?.subarray(0, 11) ?? Buffer.alloc(0),
      first ?? Buffer.alloc(0),
      Buffer.from(MESSAGE),
    ]);
    await until(async () => (await input.count("dropped")) === 1);
    await until(() => input.bus.taken.length === 1);
    expect(input.bus.texts()).toEqual([MESSAGE]);
    expect(await input.count("rejected", "compression")).toBe(2);
    expect(await input.count("rejected", "chunk")).toBe(1);
  });

  it("drops and counts what is over a sender's rate", async () => {
    await using input = await open({ protocol: "udp", recordsPerSecondMax: 5 });
    await sendUdp(
      input.port,
      Array.from({ length: 200 }, () => Buffer.from(MESSAGE)),
    );
    await until(
      async () => (await input.count("rejected", "rate")) + input.bus.taken.length === 200,
    );
    expect(await input.count("dropped")).toBe(await input.count("rejected", "rate"));
    expect(input.bus.taken.length).toBeGreaterThanOrEqual(5);
    expect(input.bus.taken.length).toBeLessThan(100);
  });
});

describe("GELF over TCP", () => {
  it("takes messages that end with NUL, line feeds inside, and the last one without", async () => {
    await using input = await open({ protocol: "tcp" });
    const pretty = '{"version": "1.1",\n "host": "a"}';
    (await dial(input.port)).end(`${MESSAGE}\0${pretty}\0\0${MESSAGE}`);
    await until(() => input.bus.taken.length === 3);
    expect(input.bus.texts()).toEqual([MESSAGE, pretty, MESSAGE]);
  });
});
