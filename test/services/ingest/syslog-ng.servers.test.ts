import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsInOrder, faultsOf, lineIn } from "../../support/awkward-lines.ts";
import { openShipperIngest, parseAll } from "../../support/shipper-ingest.ts";
import {
  fetchShippers,
  runShipper,
  type Shipper,
  shipperFolder,
  startShipper,
  tlsFile,
} from "../../support/shippers.ts";

const LINES = awkwardLines(3000, 60_000);
const TLS = {
  certificateFile: tlsFile("server.pem"),
  keyFile: tlsFile("server.key"),
  clientCaFile: tlsFile("ca.pem"),
  clientCertificates: "required",
};
const TLS_OPTIONS = `tls(ca-file("${tlsFile("ca.pem")}") cert-file("${tlsFile("client-web.pem")}")
    key-file("${tlsFile("client-web.key")}") peer-verify(required-trusted))`;

beforeAll(fetchShippers);

const linesOf = (records: readonly { text: string }[]): string[] =>
  records.map(({ text }) => lineIn(text));

function startSyslogNg(folder: ReturnType<typeof shipperFolder>, destination: string): Shipper {
  const config = folder.write(
    "syslog-ng.conf",
    `@version: 3.38
options { log-msg-size(131072); keep-hostname(yes); stats-freq(0); };
source s_file { file("${folder.path}/in.log" flags(no-parse) program-override("fachverfahren")
  default-facility(local4) default-priority(warning)); };
destination d_heidewacht { ${destination} };
log { source(s_file); destination(d_heidewacht); flags(flow-control); };
`,
  );
  const at = (name: string) => `${folder.path}/${name}`;
  return startShipper("syslog-ng", [
    ...["-f", config, "--persist-file", at("persist"), "--pidfile", at("pid")],
    ...["--control", at("control")],
  ]);
}

describe("syslog-ng", () => {
  it.each([
    [
      "network(), TCP, lines",
      { protocol: "tcp" },
      (port: number) =>
        `network("127.0.0.1" transport("tcp") port(${port}) flags(syslog-protocol));`,
    ],
    [
      "network(), TLS with a client certificate, lines",
      { protocol: "tls", tls: TLS },
      (port: number) =>
        `network("localhost" transport("tls") port(${port}) flags(syslog-protocol) ${TLS_OPTIONS});`,
    ],
    [
      "syslog(), TCP, counted octets",
      { protocol: "tcp" },
      (port: number) => `syslog("127.0.0.1" transport("tcp") port(${port}));`,
    ],
    [
      "syslog(), TLS with a client certificate, counted octets",
      { protocol: "tls", tls: TLS },
      (port: number) => `syslog("localhost" transport("tls") port(${port}) ${TLS_OPTIONS});`,
    ],
    [
      "network(), TCP, the old header",
      { protocol: "tcp" },
      (port: number) => `network("127.0.0.1" transport("tcp") port(${port}));`,
    ],
  ] as const)("sends every line whole, once and in order by %s", async (_name, settings, to) => {
    await using ingest = await openShipperIngest({ syslog: [settings] });
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    const [port = 0] = ingest.ports("syslog");
    await using syslogNg = startSyslogNg(folder, to(port));
    await ingest.arrived(LINES.length);
    expect(faultsInOrder(linesOf(ingest.records), LINES), syslogNg.output()).toEqual([]);
    expect(await ingest.counted("rejected")).toBe(0);
    const events = parseAll(ingest.records);
    expect(events.filter(({ format }) => format !== "syslog")).toEqual([]);
    expect(
      faultsInOrder(
        events.map(({ record }) => String(record.message)),
        LINES,
      ),
    ).toEqual([]);
    expect(events[0]?.record).toMatchObject({
      program: "fachverfahren",
      facility: "local4",
      severity: "warning",
    });
  });
});

describe("logger", () => {
  // Datagrams that find no room in the kernel's buffer are lost before anybody can count them: few at a
  // time, and none longer than one may be.
  const DATAGRAMS = awkwardLines(1000, 30_000);
  const PER_RUN = 50;
  const SD = ["--sd-id", "heidewacht@32473", "--sd-param", 'amt="Ordnungsamt \\"Süd\\""'];

  it.each([
    ["RFC 3164", ["--rfc3164"]],
    ["RFC 5424", ["--rfc5424"]],
    ["RFC 5424 with structured data", ["--rfc5424", ...SD]],
    ["RFC 5424 without time and host", ["--rfc5424=notime,nohost,notq"]],
  ] as const)("sends every line whole, once and in order by UDP, %s", async (name, options) => {
    await using ingest = await openShipperIngest({ syslog: [{ protocol: "udp" }] });
    const [port = 0] = ingest.ports("syslog");
    for (let from = 0; from < DATAGRAMS.length; from += PER_RUN) {
      const some = DATAGRAMS.slice(from, from + PER_RUN);
      await runShipper("logger", to(port, "--udp", options), `${some.join("\n")}\n`);
      while (ingest.records.length < from + some.length) await new Promise(setImmediate);
    }
    await ingest.arrived(DATAGRAMS.length);
    expect(faultsInOrder(linesOf(ingest.records), DATAGRAMS)).toEqual([]);
    checkParsed(ingest.records, DATAGRAMS, name.includes("structured"));
  });

  it.each([
    ["RFC 3164, lines", ["--rfc3164"]],
    ["RFC 5424, lines", ["--rfc5424"]],
    ["RFC 5424, counted octets", ["--rfc5424", "--octet-count"]],
    ["RFC 5424 with structured data, counted", ["--rfc5424", "--octet-count", ...SD]],
  ] as const)("sends every line whole, once and in order by TCP, %s", async (name, options) => {
    await using ingest = await openShipperIngest({ syslog: [{ protocol: "tcp" }] });
    const [port = 0] = ingest.ports("syslog");
    await runShipper("logger", to(port, "--tcp", options), `${LINES.join("\n")}\n`);
    await ingest.arrived(LINES.length);
    expect(faultsInOrder(linesOf(ingest.records), LINES)).toEqual([]);
    checkParsed(ingest.records, LINES, name.includes("structured"));
  });

  function to(port: number, transport: string, options: readonly string[]): string[] {
    return [
      ...["--server", "127.0.0.1", "--port", String(port), transport, "--size", "65000"],
      ...["--tag", "fachverfahren", "--id=4711", "--priority", "auth.warning", ...options],
    ];
  }

  function checkParsed(
    records: Parameters<typeof parseAll>[0],
    sent: readonly string[],
    hasData: boolean,
  ): void {
    const events = parseAll(records);
    expect(
      faultsOf(
        events.map(({ record }) => String(record.message)),
        sent,
      ),
    ).toEqual([]);
    expect(events[0]?.record).toMatchObject({
      program: "fachverfahren",
      pid: "4711",
      facility: "auth",
      severity: "warning",
    });
    if (!hasData) return;
    expect(JSON.stringify(events[0]?.record)).toContain('Ordnungsamt \\"Süd\\"');
  }
});
