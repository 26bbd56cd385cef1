import { describe, expect, it } from "vitest";
import { lancom } from "../../../../services/normalize/network/lancom.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<153>Nov 21 05:38:16 lc-wan-01 ";
const DROPPED = `${HEAD}PACKET_ALERT: Dst: 10.20.0.5:80 {web01}, Src: 198.51.100.9:4353 {} (TCP): port filter`;
const V6 = `${HEAD}PACKET_ALERT: Dst: [2001:db8::5]:22, Src: [2001:db8::9]:4353 (TCP): port filter`;
const BARE = `${HEAD}Dst: 192.0.2.5, Src: 198.51.100.9 (ICMP): intruder detection`;
const MATCHED = `${HEAD}PACKET_INFO: matched filter: BLOCKHTTP exceeded limit: more than 0 packets transmitted or received on a connection actions: drop; send syslog message;`;
const VPN = `${HEAD}CONNECTION_ERROR: VPN: Error: IKE-R-No-proposal-matched (0x2203) for AUSSENSTELLE (198.51.100.20)`;
const LOGIN = `${HEAD}CONSOLE-LOGIN_INFO: successful login of user 'emustermann' via SSH from 10.1.2.3`;
const FAILED = `${HEAD}CONSOLE-LOGIN_ERROR: login failed, user emustermann, SSH, 198.51.100.9`;
const OTHER = `${HEAD}SYSTEM_INFO: time was set`;

describe("LANCOM lines", () => {
  it.each([
    [DROPPED, "src_ip", "198.51.100.9"],
    [DROPPED, "dst_port", "80"],
    [DROPPED, "dst_name", "web01"],
    [DROPPED, "protocol", "tcp"],
    [DROPPED, "blocked", "true"],
    [DROPPED, "reason", "port filter"],
    [DROPPED, "source", "PACKET_ALERT"],
    [V6, "dst_port", "22"],
    [BARE, "src_ip", "198.51.100.9"],
    [BARE, "dst_port", undefined],
    [MATCHED, "rule", "BLOCKHTTP"],
    [VPN, "peer", "AUSSENSTELLE"],
    [VPN, "outcome", "failure"],
    [LOGIN, "user.name", "emustermann"],
    [LOGIN, "outcome", "success"],
    [FAILED, "outcome", "failure"],
    [FAILED, "src_ip", "198.51.100.9"],
    [OTHER, "message", "time was set"],
    [OTHER, "kind", undefined],
  ])("reads from %.120s the field %s", (line, name, expected) => {
    expect(sniffLine(lancom, line)).toBe(0.9);
    expect(fieldOf(lancom.shape, parseLine(lancom, line).record, name)).toBe(expected);
  });

  it("takes the header's time", () => {
    expect(iso(parseLine(lancom, DROPPED).time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("writes ECS names", () => {
    expect(lancom.ecs(parseLine(lancom, DROPPED).record)).toMatchObject({
      "event.category": ["network"],
      "event.reason": "port filter",
      "destination.domain": "web01",
      "destination.ip": "10.20.0.5",
      "host.name": "lc-wan-01",
      "log.level": "alert",
      "observer.type": "router",
      "source.port": 4353,
    });
  });

  it("keeps the text of lines that it is told to read, whatever they say", () => {
    const line = `${HEAD}something else: altogether`;
    expect(sniffLine(lancom, line)).toBe(0);
    expect(parseLine(lancom, line).record.message).toBe("something else: altogether");
  });

  it.each(["", "Dst: 1.2.3.4", "PACKET_ALERT: Dst", "no header", '{"a":1}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(lancom, line)).toBe(0);
      expect(() => parseLine(lancom, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(lancom, [DROPPED, V6, VPN, LOGIN, FAILED]));
});
