// What the messages of Cisco ASA and FTD say, by their number (Cisco Secure Firewall ASA Series Syslog
// Messages). Numbers that stand here have their values taken out; of all others account and addresses are
// looked for where these devices usually write them.
import {
  ALLOWED,
  DENIED,
  type DeviceMeaning,
  type DeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "./device-messages.ts";

// An address, or the name that the device's `names` command gives it; an interface; an account.
const ADDRESS = "[\\w.:%-]{1,255}";
const INTERFACE = "[^\\s:/()]{1,64}";
const USER = "(?:LOCAL\\\\)?[^()\\s]{1,128}";
const FROM = `(?<src_interface>${INTERFACE}):(?<src_ip>${ADDRESS})`;
const TO = `(?<dst_interface>${INTERFACE}):(?<dst_ip>${ADDRESS})`;
/** `Group <g> User <u> IP <i>`, `Group = g, Username = u, IP = i`, each of them optional in the middle. */
const SESSION =
  "Group (?:<(?<group>[^>]{0,128})>|= ?(?<group>[^,]{1,128}),) (?:User <(?<user>[^>]{0,128})>|Username = ?(?<user>[^,]{0,128}),) IP (?:<(?<src_ip>[\\w.:]{1,64})>|= ?(?<src_ip>[\\w.:]{1,64}))";

const STARTED: DeviceMeaning = { kind: "vpn", action: "session-start", phase: "start" };
const ENDED: DeviceMeaning = { kind: "vpn", action: "session-end", phase: "end" };
const BUILT: DeviceMeaning = {
  kind: "traffic",
  action: "connection-start",
  outcome: "success",
  phase: "start",
  blocked: "false",
};
const TORN_DOWN: DeviceMeaning = { kind: "traffic", action: "connection-end", phase: "end" };
const COMMAND: DeviceMeaning = {
  kind: "command",
  action: "command",
  outcome: "success",
  phase: "change",
};
const THREAT: DeviceMeaning = { kind: "threat", action: "threat-detection" };

/** Number → its sentences. */
const ASA_MESSAGES: ReadonlyMap<string, readonly DeviceMessage[]> = new Map(
  Object.entries({
    106001: deny(
      `^Inbound (?<protocol>\\S{1,16}) connection denied from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to (?<dst_ip>${ADDRESS})/(?<dst_port>\\d{1,5}) flags (?<tcp_flags>[A-Z ]{0,40}?) {1,3}on interface (?<src_interface>\\S{1,64})`,
    ),
    106006: deny(inbound()),
    106007: deny(inbound()),
    106014: deny(`^Deny inbound (?<protocol>\\S{1,16}) src ${FROM} dst ${TO}`),
    106015: deny(
      `^Deny (?<protocol>\\S{1,16}) \\((?<reason>no connection)\\) from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to (?<dst_ip>${ADDRESS})/(?<dst_port>\\d{1,5}) flags (?<tcp_flags>[A-Z ]{0,40}?) {1,3}on interface (?<src_interface>\\S{1,64})`,
    ),
    106016: deny(
      `^Deny IP spoof from \\((?<src_ip>${ADDRESS})\\) to (?<dst_ip>${ADDRESS}) on interface (?<src_interface>\\S{1,64})`,
    ),
    106017: deny(`^Deny IP due to Land Attack from (?<src_ip>${ADDRESS}) to (?<dst_ip>${ADDRESS})`),
    106021: deny(
      `^Deny (?<protocol>\\S{1,16}) reverse path check from (?<src_ip>${ADDRESS}) to (?<dst_ip>${ADDRESS}) on interface (?<src_interface>\\S{1,64})`,
    ),
    106023: deny(
      `^Deny (?:protocol )?(?<protocol>\\S{1,16}) src ${FROM}(?:/(?<src_port>\\d{1,5}))?(?:\\((?<user>${USER})\\))? dst ${TO}(?:/(?<dst_port>\\d{1,5}))?(?:\\((?<target_user>${USER})\\))? (?:\\(type (?<icmp_type>\\d{1,3}), code (?<icmp_code>\\d{1,3})\\) )?by access-group "(?<rule>[^"]{1,256})"`,
    ),
    106100: accessList("-> ", ALLOWED, DENIED),
    106102: vpnAccessList(),
    106103: vpnAccessList(),
    302013: built(),
    302014: tornDown(),
    302015: built(),
    302016: tornDown(),
    302020: [icmp("Built (?<direction>inbound|outbound) ", BUILT), icmp("Built ", BUILT)],
    302021: [icmp("Teardown ", TORN_DOWN)],
    304001: one(
      `^(?:(?<user>[^\\s@]{1,128})@)?(?<src_ip>${ADDRESS}) Accessed URL (?<dst_ip>[\\w.]{1,64}):(?<url>\\S{1,1500})`,
      { ...ALLOWED, action: "url-access" },
    ),
    305011: translation("Built", "translation-start", "start"),
    305012: translation("Teardown", "translation-end", "end"),
    308001: one(
      `^console enable password incorrect for (?<attempts>\\d{1,6}) tries \\(from (?<src_ip>${ADDRESS})\\)`,
      SIGN_IN_FAILED,
    ),
    313001: deny(
      `^Denied (?<protocol>ICMP) type=(?<icmp_type>\\d{1,3}), code=(?<icmp_code>\\d{1,3}) from (?<src_ip>${ADDRESS}) on interface (?<src_interface>\\S{1,64})`,
    ),
    315011: one(
      `^SSH session from (?<src_ip>${ADDRESS}) on interface (?<src_interface>\\S{1,64}) for user "(?<user>[^"]{0,128})" (?:disconnected by SSH server, reason: "(?<reason>[^"]{0,200})"|terminated)`,
      SIGNED_OUT,
    ),
    400000: one(
      `^IDS:(?<signature>\\d{1,6}) (?<rule>.{1,120}?) from (?<src_ip>${ADDRESS}) to (?<dst_ip>${ADDRESS}) on interface (?<src_interface>\\S{1,64})`,
      THREAT,
    ),
    502101: account("New user added to local dbase:", "user-added", "creation"),
    502102: account("User deleted from local dbase:", "user-deleted", "deletion"),
    502103: account("User priv level changed:", "privilege-changed", "change"),
    605004: login("denied", SIGN_IN_FAILED),
    605005: login("permitted", SIGNED_IN),
    611101: uname("User authentication succeeded", SIGNED_IN),
    611102: uname("User authentication failed", SIGN_IN_FAILED),
    611103: uname("User logged out", SIGNED_OUT),
    109005: cutThrough("succeeded", SIGNED_IN),
    109006: cutThrough("failed", SIGN_IN_FAILED),
    710002: managementAccess("permitted", ALLOWED),
    710003: managementAccess("denied", DENIED),
    710005: one(
      `^(?<protocol>\\S{1,16}) request discarded from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to ${TO}/(?<dst_port>[\\w-]{1,20})`,
      DENIED,
    ),
    111008: one(
      "^User '(?<user>[^']{1,128})' executed the '(?<command>.{1,1500})' command",
      COMMAND,
    ),
    111009: one("^User '(?<user>[^']{1,128})' executed cmd: (?<command>.{1,1500})", COMMAND),
    111010: one(
      `^User '(?<user>[^']{1,128})', running '(?<application>[^']{0,64})' from IP (?<src_ip>${ADDRESS}), executed '(?<command>.{1,1500})'`,
      COMMAND,
    ),
    113004: aaa("Successful", SIGNED_IN),
    113005: aaa("Rejected", SIGN_IN_FAILED),
    113006: one("^User (?<user>\\S{1,128}) (?<reason>locked out on exceeding.{1,100})", {
      ...SIGN_IN_FAILED,
      action: "account-locked",
    }),
    113012: aaa("Successful", SIGNED_IN),
    113015: aaa("Rejected", SIGN_IN_FAILED),
    113019: one(
      `^${SESSION}, Session disconnected\\. Session Type: (?<session_type>[^,]{1,64}), Duration: (?<duration>[^,]{1,32}), Bytes xmt: (?<dst_bytes>\\d{1,15}), Bytes rcv: (?<src_bytes>\\d{1,15}), Reason: (?<reason>.{1,200})`,
      ENDED,
    ),
    113039: one(`^${SESSION} (?<session_type>AnyConnect parent session) started`, {
      ...SIGNED_IN,
      action: "vpn-login",
    }),
    716001: one(`^${SESSION} (?<session_type>WebVPN) session started`, STARTED),
    716002: one(
      `^${SESSION} (?<session_type>WebVPN) session terminated: (?<reason>.{1,200})`,
      ENDED,
    ),
    716038: one(
      `^${SESSION} Authentication: successful, Session Type: (?<session_type>[^.]{1,64})`,
      { ...SIGNED_IN, action: "vpn-login" },
    ),
    716039: one(`^${SESSION} Authentication: rejected, Session Type: (?<session_type>[^.]{1,64})`, {
      ...SIGN_IN_FAILED,
      action: "vpn-login",
    }),
    722022: one(`^${SESSION} (?<session_type>.{1,20}SVC) connection established`, STARTED),
    722023: one(`^${SESSION} (?<session_type>.{1,20}SVC) connection terminated`, ENDED),
    722037: one(`^${SESSION} SVC closing connection: (?<reason>.{1,200})`, ENDED),
    722051: one(
      `^${SESSION} IPv4 Address <(?<assigned_ip>[^>]{0,64})> IPv6 address <(?<assigned_ipv6>[^>]{0,64})> assigned`,
      { kind: "vpn", action: "address-assigned" },
    ),
    733100: one("^\\[ {0,2}(?<rule>[^\\]]{1,128})\\] drop rate-(?<rate>\\d) exceeded", THREAT),
    733101: one(
      `(?<reason>(?:Host|Subnet) (?<src_ip>${ADDRESS}) is (?:attacking|targeted))`,
      THREAT,
    ),
    733102: one(`^Threat-detection adds host (?<src_ip>${ADDRESS}) to shun list`, {
      ...THREAT,
      action: "host-shunned",
    }),
  }),
);

// IKEv2 (750xxx, 751xxx): `Local:a:500 Remote:b:500 Username:u IKEv2 …`.
const IKE =
  /^Local:(?<dst_ip>[\d.]{7,15}|[\da-fA-F:]{2,45}):(?<dst_port>\d{1,5}) Remote:(?<src_ip>[\d.]{7,15}|[\da-fA-F:]{2,45}):(?<src_port>\d{1,5}) Username:(?<user>.{1,128}?) (?:Group:(?<group>\S{1,128}) )?(?:IKEv2 )?(?<reason>.{1,300})/;
const USUAL: readonly DeviceMessage[] = [
  { pattern: IKE, meaning: { kind: "vpn" } },
  { pattern: new RegExp(`^${SESSION}(?=[ ,])`), meaning: { kind: "vpn" } },
  { pattern: /(?:^|[\s,])IP = ?(?<src_ip>[\d.]{7,15}|[\da-fA-F:]{2,45})(?=[,\s])/ },
  {
    pattern:
      /\b(?:[Uu]ser(?:name)?|[Uu]name) ?(?:[:=] ?|(?=['"<]))['"<]?(?<user>(?:[\w.$-]{1,64}\\)?[\w.@$-]{1,128})/,
  },
];

/** The sentences of a number that no table holds: 713xxx, 716xxx, 722xxx, 750xxx, 751xxx and others. */
export function asaMessages(number: string): readonly DeviceMessage[] {
  const known = ASA_MESSAGES.get(number.startsWith("4000") ? "400000" : number);
  return known === undefined ? USUAL : [...known, ...USUAL];
}

function one(source: string, meaning: DeviceMeaning): DeviceMessage[] {
  return [{ pattern: new RegExp(source), meaning }];
}

function deny(source: string): DeviceMessage[] {
  return one(source, DENIED);
}

function inbound(): string {
  return `^Deny inbound (?<protocol>\\S{1,16}) from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to (?<dst_ip>${ADDRESS})/(?<dst_port>\\d{1,5}) (?:on interface (?<src_interface>\\S{1,64})|due to (?<reason>.{1,60}))`;
}

function accessList(arrow: string, allowed: DeviceMeaning, denied: DeviceMeaning): DeviceMessage[] {
  const rest = `(?<protocol>\\S{1,16}) (?<src_interface>[^\\s/]{1,64})/(?<src_ip>${ADDRESS})\\((?<src_port>\\d{1,5})\\)(?:\\((?<user>${USER})\\))? ${arrow}(?<dst_interface>[^\\s/]{1,64})/(?<dst_ip>${ADDRESS})\\((?<dst_port>\\d{1,5})\\)(?:\\((?<target_user>${USER})\\))? hit-cnt (?<hits>\\d{1,10})`;
  return [
    ...one(`^access-list (?<rule>\\S{1,256}) (?:permitted|est-allowed) ${rest}`, allowed),
    ...one(`^access-list (?<rule>\\S{1,256}) denied ${rest}`, denied),
  ];
}

function vpnAccessList(): DeviceMessage[] {
  const rest = `(?<protocol>\\S{1,16}) for user '?(?<user>[^'\\s]{1,128})'? (?<src_interface>[^\\s/]{1,64})/(?<src_ip>${ADDRESS})\\((?<src_port>\\d{1,5})\\) -> (?<dst_interface>[^\\s/]{1,64})/(?<dst_ip>${ADDRESS})\\((?<dst_port>\\d{1,5})\\)`;
  return [
    ...one(`^access-list (?<rule>\\S{1,256}) permitted ${rest}`, ALLOWED),
    ...one(`^access-list (?<rule>\\S{1,256}) denied ${rest}`, DENIED),
  ];
}

// Of an inbound connection the first end began it, of an outbound one the second.
function built(): DeviceMessage[] {
  const first = (role: string) => end(role, "first");
  const head = (direction: string) =>
    `^Built (?<direction>${direction}) (?<protocol>\\S{1,16}) connection (?<session>\\d{1,20}) for `;
  return [
    ...one(`${head("inbound")}${first("src")} to ${first("dst")}`, BUILT),
    ...one(`${head("outbound")}${first("dst")} to ${first("src")}`, BUILT),
  ];
}

function tornDown(): DeviceMessage[] {
  return one(
    `^Teardown (?<protocol>\\S{1,16}) connection (?<session>\\d{1,20}) for ${end("src", "last")} to ${end("dst", "last")} duration (?<duration>[\\dh:dm s]{1,32}?) bytes (?<bytes>\\d{1,15})(?: (?<reason>[^(]{1,100}?))?(?: \\((?<user>${USER})\\))?$`,
    TORN_DOWN,
  );
}

// `outside:198.51.100.9/51234 (198.51.100.9/51234)(LOCAL\name)`: the second pair is the translated one.
function end(role: string, which: "first" | "last"): string {
  const name = role === "src" ? "user" : "target_user";
  const translated =
    which === "first"
      ? ` \\((?<${role}_nat_ip>${ADDRESS})/(?<${role}_nat_port>\\d{1,5})\\) ?(?:\\((?<${name}>${USER})\\))?`
      : `(?:\\((?<${role}_user>${USER})\\))?`;
  return `(?<${role}_interface>${INTERFACE}):(?<${role}_ip>${ADDRESS})/(?<${role}_port>\\d{1,5})${translated}`;
}

function icmp(head: string, meaning: DeviceMeaning): DeviceMessage {
  return {
    pattern: new RegExp(
      `^${head}(?<protocol>ICMP) connection for faddr (?<src_ip>${ADDRESS})/(?<icmp_id>\\d{1,5})(?:\\((?<user>${USER})\\))? gaddr (?<dst_nat_ip>${ADDRESS})/\\d{1,5} laddr (?<dst_ip>${ADDRESS})/\\d{1,5}(?:\\((?<target_user>${USER})\\))?(?: type (?<icmp_type>\\d{1,3}) code (?<icmp_code>\\d{1,3}))?`,
    ),
    meaning,
  };
}

function translation(word: string, action: string, phase: "start" | "end"): DeviceMessage[] {
  return one(
    `^${word} (?<translation>\\S{1,16}) (?<protocol>\\S{1,16}) translation from ${FROM}(?:/(?<src_port>\\d{1,5}))?(?:\\((?<user>${USER})\\))? to (?<dst_interface>${INTERFACE}):(?<src_nat_ip>${ADDRESS})(?:/(?<src_nat_port>\\d{1,5}))?(?: duration (?<duration>[\\d:]{1,20}))?`,
    { kind: "traffic", action, phase },
  );
}

function account(
  text: string,
  action: string,
  phase: "creation" | "deletion" | "change",
): DeviceMessage[] {
  return one(`^${text} Uname: (?<target_user>\\S{1,128})(?: (?<reason>(?:Priv|From): .{1,60}))?`, {
    kind: "account",
    action,
    outcome: "success",
    phase,
  });
}

function login(word: string, meaning: DeviceMeaning): DeviceMessage[] {
  return one(
    `^Login ${word} from (?<src_ip>${ADDRESS}?)(?:/(?<src_port>\\d{1,5}))? to (?:(?<dst_interface>${INTERFACE}):)?(?<dst_ip>${ADDRESS})/(?<service>[\\w-]{1,20}) for user "(?<user>[^"]{0,128})"`,
    meaning,
  );
}

function uname(text: string, meaning: DeviceMeaning): DeviceMessage[] {
  return one(
    `^${text}: (?:IP address: (?<src_ip>${ADDRESS}), )?Uname: (?<user>\\S{1,128})`,
    meaning,
  );
}

function cutThrough(word: string, meaning: DeviceMeaning): DeviceMessage[] {
  return one(
    `^Authentication ${word} for user '(?<user>[^']{0,128})' from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to (?<dst_ip>${ADDRESS})/(?<dst_port>\\d{1,5})`,
    meaning,
  );
}

function managementAccess(word: string, meaning: DeviceMeaning): DeviceMessage[] {
  return one(
    `^(?<protocol>\\S{1,16}) access ${word}(?: by ACL)? from (?<src_ip>${ADDRESS})/(?<src_port>\\d{1,5}) to ${TO}/(?<dst_port>[\\w-]{1,20})`,
    meaning,
  );
}

function aaa(word: string, meaning: DeviceMeaning): DeviceMessage[] {
  return one(
    `^AAA (?:user |challenge )?\\w{1,20} ${word} : (?:reason = (?<reason>[^:]{1,100}?) : )?(?:server = {1,3}(?<server>${ADDRESS})|local database) : user = (?<user>[^:]{1,128}?)(?: : user IP = (?<src_ip>${ADDRESS}))?$`,
    meaning,
  );
}
