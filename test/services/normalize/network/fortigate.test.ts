import { describe, expect, it } from "vitest";
import { fortigate } from "../../../../services/normalize/network/fortigate.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const TIME = "date=2026-11-21 time=05:38:16";
const HEAD = 'devname="FW-KH-01" devid="FG100FTK20000001"';
const BODY =
  'logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.3 srcport=50122 srcintf="lan" dstip=192.0.2.7 dstport=443 dstintf="wan1" sessionid=1 proto=6 action="close" policyid=17 service="HTTPS" sentbyte=1200 rcvdbyte=3400 msg="say \\"hi\\" a=b"';
const TRAFFIC = `${TIME} ${HEAD} eventtime=1795235896123456789 tz="+0100" ${BODY}`;
const VPN = `<185>${TIME} ${HEAD} tz="+0100" logid="0101039426" type="event" subtype="vpn" level="alert" logdesc="SSL VPN login fail" action="ssl-login-fail" remip=198.51.100.9 user="mmueller" reason="sslvpn_login_permission_denied"`;
const OLD = `Nov 21 05:38:16 fw ${TIME} devname=FW devid=FG1 logid=0000000013 type=traffic srcip=10.0.0.1`;

describe("FortiGate lines", () => {
  it.each([
    [TRAFFIC, "srcip", "10.1.2.3"],
    [TRAFFIC, "src_ip", "10.1.2.3"],
    [TRAFFIC, "destination.port", "443"],
    [TRAFFIC, "action", "close"],
    [TRAFFIC, "msg", 'say "hi" a=b'],
    [TRAFFIC, "fortigate.subtype", "forward"],
    [VPN, "user.name", "mmueller"],
    [VPN, "source.ip", "198.51.100.9"],
    [VPN, "cfgpath", undefined],
    [OLD, "devname", "FW"],
  ])("reads from %.40s the field %s", (line, name, expected) => {
    expect(sniffLine(fortigate, line)).toBe(1);
    expect(fieldOf(fortigate.shape, parseLine(fortigate, line).record, name)).toBe(expected);
  });

  it.each([
    [
      "nanoseconds",
      `${TIME} ${HEAD} eventtime=1795235896123456789 ${BODY}`,
      "2026-11-21T04:38:16.123Z",
    ],
    [
      "microseconds",
      `${TIME} ${HEAD} eventtime=1795235896123456 ${BODY}`,
      "2026-11-21T04:38:16.123Z",
    ],
    ["milliseconds", `${TIME} ${HEAD} eventtime=1795235896123 ${BODY}`, "2026-11-21T04:38:16.123Z"],
    ["seconds", `${TIME} ${HEAD} eventtime=1795235896 ${BODY}`, "2026-11-21T04:38:16.000Z"],
    ["date, time and zone", `${TIME} ${HEAD} tz="-0500" ${BODY}`, "2026-11-21T10:38:16.000Z"],
    ["date and time in the source's zone", `${TIME} ${HEAD} ${BODY}`, "2026-11-21T04:38:16.000Z"],
    ["the syslog header", `Nov 21 05:38:17 fw ${HEAD} ${BODY}`, "2026-11-21T04:38:17.000Z"],
    ["nothing", `${HEAD} ${BODY}`, undefined],
  ])("reads the time from %s", (_what, line, expected) => {
    expect(iso(parseLine(fortigate, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(fortigate.ecs(parseLine(fortigate, VPN).record)).toEqual({
      "event.kind": "event",
      "event.module": "fortigate",
      "event.action": "ssl-login-fail",
      "event.category": ["authentication", "network"],
      "event.code": "0101039426",
      "event.outcome": "failure",
      "event.reason": "sslvpn_login_permission_denied",
      "host.name": "FW-KH-01",
      "log.level": "alert",
      "observer.name": "FW-KH-01",
      "observer.serial_number": "FG100FTK20000001",
      "observer.type": "firewall",
      "observer.vendor": "Fortinet",
      "source.ip": "198.51.100.9",
      "user.name": "mmueller",
      "fortigate.type": "event",
      "fortigate.subtype": "vpn",
      message: "SSL VPN login fail",
    });
    expect(fortigate.ecs(parseLine(fortigate, TRAFFIC).record)).toMatchObject({
      "source.bytes": 1200,
      "destination.ip": "192.0.2.7",
      "destination.port": 443,
      "event.outcome": "success",
    });
  });

  it.each(["", "a=b c=d", `${TIME} level=notice`, "logid=1 type=x", '{"logid":"1"}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(fortigate, line)).toBe(0);
      expect(() => parseLine(fortigate, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(fortigate, [TRAFFIC, VPN, OLD]));
});
