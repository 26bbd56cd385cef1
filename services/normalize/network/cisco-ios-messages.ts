// What the messages of Cisco's routers and switches say (IOS and IOS XE system message guides, NX-OS and
// IOS XR system messages), by their mnemonic `FACILITY-MNEMONIC`. Of mnemonics that don't stand here the
// account, the interface and the address are looked for where these devices usually write them.
import {
  ALLOWED,
  DENIED,
  type DeviceMeaning,
  type DeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "./device-messages.ts";

const ADDRESS = "[\\da-fA-F:.]{2,45}";
const USER = "[\\w.@\\\\$-]{1,128}";
const INTERFACE = "[A-Za-z][\\w/.:-]{0,63}";

const COMMAND: DeviceMeaning = {
  kind: "command",
  action: "command",
  outcome: "success",
  phase: "change",
};
const CONFIGURED: DeviceMeaning = {
  kind: "configuration",
  action: "configured",
  outcome: "success",
  phase: "change",
};
const PORT_ALLOWED: DeviceMeaning = { ...SIGNED_IN, action: "port-authentication" };
const PORT_REFUSED: DeviceMeaning = { ...SIGN_IN_FAILED, action: "port-authentication" };

// `[user: name] [Source: 10.1.2.3] [localport: 22] [Reason: Login Authentication Failed] at 05:38:16 …`
const LOGIN = `\\[user: ?(?<user>[^\\]]{0,128})\\] \\[Source: (?<src_ip>${ADDRESS})\\] \\[localport: (?<dst_port>\\d{1,5})\\](?: \\[Reason: (?<reason>[^\\]]{1,200})\\])?`;
// `client (0011.2233.4455) on Interface Gi1/0/5 AuditSessionID …`
const CLIENT = `client \\((?<src_mac>[^)]{1,40})\\) (?:with reason \\((?<reason>[^)]{1,200})\\) )?on Interface (?<interface>${INTERFACE})(?: AuditSessionID (?<session>\\w{1,64}))?(?: .{0,60}?\\bUsername: (?<user>\\S{1,128}))?`;
// Lists for IPv6 carry the number of the entry.
const LIST = "^list (?<rule>[^\\s/]{1,128})(?:/\\d{1,6})?";

/** `FACILITY-MNEMONIC` → its sentences. */
const IOS_MESSAGES: ReadonlyMap<string, readonly DeviceMessage[]> = new Map(
  Object.entries({
    "SEC_LOGIN-LOGIN_SUCCESS": one(LOGIN, SIGNED_IN),
    "SEC_LOGIN-LOGIN_FAILED": one(LOGIN, SIGN_IN_FAILED),
    "SEC_LOGIN-WEBLOGIN_SUCCESS": one(LOGIN, SIGNED_IN),
    "SEC_LOGIN-WEBLOGIN_FAILED": one(LOGIN, SIGN_IN_FAILED),
    "SEC_LOGIN-QUIET_MODE_ON": one(LOGIN, { ...SIGN_IN_FAILED, action: "login-quiet-mode" }),
    "SYS-LOGOUT": one(
      `User (?<user>${USER}) has exited tty session \\d{1,5}\\((?<src_ip>${ADDRESS})\\)`,
      SIGNED_OUT,
    ),
    "SYS-CONFIG_I": configured(),
    "SYS-CONFIG_P": one(
      "^Configured programmatically by process (?<process>.{1,60}?) from (?<source>\\S{1,64}) as (?<user>\\S{1,128}) on",
      CONFIGURED,
    ),
    "MGBL-SYS-CONFIG_I": configured(),
    "VSHD-VSHD_SYSLOG_CONFIG_I": configured(),
    "DMI-CONFIG_I": one(
      `Configured from (?<source>.{1,60}?) by (?<user>${USER}), transaction`,
      CONFIGURED,
    ),
    "WEBUI-INSTALL_OPERATION_INFO": one(`User: (?<user>${USER}),`, {
      ...CONFIGURED,
      action: "software-installed",
    }),
    "PARSER-CFGLOG_LOGGEDCMD": one(
      "^User:(?<user>[^ ]{1,128}) {1,2}logged command:(?<command>.{1,1500})",
      COMMAND,
    ),
    "HA_EM-LOG": one("^\\S{1,60}: (?:\\S{1,60}: )?(?<command>.{1,1500})", COMMAND),
    // NX-OS: `update:10.1.2.3@pts/0:name:configure terminal ; no logging server (SUCCESS)`.
    "AAA-AAA_ACCOUNTING_MESSAGE": one(
      `^\\w{1,16}:(?:(?<src_ip>${ADDRESS})@)?(?<terminal>[\\w./]{1,32}):(?<user>[^:]{1,128}):(?<command>.{0,1500}?)(?: \\((?:SUCCESS|FAILURE|REDIRECT)\\))?$`,
      COMMAND,
    ),
    "SEC-IPACCESSLOGP": accessList(
      `(?<protocol>\\S{1,16}) (?<src_ip>${ADDRESS})\\((?<src_port>\\d{1,5})\\)(?: \\((?<interface>${INTERFACE})[^)]{0,40}\\))? -> (?<dst_ip>${ADDRESS})\\((?<dst_port>\\d{1,5})\\), (?<packets>\\d{1,12}) packet`,
    ),
    "SEC-IPACCESSLOGDP": accessList(
      `(?<protocol>\\S{1,16}) (?<src_ip>${ADDRESS})(?: \\((?<interface>${INTERFACE})[^)]{0,40}\\))? -> (?<dst_ip>${ADDRESS}) \\((?<icmp_type>\\d{1,3})/(?<icmp_code>\\d{1,3})\\), (?<packets>\\d{1,12}) packet`,
    ),
    "SEC-IPACCESSLOGRP": accessList(
      `(?<protocol>\\S{1,16}) (?<src_ip>${ADDRESS}) -> (?<dst_ip>${ADDRESS}), (?<packets>\\d{1,12}) packet`,
    ),
    "SEC-IPACCESSLOGNP": accessList(
      `(?<protocol>\\S{1,16}) (?<src_ip>${ADDRESS}) -> (?<dst_ip>${ADDRESS}), (?<packets>\\d{1,12}) packet`,
    ),
    "SEC-IPACCESSLOGS": accessList(`(?<src_ip>${ADDRESS}) (?<packets>\\d{1,12}) packet`),
    "IPV6_ACL-ACCESSLOGP": accessList(
      `(?<protocol>\\S{1,16}) (?<src_ip>${ADDRESS})\\((?<src_port>\\d{1,5})\\)(?: \\([^)]{1,60}\\))? -> (?<dst_ip>${ADDRESS})\\((?<dst_port>\\d{1,5})\\), (?<packets>\\d{1,12}) packet`,
    ),
    "LINK-UPDOWN": link("Interface"),
    "LINK-CHANGED": one(
      `^Interface (?<interface>${INTERFACE}), changed state to administratively down`,
      { kind: "interface", action: "port-disabled", phase: "change" },
    ),
    "LINEPROTO-UPDOWN": link("Line protocol on Interface"),
    "ETHPORT-IF_UP": one(`^Interface (?<interface>${INTERFACE}) is up`, port("port-up")),
    "PM-ERR_DISABLE": one(
      `^(?<reason>.{1,60}?) error detected on (?<interface>${INTERFACE}), putting`,
      { kind: "interface", action: "port-err-disabled", phase: "change" },
    ),
    "PORT_SECURITY-PSECURE_VIOLATION": one(
      `caused by MAC address (?<src_mac>[\\da-fA-F.:-]{12,17}) on port (?<interface>[A-Za-z][\\w/-]{0,63})`,
      { kind: "threat", action: "port-security-violation", outcome: "failure", phase: "denied" },
    ),
    "SW_MATM-MACFLAP_NOTIF": one(
      `^Host (?<src_mac>[\\da-fA-F.:-]{12,17}) in vlan (?<vlan>\\d{1,4}) is flapping between port (?<interface>${INTERFACE}) and port (?<dst_interface>${INTERFACE})`,
      { kind: "interface", action: "mac-move", phase: "change" },
    ),
    "SPANTREE-BLOCK_BPDUGUARD": spanningTree("bpdu-guard"),
    "SPANTREE-ROOTGUARD_BLOCK": spanningTree("root-guard"),
    "SW_DAI-DHCP_SNOOPING_DENY": one(
      `^(?<packets>\\d{1,8}) Invalid ARPs \\((?<reason>\\w{1,16})\\) on (?<interface>${INTERFACE}), vlan (?<vlan>\\d{1,4})\\.`,
      { kind: "threat", action: "arp-denied", outcome: "failure", phase: "denied" },
    ),
    "DOT1X-FAIL": one(CLIENT, PORT_REFUSED),
    "DOT1X-SUCCESS": one(CLIENT, PORT_ALLOWED),
    "MAB-FAIL": one(CLIENT, PORT_REFUSED),
    "MAB-SUCCESS": one(CLIENT, PORT_ALLOWED),
    "AUTHMGR-SUCCESS": one(CLIENT, PORT_ALLOWED),
    "AUTHMGR-FAIL": one(CLIENT, PORT_REFUSED),
    "SESSION_MGR-SUCCESS": one(CLIENT, PORT_ALLOWED),
    "SESSION_MGR-FAIL": one(CLIENT, PORT_REFUSED),
    // A wrong or missing key: `Invalid MD5 digest from 192.0.2.1(179) to 192.0.2.2(40000) tableid - 0`.
    "TCP-BADAUTH": one(
      `(?<reason>(?:Invalid|No) MD5 digest) from (?<src_ip>${ADDRESS}?)(?:\\(|:)(?<src_port>\\d{1,5})\\)? to (?<dst_ip>${ADDRESS}?)(?:\\(|:)(?<dst_port>\\d{1,5})`,
      { kind: "threat", action: "routing-authentication-failed", outcome: "failure" },
    ),
    "BGP-ADJCHANGE": one(
      `^neighbor (?<dst_ip>${ADDRESS})(?: \\S{1,60}){0,4} (?<state>Up|Down)\\b ?(?<reason>.{0,120})`,
      {
        kind: "system",
        action: "bgp-neighbor-changed",
        phase: "change",
      },
    ),
    "SNMP-AUTHFAIL": one(
      `^Authentication failure for SNMP re(?:q|quest) from host (?<src_ip>${ADDRESS})`,
      { ...SIGN_IN_FAILED, action: "snmp-login" },
    ),
    "SSH-SSH2_USERAUTH": ssh(),
    "SSH-SSH_USERAUTH": ssh(),
    "SECURITY-SSHD-INFO_SUCCESS": one(
      `Successfully authenticated user '(?<user>[^']{1,128})' from '(?<src_ip>${ADDRESS})'`,
      SIGNED_IN,
    ),
    "SECURITY-SSHD-INFO_FAILURE": one(
      `Failed authentication attempt by user '(?<user>[^']{0,128})' from '(?<src_ip>${ADDRESS})'`,
      SIGN_IN_FAILED,
    ),
    // NX-OS carries the lines of its own Linux.
    "AUTHPRIV-SYSTEM_MSG": unixSignIns(),
    "DAEMON-SYSTEM_MSG": unixSignIns(),
    "AUTHPRIV-AUTHPRIV_SYSTEM_MSG": unixSignIns(),
  }),
);

const USUAL: readonly DeviceMessage[] = [
  {
    pattern:
      /\b(?:[Uu]ser(?:name)?|by)(?::? ?['"<]|[:=] ?| )(?<user>(?:[\w.$-]{1,64}\\)?[\w.@$-]{1,128})(?![\w.@$-]).{0,200}?\b(?:from|on|[Ss]ource:?|IP:?) \(?(?<src_ip>(?:\d{1,3}\.){3}\d{1,3})/,
  },
  {
    pattern: /\b[Uu]ser(?:name)?(?::? ?['"<]|[:=] ?)(?<user>(?:[\w.$-]{1,64}\\)?[\w.@$-]{1,128})/,
  },
  {
    pattern: /\b(?:[Ii]nterface|[Pp]ort) (?<interface>(?:[A-Z][A-Za-z-]{1,30} ?)\d[\d/.]{0,15})\b/,
  },
];

/** The sentences of a mnemonic, `FACILITY-MNEMONIC`. */
export function iosMessages(code: string): readonly DeviceMessage[] {
  // Stacks name the member (`SEC_LOGIN-SW1-5-…`), IOS XR the group.
  const bare = code.replace(/^(?:IP|ROUTING)-/, "").replace(/-(?:SW\d{1,2}|STBY|SP|SPSTBY)-/, "-");
  const known = IOS_MESSAGES.get(code) ?? IOS_MESSAGES.get(bare);
  return known === undefined ? USUAL : [...known, ...USUAL];
}

function one(source: string, meaning: DeviceMeaning): DeviceMessage[] {
  return [{ pattern: new RegExp(source), meaning }];
}

// `Configured from console by name on vty0 (10.1.2.3)`, NX-OS `from vty by name on 10.1.2.3@pts/0`.
function configured(): DeviceMessage[] {
  return [
    ...one(
      `^Configured from (?<source>.{1,60}?) by (?<user>${USER}) on (?:(?<terminal>[\\w/.-]{1,64}) \\((?<src_ip>${ADDRESS})\\)|(?<src_ip>${ADDRESS})@(?<terminal>[\\w/.-]{1,64}))`,
      CONFIGURED,
    ),
    ...one(`^Configured from (?<source>.{1,60}?) by (?<user>${USER})`, CONFIGURED),
  ];
}

function accessList(rest: string): DeviceMessage[] {
  return [...one(`${LIST} permitted ${rest}`, ALLOWED), ...one(`${LIST} denied ${rest}`, DENIED)];
}

function port(action: string): DeviceMeaning {
  return { kind: "interface", action, phase: "change" };
}

function link(words: string): DeviceMessage[] {
  const head = `^${words} (?<interface>${INTERFACE}), changed state to `;
  return [...one(`${head}up`, port("port-up")), ...one(`${head}down`, port("port-down"))];
}

function spanningTree(action: string): DeviceMessage[] {
  return one(`\\bport (?<interface>${INTERFACE})`, { kind: "threat", action, phase: "denied" });
}

function ssh(): DeviceMessage[] {
  const head = `^User '(?<user>[^']{0,128})' authentication for SSH2? [Ss]ession from (?<src_ip>${ADDRESS}) .{0,200}`;
  return [...one(`${head}Succeeded`, SIGNED_IN), ...one(`${head}Failed`, SIGN_IN_FAILED)];
}

function unixSignIns(): DeviceMessage[] {
  return [
    ...one(
      `Authentication failed (?:for|from) user (?<user>${USER}) from (?<src_ip>${ADDRESS})`,
      SIGN_IN_FAILED,
    ),
    ...one(
      `Failed \\w{1,32}(?:/\\w{1,16})? for (?:invalid user )?(?<user>${USER}) from (?<src_ip>${ADDRESS}) port (?<src_port>\\d{1,5})`,
      SIGN_IN_FAILED,
    ),
    ...one(
      `Accepted \\w{1,32}(?:/\\w{1,16})? for (?<user>${USER}) from (?<src_ip>${ADDRESS}) port (?<src_port>\\d{1,5})`,
      SIGNED_IN,
    ),
    ...one(`Login failed for user (?<user>${USER})`, SIGN_IN_FAILED),
  ];
}
