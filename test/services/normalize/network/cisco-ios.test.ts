import { describe, expect, it } from "vitest";
import { ciscoIos } from "../../../../services/normalize/network/cisco-ios.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<189>29: sw-core-01: 000123: Nov 21 05:38:16.123 CET: ";
const line = (text: string) => HEAD + text;
const CONFIGURED = line(
  "%SYS-5-CONFIG_I: Configured from console by emustermann on vty0 (10.1.2.3)",
);

describe("Cisco IOS lines", () => {
  it.each([
    [
      "%SYS-5-CONFIG_I: Configured from console by emustermann on console",
      { user: "emustermann", src_ip: undefined, kind: "configuration" },
    ],
    [
      "%SYS-5-CONFIG_P: Configured programmatically by process SEP_webui_wsma_http from console as emustermann on vty1",
      { user: "emustermann", source: "console" },
    ],
    [
      "%PARSER-5-CFGLOG_LOGGEDCMD: User:emustermann  logged command:no aaa new-model",
      { command: "no aaa new-model", kind: "command" },
    ],
    ["%HA_EM-6-LOG: CLILOG: show version", { command: "show version", kind: "command" }],
    [
      "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: ] [Source: 2001:db8::9] [localport: 22] [Reason: Login Authentication Failed] at 05:38:19 CET Sat Nov 21 2026",
      { user: undefined, src_ip: "2001:db8::9", outcome: "failure" },
    ],
    [
      "%SEC-6-IPACCESSLOGP: list 101 permitted tcp 10.1.2.3(50122) (GigabitEthernet0/1 0050.56aa.0001) -> 203.0.113.80(80), 4 packets",
      { action: "permit", interface: "GigabitEthernet0/1", dst_port: "80", blocked: "false" },
    ],
    [
      "%SEC_LOGIN-SW1-5-LOGIN_SUCCESS: Login Success [user: emustermann] [Source: 10.1.2.3] [localport: 22] at 05:38:18 CET Sat Nov 21 2026",
      { user: "emustermann", outcome: "success", facility: "SEC_LOGIN-SW1" },
    ],
    [
      "%SEC-6-IPACCESSLOGDP: list WAN-IN denied icmp 198.51.100.9 -> 192.0.2.5 (8/0), 1 packet",
      { icmp_type: "8", rule: "WAN-IN", blocked: "true" },
    ],
    [
      "%SEC-6-IPACCESSLOGS: list 10 denied 198.51.100.9 1 packet",
      { src_ip: "198.51.100.9", rule: "10" },
    ],
    [
      "%IPV6_ACL-6-ACCESSLOGP: list V6-IN/20 denied tcp 2001:db8::9(51234) -> 2001:db8:1::5(22), 1 packet",
      { src_ip: "2001:db8::9", dst_port: "22", rule: "V6-IN" },
    ],
    [
      "%LINK-5-CHANGED: Interface GigabitEthernet1/0/5, changed state to administratively down",
      { action: "port-disabled", interface: "GigabitEthernet1/0/5" },
    ],
    [
      "%LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan20, changed state to up",
      { action: "port-up", interface: "Vlan20" },
    ],
    [
      "%PM-4-ERR_DISABLE: bpduguard error detected on Gi1/0/7, putting Gi1/0/7 in err-disable state",
      { reason: "bpduguard", interface: "Gi1/0/7" },
    ],
    [
      "%SPANTREE-2-BLOCK_BPDUGUARD: Received BPDU on port Gi1/0/7 with BPDU Guard enabled. Disabling port.",
      { action: "bpdu-guard", interface: "Gi1/0/7" },
    ],
    [
      "%AUTHMGR-5-FAIL: Authorization failed or unapplied for client (0050.56aa.0003) on Interface Gi1/0/12 AuditSessionID 0A00000B",
      { src_mac: "0050.56aa.0003", interface: "Gi1/0/12", outcome: "failure" },
    ],
    [
      "%SSH-5-SSH2_USERAUTH: User 'emustermann' authentication for SSH2 Session from 10.1.2.3 (tty = 0) using crypto cipher 'aes256-ctr', hmac 'hmac-sha2-256' Failed",
      { user: "emustermann", outcome: "failure" },
    ],
    [
      "%BGP-5-ADJCHANGE: neighbor 192.0.2.1 Down BGP Notification sent",
      { dst_ip: "192.0.2.1", state: "Down", reason: "BGP Notification sent" },
    ],
    [
      "%SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 198.51.100.9",
      { src_ip: "198.51.100.9", action: "snmp-login" },
    ],
    [
      "%IP-TCP-3-BADAUTH: Invalid MD5 digest from 192.0.2.1:179 to 192.0.2.2:40112",
      { src_ip: "192.0.2.1", dst_ip: "192.0.2.2", facility: "IP-TCP" },
    ],
    [
      "%NEW_THING-3-UNHEARD_OF: User 'emustermann' did something on interface Ethernet1/7",
      { user: "emustermann", kind: undefined, level: "error", mnemonic: "UNHEARD_OF" },
    ],
    [
      "%ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/7 is down (Link failure)",
      { interface: "Ethernet1/7", facility: "ETHPORT" },
    ],
  ])("reads %s", (text, fields) => {
    expect(sniffLine(ciscoIos, line(text))).toBe(0.9);
    const { record } = parseLine(ciscoIos, line(text));
    for (const [name, value] of Object.entries(fields)) {
      expect([name, fieldOf(ciscoIos.shape, record, name)]).toEqual([name, value]);
    }
    expect(record.message).toBe(text);
    expect(record.host).toBe("sw-core-01");
  });

  it.each([
    ["a time with zone", HEAD, "sw-core-01", "2026-11-21T04:38:16.123Z"],
    [
      "a time in UTC",
      "<189>29: Nov 21 2026 04:38:16.123 UTC: ",
      undefined,
      "2026-11-21T04:38:16.123Z",
    ],
    [
      "a time without zone",
      "<189>29: .Nov 21 05:38:16.123: ",
      undefined,
      "2026-11-21T04:38:16.123Z",
    ],
    ["a time in front", "<189>*Nov 21 05:38:16.123 CET: ", undefined, "2026-11-21T04:38:16.123Z"],
    [
      "a summer time in front in winter",
      "<189>Nov 21 06:38:16.123 CEST: ",
      undefined,
      "2026-11-21T04:38:16.123Z",
    ],
    [
      "a relay, when the device's clock was never set",
      "Nov 21 05:38:17 sw-1 29: *Mar  1 00:04:11.001: ",
      "sw-1",
      "2026-11-21T04:38:17.000Z",
    ],
    [
      "the device behind a relay",
      "2026-11-21T05:38:59+01:00 sw-1 29: 7: Nov 21 05:38:16.123 CET: ",
      "sw-1",
      "2026-11-21T04:38:16.123Z",
    ],
    ["NX-OS", "<189>: 2026 Nov 21 05:38:16.123 CET: ", undefined, "2026-11-21T04:38:16.123Z"],
    [
      "NX-OS with host and device context",
      "<189>n9k-01: 2026 Nov  1 05:38:16 CET: %$VDC-1%$ ",
      "n9k-01",
      "2026-11-01T04:38:16.000Z",
    ],
    [
      "IOS XR",
      "<189>29: RP/0/RSP0/CPU0:Nov 21 05:38:16.123 CET: config[65912]: ",
      undefined,
      "2026-11-21T04:38:16.123Z",
    ],
    ["uptime, which is no time", "<189>29: 1w2d: ", undefined, undefined],
  ])("reads the head from %s", (_what, head, host, expected) => {
    const text = `${head}%SYS-5-CONFIG_I: Configured from console by emustermann on console`;
    const parsed = parseLine(ciscoIos, text);
    expect(iso(parsed.time)).toBe(expected);
    expect(parsed.record.host).toBe(host);
  });

  it("writes ECS names", () => {
    const document = ciscoIos.ecs(
      parseLine(
        ciscoIos,
        line(
          "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 0050.56aa.0001 on port Gi1/0/7.",
        ),
      ).record,
    );
    expect(document).toMatchObject({
      "event.kind": "alert",
      "event.action": "port-security-violation",
      "event.category": ["intrusion_detection", "network"],
      "event.code": "PORT_SECURITY-2-PSECURE_VIOLATION",
      "host.name": "sw-core-01",
      "observer.ingress.interface.name": "Gi1/0/7",
      "observer.vendor": "Cisco",
      "source.mac": "00-50-56-AA-00-01",
    });
  });

  it.each(["", "%SYS-5", "%SYS-8-CONFIG_I: x", "%ASA-6-302013: Built", "100%-5-A: x", '{"a":1}'])(
    "refuses %j",
    (text) => {
      expect(sniffLine(ciscoIos, text)).toBe(0);
      expect(() => parseLine(ciscoIos, text)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () =>
    survivesAnything(ciscoIos, [
      CONFIGURED,
      "<189>: 2026 Nov 21 05:38:28 CET: %AUTHPRIV-3-SYSTEM_MSG: Authentication failed for user x from 198.51.100.9",
    ]));
});
