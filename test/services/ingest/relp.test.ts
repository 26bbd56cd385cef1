import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import { openRelpInput } from "../../../services/ingest/relp.ts";
import { createMemoryBus, type MemoryBus, until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput, received, TLS_FOLDER } from "./network-setup.ts";

const OPEN = frame(1, "open", "relp_version=0\nrelp_software=librelp,1.11.0\ncommands=syslog");
const OFFERS = "200 OK\nrelp_version=0\nrelp_software=heidewacht\ncommands=syslog";
const OFFERED = `1 rsp ${OFFERS.length} ${OFFERS}\n`;

const open = (settings: Record<string, unknown> = {}, bus?: MemoryBus) =>
  openInput("relp", openRelpInput, { binding: FIREWALL, busyRetryMs: 5, ...settings }, bus);

function frame(transaction: number, command: string, data = ""): string {
  return `${transaction} ${command} ${Buffer.byteLength(data)}${data === "" ? "" : ` ${data}`}\n`;
}

function acknowledged(answers: Buffer): number[] {
  return [...answers.toString().matchAll(/^(\d+) rsp 6 200 OK$/gm)].map((match) =>
    Number(match[1]),
  );
}

describe("RELP", () => {
  it("opens, acknowledges in order, and closes", async () => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(OPEN);
    await until(() => answers().length > 0);
    expect(answers().toString()).toBe(OFFERED);
    socket.write(frame(2, "syslog", "<1>größe\n") + frame(3, "syslog", "<1>zwei"));
    socket.write(frame(4, "syslog") + frame(5, "close"));
    await once(socket, "close");
    expect(answers().toString().slice(OFFERED.length)).toBe(
      "2 rsp 6 200 OK\n3 rsp 6 200 OK\n4 rsp 6 200 OK\n5 rsp 0\n0 serverclose 0\n",
    );
    expect(input.bus.texts()).toEqual(["<1>größe", "<1>zwei"]);
    expect(input.bus.taken[0]).toMatchObject({
      tenant: "kreis",
      key: "firewall/127.0.0.1",
      record: { source: "firewall", format: "fortigate", idFromSender: false },
    });
  });

  it("acknowledges nothing before it is durable", async () => {
    await using input = await open();
    input.bus.full = true;
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(OPEN + frame(2, "syslog", "<1>a") + frame(3, "syslog", "<1>b"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(acknowledged(answers())).toEqual([]);
    input.bus.full = false;
    await until(() => acknowledged(answers()).length === 2);
    expect(acknowledged(answers())).toEqual([2, 3]);
    expect(input.bus.texts()).toEqual(["<1>a", "<1>b"]);
    socket.destroy();
  });

  it("loses nothing that it acknowledged, and leaves the rest to the sender, when it is stopped", async () => {
    const bus = createMemoryBus();
    const records = Array.from({ length: 500 }, (_, n) => `<1>${n} ${"x".repeat(300)}`);
    let next = 0;
    // A sender as omrelp is: repeats on a new connection what has no answer yet.
    for (let round = 0; next < records.length; round++) {
      const input = await open({}, bus);
      const socket = await dial(input.port);
      const answers = received(socket);
      const closed = new Promise((resolve) => socket.on("close", resolve));
      const todo = records.slice(next);
      socket.write(OPEN + todo.map((text, at) => frame(at + 2, "syslog", text)).join(""));
      await until(() => acknowledged(answers()).length > 0);
      bus.full = round < 2;
      if (round === 2) await until(() => acknowledged(answers()).length === todo.length);
      await input.close(100);
      await closed;
      if (round === 2) expect(answers().toString()).toMatch(/\n0 serverclose 0\n$/);
      const answered = acknowledged(answers());
      expect(answered).toEqual(answered.map((_, at) => at + 2));
      next += answered.length;
      bus.full = false;
    }
    const texts = new Set(bus.texts());
    expect(records.filter((record) => !texts.has(record))).toEqual([]);
  });

  it("speaks TLS", async () => {
    await using input = await open({
      tls: { certificateFile: "server.pem", keyFile: "server.key" },
    });
    const ca = readFileSync(join(TLS_FOLDER, "ca.pem"));
    const socket = connectTls({ port: input.port, host: "127.0.0.1", ca });
    const answers = received(socket);
    socket.write(OPEN + frame(2, "syslog", "<1>verschlüsselt") + frame(3, "close"));
    await once(socket, "close");
    expect(acknowledged(answers())).toEqual([2]);
    expect(input.bus.texts()).toEqual(["<1>verschlüsselt"]);
  });

  it("answers a sender that ends its side first", async () => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.end(OPEN + frame(2, "syslog", "<1>halb offen"));
    await once(socket, "close");
    expect(acknowledged(answers())).toEqual([2]);
  });

  it.each([
    ["a record before open", frame(1, "syslog", "<1>a"), "1 rsp 26 500 open has to come first\n"],
    [
      "an unknown command",
      OPEN + frame(2, "starttls"),
      `${OFFERED}2 rsp 21 500 command not known\n`,
    ],
    ["a second open", OPEN + frame(2, "open"), `${OFFERED}2 rsp 21 500 command not known\n`],
  ])("answers %s with 500 and closes", async (_name, sent, expected) => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(sent);
    await once(socket, "close");
    expect(answers().toString()).toBe(expected);
    expect(await input.count("rejected", "command")).toBe(1);
  });

  it("closes on a lying frame, keeps and acknowledges what came before", async () => {
    await using input = await open();
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(OPEN + frame(2, "syslog", "<1>a"));
    await until(() => acknowledged(answers()).length === 1);
    socket.write("99999999999 syslog 1 a\n");
    await once(socket, "close");
    expect(input.bus.texts()).toEqual(["<1>a"]);
    expect(await input.count("rejected", "framing")).toBe(1);
  });

  it("cuts long records, so that a sender doesn't repeat them for ever", async () => {
    await using input = await open({ frameBytesMax: 1024 });
    const socket = await dial(input.port);
    const answers = received(socket);
    socket.write(OPEN + frame(2, "syslog", `<1>${"x".repeat(3000)}`));
    await until(() => acknowledged(answers()).length === 1);
    expect(input.bus.texts()).toEqual([`<1>${"x".repeat(1021)}`]);
    expect(await input.count("rejected", "cut")).toBe(1);
    socket.destroy();
  });
});
