// Lines of a FortiGate firewall (FortiOS 7.4 log reference): key=value, text values in quotes.
// Countries of documentation addresses are unknown to the device, so they read "Reserved".
import type { World } from "../world.ts";

type Fields = Readonly<Record<string, string | number>>;

/** Keys whose values FortiOS writes without quotes although they are text. */
const BARE = new Set([
  "date",
  "time",
  "srcip",
  "dstip",
  "transip",
  "remip",
  "tunnelip",
  "eventtime",
]);

/** Gives out one line; `fields` start with `logid`, `type`, `subtype`, `level`. */
export function firewallLine(world: World, time: number, fields: Fields): void {
  const { name, serial } = world.county.firewall;
  const at = Math.round(time);
  world.emit({
    kind: "line",
    time: at,
    source: "firewall",
    stream: serial,
    line: (position) => {
      const local = new Date(at + world.utcOffsetMs).toISOString();
      const nanoseconds = `${at}${String(position % 1_000_000).padStart(6, "0")}`;
      const head = `date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="${name}" devid="${serial}" eventtime=${nanoseconds} tz="${zone(world.utcOffsetMs)}"`;
      let line = head;
      for (const [key, value] of Object.entries(fields)) {
        line +=
          typeof value === "number" || BARE.has(key) ? ` ${key}=${value}` : ` ${key}="${value}"`;
        if (key === "level") line += ' vd="root"';
      }
      return line;
    },
  });
}

export interface Session {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly sourcePort?: number;
  readonly service?: string;
  readonly action?: "close" | "accept" | "deny" | "timeout" | "client-rst";
  readonly direction?: "outgoing" | "incoming" | "internal";
  readonly sent?: number;
  readonly received?: number;
  readonly durationSeconds?: number;
  readonly application?: string;
}

const SERVICES: Readonly<Record<number, string>> = {
  22: "SSH",
  25: "SMTP",
  53: "DNS",
  80: "HTTP",
  88: "KERBEROS",
  123: "NTP",
  135: "DCE-RPC",
  389: "LDAP",
  443: "HTTPS",
  445: "SMB",
  3389: "RDP",
  5985: "tcp/5985",
};

/** A traffic record, written when the session ends. */
export function traffic(world: World, time: number, session: Session): void {
  const { random, county } = world;
  const direction = session.direction ?? "outgoing";
  const [inside, outside] =
    direction === "outgoing"
      ? ["lan", "wan"]
      : direction === "incoming"
        ? ["wan", "dmz"]
        : ["lan", "server"];
  const denied = session.action === "deny";
  const sent = session.sent ?? random.int(400, 9000);
  const received = denied ? 0 : (session.received ?? random.int(600, 90_000));
  firewallLine(world, time, {
    logid: denied ? "0001000014" : "0000000013",
    type: "traffic",
    subtype: "forward",
    level: denied ? "warning" : "notice",
    srcip: session.from,
    srcport: session.sourcePort ?? random.int(49152, 65535),
    srcintf: inside === "wan" ? "wan1" : inside,
    srcintfrole: inside === "wan" ? "wan" : "lan",
    dstip: session.to,
    dstport: session.port,
    dstintf: outside === "wan" ? "wan1" : outside,
    dstintfrole: outside === "wan" ? "wan" : "lan",
    srccountry: "Reserved",
    dstcountry: "Reserved",
    sessionid: random.int(10_000_000, 99_999_999),
    proto: session.port === 53 || session.port === 123 ? 17 : 6,
    action: session.action ?? "close",
    policyid: denied ? 0 : 10 + (session.port % 40),
    policytype: "policy",
    service: session.service ?? SERVICES[session.port] ?? `tcp/${session.port}`,
    trandisp: direction === "outgoing" ? "snat" : "noop",
    ...(direction === "outgoing"
      ? { transip: county.publicAddress, transport: random.int(1024, 65535) }
      : {}),
    ...(session.application === undefined ? {} : { app: session.application }),
    appcat: "unscanned",
    duration: session.durationSeconds ?? random.int(1, 180),
    sentbyte: denied ? 0 : sent,
    rcvdbyte: received,
    sentpkt: denied ? 0 : Math.ceil(sent / 900),
    rcvdpkt: Math.ceil(received / 1200),
  });
}

/** A request that the web filter saw. */
export function webFilter(
  world: World,
  time: number,
  options: {
    user: string;
    from: string;
    to: string;
    host: string;
    url: string;
    category: string;
    blocked?: boolean;
  },
): void {
  const blocked = options.blocked === true;
  firewallLine(world, time, {
    logid: blocked ? "0316013056" : "0317013312",
    type: "utm",
    subtype: "webfilter",
    level: blocked ? "warning" : "notice",
    eventtype: blocked ? "ftgd_blk" : "ftgd_allow",
    policyid: 23,
    sessionid: world.random.int(10_000_000, 99_999_999),
    user: options.user,
    srcip: options.from,
    srcport: world.random.int(49152, 65535),
    srcintf: "lan",
    srcintfrole: "lan",
    dstip: options.to,
    dstport: 443,
    dstintf: "wan1",
    dstintfrole: "wan",
    proto: 6,
    service: "HTTPS",
    hostname: options.host,
    profile: "verwaltung",
    action: blocked ? "blocked" : "passthrough",
    reqtype: "direct",
    url: options.url,
    sentbyte: world.random.int(300, 2500),
    rcvdbyte: blocked ? 0 : world.random.int(1000, 60_000),
    direction: "outgoing",
    msg: blocked
      ? "URL belongs to a denied category in policy"
      : "URL belongs to an allowed category in policy",
    ratemethod: "domain",
    cat: blocked ? 26 : 52,
    catdesc: options.category,
  });
}

/** A tunnel of the SSL VPN: up, down or a failed log-in. */
export function vpn(
  world: World,
  time: number,
  options: {
    kind: "up" | "down" | "fail";
    user: string;
    from: string;
    tunnel: string;
    reason?: string;
    seconds?: number;
    sent?: number;
  },
): void {
  const { kind } = options;
  const up = kind === "up";
  firewallLine(world, time, {
    logid: up ? "0101039947" : kind === "down" ? "0101039948" : "0101039426",
    type: "event",
    subtype: "vpn",
    level: kind === "fail" ? "alert" : "information",
    logdesc: up
      ? "SSL VPN tunnel up"
      : kind === "down"
        ? "SSL VPN tunnel down"
        : "SSL VPN login fail",
    action: up ? "tunnel-up" : kind === "down" ? "tunnel-down" : "ssl-login-fail",
    tunneltype: kind === "fail" ? "ssl-web" : "ssl-tunnel",
    tunnelid: world.random.int(1e8, 2e9),
    remip: options.from,
    ...(kind === "fail" ? {} : { tunnelip: options.tunnel }),
    user: options.user,
    group: kind === "fail" ? "N/A" : "GG_VPN_Telearbeit",
    dst_host: "N/A",
    reason: options.reason ?? (up ? "tunnel established" : "N/A"),
    ...(kind === "down"
      ? {
          duration: options.seconds ?? 3600,
          sentbyte: options.sent ?? 4_000_000,
          rcvdbyte: world.random.int(1e6, 4e7),
        }
      : {}),
    msg: up
      ? "SSL tunnel established"
      : kind === "down"
        ? "SSL tunnel shutdown"
        : "SSL user failed to logged in",
  });
}

/** An attack signature that the intrusion prevention saw. */
export function intrusionPrevention(
  world: World,
  time: number,
  options: {
    from: string;
    to: string;
    port: number;
    attack: string;
    id: number;
    severity: "info" | "low" | "medium" | "high";
    dropped: boolean;
  },
): void {
  firewallLine(world, time, {
    logid: "0419016384",
    type: "utm",
    subtype: "ips",
    level: "alert",
    eventtype: "signature",
    severity: options.severity,
    srcip: options.from,
    srccountry: "Reserved",
    dstip: options.to,
    srcintf: "wan1",
    srcintfrole: "wan",
    dstintf: "dmz",
    dstintfrole: "dmz",
    sessionid: world.random.int(10_000_000, 99_999_999),
    action: options.dropped ? "dropped" : "detected",
    proto: 6,
    service: options.port === 443 ? "HTTPS" : "HTTP",
    policyid: 31,
    attack: options.attack,
    srcport: world.random.int(1024, 65535),
    dstport: options.port,
    direction: "outgoing",
    attackid: options.id,
    profile: "schutz-dmz",
    incidentserialno: world.random.int(1e7, 9e7),
    msg: `web_misc: ${options.attack}`,
  });
}

function zone(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
