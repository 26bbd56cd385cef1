import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { openSyslog } from "../../../services/channels/syslog.ts";
import { syslogFrame } from "../../../services/channels/syslog-frame.ts";
import {
  channelConfig,
  channelFolder,
  faultOf,
  SERVER_TLS,
  tlsPath,
} from "../../support/channel-setup.ts";
import { exampleOutgoing, examplePage, hostileOutgoing } from "../../support/hostile-pages.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});
const never = new AbortController().signal;

interface SyslogServer {
  readonly port: number;
  /** Frames as they were counted. */
  readonly frames: readonly string[];
}

/** Counts octets as RFC 5425 says; throws where the count is wrong. */
async function syslogServer(
  tls: "tls" | "mutual" | "plain",
  onSocket?: (socket: Socket) => void,
): Promise<SyslogServer> {
  const frames: string[] = [];
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket?.(socket);
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const head = /^([1-9]\d{0,5}) /.exec(rest.subarray(0, 8).toString("latin1"));
        if (head === null) break;
        const start = head[0].length;
        const end = start + Number(head[1]);
        if (rest.length < end) break;
        frames.push(rest.subarray(start, end).toString("utf8"));
        rest = rest.subarray(end);
      }
    });
    socket.on("end", () => rest.length > 0 && frames.push(`WRONG COUNT ${rest.toString()}`));
  };
  const mutual =
    tls === "mutual"
      ? { requestCert: true, rejectUnauthorized: true, ca: readFileSync(tlsPath("ca.pem")) }
      : {};
  const server =
    tls === "plain" ? createServer(take) : createTlsServer({ ...SERVER_TLS, ...mutual }, take);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, frames }; // It listens on a port.
}

const base = { host: "127.0.0.1", timeoutMs: 2000 };
const trusted = { caFile: tlsPath("ca.pem") };
function open(more: object) {
  const folder = channelFolder();
  running.push(() => folder[Symbol.dispose]());
  return openSyslog(channelConfig("syslog", { ...base, ...more }), folder.files);
}

/** Parses as receivers do: unescapes header and extension. */
function parseCef(frame: string) {
  const at = frame.indexOf("CEF:0|");
  const [, head = "", extension = ""] =
    /^((?:(?:\\.|[^\\|])*\|){7})(.*)$/s.exec(frame.slice(at)) ?? [];
  const header = [...head.matchAll(/((?:\\.|[^\\|])*)\|/g)].map((one) =>
    (one[1] ?? "").replace(/\\([\\|])/g, "$1"),
  );
  const fields = new Map<string, string>();
  for (const one of extension.matchAll(/(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)/g)) {
    fields.set(one[1] ?? "", (one[2] ?? "").replace(/\\([\\=])/g, "$1"));
  }
  return { header, fields };
}

describe("syslog", () => {
  it.each([
    ["tls", "cef"],
    ["tls", "rfc5424"],
    ["tcp", "cef"],
  ] as const)("hands one frame a page over %s as %s", async (transport, format) => {
    const server = await syslogServer(transport === "tls" ? "tls" : "plain");
    const channel = open({ port: server.port, transport, format, ...trusted });
    await channel.send(exampleOutgoing(), never);
    await channel.send(exampleOutgoing({ id: "second" }), never);
    expect(server.frames).toHaveLength(2);
    expect(server.frames[0]).toMatch(
      /^<81>1 2026-11-22T05:06:00\.000Z \S+ heidewacht - finding (?:-|\[page@32473 )/,
    );
    await channel.probe?.(never);
    expect(server.frames).toHaveLength(2);
  });

  it("shows its certificate to a server that asks", async () => {
    const server = await syslogServer("mutual");
    const own = {
      certificateFile: tlsPath("client-web.pem"),
      keyFile: tlsPath("client-web.key"),
    };
    await open({ port: server.port, ...trusted, ...own }).send(exampleOutgoing(), never);
    expect(server.frames).toHaveLength(1);
    const fault = await faultOf(open({ port: server.port, ...trusted }), exampleOutgoing());
    expect(fault.kind).not.toBe("refused");
    expect(server.frames).toHaveLength(1);
  });

  it("sends a datagram of at most 2048 bytes", async () => {
    const server = createSocket("udp4").bind(0, "127.0.0.1");
    running.push(() => server.close());
    await once(server, "listening");
    const got = once(server, "message");
    const page = examplePage({ advice: ["ä".repeat(4000)], notice: "ä".repeat(3000) });
    const { port } = server.address();
    await open({ port, transport: "udp" }).send(exampleOutgoing({ page }), never);
    const message = String((await got)[0]);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(2048);
    expect(message).toMatch(/^<81>1 /);
  });

  it.each([
    ["nobody listens", "unreachable", async () => 1],
    [
      "the connection is cut before anything was read",
      "unreachable",
      async () => (await syslogServer("plain", (socket) => socket.resetAndDestroy())).port,
    ],
  ] as const)("says that %s", async (_, kind, port) => {
    const channel = open({ port: await port(), transport: "tcp" });
    expect((await faultOf(channel, exampleOutgoing())).kind).toBe(kind);
  });

  it("says that a certificate is not trusted", async () => {
    const server = await syslogServer("tls");
    const fault = await faultOf(open({ port: server.port }), exampleOutgoing());
    expect(fault.kind).toBe("misconfigured");
    expect(server.frames).toEqual([]);
  });

  it("gives up a handshake that hangs, and stops when told to", async () => {
    const server = await syslogServer("plain");
    const channel = open({ port: server.port, ...trusted, timeoutMs: 200 });
    expect((await faultOf(channel, exampleOutgoing())).message).toBe("timeout 200 ms");
    const patient = open({ port: server.port, ...trusted, timeoutMs: 60_000 });
    const stop = new AbortController();
    const fault = faultOf(patient, exampleOutgoing(), [], stop.signal);
    stop.abort();
    expect((await fault).message).toBe("aborted");
  });

  it("says that a name is unknown", async () => {
    const channel = open({ host: "syslog.invalid", port: 6514 });
    expect((await faultOf(channel, exampleOutgoing(), ["syslog.invalid"])).kind).toBe(
      "unreachable",
    );
  });

  const about = { host: "heide01", version: "1.2.3", bytesMax: 8192 };
  it.each(HOSTILE_TEXTS)("parses back as it was, $family: $text", ({ text }) => {
    const outgoing = hostileOutgoing(text, undefined);
    const cef = syslogFrame(outgoing, { ...about, format: "cef" });
    expect(cef).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    const { header, fields } = parseCef(cef);
    expect(header.slice(0, 5)).toEqual(["CEF:0", "Heidewacht", "Heidewacht", "1.2.3", "finding"]);
    expect(header[6]).toBe("10");
    expect([...fields.keys()]).toEqual(
      expect.arrayContaining(["externalId", "rt", "cat", "deviceFacility"]),
    );
    expect(fields.get("externalId")).toBe(outgoing.id);
    expect(fields.get("cs1Label")).toBe("where");
    expect(fields.get("request")).toBe(outgoing.page.link);
    const structured = syslogFrame(outgoing, { ...about, format: "rfc5424" });
    expect(structured).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    const data =
      /^<81>1 \S+ heide01 heidewacht - finding \[page@32473((?: \w+="(?:\\["\\\]]|[^"\\\]])*")+)\] \ufeff/u.exec(
        structured,
      );
    const names = [...(data?.[1] ?? "").matchAll(/ (\w+)="((?:\\["\\\]]|[^"\\\]])*)"/g)];
    expect(names[0]?.slice(1)).toEqual(["id", outgoing.id]);
    expect(Buffer.byteLength(structured)).toBeLessThanOrEqual(8192);
  });
});
