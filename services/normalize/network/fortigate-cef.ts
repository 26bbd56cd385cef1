// FortiGate firewalls that are set to CEF (FortiOS Log Message Reference, "CEF Support"): the same fields
// under the names of CEF and with the prefix FTNTFGT. They get their own names back, so that the same rules
// and the same documents come of both.

import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { readCef } from "../generic/cef.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { timeOf } from "../time-text.ts";
import { addVerdict, fortigate } from "./fortigate.ts";

/** FortiGate's lines in CEF. */
export const fortigateCef: Format = {
  ...fortigate,
  id: "fortigate-cef",
  title: "Fortinet FortiGate in CEF",
  mayClaim: ({ line, isFramed }) => isFramed || line === "C",
  sniff: (line, json) => (json === undefined && isFortigate(line) ? SURE : 0),
  parse: (line, context) => {
    if (!isFortigate(line)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no FortiGate line: `CEF:0|Fortinet|Fortigate|` expected",
      );
    }
    const record: Record<string, unknown> = {};
    const head: Head = { cat: "", name: "", rt: "" };
    readCef(line, (key, value) => {
      if (key.startsWith("FTNTFGT")) setField(record, key.slice(7), value);
      else if (key.startsWith("ad.")) setField(record, key.slice(3), value);
      else addCommon(record, head, key, value);
    });
    const frame = contentOf(line);
    record.devname ??= frame?.host;
    addKind(record, head);
    addVerdict(record);
    const received = frame === undefined ? undefined : frameTime(frame, context);
    const time = timeOf(record.eventtime) ?? timeOf(head.rt) ?? received;
    return { record, time, identity: undefined };
  },
};

/** What is not kept as it stands. */
interface Head {
  cat: string;
  name: string;
  rt: string;
}

// The prefix stands before all names that CEF does not have; FortiAnalyzer writes `ad.`.
function addCommon(record: Record<string, unknown>, head: Head, key: string, value: string): void {
  if (key === "cat" || key === "name" || key === "rt") head[key] = value;
  else if (key === "cs5Label" && value === "Policy Id") {
    record.policyid ??= record.cs5;
    delete record.cs5;
  } else if (!HEADER.has(key)) {
    const own = NAMES.get(key);
    if (own === undefined) setField(record, key, value);
    else record[own] ??= value;
  }
}

const HEAD = /CEF: ?\d{1,3}\|Fortinet\|Forti[Gg]ate(?:-[\w-]{1,32})?\|/y;
const HEAD_CHARACTERS = 300;

function isFortigate(line: string): boolean {
  const start = line.startsWith("CEF:") ? 0 : line.slice(0, HEAD_CHARACTERS).indexOf(" CEF:") + 1;
  HEAD.lastIndex = start;
  if (!HEAD.test(line)) return false;
  return start === 0 || contentOf(line) !== undefined;
}

// CEF's name → FortiGate's.
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    src: "srcip",
    shost: "srcname",
    spt: "srcport",
    smac: "srcmac",
    dst: "dstip",
    dhost: "hostname",
    dpt: "dstport",
    dmac: "dstmac",
    deviceInboundInterface: "srcintf",
    deviceOutboundInterface: "dstintf",
    sourceTranslatedAddress: "transip",
    sourceTranslatedPort: "transport",
    deviceExternalId: "devid",
    dvchost: "devname",
    externalId: "sessionid",
    proto: "proto",
    act: "action",
    app: "service",
    outcome: "status",
    out: "sentbyte",
    in: "rcvdbyte",
    request: "url",
    requestClientApplication: "agent",
    requestMethod: "httpmethod",
    fname: "filename",
    sproc: "ui",
    duser: "user",
    suser: "user",
    msg: "msg",
    reason: "reason",
    deviceVersion: "version",
  }),
);
const HEADER: ReadonlySet<string> = new Set([
  "deviceVendor",
  "deviceProduct",
  "deviceEventClassId",
  "severity",
]);

// `cat=event:system` holds type and subtype; the header's name does where cat is missing.
function addKind(record: Record<string, unknown>, head: Head): void {
  const [type, subtype] = (head.cat.includes(":") ? head.cat : head.name).split(/[: ]/, 2);
  record.type ??= type;
  record.subtype ??= subtype;
}
