// Sophos UTM 9 (formerly Astaro): lines of its programs with `id="2001" … key="value"` behind a header with
// a time of its own, `2026:11:21-05:38:16 utm-01 ulogd[4567]:`.

import { AppError } from "../../../config/errors.ts";
import { textOf } from "../document.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import { type Format, type ParseContext, SURE } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { readPairs } from "../key-values.ts";
import { lookup } from "../lookup.ts";
import { isoTime } from "../time-text.ts";
import { deviceDocument } from "./device-document.ts";
import {
  type DeviceMeaning,
  type DeviceMessage,
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  verdictOf,
} from "./device-messages.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "observer.name": ["host"],
  "process.name": ["program"],
  "process.pid": ["pid"],
  "event.code": ["id"],
  "event.action": ["action", "event"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason", "error"],
  "source.ip": ["srcip"],
  "source.port": ["srcport"],
  "source.mac": ["srcmac"],
  "destination.ip": ["dstip"],
  "destination.port": ["dstport"],
  "destination.mac": ["dstmac"],
  "network.iana_number": ["proto"],
  "network.protocol": ["app"],
  "observer.ingress.interface.name": ["initf"],
  "observer.egress.interface.name": ["outitf"],
  "rule.id": ["fwrule", "sid"],
  "rule.name": ["threatname", "virus"],
  "service.name": ["caller"],
  "user.name": ["user", "username"],
  "user.domain": ["ad_domain"],
  "group.name": ["group"],
  "url.original": ["url"],
  "http.request.method": ["method"],
  "http.response.status_code": ["statuscode"],
  "http.request.referrer": ["referer"],
  "user_agent.original": ["ua"],
  "log.level": ["severity"],
  message: ["name", "message"],
};

/** Lines of Sophos UTM. */
export const sophosUtm: Format = {
  id: "sophos-utm",
  title: "Sophos UTM",
  reads: "text",
  shape: {
    ...flatShape({
      id: "sophos-utm",
      family: "firewall",
      ecs: ECS,
      aliases: {
        src_ip: ["srcip"],
        src_port: ["srcport"],
        dst_ip: ["dstip"],
        dst_port: ["dstport"],
        username: ["user", "username"],
        "c-uri": ["url"],
        "cs-method": ["method"],
        "c-useragent": ["ua"],
        "cs-referrer": ["referer"],
        "sc-status": ["statuscode"],
        Signature: ["virus", "threatname"],
      },
    }),
    logsource: { product: "sophos" },
  },
  dataClass: "network",
  mayClaim: ({ line, content }) => /\d/.test(line + content),
  sniff: (line, json) => (json === undefined && headOf(line) !== undefined ? SURE : 0),
  parse: (line, context) => {
    const head = headOf(line);
    if (head === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no UTM line: `2026:11:21-05:38:16 host program:` expected",
      );
    }
    const record: Record<string, unknown> = { host: head.host, program: head.program };
    if (head.pid !== undefined) record.pid = head.pid;
    if (/^(?:\w+: )?id="\d/.test(head.message.slice(0, 40))) {
      readPairs(head.message, 0, true, (key, value) => {
        if (key !== "" && value !== "") setField(record, OWN.has(key) ? `${key}_` : key, value);
      });
    } else {
      record.message = head.message;
      readDeviceMessage(head.message, SENTENCES, record);
    }
    Object.assign(record, meaningOf(record));
    return { record, time: timeOf(head, context), identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "sophos-utm",
      ecs: ECS,
      vendor: "Sophos",
      product: "UTM",
      type: "firewall",
    }),
};

const OWN: ReadonlySet<string> = new Set(["host", "program", "pid", "kind", "phase", "blocked"]);

interface Head {
  readonly date: string;
  readonly clock: string;
  readonly host: string;
  readonly program: string;
  readonly pid: string | undefined;
  readonly message: string;
}

const HEAD =
  /^(\d{4}:\d\d:\d\d)-(\d\d:\d\d:\d\d) ([\w.-]{1,255}) ([\w./-]{1,64})(?:\[(\d{1,10})\])?: /;

function headOf(line: string): Head | undefined {
  const first = line.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  // The time stands at the beginning, behind a priority, or behind a relay's header.
  const content = isDigit && line[4] === ":" ? line : contentOf(line)?.content;
  if (content === undefined || content[4] !== ":") return undefined;
  const match = HEAD.exec(content.slice(0, 400));
  if (match === null) return undefined;
  const [whole, date = "", clock = "", host = "", program = "", pid] = match;
  return { date, clock, host, program, pid, message: content.slice(whole.length).trim() };
}

function timeOf({ date, clock }: Head, context: ParseContext): number | undefined {
  return isoTime(`${date.replaceAll(":", "-")}T${clock}`, context);
}

// The shell's and the web administration's own lines.
const SENTENCES: readonly DeviceMessage[] = [
  {
    pattern:
      /^Accepted [\w/-]{1,40} for (?<user>[\w.@\\-]{1,128}) from (?<srcip>[\da-fA-F.:]{2,45}) port (?<srcport>\d{1,5})/,
    meaning: SIGNED_IN,
  },
  {
    pattern:
      /^Failed [\w/-]{1,40} for (?:invalid user )?(?<user>[\w.@\\-]{1,128}) from (?<srcip>[\da-fA-F.:]{2,45}) port (?<srcport>\d{1,5})/,
    meaning: SIGN_IN_FAILED,
  },
];

const KINDS: Readonly<Record<string, DeviceMeaning["kind"]>> = {
  packetfilter: "traffic",
  http: "web",
  reverseproxy: "web",
  ips: "threat",
  atp: "threat",
  smtp: "email",
  pop3: "email",
  auth: "authentication",
};

function meaningOf(record: Readonly<Record<string, unknown>>): DeviceMeaning {
  if (record.id === undefined) return {};
  const sub = textOf(record.sub);
  const name = textOf(record.name);
  const event = textOf(record.event);
  if (sub === "auth") {
    const isFailed = /fail|denied/i.test(name);
    return isFailed ? SIGN_IN_FAILED : SIGNED_IN;
  }
  if (sub === "vpn") {
    const isEnd = /terminated|closed/i.test(event);
    return {
      kind: "vpn",
      action: isEnd ? "session-end" : "session-start",
      phase: isEnd ? "end" : "start",
    };
  }
  if (record.virus !== undefined) return { kind: "malware", ...verdictOf(textOf(record.action)) };
  const kind = record.threatname === undefined ? (lookup(KINDS, sub) ?? "system") : "threat";
  return { kind, ...verdictOf(textOf(record.action)) };
}
