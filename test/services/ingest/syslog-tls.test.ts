import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { openSyslogInput } from "../../../services/ingest/syslog.ts";
import { until } from "./memory-bus.ts";
import { FIREWALL, openInput, TLS_FOLDER } from "./network-setup.ts";

const pem = (name: string) => readFileSync(join(TLS_FOLDER, name));
const CA = pem("ca.pem");
const SERVER = { certificateFile: "server.pem", keyFile: "server.key" };
const ASKING = { ...SERVER, clientCaFile: "ca.pem", clientCertificates: "required" };
const WEB = { tenant: "kreis", source: "web01", timeZone: "UTC" };

const open = (settings: Record<string, unknown>) =>
  openInput("syslog", openSyslogInput, { protocol: "tls", batchMs: 5, ...settings });

function client(name: string): ConnectionOptions {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
}

async function dialTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: "127.0.0.1", ca: CA, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** Resolves when the server has cut the connection off, before or after the handshake. */
async function cutOff(port: number, options: ConnectionOptions): Promise<void> {
  const socket = connectTls({ port, host: "127.0.0.1", ca: CA, ...options });
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.on("error", () => socket.destroy());
  socket.resume();
  await closed;
}

describe("syslog over TLS", () => {
  it("takes counted and line-wise senders", async () => {
    await using input = await open({ binding: FIREWALL, tls: SERVER });
    const counted = await dialTls(input.port);
    const lines = await dialTls(input.port, { maxVersion: "TLSv1.2" });
    counted.write("8 <1>einer7 <1>zw");
    lines.end("<2>zeile eins\n<2>zeile zwei");
    await until(() => input.bus.taken.length === 3);
    counted.end("ei");
    await until(() => input.bus.taken.length === 4);
    expect(input.bus.texts().sort()).toEqual([
      "<1>einer",
      "<1>zwei",
      "<2>zeile eins",
      "<2>zeile zwei",
    ]);
  });

  it.each([
    ["sends nothing behind the handshake that a sender would have to read", {}, "TLSv1.2"],
    ["speaks TLS 1.3 where that is asked for", { maxVersion: "TLSv1.3" }, "TLSv1.3"],
    ["speaks TLS 1.3 where nothing less is allowed", { minVersion: "TLSv1.3" }, "TLSv1.3"],
  ])("%s", async (_name, versions, expected) => {
    await using input = await open({ binding: FIREWALL, tls: { ...SERVER, ...versions } });
    const socket = await dialTls(input.port);
    expect(socket.getProtocol()).toBe(expected);
    socket.destroy();
  });

  it("binds senders by certificate: names, common name, fingerprint, and network", async () => {
    const firewall = new X509Certificate(pem("client-firewall.pem"));
    const fingerprint = firewall.fingerprint256.replaceAll(":", "").toLowerCase();
    await using input = await open({
      tls: ASKING,
      senders: [
        { certificates: ["WEB01.kreis.example"], networks: ["192.0.2.0/24"], ...FIREWALL },
        { certificates: ["WEB01.kreis.example"], networks: ["127.0.0.0/8"], ...WEB },
        { certificates: [`sha256:${fingerprint}`], ...FIREWALL },
      ],
    });
    (await dialTls(input.port, client("client-web"))).end("<1>vom Web\n");
    (await dialTls(input.port, client("client-firewall"))).end("<1>von der Firewall\n");
    await until(() => input.bus.taken.length === 2);
    const sources = new Map(input.bus.taken.map(({ record }) => [record.text, record.source]));
    expect(sources.get("<1>vom Web")).toBe("web01");
    expect(sources.get("<1>von der Firewall")).toBe("firewall");
  });

  it.each([
    ["no certificate", {}, "certificate"],
    ["a certificate of another authority", client("client-foreign"), "certificate"],
    ["a certificate that nothing names", client("client-firewall"), "sender"],
  ])("refuses %s", async (_name, options, reason) => {
    await using input = await open({
      tls: ASKING,
      senders: [{ certificates: ["web01"], ...WEB }],
    });
    await cutOff(input.port, options);
    expect(await input.count("rejected", reason)).toBe(1);
    expect(input.bus.taken).toEqual([]);
  });

  it("takes senders without a certificate where it is optional, but no bad one", async () => {
    await using input = await open({
      tls: { ...ASKING, clientCertificates: "optional" },
      binding: FIREWALL,
      senders: [{ certificates: ["web01"], ...WEB }],
    });
    (await dialTls(input.port)).end("<1>ohne\n");
    (await dialTls(input.port, client("client-web"))).end("<1>mit\n");
    await cutOff(input.port, client("client-foreign"));
    await until(() => input.bus.taken.length === 2);
    const sources = new Map(input.bus.taken.map(({ record }) => [record.text, record.source]));
    expect([sources.get("<1>ohne"), sources.get("<1>mit")]).toEqual(["firewall", "web01"]);
    expect(await input.count("rejected", "certificate")).toBe(1);
  });

  it.each([
    [
      "TLS 1.1",
      { tls: SERVER },
      { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } as const,
    ],
    [
      "TLS 1.2 where 1.3 is asked for",
      { tls: { ...SERVER, minVersion: "TLSv1.3" } },
      { maxVersion: "TLSv1.2" } as const,
    ],
  ])("refuses %s", async (_name, settings, options) => {
    await using input = await open({ binding: FIREWALL, ...settings });
    await cutOff(input.port, options);
    expect(await input.count("rejected", "tls")).toBe(1);
  });

  it("cuts off who doesn't finish the handshake, or speaks no TLS", async () => {
    await using input = await open({ binding: FIREWALL, tls: SERVER, handshakeMs: 100 });
    const silent = connect(input.port, "127.0.0.1");
    silent.resume();
    const plain = connect(input.port, "127.0.0.1");
    plain.on("error", () => plain.destroy());
    plain.resume();
    plain.write("<1>im Klartext\n");
    await Promise.all([once(silent, "close"), once(plain, "close")]);
    expect(await input.count("rejected", "slow")).toBe(1);
    expect(await input.count("rejected", "tls")).toBe(1);
    expect(input.bus.taken).toEqual([]);
  });

  it("shows a renewed certificate to new connections and keeps the old ones", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tls-"));
    const files = { certificateFile: join(folder, "c.pem"), keyFile: join(folder, "k.pem") };
    copyFileSync(join(TLS_FOLDER, "server.pem"), files.certificateFile);
    copyFileSync(join(TLS_FOLDER, "server.key"), files.keyFile);
    await using input = await open({ binding: FIREWALL, tls: { ...files, reloadMs: 10 } });
    const old = await dialTls(input.port);
    const before = old.getPeerCertificate().fingerprint256;
    // Between the two copies key and certificate don't belong together: the old ones stay in use.
    writeFileSync(files.certificateFile, pem("server-renewed.pem"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const between = await dialTls(input.port);
    expect(between.getPeerCertificate().fingerprint256).toBe(before);
    writeFileSync(files.keyFile, pem("server-renewed.key"));
    await until(async () => {
      const socket = await dialTls(input.port);
      const now = socket.getPeerCertificate().fingerprint256;
      socket.destroy();
      return now !== before;
    });
    old.end("<1>auf der alten Verbindung\n");
    await until(() => input.bus.taken.length === 1);
    between.destroy();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["no file", { certificateFile: "none.pem" }, "none.pem"],
    ["no certificate in it", { certificateFile: "server.key" }, "server.key"],
    ["no key in it", { keyFile: "ca.pem" }, "ca.pem"],
    ["another certificate's key", { keyFile: "client-web.key" }, "client-web.key"],
    ["no authority in it", { ...ASKING, clientCaFile: "README.md" }, "README.md"],
  ])("names the file and the mend: %s", async (_name, tls, file) => {
    const opening = open({ binding: FIREWALL, tls: { ...SERVER, ...tls } });
    await expect(opening).rejects.toMatchObject({
      code: "HW_CONFIG_INVALID",
      place: join(TLS_FOLDER, file),
      mend: expect.stringMatching(/./),
    });
  });
});
