import { describe, expect, it } from "vitest";
import { splitColumns } from "../../../../services/normalize/network/csv-columns.ts";
import { paloAlto } from "../../../../services/normalize/network/palo-alto.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const FRAME = "<14>Nov 21 05:38:17 fw-pa-01 ";
const head = (type: string, subtype: string) =>
  `1,2026/11/21 05:38:16,012801096514,${type},${subtype},2561,2026/11/21 05:38:15`;
const FLOW =
  "10.1.2.3,203.0.113.80,0.0.0.0,0.0.0.0,Regel 1,kreis\\emustermann,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,Syslog,,33621,1,50122,443,0,0,0x19,tcp";
const TRAFFIC = `${head("TRAFFIC", "end")},${FLOW},allow,48211,4211,44000,73,2026/11/21 05:37:55,18,any,,7000001,0x0,10.0.0.0-10.255.255.255,Germany,,30,43,tcp-fin,0,0,0,0,,fw-pa-02,from-policy`;
const URL = `${head("THREAT", "url")},${FLOW},block-url,"a.example/x?a=1,2&b=""c""",(9999),phishing,informational,client-to-server,7100002,0x0`;
const VIRUS = `${head("THREAT", "virus")},${FLOW},drop,Rechnung.zip,Virus/Win32.WGeneric(2000001),any,medium,server-to-client,7100003,0x0`;
const FAILED = `${head("SYSTEM", "auth")},vsys1,auth-fail,GP-Auth,0,0,general,medium,"failed authentication for user 'emustermann'. Reason: Invalid username/password. auth profile 'AD', From: 198.51.100.9.",7200001,0x0`;
const PORTAL = `${head("GLOBALPROTECT", "0")},vsys1,portal-auth,login,LDAP,,kreis\\emustermann,NL,NB-0815,203.0.113.9,0.0.0.0,0.0.0.0,0.0.0.0,,,6.2.1,Windows,"Windows 11 , 64-bit",1,Invalid username or password,,,failure,,0,,0,GP-Portal,7400002,0x0,2026-11-21T05:38:15.902+01:00`;
const CONFIG_SHORT = `${head("CONFIG", "0")},10.1.2.3,,set,emustermann,Web,Succeeded, vsys vsys1 rulebase,7300001,0x0,0,0,0,0,,fw-pa-02`;
const CONFIG_LONG = `${head("CONFIG", "0")},10.1.2.3,,edit,emustermann,CLI,Unauthorized, deviceconfig,dns 10.1.1.1,dns 203.0.113.53,7300002,0x0,0,0,0,0,,fw-pa-02`;
const GTP = `${head("GTP", "start")},eins,,"zwei, drei"`;

describe("PAN-OS lines", () => {
  it.each([
    [TRAFFIC, "src_ip", "10.1.2.3"],
    [TRAFFIC, "dst_port", "443"],
    [TRAFFIC, "action", "allow"],
    [TRAFFIC, "blocked", "false"],
    [TRAFFIC, "username", "kreis\\emustermann"],
    [TRAFFIC, "from_zone", "trust"],
    [TRAFFIC, "natsrc", undefined],
    [TRAFFIC, "host.name", "fw-pa-02"],
    [URL, "host.name", "fw-pa-01"],
    [URL, "c-uri", 'a.example/x?a=1,2&b="c"'],
    [URL, "category", "phishing"],
    [VIRUS, "file.name", "Rechnung.zip"],
    [VIRUS, "Signature", "Virus/Win32.WGeneric(2000001)"],
    [FAILED, "user.name", "emustermann"],
    [FAILED, "source.ip", "198.51.100.9"],
    [PORTAL, "source.ip", "203.0.113.9"],
    [PORTAL, "client_os_ver", "Windows 11 , 64-bit"],
    [PORTAL, "subtype", undefined],
    [CONFIG_SHORT, "seqno", "7300001"],
    [CONFIG_SHORT, "device_name", "fw-pa-02"],
    [CONFIG_LONG, "after_change_detail", "dns 203.0.113.53"],
    [CONFIG_LONG, "seqno", "7300002"],
    [CONFIG_LONG, "source.ip", "10.1.2.3"],
    [GTP, "column_8", "eins"],
    [GTP, "column_10", "zwei, drei"],
  ])("reads from %.90s the field %s", (line, name, expected) => {
    expect(sniffLine(paloAlto, FRAME + line)).toBe(1);
    expect(fieldOf(paloAlto.shape, parseLine(paloAlto, FRAME + line).record, name)).toBe(expected);
  });

  it.each([
    ["the time of high resolution", PORTAL, "2026-11-21T04:38:15.902Z"],
    ["the time on the data plane", TRAFFIC, "2026-11-21T04:38:15.000Z"],
    [
      "the header, where the line has none",
      TRAFFIC.replace(/2026\/11\/21 05:38:1[56]/g, "2026/13/21 05:38:15"),
      "2026-11-21T04:38:17.000Z",
    ],
  ])("takes %s", (_what, line, expected) => {
    expect(iso(parseLine(paloAlto, FRAME + line).time)).toBe(expected);
  });

  it("reads lines without a syslog header, and behind one of RFC 5424", () => {
    expect(sniffLine(paloAlto, TRAFFIC)).toBe(1);
    expect(sniffLine(paloAlto, `<14>1 2026-11-21T05:38:17+01:00 fw - - - - ${TRAFFIC}`)).toBe(1);
  });

  it.each([
    [TRAFFIC, { "event.category": ["network"], "event.outcome": "success", "source.bytes": 4211 }],
    [URL, { "event.category": ["web", "network"], "event.outcome": "failure" }],
    [VIRUS, { "event.category": ["malware", "network"], "event.kind": "alert" }],
    [FAILED, { "event.category": ["authentication"], "event.outcome": "failure" }],
    [PORTAL, { "event.action": "portal-auth", "event.outcome": "failure" }],
    [CONFIG_SHORT, { "event.category": ["configuration"], "event.outcome": "success" }],
    [CONFIG_LONG, { "event.outcome": "failure", "observer.serial_number": "012801096514" }],
  ])("writes %.90s under ECS names", (line, expected) => {
    expect(paloAlto.ecs(parseLine(paloAlto, line).record)).toMatchObject(expected);
  });

  it.each([
    "",
    "1,2026/11/21 05:38:16,0128",
    `1,2026-11-21 05:38:16,0128,TRAFFIC,end`,
    TRAFFIC.replace("TRAFFIC", "TRAFFIK"),
    TRAFFIC.replace("1,", "12345,"),
    '{"type":"TRAFFIC"}',
  ])("refuses %.60j", (line) => {
    expect(sniffLine(paloAlto, line)).toBe(0);
    expect(() => parseLine(paloAlto, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(paloAlto, [TRAFFIC, URL, FAILED, CONFIG_SHORT]));
});

describe("columns", () => {
  it.each([
    ["a,b,,c", ["a", "b", "", "c"]],
    ['a,"b,""c""",d', ["a", 'b,"c"', "d"]],
    ['"a"x,b', ["a", "b"]],
    ['a,"never closed', ["a", "never closed"]],
    ["a,", ["a", ""]],
    ["", [""]],
    ["a,b,c,d,e,f", ["a", "b", "c", "d", "e"]],
  ])("of %j", (text, expected) => {
    expect(splitColumns(text, 0, 5)).toEqual(expected);
  });
});
