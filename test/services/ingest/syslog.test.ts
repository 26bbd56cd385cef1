import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { openSyslogInput } from "../../../services/ingest/syslog.ts";
import { createMemoryBus, until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput } from "./network-setup.ts";

const SWITCH = { tenant: "samtgemeinde", source: "switch", timeZone: "Europe/Berlin" };

const open = (settings: Record<string, unknown>) =>
  openInput("syslog", openSyslogInput, { batchMs: 5, ...settings });

async function sendUdp(port: number, messages: readonly (string | Buffer)[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const message of messages) {
    await new Promise((resolve) => socket.send(message, port, "127.0.0.1", resolve));
  }
  socket.close();
}

describe("a listener of several tenants", () => {
  it("takes the records of one while the bus of the other is full", async () => {
    const bus = createMemoryBus();
    const publish = bus.publish.bind(bus);
    bus.publish = async (tenant, topic, records) => {
      if (tenant === FIREWALL.tenant) throw new AppError("HW_BUSY", "the backlog is full");
      await publish(tenant, topic, records);
    };
    const settings = {
      protocol: "tcp",
      batchMs: 5,
      queueBytesMax: 4096,
      binding: FIREWALL,
      senders: [{ networks: ["127.0.0.2"], ...SWITCH }],
    };
    await using input = await openInput("syslog", openSyslogInput, settings, bus);
    const held = await dial(input.port);
    held.write("<1>gehört dem Kreis\n".repeat(1000));
    const other = connect({ port: input.port, host: "127.0.0.1", localAddress: "127.0.0.2" });
    other.end("<1>gehört der Samtgemeinde\n");
    await until(() => bus.taken.length === 1);
    expect(bus.taken[0]?.tenant).toBe("samtgemeinde");
    held.destroy();
  });
});

describe("syslog over UDP", () => {
  it("takes one record a datagram, with what its listener knows", async () => {
    await using input = await open({ protocol: "udp", binding: FIREWALL });
    const large = `<1>${"x".repeat(2000)}`;
    await sendUdp(input.port, [
      "<34>1 - größer\n",
      "",
      Buffer.from("<1>Gr\xf6\xdfe", "latin1"),
      large,
    ]);
    await until(() => input.bus.taken.length === 3);
    expect(input.bus.texts()).toEqual(["<34>1 - größer", "<1>Größe", large]);
    const [first] = input.bus.taken;
    expect(first).toMatchObject({ tenant: "kreis", topic: "raw", key: "firewall/127.0.0.1" });
    expect(first?.record).toMatchObject({
      source: "firewall",
      format: "fortigate",
      timeZone: "UTC",
      idFromSender: false,
    });
    const ids = new Set(input.bus.taken.map((one) => one.record.id));
    expect(ids.size).toBe(3);
  });

  it("cuts what is over the limit and counts it", async () => {
    await using input = await open({ protocol: "udp", binding: FIREWALL, frameBytesMax: 1024 });
    await sendUdp(input.port, [`<1>${"ä".repeat(1000)}`]);
    await until(() => input.bus.taken.length === 1);
    expect(input.bus.texts()).toEqual([`<1>${"ä".repeat(510)}`]);
    expect(await input.count("rejected", "cut")).toBe(1);
  });

  it("drops and counts what finds no room, and goes on afterwards", async () => {
    await using input = await open({
      protocol: "udp",
      binding: FIREWALL,
      queueBytesMax: 1024,
      busyRetryMs: 5,
    });
    input.bus.full = true;
    await sendUdp(
      input.port,
      Array.from({ length: 20 }, (_, n) => `<1>${n} ${"x".repeat(200)}`),
    );
    await until(async () => (await input.count("dropped")) === 18);
    input.bus.full = false;
    await until(() => input.bus.taken.length === 2);
    await sendUdp(input.port, ["<1>danach"]);
    await until(() => input.bus.taken.length === 3);
    expect(input.bus.texts().at(-1)).toBe("<1>danach");
  });
});

describe("syslog over TCP", () => {
  it("takes counted and line-wise senders at the same time and batches their records", async () => {
    await using input = await open({ protocol: "tcp", binding: FIREWALL, batchMs: 50 });
    const [first, second] = [await dial(input.port), await dial(input.port)];
    first.write("10 <1>counted5 <1>a\n");
    second.write("<2>zeile eins\n<2>zeile");
    second.end(" zwei");
    await until(() => input.bus.taken.length === 4);
    expect(input.bus.texts().sort()).toEqual([
      "<1>a",
      "<1>counted",
      "<2>zeile eins",
      "<2>zeile zwei",
    ]);
    expect(input.bus.batches.length).toBeLessThan(4);
    first.destroy();
  });

  it("binds by the sender's network and refuses strangers", async () => {
    await using known = await open({
      protocol: "tcp",
      binding: FIREWALL,
      senders: [
        { networks: ["10.0.0.0/8"], ...FIREWALL },
        { networks: ["2001:db8::/32", "127.0.0.0/8"], ...SWITCH },
      ],
    });
    (await dial(known.port)).end("<1>a\n");
    await until(() => known.bus.taken.length === 1);
    expect(known.bus.taken[0]).toMatchObject({
      tenant: "samtgemeinde",
      record: { source: "switch" },
    });

    await using strange = await open({
      protocol: "tcp",
      senders: [{ networks: ["10.0.0.1"], ...FIREWALL }],
    });
    const socket = await dial(strange.port);
    socket.resume();
    await once(socket, "close");
    expect(await strange.count("rejected", "sender")).toBe(1);
  });

  it("makes senders wait while the bus is full, and loses nothing", async () => {
    await using input = await open({
      protocol: "tcp",
      binding: FIREWALL,
      queueBytesMax: 50_000,
      busyRetryMs: 5,
    });
    input.bus.full = true;
    const socket = await dial(input.port);
    const lines = Array.from({ length: 100_000 }, (_, n) => `<1>${n} ${"x".repeat(190)}`);
    socket.write(lines.map((line) => `${line}\n`).join(""));
    // 20 MB don't fit into the kernel's buffers: the rest stays with the sender.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.writableLength).toBeGreaterThan(1_000_000);
    expect(input.bus.taken).toEqual([]);
    input.bus.full = false;
    socket.end();
    await until(() => input.bus.taken.length === lines.length);
    expect(input.bus.texts()).toEqual(lines);
    expect(await input.count("dropped")).toBe(0);
  });

  it("closes a connection whose counting went wrong and keeps what came before", async () => {
    await using input = await open({ protocol: "tcp", binding: FIREWALL });
    const socket = await dial(input.port);
    socket.resume();
    socket.write("4 <1>akaputt");
    await once(socket, "close");
    await until(() => input.bus.taken.length === 1);
    expect(input.bus.texts()).toEqual(["<1>a"]);
    expect(await input.count("rejected", "framing")).toBe(1);
  });

  it("limits connections and ends idle ones", async () => {
    await using input = await open({
      protocol: "tcp",
      binding: FIREWALL,
      connectionsMax: 1,
      idleMs: 100,
    });
    const first = await dial(input.port);
    first.resume();
    const second = await dial(input.port);
    second.resume();
    await Promise.all([once(first, "close"), once(second, "close")]);
    expect(await input.count("rejected", "connections")).toBe(1);
  });

  it("publishes what it took before it ends", async () => {
    const input = await open({ protocol: "tcp", binding: FIREWALL, batchMs: 10_000 });
    const socket = await dial(input.port);
    socket.write("<1>eins\n<1>zwei\n<1>halb");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(input.bus.taken).toEqual([]);
    await input.close(5000);
    expect(input.bus.texts()).toEqual(["<1>eins", "<1>zwei", "<1>halb"]);
  });

  it("ends in spite of a full bus, and counts what is lost by it", async () => {
    const input = await open({ protocol: "tcp", binding: FIREWALL, queueBytesMax: 1024 });
    input.bus.full = true;
    const socket = await dial(input.port);
    socket.write(`<1>${"x".repeat(2000)}\n`.repeat(3));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await input.close(100);
    expect(await input.count("dropped")).toBe(3);
  });

  it("refuses a port that is taken", async () => {
    await using input = await open({ protocol: "tcp", binding: FIREWALL });
    await expect(
      open({ protocol: "tcp", port: input.port, binding: FIREWALL }),
    ).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
      mend: "name another port, or end what listens there",
      place: `127.0.0.1:${input.port}/tcp`,
    });
    await using datagrams = await open({ protocol: "udp", binding: FIREWALL });
    await expect(
      open({ protocol: "udp", port: datagrams.port, binding: FIREWALL }),
    ).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
  });
});
