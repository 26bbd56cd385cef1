import { describe, expect, it } from "vitest";
import { checkpoint } from "../../../../services/normalize/network/checkpoint.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const OLD = "<134>1 2026-11-21T04:38:16Z fw-cp-01 CheckPoint 13752 - ";
const ACCEPT = `${OLD}[action:"Accept"; time:"1795235896"; dst:"203.0.113.80"; layer_name:"Network"; rule_name:"Regel \\"eins\\""; layer_name:"Application"; product:"VPN-1 & FireWall-1"; proto:"6"; s_port:"50122"; service:"443"; src:"10.1.2.3"; xlatesrc:"0.0.0.0"; src_user_name:"Erika Mustermann (emustermann)"; ]`;
const LOGIN = `${OLD}[action:"Log In"; time:"1795235898"; auth_status:"Successful Login"; product:"Mobile Access"; src:"198.51.100.9"; user:"Erika Mustermann (emustermann)(+)"; ]`;
const FAILED = `${OLD}[action:"Failed Log In"; time:"1795235898"; reason:"Wrong password"; product:"Mobile Access"; src:"198.51.100.9"; user:"emustermann"; ]`;
const NEW =
  '<134>1 2026-11-21T05:38:20+01:00 10.0.0.3 CP-GW - Log [Fields@1.3.6.1.4.1.2620 action="Prevent" src="198.51.100.9" ICMP Type="8" product="SmartDefense" protection_name="Log4j \\"x\\""]';
const PIPED =
  "<134>Nov 21 05:38:22 fw-cp-01 time=1795235902|hostname=fw-cp-02|product=Firewall|action=Drop|originsicname=cn\\=fw,o\\=mgmt|dst=10.20.0.5|s_port=63945|service=80|src=198.51.100.10|note=a\\|b|";
const ADMIN = `${OLD}[action:"Accept"; administrator:"emustermann"; client_ip:"10.1.2.3"; operation:"Install Policy"; product:"SmartConsole"; ]`;

describe("Check Point lines", () => {
  it.each([
    [ACCEPT, "src_ip", "10.1.2.3"],
    [ACCEPT, "dst_port", "443"],
    [ACCEPT, "blocked", "false"],
    [ACCEPT, "user.name", "emustermann"],
    [ACCEPT, "user.full_name", "Erika Mustermann"],
    [ACCEPT, "rule_name", 'Regel "eins"'],
    [ACCEPT, "layer_name", ["Network", "Application"]],
    [ACCEPT, "xlatesrc", undefined],
    [ACCEPT, "host", "fw-cp-01"],
    [LOGIN, "action", "Log In"],
    [LOGIN, "user.name", "emustermann"],
    [LOGIN, "outcome", "success"],
    [FAILED, "outcome", "failure"],
    [NEW, "protection_name", 'Log4j "x"'],
    [NEW, "ICMP Type", "8"],
    [NEW, "kind", "threat"],
    [NEW, "host", "10.0.0.3"],
    [PIPED, "originsicname", "cn=fw,o=mgmt"],
    [PIPED, "note", "a|b"],
    [PIPED, "host", "fw-cp-02"],
    [PIPED, "blocked", "true"],
    [ADMIN, "kind", "configuration"],
  ])("reads from %.100s the field %s", (line, name, expected) => {
    expect(sniffLine(checkpoint, line)).toBe(1);
    expect(fieldOf(checkpoint.shape, parseLine(checkpoint, line).record, name)).toEqual(expected);
  });

  it.each([
    ["its own time", LOGIN, "2026-11-21T04:38:18.000Z"],
    ["the header's time", NEW, "2026-11-21T04:38:20.000Z"],
    [
      "the header's time without zone, with a blank",
      ADMIN.replace("2026-11-21T04:38:16Z", "2026-11-21 05:38:16"),
      "2026-11-21T04:38:16.000Z",
    ],
  ])("takes %s", (_what, line, expected) => {
    expect(iso(parseLine(checkpoint, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(checkpoint.ecs(parseLine(checkpoint, ACCEPT).record)).toMatchObject({
      "event.action": "Accept",
      "event.category": ["network"],
      "event.outcome": "success",
      "event.type": ["connection", "allowed"],
      "destination.ip": "203.0.113.80",
      "destination.port": 443,
      "observer.product": "VPN-1 & FireWall-1",
      "user.name": "emustermann",
    });
    expect(checkpoint.ecs(parseLine(checkpoint, FAILED).record)).toMatchObject({
      "event.category": ["authentication"],
      "event.reason": "Wrong password",
    });
  });

  it.each([
    "",
    "[action:",
    '<134>1 2026-11-21T04:38:16Z fw-cp-01 other 13752 - [action:"Accept"; ]',
    "time=1795235902|a=b|c=d",
    "<134>Nov 21 05:38:22 fw a=b|product=x|",
    '{"product":"VPN-1"}',
  ])("refuses %j", (line) => {
    expect(sniffLine(checkpoint, line)).toBe(0);
    expect(() => parseLine(checkpoint, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(checkpoint, [ACCEPT, NEW, PIPED, LOGIN]));
});
