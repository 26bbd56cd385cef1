import { describe, expect, it } from "vitest";
import { cef } from "../../../../services/normalize/generic/cef.ts";
import { fortigate } from "../../../../services/normalize/network/fortigate.ts";
import { fortigateCef } from "../../../../services/normalize/network/fortigate-cef.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "<189>Nov 21 05:38:17 fw-kh-01 ";
const TRAFFIC = `${HEAD}CEF: 0|Fortinet|Fortigate|v7.4.4|00013|traffic:forward close|3|deviceExternalId=FG1 FTNTFGTlogid=0000000013 cat=traffic:forward FTNTFGTsubtype=forward FTNTFGTeventtime=1795235896123456789 src=10.1.2.3 spt=50122 dst=203.0.113.80 dpt=443 proto=6 act=close cs5=17 cs5Label=Policy Id app=HTTPS FTNTFGTapp=HTTPS.BROWSER out=3652 in=146668`;
const CONFIG = `${HEAD}CEF:0|Fortinet|Fortigate|v7.4.4|44547|event:system|3|deviceExternalId=FG1 FTNTFGTlogid=0100044547 cat=event:system duser=emustermann sproc=GUI(10.1.2.3) act=Add FTNTFGTcfgpath=firewall.policy msg=Add firewall.policy 42 severity=2`;
const ANALYZER =
  "CEF:0|Fortinet|FortiGate-100F|7.4|1|event:vpn|3|ad.logid=0101039426 ad.remip=198.51.100.9 duser=emustermann act=ssl-login-fail";

describe("FortiGate lines in CEF", () => {
  it.each([
    [TRAFFIC, "srcip", "10.1.2.3"],
    [TRAFFIC, "dst_port", "443"],
    [TRAFFIC, "action", "close"],
    [TRAFFIC, "blocked", "false"],
    [TRAFFIC, "type", "traffic"],
    [TRAFFIC, "subtype", "forward"],
    [TRAFFIC, "policyid", "17"],
    [TRAFFIC, "app", "HTTPS.BROWSER"],
    [TRAFFIC, "service", "HTTPS"],
    [TRAFFIC, "devname", "fw-kh-01"],
    [CONFIG, "cfgpath", "firewall.policy"],
    [CONFIG, "action", "Add"],
    [CONFIG, "user", "emustermann"],
    [CONFIG, "type", "event"],
    [CONFIG, "subtype", "system"],
    [ANALYZER, "remip", "198.51.100.9"],
    [ANALYZER, "type", "event"],
  ])("have from %.90s the field %s", (line, name, expected) => {
    expect(sniffLine(fortigateCef, line)).toBe(0.9);
    expect(fieldOf(fortigateCef.shape, parseLine(fortigateCef, line).record, name)).toBe(expected);
  });

  it.each([
    [TRAFFIC, "2026-11-21T04:38:16.123Z"],
    [CONFIG, "2026-11-21T04:38:17.000Z"],
    [ANALYZER, undefined],
  ])("have the time of %.60s", (line, expected) => {
    expect(iso(parseLine(fortigateCef, line).time)).toBe(expected);
  });

  it("give the document that the device's own format gives", () => {
    const own =
      'date=2026-11-21 time=05:38:16 devname="fw-kh-01" devid="FG1" logid="0000000013" type="traffic" subtype="forward" version=v7.4.4 srcip=10.1.2.3 srcport=50122 dstip=203.0.113.80 dstport=443 proto=6 action="close" policyid=17 service="HTTPS" app="HTTPS.BROWSER" sentbyte=3652 rcvdbyte=146668';
    expect(fortigateCef.ecs(parseLine(fortigateCef, TRAFFIC).record)).toEqual(
      fortigate.ecs(parseLine(fortigate, own).record),
    );
  });

  it("are no business of the common format", () => {
    for (const line of [TRAFFIC, CONFIG, ANALYZER]) expect(sniffLine(cef, line)).toBe(0);
    expect(sniffLine(cef, "CEF:0|Fortinet|FortiMail|7|1|n|3|")).toBe(1);
    expect(parseLine(cef, "CEF: 0|Fortinet|FortiMail|7|1|n|3|act=x").record.act).toBe("x");
  });

  it.each(["", "CEF:0|Fortinet|FortiMail|7|1|n|3|", "CEF:x|Fortinet|Fortigate|", '{"a":1}'])(
    "are not %j",
    (line) => {
      expect(sniffLine(fortigateCef, line)).toBe(0);
      expect(() => parseLine(fortigateCef, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(fortigateCef, [TRAFFIC, CONFIG, ANALYZER]));
});
