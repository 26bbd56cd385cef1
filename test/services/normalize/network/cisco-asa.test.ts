import { describe, expect, it } from "vitest";
import { ciscoAsa } from "../../../../services/normalize/network/cisco-asa.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<166>Nov 21 2026 05:38:16 fw-asa-01 : ";
const line = (text: string) => HEAD + text;
const IKE = line(
  "%ASA-5-750006: Local:192.0.2.1:500 Remote:198.51.100.9:4500 Username:emustermann IKEv2 SA UP. Reason: New Connection Established",
);

describe("Cisco ASA lines", () => {
  it.each([
    [
      "%ASA-2-106006: Deny inbound UDP from 198.51.100.9/5353 to 192.0.2.5/53 on interface outside",
      {
        src_ip: "198.51.100.9",
        src_port: "5353",
        dst_port: "53",
        src_interface: "outside",
        blocked: "true",
      },
    ],
    [
      "%ASA-6-106015: Deny TCP (no connection) from 198.51.100.9/443 to 10.0.0.1/5000 flags RST ACK  on interface outside",
      { reason: "no connection", tcp_flags: "RST ACK", action: "deny" },
    ],
    [
      "%ASA-1-106021: Deny tcp reverse path check from 10.0.0.1 to 10.0.0.2 on interface outside",
      { src_ip: "10.0.0.1", protocol: "tcp" },
    ],
    [
      '%ASA-4-106023: Deny icmp src outside:2001:db8::9 dst inside:2001:db8:1::5 (type 8, code 0) by access-group "v6_in" [0x0, 0x0]',
      { src_ip: "2001:db8::9", dst_ip: "2001:db8:1::5", icmp_type: "8", rule: "v6_in" },
    ],
    [
      '%ASA-4-106023: Deny tcp src inside:10.1.2.3/50122(KREIS\\emustermann) dst outside:203.0.113.6/25 by access-group "in_out" [0x0, 0x0]',
      { user: "KREIS\\emustermann", dst_port: "25" },
    ],
    [
      "%ASA-6-106100: access-list dmz_in denied udp dmz/10.20.0.5(53211) -> inside/10.1.1.1(389) hit-cnt 3 300-second interval [0x1, 0x0]",
      { action: "deny", dst_ip: "10.1.1.1", dst_port: "389", hits: "3" },
    ],
    [
      "%ASA-6-302015: Built outbound UDP connection 7 for outside:203.0.113.53/53 (203.0.113.53/53) to inside:10.1.2.3/50000 (192.0.2.1/50000)",
      { src_ip: "10.1.2.3", dst_ip: "203.0.113.53", dst_port: "53", protocol: "udp" },
    ],
    [
      "%ASA-6-302016: Teardown UDP connection 7 for outside:203.0.113.53/53 to inside:10.1.2.3/50000 duration 0:02:01 bytes 312",
      { duration: "0:02:01", bytes: "312", action: "connection-end" },
    ],
    [
      "%ASA-6-302021: Teardown ICMP connection for faddr 198.51.100.9/0 gaddr 192.0.2.5/1 laddr 10.20.0.5/1 type 8 code 0",
      { src_ip: "198.51.100.9", dst_ip: "10.20.0.5" },
    ],
    [
      "%ASA-6-305011: Built dynamic TCP translation from inside:10.1.2.3/50122 to outside:192.0.2.1/50122",
      { src_ip: "10.1.2.3", src_nat_ip: "192.0.2.1", src_nat_port: "50122" },
    ],
    [
      "%ASA-6-305012: Teardown dynamic UDP translation from inside:10.1.2.3/50122 to outside:192.0.2.1/50122 duration 0:00:30",
      { protocol: "udp", duration: "0:00:30" },
    ],
    [
      "%ASA-6-113004: AAA user authentication Successful : server =  10.1.1.10 : user = emustermann",
      { user: "emustermann", outcome: "success", server: "10.1.1.10" },
    ],
    [
      "%ASA-6-113012: AAA user authentication Successful : local database : user = emustermann",
      { user: "emustermann", kind: "authentication" },
    ],
    [
      "%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = ***** : user IP = 198.51.100.9",
      { user: undefined, src_ip: "198.51.100.9", reason: "Invalid password", outcome: "failure" },
    ],
    [
      '%ASA-6-605004: Login denied from 198.51.100.9/51234 to outside:192.0.2.1/ssh for user "emustermann"',
      { user: "emustermann", outcome: "failure", src_port: "51234" },
    ],
    [
      "%ASA-6-611101: User authentication succeeded: IP address: 10.1.2.3, Uname: emustermann",
      { user: "emustermann", src_ip: "10.1.2.3" },
    ],
    [
      "%ASA-6-611102: User authentication failed: Uname: emustermann",
      { user: "emustermann", outcome: "failure" },
    ],
    [
      "%ASA-6-716001: Group <GP> User <emustermann> IP <198.51.100.9> WebVPN session started.",
      { group: "GP", kind: "vpn", action: "session-start" },
    ],
    [
      "%ASA-6-716002: Group <GP> User <emustermann> IP <198.51.100.9> WebVPN session terminated: User Requested.",
      { reason: "User Requested.", action: "session-end" },
    ],
    [
      "%ASA-6-716038: Group <GP> User <emustermann> IP <198.51.100.9> Authentication: successful, Session Type: WebVPN.",
      { kind: "authentication", outcome: "success" },
    ],
    [
      "%ASA-6-716039: Group <GP> User <emustermann> IP <198.51.100.9> Authentication: rejected, Session Type: WebVPN.",
      { kind: "authentication", outcome: "failure", session_type: "WebVPN" },
    ],
    [
      "%ASA-5-722022: Group <GP> User <emustermann> IP <198.51.100.9> TCP SVC connection established without compression",
      { session_type: "TCP SVC" },
    ],
    [
      "%ASA-4-722051: Group <GP> User <emustermann> IP <198.51.100.9> IPv4 Address <10.9.1.2> IPv6 address <::> assigned to session",
      { assigned_ip: "10.9.1.2" },
    ],
    [
      "%ASA-5-713120: Group = GP, Username = emustermann, IP = 198.51.100.9, PHASE 2 COMPLETED (msgid=1)",
      { user: "emustermann", src_ip: "198.51.100.9", kind: "vpn" },
    ],
    [
      "%ASA-5-502103: User priv level changed: Uname: emustermann From: 1 To: 15",
      { target_user: "emustermann", kind: "account" },
    ],
    [
      "%ASA-3-710003: TCP access denied by ACL from 198.51.100.9/51234 to outside:192.0.2.1/22",
      { dst_port: "22", blocked: "true" },
    ],
    [
      "%ASA-4-400010: IDS:2000 ICMP Echo Reply from 198.51.100.9 to 192.0.2.5 on interface outside",
      { kind: "threat", rule: "ICMP Echo Reply", signature: "2000" },
    ],
    [
      "%ASA-3-199999: An unknown message for user 'emustermann' of the future",
      { user: "emustermann", message_number: "199999", level: "error", kind: undefined },
    ],
    [
      "%ASA-session-6-302015: Built inbound UDP connection 9 for outside:198.51.100.9/1 (198.51.100.9/1) to inside:10.0.0.1/2 (10.0.0.1/2)",
      { src_ip: "198.51.100.9", code: "ASA-6-302015" },
    ],
    [
      "%FTD-1-430001: EventPriority: High, SrcIP: 198.51.100.9, DstIP: 10.20.0.5, SrcPort: 51234, DstPort: 443, Protocol: tcp, InlineResult: Dropped, Message: SERVER-WEBAPP attempt, with comma, Classification: Attempted Admin",
      {
        kind: "threat",
        action: "blocked",
        rule: "SERVER-WEBAPP attempt, with comma",
        Classification: "Attempted Admin",
      },
    ],
  ])("reads %s", (text, fields) => {
    expect(sniffLine(ciscoAsa, line(text))).toBe(0.9);
    const { record } = parseLine(ciscoAsa, line(text));
    for (const [name, value] of Object.entries(fields)) {
      expect([name, fieldOf(ciscoAsa.shape, record, name)]).toEqual([name, value]);
    }
    expect(record.message).toBe(text);
  });

  it.each([
    ["its own time", HEAD, "2026-11-21T04:38:16.000Z"],
    ["its own time without host", "<166>Nov 21 2026 05:38:16: ", "2026-11-21T04:38:16.000Z"],
    ["RFC 5424 time", "<166>2026-11-21T04:38:16Z fw-asa-01 : ", "2026-11-21T04:38:16.000Z"],
    [
      "RFC 5424 time and version",
      "<166>1 2026-11-21T04:38:16Z fw-asa-01 : ",
      "2026-11-21T04:38:16.000Z",
    ],
    ["EMBLEM", "<166>:Nov 21 05:38:16 CET: ", "2026-11-21T04:38:16.000Z"],
    [
      "its own time behind a relay's",
      "Nov 21 05:38:59 10.0.0.1 Nov 21 2026 05:38:16 fw-asa-01 : ",
      "2026-11-21T04:38:16.000Z",
    ],
    ["a relay's time", "Nov 21 05:38:16 10.0.0.1 ", "2026-11-21T04:38:16.000Z"],
    ["nothing", "<166>", undefined],
  ])("reads the time from %s", (_what, head, expected) => {
    const text = `${head}%ASA-5-111008: User 'enable_15' executed the 'write memory' command.`;
    expect(iso(parseLine(ciscoAsa, text).time)).toBe(expected);
    expect(sniffLine(ciscoAsa, text)).toBe(0.9);
  });

  it("takes the device's own name before the address that a relay saw", () => {
    const text = `Nov 21 05:38:59 10.0.0.1 Nov 21 2026 05:38:16 fw-asa-01 : %ASA-3-199999: x`;
    expect(parseLine(ciscoAsa, text).record.host).toBe("fw-asa-01");
  });

  it("writes ECS names", () => {
    expect(ciscoAsa.ecs(parseLine(ciscoAsa, IKE).record)).toMatchObject({
      "event.kind": "event",
      "event.category": ["network", "session"],
      "event.code": "750006",
      "event.reason": "SA UP. Reason: New Connection Established",
      "host.name": "fw-asa-01",
      "log.level": "notice",
      "observer.product": "ASA",
      "observer.type": "firewall",
      "source.ip": "198.51.100.9",
      "source.port": 4500,
      "user.name": "emustermann",
    });
  });

  it.each([
    "",
    "%ASA",
    "%ASA-6-30201: short",
    "%ASA-9-302013: no such severity",
    "%SYS-5-CONFIG_I: Configured",
    "a text about%ASA-6-302013: Built",
    `${"x ".repeat(200)}%ASA-6-302013: Built`,
    '{"message":"%ASA-6-302013: Built"}',
  ])("refuses %.60j", (text) => {
    expect(sniffLine(ciscoAsa, text)).toBe(0);
    if (text.startsWith("{")) return;
    expect(() => parseLine(ciscoAsa, text)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () =>
    survivesAnything(ciscoAsa, [
      IKE,
      line(
        "%ASA-6-302013: Built inbound TCP connection 1 for a:1.2.3.4/5 (1.2.3.4/5) to b:1.1.1.1/2 (1.1.1.1/2)",
      ),
      line("%FTD-6-430003: SrcIP: 10.1.2.3, DstIP: 203.0.113.66, AccessControlRuleAction: Block"),
    ]));
});
