import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsInOrder, faultsOf, lineIn } from "../../support/awkward-lines.ts";
import { KEY, openShipperIngest, parseAll } from "../../support/shipper-ingest.ts";
import {
  fetchShippers,
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
const CERTIFICATES = `DefaultNetstreamDriverCAFile="${tlsFile("ca.pem")}"
  DefaultNetstreamDriverCertFile="${tlsFile("client-web.pem")}"
  DefaultNetstreamDriverKeyFile="${tlsFile("client-web.key")}"`;
const RETRY = 'action.resumeRetryCount="-1" action.resumeInterval="1"';
// The queue is the ruleset's: with a queue of its own an action of rsyslog 8.2302 loses one line whenever it
// is resumed. What overflows to a file is sent beside what is in memory: nothing is lost, but lines come out
// of order.
const FILE_QUEUE = 'queue.type="LinkedList" queue.filename="heidewacht" queue.saveOnShutdown="on"';
const MEMORY_QUEUE = 'queue.type="LinkedList"';
const FORMAT = 'template="RSYSLOG_SyslogProtocol23Format"';

beforeAll(fetchShippers);

type Folder = ReturnType<typeof shipperFolder>;

/** rsyslog reading `in.log` of the folder, whose lines go to one action. */
function startRsyslog(folder: Folder, queue: string, action: string): Shipper {
  const config = folder.write(
    "rsyslog.conf",
    `global(workDirectory="${folder.path}" maxMessageSize="128k"
  ${CERTIFICATES})
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omrelp")
module(load="omelasticsearch")
template(name="zeit" type="string" string="%timereported:::date-rfc3339%")
template(name="kennung" type="string" string="%$.id%")
template(name="dokument" type="string" string="%$!all-json-plain%")
ruleset(name="out" ${queue}) {
${action}
}
input(type="imfile" file="${folder.path}/in.log" tag="fachverfahren:" ruleset="out")
`,
  );
  return startShipper("rsyslogd", ["-f", config, "-i", `${folder.path}/pid`]);
}

const linesOf = (records: readonly { text: string }[]): string[] =>
  records.map(({ text }) => lineIn(text));

describe("rsyslog with omfwd and omrelp", () => {
  const omfwd = (port: number, more = "") =>
    `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp"
      TCP_Framing="octet-counted" ${FORMAT} ${RETRY} ${more})`;
  const gtls = `StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name"
    StreamDriverPermittedPeers="localhost"`;
  const omrelp = (port: number, more = "") =>
    `action(type="omrelp" target="127.0.0.1" port="${port}" ${FORMAT} ${RETRY} ${more})`;
  const relpTls = `tls="on" tls.caCert="${tlsFile("ca.pem")}" tls.myCert="${tlsFile("client-web.pem")}"
    tls.myPrivKey="${tlsFile("client-web.key")}" tls.authMode="name" tls.permittedPeer=["localhost"]`;

  const WAYS = [
    ["TCP with counted octets", "syslog", { protocol: "tcp" }, omfwd, ""],
    ["TLS", "syslog", { protocol: "tls", tls: TLS }, omfwd, gtls],
    ["RELP", "relp", {}, omrelp, ""],
    ["RELP in TLS", "relp", { tls: TLS }, omrelp, relpTls],
  ] as const;
  // librelp takes 4 ms for each line that it sends by TLS.
  const linesFor = (more: string) => (more === relpTls ? LINES.slice(0, 1000) : LINES);

  it.each(WAYS)("sends every line whole, once and in order by %s", async (...way) => {
    const [, kind, settings, action, more] = way;
    const lines = linesFor(more);
    await using ingest = await openShipperIngest({ [kind]: [settings] });
    using folder = shipperFolder();
    folder.write("in.log", `${lines.join("\n")}\n`);
    const [port = 0] = ingest.ports(kind);
    await using rsyslog = startRsyslog(folder, MEMORY_QUEUE, action(port, more));
    await ingest.arrived(lines.length);
    expect(faultsInOrder(linesOf(ingest.records), lines), rsyslog.output()).toEqual([]);
    expect(await ingest.counted("rejected")).toBe(0);
    const events = parseAll(ingest.records);
    expect(events.filter(({ format }) => format !== "syslog")).toEqual([]);
    expect(
      faultsInOrder(
        events.map(({ record }) => String(record.message)),
        lines,
      ),
    ).toEqual([]);
    expect(events[0]?.record).toMatchObject({ program: "fachverfahren", severity: "notice" });
  });

  it.each(WAYS)("sends every line whole and once by %s from a queue on disk", async (...way) => {
    const [, kind, settings, action, more] = way;
    const lines = linesFor(more);
    await using ingest = await openShipperIngest({ [kind]: [settings] });
    using folder = shipperFolder();
    folder.write("in.log", `${lines.join("\n")}\n`);
    const [port = 0] = ingest.ports(kind);
    await using rsyslog = startRsyslog(folder, FILE_QUEUE, action(port, more));
    await ingest.arrived(lines.length);
    expect(faultsOf(linesOf(ingest.records), lines), rsyslog.output()).toEqual([]);
  });

  it("loses nothing by RELP when our side is restarted in the middle", async () => {
    await using ingest = await openShipperIngest({ relp: [{}] });
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    const [port = 0] = ingest.ports("relp");
    await using rsyslog = startRsyslog(folder, FILE_QUEUE, omrelp(port));
    while (ingest.records.length < 100) await sleep(1);
    await ingest.stop();
    expect(ingest.records.length).toBeLessThan(LINES.length);
    await sleep(1500);
    await ingest.start();
    const distinct = () => new Set(linesOf(ingest.records));
    while (distinct().size < LINES.length) await sleep(50);
    expect(faultsOf([...distinct()], LINES), rsyslog.output()).toEqual([]);
  });
});

describe("rsyslog with omelasticsearch", () => {
  // The ruleset of docs/absender.md: what our side refuses for now comes back to the same action.
  const action = (url: string, folder: Folder) => `
  if strlen($.omes!status) > 0 then {
    set $.id = $.omes!_id;
  } else {
    set $.id = $uuid;
    set $!@timestamp = exec_template("zeit");
    set $!message = $msg;
    set $!host!name = $hostname;
    set $!process!name = $programname;
  }
  action(type="omelasticsearch" server="127.0.0.1" serverport="${new URL(url).port}"
    uid="${KEY.id}" pwd="${KEY.key}" searchType="" searchIndex="logs" template="dokument"
    bulkmode="on" writeoperation="create" dynbulkid="on" bulkid="kennung" errorfile="${folder.path}/errors.json"
    retryfailures="on" retryruleset="out" ratelimit.interval="0" ${RETRY})`;
  const messagesOf = (records: readonly { text: string }[]): string[] =>
    records.map(({ text }) => String(JSON.parse(text).message));
  /** Records by the id that rsyslog gave them: what comes again has the same one. */
  const byId = <One extends { id: string }>(records: readonly One[]): One[] => [
    ...new Map(records.map((one) => [one.id, one])).values(),
  ];

  it("sends every line whole and once", async () => {
    await using ingest = await openShipperIngest();
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    await using rsyslog = startRsyslog(folder, FILE_QUEUE, action(ingest.url, folder));
    await ingest.arrived(LINES.length);
    expect(faultsOf(messagesOf(ingest.records), LINES), rsyslog.output()).toEqual([]);
    expect(ingest.records.every(({ idFromSender }) => idFromSender)).toBe(true);
    const events = parseAll(ingest.records);
    expect(
      faultsOf(
        events.map(({ record }) => String(record.message)),
        LINES,
      ),
    ).toEqual([]);
  });

  it("repeats what a full queue refused until it is taken", async () => {
    await using ingest = await openShipperIngest({}, { retryAfterSeconds: 1 }, 100_000);
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    const full = ingest.fill();
    await using rsyslog = startRsyslog(folder, FILE_QUEUE, action(ingest.url, folder));
    await full;
    await sleep(3000);
    ingest.drain();
    while (byId(ingest.records).length < LINES.length) await sleep(50);
    expect(faultsOf(messagesOf(byId(ingest.records)), LINES), rsyslog.output()).toEqual([]);
  });

  it("loses nothing when our side is restarted in the middle", async () => {
    await using ingest = await openShipperIngest();
    using folder = shipperFolder();
    folder.write("in.log", `${LINES.join("\n")}\n`);
    await using rsyslog = startRsyslog(folder, FILE_QUEUE, action(ingest.url, folder));
    while (ingest.records.length < 100) await sleep(1);
    await ingest.stop();
    expect(byId(ingest.records).length).toBeLessThan(LINES.length);
    await sleep(1500);
    await ingest.start();
    while (byId(ingest.records).length < LINES.length) await sleep(50);
    expect(faultsOf(messagesOf(byId(ingest.records)), LINES), rsyslog.output()).toEqual([]);
  });
});
