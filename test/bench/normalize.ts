// How fast lines become events, for each format, in CPU time of this process: events and megabytes per
// CPU-second, and for flat Windows JSON the cost beside `JSON.parse` of the same bytes.

import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import {
  createNormalizer,
  eventOrThrow,
  type ReceivedRecord,
} from "../../services/normalize/normalizer.ts";
import { printFigure } from "./figure.ts";

const LINES = 20_000;
const ROUNDS = 7;

/** Makes the n-th line of a format; numbers vary, so that no cache can help. */
const MAKERS: Readonly<Record<string, (n: number) => string>> = {
  "windows-flat": (n) => JSON.stringify({ ...header(n), ...eventData(n) }),
  winlogbeat: (n) =>
    JSON.stringify({
      "@timestamp": "2026-11-21T04:38:16.123Z",
      ecs: { version: "8.0.0" },
      host: { name: `pc${n % 900}` },
      event: { code: "1", kind: "event", provider: "Microsoft-Windows-Sysmon" },
      winlog: {
        event_id: "1",
        channel: "Microsoft-Windows-Sysmon/Operational",
        computer_name: `pc${n % 900}`,
        record_id: n,
        event_data: eventData(n),
      },
    }),
  "windows-xml": (n) => {
    const data = Object.entries(eventData(n));
    const xml = data
      .map(([name, value]) => `<Data Name='${name}'>${escaped(value)}</Data>`)
      .join("");
    return `<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2026-11-21T04:38:16.1234567Z'/><EventRecordID>${n}</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc${n % 900}</Computer></System><EventData>${xml}</EventData></Event>`;
  },
  auditd: (n) =>
    `type=SYSCALL msg=audit(17952358${n % 90}.123:${n}): arch=c000003e syscall=59 success=yes exit=0 a0=${n.toString(16)} ppid=812 pid=${n} auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=4 comm="curl" exe="/usr/bin/curl" key="exec"`,
  "linux-auth": (n) =>
    `Nov 21 05:38:${10 + (n % 50)} web01 sshd[${n}]: Failed password for invalid user u${n} from 192.0.2.${n % 255} port ${1024 + (n % 60_000)} ssh2`,
  syslog: (n) =>
    `<134>1 2026-11-21T04:38:16.003Z sw01 link ${n} ID47 [x@1 port="${n}"] port ${n} changed its state to up`,
  "web-access": (n) =>
    `192.0.2.${n % 255} - - [21/Nov/2026:05:38:16 +0100] "GET /a/${n}.php?id=${n} HTTP/1.1" 200 ${n} "https://example.org/" "Mozilla/5.0 (X11; Linux x86_64)"`,
  fortigate: (n) =>
    `date=2026-11-21 time=05:38:16 devname="FW-KH-01" devid="FG100FTK20000001" eventtime=1795235896123456789 tz="+0100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.${n % 255} srcport=${n % 60_000} srcintf="lan" dstip=192.0.2.7 dstport=443 dstintf="wan1" sessionid=${n} proto=6 action="close" policyid=17 service="HTTPS" duration=12 sentbyte=${n} rcvdbyte=3400`,
  cef: (n) =>
    `<134>Nov 21 05:38:16 mail01 CEF:0|Vendor|Mail|1|200|Rejected|3|src=10.1.2.${n % 255} spt=${n} dst=192.0.2.7 suser=u${n} act=blocked and cleaned msg=a message of some words request=http://x.example/?a=${n}`,
};

for (const [format, make] of Object.entries(MAKERS)) benchFormat(format, make);

function benchFormat(format: string, make: (n: number) => string): void {
  const texts = Array.from({ length: LINES }, (_, n) => make(n));
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const records = texts.map((text, n) => recordOf(text, n));
  const parse = fastest(() => parseAll(records, format));
  printFigure("normalize.events_per_cpu_s", LINES / parse, "events/s", { format });
  printFigure("normalize.mb_per_cpu_s", megabytes / parse, "MB/s", { format });
  const withDocument = fastest(() => documentAll(records));
  printFigure("normalize.documents_per_cpu_s", LINES / withDocument, "events/s", { format });
  if (format !== "windows-flat") return;
  let checksum = 0;
  const plain = fastest(() => {
    for (const text of texts) checksum += Object.keys(JSON.parse(text)).length;
  });
  printFigure("normalize.parse_over_json_parse", parse / plain, "ratio", { format, checksum });
}

function parseAll(records: readonly ReceivedRecord[], format: string): void {
  const normalizer = createNormalizer({ mappings: [] });
  for (const record of records) {
    const result = eventOrThrow(normalizer.normalize(record, "bench"));
    if (result.format.id !== format) throw new Error(`${result.format.id} instead of ${format}`);
  }
}

function documentAll(records: readonly ReceivedRecord[]): void {
  const normalizer = createNormalizer({ mappings: [] });
  for (const record of records) {
    const result = eventOrThrow(normalizer.normalize(record, "bench"));
    ecsDocument(result.event, result.format);
  }
}

/** CPU-seconds of the fastest round: the one that was disturbed least. */
function fastest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

function recordOf(text: string, n: number): ReceivedRecord {
  return {
    id: String(n),
    idFromSender: false,
    source: "bench",
    timeZone: "Europe/Berlin",
    receivedAt: Date.UTC(2026, 10, 21, 5),
    text,
  };
}

function header(n: number): Readonly<Record<string, unknown>> {
  return {
    Provider_Name: "Microsoft-Windows-Sysmon",
    EventID: 1,
    Version: 5,
    Level: 4,
    Task: 1,
    Keywords: "0x8000000000000000",
    TimeCreated_SystemTime: "2026-11-21T04:38:16.649150Z",
    EventRecordID: n,
    Channel: "Microsoft-Windows-Sysmon/Operational",
    Computer: `pc${n % 900}`,
  };
}

function eventData(n: number): Readonly<Record<string, string>> {
  return {
    RuleName: "-",
    UtcTime: "2026-11-21 04:38:16.632",
    ProcessGuid: `{0197231E-9BE6-6934-5301-${String(n).padStart(12, "0")}}`,
    ProcessId: String(n % 65_000),
    Image: "C:\\Windows\\System32\\cmd.exe",
    FileVersion: "10.0.26100.2454 (WinBuild.160101.0800)",
    Description: "Windows Command Processor",
    Product: "Microsoft® Windows® Operating System",
    Company: "Microsoft Corporation",
    OriginalFileName: "Cmd.Exe",
    CommandLine: `C:\\WINDOWS\\system32\\cmd.exe /d /s /c "whoami ${n}"`,
    CurrentDirectory: "C:\\Users\\mmueller\\",
    User: "KREIS\\mmueller",
    IntegrityLevel: "Medium",
    Hashes: `MD5=352B525E9C26CB92693899528FE007C2,SHA256=${"1F".repeat(32)}`,
    ParentProcessId: "1092",
    ParentImage: "C:\\Windows\\explorer.exe",
    ParentCommandLine: "C:\\Windows\\explorer.exe /factory",
    ParentUser: "KREIS\\mmueller",
  };
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
