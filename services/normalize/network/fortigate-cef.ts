// FortiGate firewalls that are set to CEF (FortiOS Log Message Reference, "CEF Support"): the same fields
// under the names of CEF and with the prefix FTNTFGT. They get their own names back, so that the same rules
// and the same documents come of both.

import { AppError } from "../../../config/errors.ts";
import { textOf } from "../document.ts";
import { setField } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { cef } from "../generic/cef.ts";
import { contentOf } from "../generic/syslog.ts";
import { epochTime } from "../time-text.ts";
import { addVerdict, fortigate } from "./fortigate.ts";

/** FortiGate's lines in CEF. */
export const fortigateCef: Format = {
  ...fortigate,
  id: "fortigate-cef",
  title: "Fortinet FortiGate in CEF",
  sniff: (line, json) => (json === undefined && isFortigate(line) ? SURE : 0),
  parse: (line, context) => {
    if (!isFortigate(line)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no FortiGate line: `CEF:0|Fortinet|Fortigate|` expected",
      );
    }
    const { record: sent, time } = cef.parse(line, context, undefined);
    const record: Record<string, unknown> = {};
    const others: string[] = [];
    for (const key in sent) {
      const own = prefixed(key);
      if (own === undefined) others.push(key);
      else setField(record, own, sent[key]);
    }
    for (const key of others) {
      const own = NAMES.get(key);
      if (own === undefined) {
        if (!HEADER.has(key)) setField(record, key, sent[key]);
      } else if (record[own] === undefined) record[own] = sent[key];
    }
    addKind(record, sent);
    addVerdict(record);
    const exact = /^\d{9,20}$/.test(textOf(record.eventtime))
      ? epochTime(Number(record.eventtime))
      : undefined;
    return { record, time: exact ?? time, identity: undefined };
  },
};

const HEAD = /(?:^|[ >])CEF: ?\d{1,3}\|Fortinet\|Forti[Gg]ate(?:-[\w-]{1,32})?\|/;
const HEAD_CHARACTERS = 300;

function isFortigate(line: string): boolean {
  const head = line.slice(0, HEAD_CHARACTERS);
  if (!head.includes("|Fortinet|Forti")) return false;
  return HEAD.test(head) && (line.startsWith("CEF:") || contentOf(line) !== undefined);
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
    host: "devname",
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
    "Policy Id": "policyid",
  }),
);
const HEADER: ReadonlySet<string> = new Set([
  "deviceVendor",
  "deviceProduct",
  "deviceVersion",
  "deviceEventClassId",
  "name",
  "severity",
  "cat",
  "cs5",
  "cs5Label",
]);

// The prefix stands before all names that CEF does not have; FortiAnalyzer writes `ad.`.
function prefixed(key: string): string | undefined {
  if (key.startsWith("FTNTFGT") && key.length > 7) return key.slice(7);
  return key.startsWith("ad.") && key.length > 3 ? key.slice(3) : undefined;
}

// `cat=event:system` holds type and subtype; the header's name does where cat is missing.
function addKind(record: Record<string, unknown>, sent: Readonly<Record<string, unknown>>): void {
  const kind = textOf(sent.cat).includes(":") ? textOf(sent.cat) : textOf(sent.name);
  const [type, subtype] = kind.split(/[: ]/, 2);
  record.type ??= type;
  record.subtype ??= subtype;
  if (sent.deviceVersion !== undefined) record.version = sent.deviceVersion;
}
