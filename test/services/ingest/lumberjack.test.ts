import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openLumberjackInput } from "../../../services/ingest/lumberjack.ts";
import {
  acknowledgements,
  compressedFrame,
  jsonFrame,
  pairFrame,
  windowFrame,
  windowOf,
} from "./lumberjack-sender.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput, received, TLS_FOLDER } from "./network-setup.ts";

const open = (settings: Record<string, unknown> = {}, bus?: MemoryBus) => {
  const all = { binding: FIREWALL, busyRetryMs: 5, ...settings };
  return openInput("lumberjack", openLumberjackInput, all, bus);
};

function documents(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify({ "@timestamp": "2026-11-21T05:00:00.000Z", message: `Zeile ${from + n}` }),
  );
}

/** A window whose records lie in one compressed frame, as Filebeat sends it by default. */
function compressedWindow(all: readonly string[]): Buffer {
  const inner = Buffer.concat(all.map((json, at) => jsonFrame(at + 1, json)));
  return Buffer.concat([windowFrame(all.length), compressedFrame(deflateSync(inner))]);
}

describe("Lumberjack", () => {
  it("takes windows, plain and compressed, and acknowledges their last record", async () => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    const [first, second] = [documents(3), documents(5, 3)];
    socket.write(windowOf(first));
    await until(() => acknowledgements(answers()).at(-1) === "2:3");
    socket.write(compressedWindow(second));
    await until(() => acknowledgements(answers()).at(-1) === "2:5");
    expect(input.bus.texts()).toEqual([...first, ...second]);
    expect(input.bus.taken[0]).toMatchObject({
      tenant: "kreis",
      key: "firewall/127.0.0.1",
      record: { source: "firewall", idFromSender: false },
    });
    socket.destroy();
  });

  it("takes version 1 and answers in it", async () => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    const fields = { file: "/var/log/auth.log", host: "web01", line: "größer" };
    socket.write(Buffer.concat([windowFrame(1, 1), pairFrame(77, fields)]));
    await until(() => answers().length === 6);
    expect(acknowledgements(answers())).toEqual(["1:77"]);
    expect(input.bus.texts()).toEqual([JSON.stringify(fields)]);
    socket.destroy();
  });

  it("tells a waiting sender that it lives, and acknowledges only what is durable", async () => {
    await using input = await open({ keepAliveMs: 10 });
    input.bus.full = true;
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(windowOf(documents(2)));
    await until(() => acknowledgements(answers()).length >= 3);
    expect(new Set(acknowledgements(answers()))).toEqual(new Set(["2:0"]));
    expect(input.bus.taken).toEqual([]);
    input.bus.full = false;
    await until(() => acknowledgements(answers()).at(-1) === "2:2");
    expect(input.bus.taken.length).toBe(2);
    socket.destroy();
  });

  it("loses nothing that it acknowledged when it is stopped", async () => {
    const bus = createMemoryBus();
    const all = documents(3000);
    let next = 0;
    // A sender as Filebeat is: repeats on a new connection what is not acknowledged.
    for (let round = 0; next < all.length; round++) {
      const input = await open({ keepAliveMs: 10 }, bus);
      const socket = await dial(input.port);
      const answers = received(socket);
      const closed = new Promise((resolve) => socket.on("close", resolve));
      const todo = all.slice(next);
      socket.write(windowOf(todo));
      const last = () => Number(acknowledgements(answers()).at(-1)?.slice(2) ?? 0);
      await until(() => last() > 0);
      bus.full = round < 2;
      if (round === 2) await until(() => last() === todo.length);
      await input.close(50);
      await closed;
      next += last();
      bus.full = false;
    }
    const texts = new Set(bus.texts());
    expect(all.filter((one) => !texts.has(one))).toEqual([]);
  });

  it("asks for client certificates", async () => {
    const pem = (name: string) => readFileSync(join(TLS_FOLDER, name));
    await using input = await open({
      binding: undefined,
      senders: [{ certificates: ["web01"], ...FIREWALL }],
      tls: {
        certificateFile: "server.pem",
        keyFile: "server.key",
        clientCaFile: "ca.pem",
        clientCertificates: "required",
      },
    });
    const socket = connectTls({
      port: input.port,
      host: "127.0.0.1",
      ca: pem("ca.pem"),
      cert: pem("client-web.pem"),
      key: pem("client-web.key"),
    });
    const answers = received(socket);
    socket.write(windowOf(documents(1)));
    await until(() => answers().length === 6);
    expect(input.bus.taken.length).toBe(1);
    socket.destroy();
  });

  const bomb = compressedFrame(deflateSync(Buffer.alloc(50_000_000)));
  const nested = compressedFrame(deflateSync(compressedFrame(deflateSync("x"))));
  it.each([
    ["a bomb", Buffer.concat([windowFrame(1), bomb])],
    ["compression within compression", Buffer.concat([windowFrame(1), nested])],
    ["damaged compression", Buffer.concat([windowFrame(1), compressedFrame(Buffer.from("xyz"))])],
    [
      "compression that ends within a record",
      Buffer.concat([
        windowFrame(1),
        compressedFrame(deflateSync(jsonFrame(1, "{}").subarray(0, 8))),
      ]),
    ],
    ["a record without a window", jsonFrame(1, "{}")],
    ["more records than the window", Buffer.concat([windowOf(["{}"]), jsonFrame(2, "{}")])],
    ["a window of four thousand million", windowFrame(0xffff_ffff)],
    ["an empty window", windowFrame(0)],
  ])("closes on %s", async (_name, bytes) => {
    await using input = await open();
    const socket = await dial(input.port);
    socket.resume();
    socket.write(bytes);
    await once(socket, "close");
    expect(await input.count("rejected", "framing")).toBe(1);
  });

  it("unpacks many large frames one after the other within its memory", async () => {
    await using input = await open({ queueBytesMax: 1_000_000, unpackedBytesMax: 1_000_000 });
    const [big] = [JSON.stringify({ message: "x".repeat(900_000) })];
    const sockets = await Promise.all(Array.from({ length: 8 }, () => dial(input.port)));
    for (const socket of sockets) socket.resume().write(compressedWindow([big]));
    await until(() => input.bus.taken.length === 8);
    for (const socket of sockets) socket.destroy();
    expect(new Set(input.bus.texts())).toEqual(new Set([big]));
  });
});
