import { describe, expect, it } from "vitest";
import { sophosUtm } from "../../../../services/normalize/network/sophos-utm.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<30>2026:11:21-05:38:16 utm-01 ";
const DROP = `${HEAD}ulogd[4567]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped" action="drop" fwrule="60002" initf="eth1" srcip="198.51.100.9" dstip="192.0.2.5" proto="6" srcport="51234" dstport="23"`;
const WEB = `${HEAD}httpproxy[5123]: id="0001" severity="info" sys="SecureWeb" sub="http" name="http access" action="pass" method="GET" srcip="10.1.2.3" user="emustermann" statuscode="200" url="https://www.example.org/" ua="Mozilla/5.0"`;
const ATP = `${HEAD}afcd[6001]: id="2022" severity="warn" sys="SecureNet" sub="packetfilter" name="Packet dropped (ATP)" action="drop" srcip="10.1.2.77" dstip="203.0.113.66" threatname="C2/Generic-A"`;
const FAILED = `${HEAD}aua[7001]: id="3005" severity="warn" sys="System" sub="auth" name="Authentication failed" srcip="198.51.100.9" host="" user="emustermann" caller="openvpn" reason="DENIED"`;
const VPN = `${HEAD}openvpn[8001]: id="2202" severity="info" sys="SecureNet" sub="vpn" event="Connection terminated" username="emustermann" variant="ssl" srcip="198.51.100.9"`;
const SSH = `${HEAD}sshd[9100]: Accepted publickey for emustermann from 10.1.2.3 port 51400 ssh2`;
const OTHER = `${HEAD}ntpd[1]: synchronised`;

describe("Sophos UTM lines", () => {
  it.each([
    [DROP, "src_ip", "198.51.100.9"],
    [DROP, "dst_port", "23"],
    [DROP, "action", "drop"],
    [DROP, "blocked", "true"],
    [DROP, "host.name", "utm-01"],
    [DROP, "process.name", "ulogd"],
    [WEB, "c-uri", "https://www.example.org/"],
    [WEB, "kind", "web"],
    [WEB, "username", "emustermann"],
    [ATP, "kind", "threat"],
    [FAILED, "outcome", "failure"],
    [FAILED, "service.name", "openvpn"],
    [FAILED, "host", "utm-01"],
    [VPN, "phase", "end"],
    [SSH, "user.name", "emustermann"],
    [SSH, "outcome", "success"],
    [OTHER, "message", "synchronised"],
    [OTHER, "kind", undefined],
  ])("reads from %.90s the field %s", (line, name, expected) => {
    expect(sniffLine(sophosUtm, line)).toBe(0.9);
    expect(fieldOf(sophosUtm.shape, parseLine(sophosUtm, line).record, name)).toBe(expected);
  });

  it.each([HEAD, HEAD.slice(4), `<30>Nov 21 05:38:17 10.0.0.5 ${HEAD.slice(4)}`])(
    "reads the time behind %s",
    (head) => {
      const line = DROP.replace(HEAD, head);
      expect(sniffLine(sophosUtm, line)).toBe(0.9);
      expect(iso(parseLine(sophosUtm, line).time)).toBe("2026-11-21T04:38:16.000Z");
    },
  );

  it("writes ECS names", () => {
    expect(sophosUtm.ecs(parseLine(sophosUtm, DROP).record)).toMatchObject({
      "event.action": "drop",
      "event.category": ["network"],
      "event.code": "2001",
      "event.outcome": "failure",
      "destination.port": 23,
      "observer.product": "UTM",
      "process.pid": 4567,
      "rule.id": "60002",
      message: "Packet dropped",
    });
  });

  it.each(["", "2026:11:21", "2026:11:21-05:38:16 utm-01 no colon", '<30>id="2001"', '{"id":1}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(sophosUtm, line)).toBe(0);
      expect(() => parseLine(sophosUtm, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(sophosUtm, [DROP, WEB, FAILED, SSH]));
});
