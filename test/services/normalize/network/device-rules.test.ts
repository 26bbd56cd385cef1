// That rules reach the records of firewalls, VPN gateways and switches: each line by the log source and the
// field names that rules of the Sigma taxonomy use.
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { engineOf, ruleOf } from "../../../detectors/sigma/fixture.ts";

const tables = loadLogSources();
const FORTIGATE =
  'date=2026-11-21 time=05:38:16 devname="fw" devid="FG1" logid="0100044547" type="event" subtype="system" action="Add" cfgpath="firewall.policy"';
const FORTIGATE_CEF =
  "CEF:0|Fortinet|Fortigate|v7.4.4|44547|event:system|3|FTNTFGTlogid=0100044547 cat=event:system act=Add FTNTFGTcfgpath=firewall.policy";
const FORTIGATE_CLOSE =
  'date=2026-11-21 time=05:38:16 devname="fw" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=10.1.2.3 dstip=203.0.113.80 dstport=23 action="close"';
const ASA_BUILT =
  "<166>Nov 21 2026 05:38:17 fw : %ASA-6-302013: Built outbound TCP connection 1 for outside:203.0.113.80/23 (203.0.113.80/23) to inside:10.1.2.3/50122 (192.0.2.1/50122)";
const PALO_ALTO =
  "1,2026/11/21 05:38:16,0128,TRAFFIC,end,2561,2026/11/21 05:38:15,10.1.2.3,203.0.113.80,,,Regel,,,ssl,vsys1,trust,untrust,e1,e2,S,,1,1,50122,23,0,0,0x19,tcp,allow,1,1,1";
const CHECKPOINT =
  '<134>1 2026-11-21T04:38:16Z fw CheckPoint 1 - [action:"Accept"; dst:"203.0.113.80"; proto:"6"; service:"23"; src:"10.1.2.3"; ]';
const SFOS =
  '<30>device="SFW" date=2026-11-21 time=05:38:16 timezone="CET" device_name="X" log_id=010101600001 log_type="Firewall" log_subtype="Allowed" src_ip=10.1.2.3 dst_ip=203.0.113.80 dst_port=23';
const UTM =
  '<30>2026:11:21-05:38:16 utm ulogd[4]: id="2002" severity="info" sys="SecureNet" sub="packetfilter" action="accept" srcip="10.1.2.3" dstip="203.0.113.80" dstport="23"';
const PFSENSE =
  "<134>Nov 21 05:38:17 filterlog[6]: 87,,,15,em1,match,pass,in,4,0x0,,127,0,0,DF,6,tcp,60,10.1.2.3,203.0.113.80,50123,23,0,S,1,,1,,mss";
const LANCOM =
  "<153>Nov 21 05:38:16 lc PACKET_ALERT: Dst: 203.0.113.80:23 {}, Src: 10.1.2.3:4353 {} (TCP): port filter";
const ISE =
  "<181>Nov 21 05:39:00 ise CISE_TACACS_Accounting 1 1 0 2026-11-21 05:39:00.200 +01:00 1 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, CmdSet=[ CmdAV=show CmdArgAV=startup-config CmdArgAV=<cr> ],";
const IOS_COMMAND =
  "<189>30: sw: Nov 21 05:38:17 CET: %PARSER-5-CFGLOG_LOGGEDCMD: User:x  logged command:no logging host 10.1.9.9";
const IOS_CLI = "<190>31: sw: Nov 21 05:38:18 CET: %HA_EM-6-LOG: CLILOG: show version";
const IOS_PORT =
  "<189>30: sw: Nov 21 05:38:17 CET: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up";
const XR_BGP =
  "<187>39: rtr: Nov 21 05:38:26 CET: %IP-TCP-3-BADAUTH: Invalid MD5 digest from 192.0.2.1:179 to 192.0.2.2:40112";
const IOS_WEB =
  "<189>30: sw: Nov 21 05:38:17 CET: %SYS-5-CONFIG_P: Configured programmatically by process SEP_webui_wsma_http from console as cisco_support on vty1";
const CEF_FIREWALL =
  "CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Drop|telnet|Unknown|act=Drop src=10.1.2.3 spt=51234 dst=192.0.2.5 dpt=23";
const DUO =
  '{"txid":"1","event_type":"authentication","result":"success","reason":"bypass_user","access_device":{"ip":"198.51.100.9"},"user":{"name":"x"}}';
const GLOBAL_PROTECT =
  "1,2026/11/21 05:38:16,0128,GLOBALPROTECT,0,2561,2026/11/21 05:38:15,vsys1,portal-auth,login,LDAP,,x,NL,PC,203.0.113.9";

function hits(line: string, logsource: Record<string, string>, detection: object): number {
  const normalizer = createNormalizer({ mappings: [] });
  const raw = { id: "1", idFromSender: false, source: "s", timeZone: "Europe/Berlin", text: line };
  const made = normalizer.normalize({ ...raw, receivedAt: Date.UTC(2026, 10, 21, 5) }, "kreis");
  const rule = ruleOf({ selection: detection, condition: "selection" }, logsource);
  return engineOf([rule], tables).match(eventOrThrow(made).event).length;
}

describe("rules reach devices", () => {
  it.each([
    ["FortiGate", FORTIGATE],
    ["FortiGate in CEF", FORTIGATE_CEF],
  ])("of product fortigate, service event: %s", (_what, line) => {
    const source = { product: "fortigate", service: "event" };
    expect(hits(line, source, { action: "Add", cfgpath: "firewall.policy" })).toBe(1);
    expect(hits(line, source, { action: "Edit", cfgpath: "firewall.policy" })).toBe(0);
    expect(hits(line, { product: "fortios", service: "sslvpnd" }, { action: "Add" })).toBe(1);
  });

  it.each([
    ["FortiGate", FORTIGATE_CLOSE],
    ["Cisco ASA", ASA_BUILT],
    ["Palo Alto", PALO_ALTO],
    ["Check Point", CHECKPOINT],
    ["Sophos Firewall", SFOS],
    ["Sophos UTM", UTM],
    ["pfSense", PFSENSE],
  ])("of category firewall that ask for what was let through: %s", (_what, line) => {
    const source = { category: "firewall" };
    const allowed = { src_ip: "10.1.2.3", dst_ip: "203.0.113.80", dst_port: 23, blocked: "false" };
    expect(hits(line, source, allowed)).toBe(1);
    expect(hits(line, source, { ...allowed, dst_port: 443 })).toBe(0);
  });

  it("of category firewall that ask for what was kept out: LANCOM", () => {
    const denied = { src_ip: "10.1.2.3", dst_port: 23, blocked: "true" };
    expect(hits(LANCOM, { category: "firewall" }, denied)).toBe(1);
  });

  it("of category firewall: a firewall's CEF, and no other's", () => {
    const dropped = { src_ip: "10.1.2.3", dst_port: 23, action: "drop" };
    expect(hits(CEF_FIREWALL, { category: "firewall" }, dropped)).toBe(1);
    const other = CEF_FIREWALL.replace("Check Point|VPN-1 & FireWall-1", "SEPPmail|Gateway");
    expect(hits(other, { category: "firewall" }, dropped)).toBe(0);
  });

  it.each([
    ["IOS, its log of commands", IOS_COMMAND, { product: "cisco", service: "aaa" }, "no logging"],
    ["ISE, TACACS+", ISE, { product: "cisco", service: "aaa" }, "show startup-config"],
    [
      "IOS XE, its web interface",
      IOS_WEB,
      { product: "cisco", service: "syslog" },
      "%SYS-5-CONFIG_P:",
    ],
    ["IOS XR, BGP", XR_BGP, { product: "cisco", service: "bgp" }, "IP-TCP-3-BADAUTH"],
    ["IOS XR, LDP", XR_BGP, { product: "cisco", service: "ldp" }, ":179"],
  ])("by keywords: %s", (_what, line, source, keyword) => {
    expect(hits(line, source, [keyword])).toBe(1);
    expect(hits(line, source, ["something else"])).toBe(0);
  });

  it("and none of them where the line is about something else", () => {
    expect(hits(IOS_PORT, { product: "cisco", service: "aaa" }, ["changed state"])).toBe(0);
    expect(hits(IOS_PORT, { category: "firewall" }, ["changed state"])).toBe(0);
    expect(hits(FORTIGATE_CLOSE, { product: "fortios" }, { action: "close" })).toBe(0);
  });

  it("and none of them because of a word that the parser put in", () => {
    const words = [
      "format",
      "more",
      "dir",
      "copy",
      "erase",
      "delete",
      "username",
      "aaa",
      "shutdown",
    ];
    expect(hits(IOS_CLI, { product: "cisco", service: "aaa" }, ["show version"])).toBe(1);
    expect(hits(IOS_CLI, { product: "cisco", service: "aaa" }, words)).toBe(0);
  });

  it("of Duo and GlobalProtect", () => {
    const bypass = { event_type: "authentication", reason: "bypass_user" };
    expect(hits(DUO, { product: "cisco", service: "duo" }, bypass)).toBe(1);
    const source = { product: "paloalto", service: "globalprotect", category: "appliance" };
    expect(hits(GLOBAL_PROTECT, source, ["portal-auth"])).toBe(1);
  });
});
