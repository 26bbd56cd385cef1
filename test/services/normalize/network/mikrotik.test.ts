import { describe, expect, it } from "vitest";
import { mikrotik } from "../../../../services/normalize/network/mikrotik.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<30>Nov 21 05:38:16 mt-au-01 ";
const DROP =
  "firewall,info drop-wan input: in:ether1 out:(unknown 0), connection-state:new src-mac 00:50:56:aa:00:01, proto TCP (SYN), 198.51.100.9:51234->192.0.2.5:23, len 52";
const PLAIN =
  "firewall,info forward: in:bridge out:ether1, connection-state:new proto UDP, 10.1.2.3:50123->203.0.113.53:53, len 71";
const V6 =
  "firewall,info accept-v6 forward: in:bridge out:ether1, proto TCP (SYN), [2001:db8::5]:50123->[2001:db8::80]:443, len 71";
const LOGIN = "system,info,account user emustermann logged in from 10.1.2.3 via winbox";
const FAILED = "system,error,critical login failure for user emustermann from 198.51.100.9 via ssh";
const VPN = "l2tp,ppp,info,account emustermann logged in, 10.9.1.2 from 198.51.100.9";
const CHANGE =
  "system,info filter rule added by winbox-3.41/tcp-msg(winbox):emustermann@10.1.2.3/action:1";
const OTHER = "dhcp,info dhcp1 assigned 10.1.2.9";

describe("RouterOS lines", () => {
  it.each([
    [DROP, "src_ip", "198.51.100.9"],
    [DROP, "dst_port", "23"],
    [DROP, "protocol", "tcp"],
    [DROP, "blocked", "true"],
    [DROP, "rule", "drop-wan"],
    [DROP, "length", "52"],
    [PLAIN, "dst_ip", "203.0.113.53"],
    [PLAIN, "blocked", undefined],
    [PLAIN, "src_interface", "bridge"],
    [V6, "dst_port", "443"],
    [V6, "blocked", "false"],
    [LOGIN, "user.name", "emustermann"],
    [LOGIN, "service", "winbox"],
    [FAILED, "outcome", "failure"],
    [FAILED, "level", "error"],
    [VPN, "assigned_ip", "10.9.1.2"],
    [CHANGE, "user", "emustermann"],
    [CHANGE, "kind", "configuration"],
    [CHANGE, "src_ip", "10.1.2.3"],
    [DROP, "dst_interface", undefined],
    [OTHER, "topics", ["dhcp", "info"]],
    [OTHER, "message", "dhcp1 assigned 10.1.2.9"],
  ])("reads from %.100s the field %s", (text, name, expected) => {
    for (const line of [text, HEAD + text]) {
      expect(sniffLine(mikrotik, line)).toBe(0.9);
      expect(fieldOf(mikrotik.shape, parseLine(mikrotik, line).record, name)).toEqual(expected);
    }
  });

  it.each([
    [HEAD + LOGIN, "2026-11-21T04:38:16.000Z"],
    [LOGIN, undefined],
  ])("has the time of %.60s", (line, expected) => {
    expect(iso(parseLine(mikrotik, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(mikrotik.ecs(parseLine(mikrotik, HEAD + DROP).record)).toMatchObject({
      "event.category": ["network"],
      "event.outcome": "failure",
      "event.type": ["connection", "denied"],
      "host.name": "mt-au-01",
      "log.level": "info",
      "mikrotik.topics": ["firewall", "info"],
      "source.port": 51234,
    });
  });

  it.each(["", "firewall", "firewall,", "firewall,rule something", "words,info x", '{"a":1}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(mikrotik, line)).toBe(0);
      expect(() => parseLine(mikrotik, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(mikrotik, [HEAD + DROP, PLAIN, V6, LOGIN, VPN]));
});
