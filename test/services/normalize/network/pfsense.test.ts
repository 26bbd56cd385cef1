import { describe, expect, it } from "vitest";
import { pfsense } from "../../../../services/normalize/network/pfsense.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const BSD = "<134>Nov 21 05:38:16 filterlog[61234]: ";
const RFC = "<134>1 2026-11-21T05:38:16.123456+01:00 fw-pf-01 filterlog 61234 - - ";
const OPN = '<134>1 2026-11-21T05:38:16+01:00 opn filterlog 71234 - [meta sequenceId="7"] ';
const TCP =
  "4,,,1000000103,em0,match,block,in,4,0x0,,57,12345,0,DF,6,tcp,60,198.51.100.9,192.0.2.5,51234,23,0,S,1234567890,,64240,,mss;sackOK";
const UDP6 =
  "77,,,02f4bab0,igb1,match,pass,out,6,0x00,0x1a2b3,64,udp,17,51,2001:db8::5,2001:db8::53,50130,53,43";
const ICMP =
  "4,,,1000000103,em0,match,block,in,4,0x0,,240,54321,0,none,1,icmp,84,198.51.100.9,192.0.2.5,request,2560,1";
const CARP =
  "9,,,1000000104,em0,match,pass,in,4,0x10,,255,0,0,DF,112,carp,56,10.0.0.2,224.0.0.18,advertise,255,1,2,0,1";
const LOGIN =
  "<38>Nov 21 05:38:22 fw-pf-01 php-fpm[402]: /index.php: Successful login for user 'emustermann' from: 10.1.2.3 (Local Database)";
const FAILED =
  "<38>Nov 21 05:38:22 opn audit[402]: user emustermann could not authenticate for WebGui. [using Local]";
const VPN =
  "<37>Nov 21 05:38:25 fw-pf-01 openvpn[9123]: openvpn server 'ovpns1' user 'emustermann' address '198.51.100.9' - disconnected";

describe("pfSense lines", () => {
  it.each([
    [BSD + TCP, "src_ip", "198.51.100.9"],
    [BSD + TCP, "dst_port", "23"],
    [BSD + TCP, "action", "block"],
    [BSD + TCP, "blocked", "true"],
    [BSD + TCP, "tracker", "1000000103"],
    [BSD + TCP, "tcp_options", "mss;sackOK"],
    [RFC + UDP6, "protocol", "udp"],
    [RFC + UDP6, "src_ip", "2001:db8::5"],
    [RFC + UDP6, "dst_port", "53"],
    [RFC + UDP6, "blocked", "false"],
    [RFC + UDP6, "host.name", "fw-pf-01"],
    [OPN + ICMP, "icmp", "request,2560,1"],
    [OPN + ICMP, "src_port", undefined],
    [OPN + CARP, "rest", "advertise,255,1,2,0,1"],
    [LOGIN, "user.name", "emustermann"],
    [LOGIN, "outcome", "success"],
    [FAILED, "outcome", "failure"],
    [VPN, "phase", "end"],
    [VPN, "src_ip", "198.51.100.9"],
  ])("reads from %.120s the field %s", (line, name, expected) => {
    expect(sniffLine(pfsense, line)).toBe(0.9);
    expect(fieldOf(pfsense.shape, parseLine(pfsense, line).record, name)).toBe(expected);
  });

  it.each([
    [BSD + TCP, "2026-11-21T04:38:16.000Z"],
    [RFC + TCP, "2026-11-21T04:38:16.123Z"],
  ])("reads the time of %.60s", (line, expected) => {
    expect(iso(parseLine(pfsense, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(pfsense.ecs(parseLine(pfsense, RFC + TCP).record)).toMatchObject({
      "event.action": "block",
      "event.category": ["network"],
      "event.outcome": "failure",
      "event.type": ["connection", "denied"],
      "destination.port": 23,
      "network.transport": "tcp",
      "observer.type": "firewall",
      "process.pid": 61234,
      "rule.id": "1000000103",
      "source.ip": "198.51.100.9",
    });
  });

  it.each([
    "",
    TCP,
    `${BSD}not the columns`,
    `${BSD}4,,,1,em0,match,block,in,5,0x0`,
    "<38>Nov 21 05:38:22 web php-fpm[402]: pool www: server reached max_children",
    "<38>Nov 21 05:38:22 vpn openvpn[402]: TLS: Initial packet from [AF_INET]198.51.100.9:51234",
    '{"a":1}',
  ])("refuses %j", (line) => {
    expect(sniffLine(pfsense, line)).toBe(0);
    expect(() => parseLine(pfsense, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () =>
    survivesAnything(pfsense, [BSD + TCP, RFC + UDP6, OPN + ICMP, LOGIN]));
});
