// Senders that mean ill or are broken, against the listener that syslog, RELP, GELF and Lumberjack share.
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { openLumberjackInput } from "../../../services/ingest/lumberjack.ts";
import { openRelpInput } from "../../../services/ingest/relp.ts";
import { openSyslogInput } from "../../../services/ingest/syslog.ts";
import { closed, connectionsPossible, survivesFlood } from "./connection-flood.ts";
import { jsonFrame, windowFrame } from "./lumberjack-sender.ts";
import { until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput, received } from "./network-setup.ts";

const openSyslog = (settings: Record<string, unknown> = {}) =>
  openInput("syslog", openSyslogInput, {
    protocol: "tcp",
    binding: FIREWALL,
    batchMs: 5,
    ...settings,
  });

describe("too many connections", () => {
  const attempts = connectionsPossible(1000);

  it(`of ${attempts} takes as many as are allowed, serves those, and has room again afterwards`, () =>
    survivesFlood(attempts));

  it("of one address takes as many as are allowed for one", async () => {
    await using input = await openSyslog({ connectionsPerSenderMax: 3 });
    const all = await Promise.all(Array.from({ length: 10 }, () => dial(input.port)));
    for (const socket of all) socket.resume();
    await until(() => all.filter((socket) => socket.destroyed).length === 7);
    expect(await input.count("rejected", "connections-per-sender")).toBe(7);
    for (const socket of all) socket.destroy();
    await until(async () => {
      const next = await dial(input.port);
      next.end("<1>danach\n");
      await closed(next.resume());
      return input.bus.taken.length > 0;
    });
  });
});

describe("slow senders", () => {
  const drip = async (socket: Socket, bytes: string): Promise<void> => {
    const timer = setInterval(() => socket.write(bytes), 10);
    await closed(socket.resume());
    clearInterval(timer);
  };

  it.each(["<1>halb", "999 <1>halb"])("are cut off in the midst of a frame: %s", async (start) => {
    await using input = await openSyslog({ frameMs: 100 });
    const socket = await dial(input.port);
    socket.write(start);
    await drip(socket, "x");
    expect(await input.count("rejected", "slow")).toBe(1);
  });

  it("are cut off that begin no session", async () => {
    const settings = { binding: FIREWALL, handshakeMs: 100 };
    await using relp = await openInput("relp", openRelpInput, settings);
    await using beats = await openInput("lumberjack", openLumberjackInput, settings);
    const [silent, dripping] = [await dial(relp.port), await dial(beats.port)];
    dripping.write("2W\0");
    await Promise.all([closed(silent.resume()), drip(dripping, "")]);
    expect(await relp.count("rejected", "slow")).toBe(1);
    expect(await beats.count("rejected", "slow")).toBe(1);
  });

  it("are cut off that never read their answers", async () => {
    const settings = { binding: FIREWALL, frameMs: 300 };
    await using input = await openInput("relp", openRelpInput, settings);
    const socket = await dial(input.port);
    socket.pause();
    socket.write("1 open 14 relp_version=0\n");
    // The answers of empty records fill every buffer on the way.
    const many = Array.from({ length: 20_000 }, (_, n) => `${n + 2} syslog 0\n`).join("");
    const timer = setInterval(() => {
      if (socket.writableLength < 10_000_000) socket.write(many);
    }, 5);
    await until(async () => (await input.count("rejected", "slow")) === 1);
    clearInterval(timer);
    socket.destroy();
  });

  it("lose none of their time while we keep them waiting", async () => {
    await using input = await openSyslog({ frameMs: 100, queueBytesMax: 1024, busyRetryMs: 5 });
    input.bus.full = true;
    const socket = await dial(input.port);
    socket.write(`<1>${"x".repeat(2000)}\n<1>angefangen`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    input.bus.full = false;
    socket.write(" und beendet\n");
    await until(() => input.bus.taken.length === 2);
    expect(input.bus.texts()[1]).toBe("<1>angefangen und beendet");
    expect(await input.count("rejected", "slow")).toBe(0);
    socket.destroy();
  });
});

describe("memory and rate", () => {
  it("cuts off who holds too much in unfinished frames, and serves the others", async () => {
    await using input = await openSyslog({ queueBytesMax: 100_000, frameBytesMax: 60_000 });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => dial(input.port)));
    for (const socket of sockets) socket.resume().write(`<1>${"x".repeat(40_000)}`);
    await until(async () => (await input.count("rejected", "memory")) === 3);
    // The senders learn of it a little later than we count it.
    const alive = () => sockets.filter((socket) => !socket.destroyed);
    await until(() => alive().length <= 2);
    expect(alive().length).toBe(2);
    for (const socket of alive()) socket.end(" zu Ende\n");
    // What had come of the others is kept as well: half a record is better than none.
    await until(() => input.bus.taken.length === 5);
    expect(input.bus.texts().filter((text) => text.endsWith(" zu Ende")).length).toBe(2);
  });

  it("makes a sender wait that sends too many records a second, and loses nothing", async () => {
    await using input = await openSyslog({ recordsPerSecondMax: 1000 });
    const lines = Array.from({ length: 1500 }, (_, n) => `<1>${n}`);
    const [first, second] = [await dial(input.port), await dial(input.port)];
    const begun = performance.now();
    first.write(lines.map((line) => `${line}\n`).join(""));
    await until(() => input.bus.taken.length === lines.length);
    second.write("<1>eine mehr\n");
    second.write("<1>noch eine\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
    second.end("<1>die letzte\n");
    await until(() => input.bus.taken.length === lines.length + 3);
    // 1,503 records at 1,000 a second and a burst of one second: the last one came half a second later.
    expect(performance.now() - begun).toBeGreaterThan(400);
    expect(await input.count("dropped")).toBe(0);
    first.destroy();
  });

  it("acknowledges in time in spite of the rate", async () => {
    const settings = { binding: FIREWALL, recordsPerSecondMax: 10, keepAliveMs: 20 };
    await using input = await openInput("lumberjack", openLumberjackInput, settings);
    const socket = await dial(input.port);
    const answers = received(socket);
    const records = Array.from({ length: 14 }, (_, n) => jsonFrame(n + 1, "{}"));
    socket.write(Buffer.concat([windowFrame(14), ...records]));
    await until(() => answers().length > 0 && answers().readUInt32BE(answers().length - 4) === 14);
    expect(answers().length / 6).toBeGreaterThan(3);
    socket.destroy();
  });
});
