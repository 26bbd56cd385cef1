import { describe, expect, it } from "vitest";
import { sophosSfos } from "../../../../services/normalize/network/sophos-sfos.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const OLD =
  'device="SFW" date=2026-11-21 time=05:38:16 timezone="CET" device_name="XGS136" device_id=X1 log_id=010101600001 ';
const NEW =
  'device_name="SFW" timestamp="2026-11-21T05:38:18+0100" device_model="XGS136" device_serial_id="X1" log_id="010101600001" ';
const ALLOWED = `<30>${OLD}log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" status="Allow" fw_rule_name="Verwaltung \\"A\\"" user_name="emustermann" src_ip=10.1.2.3 dst_ip=203.0.113.80 protocol="TCP" src_port=50122 dst_port=443 tran_src_ip=192.0.2.1 tran_src_port=0`;
const DENIED = `<30>${NEW}log_type="Firewall" log_component="Invalid Traffic" log_subtype="Denied" src_ip="198.51.100.9" dst_ip="192.0.2.5" dst_port=3389`;
const WEB = `<30>${OLD}log_type="Content Filtering" log_component="HTTP" log_subtype="Denied" url="http://phish.example/?x=1" user_agent="Mozilla/5.0" domain=phish.example src_ip=10.1.2.3`;
const VIRUS = `<26>${OLD}log_type="Anti-Virus" log_component="HTTP" log_subtype="Virus" virus="EICAR-AV-Test" src_ip=10.1.2.3`;
const FAILED = `<30>${OLD}log_type="Event" log_component="SSL VPN Authentication" log_subtype="Authentication" status="Failed" user_name="emustermann" name="Erika Mustermann" src_ip=198.51.100.9 reason="wrong credentials"`;
const ADMIN = `<30>${OLD}log_type="Event" log_component="GUI" log_subtype="Admin" status="Successful" user_name="emustermann" src_ip=10.1.2.3`;
const CHANGE = `<30>${OLD}log_type="Event" log_component="Firewall Rule" log_subtype="Admin" status="Successful" user_name="emustermann"`;
const TUNNEL = `<30>${OLD}log_type="Event" log_component="IPSec" log_subtype="System" status="Terminated" con_name="Aussenstelle"`;

describe("Sophos Firewall lines", () => {
  it.each([
    [ALLOWED, "src_ip", "10.1.2.3"],
    [ALLOWED, "fw_rule_name", 'Verwaltung "A"'],
    [ALLOWED, "protocol", "tcp"],
    [ALLOWED, "blocked", "false"],
    [ALLOWED, "tran_src_port", undefined],
    [ALLOWED, "host.name", "XGS136"],
    [DENIED, "blocked", "true"],
    [DENIED, "host.name", undefined],
    [DENIED, "action", "Denied"],
    [WEB, "kind", "web"],
    [WEB, "c-uri", "http://phish.example/?x=1"],
    [VIRUS, "kind", "malware"],
    [VIRUS, "Signature", "EICAR-AV-Test"],
    [FAILED, "outcome", "failure"],
    [FAILED, "user.full_name", "Erika Mustermann"],
    [ADMIN, "kind", "authentication"],
    [CHANGE, "kind", "configuration"],
    [TUNNEL, "action", "session-end"],
  ])("reads from %.200s the field %s", (line, name, expected) => {
    expect(sniffLine(sophosSfos, line)).toBe(1);
    expect(fieldOf(sophosSfos.shape, parseLine(sophosSfos, line).record, name)).toBe(expected);
  });

  it.each([
    ["date, time and zone", ALLOWED, "2026-11-21T04:38:16.000Z"],
    ["the timestamp", DENIED, "2026-11-21T04:38:18.000Z"],
    [
      "the source's zone for names of zones that are not known",
      ALLOWED.replace("CET", "+03"),
      "2026-11-21T04:38:16.000Z",
    ],
    [
      "the header",
      ALLOWED.replace("<30>", "Nov 21 05:38:17 fw ").replace("date=2026-11-21", "date=x"),
      "2026-11-21T04:38:17.000Z",
    ],
  ])("takes the time from %s", (_what, line, expected) => {
    expect(iso(parseLine(sophosSfos, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(sophosSfos.ecs(parseLine(sophosSfos, FAILED).record)).toMatchObject({
      "event.action": "login",
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "event.reason": "wrong credentials",
      "observer.serial_number": "X1",
      "source.ip": "198.51.100.9",
      "user.full_name": "Erika Mustermann",
      "user.name": "emustermann",
    });
    expect(sophosSfos.ecs(parseLine(sophosSfos, ALLOWED).record)).toMatchObject({
      "event.type": ["connection", "allowed"],
      "rule.name": 'Verwaltung "A"',
    });
  });

  it.each([
    "",
    'device="SFW" date=2026-11-21',
    'device_name="x" log=1',
    `a ${OLD}`,
    '{"device":"SFW"}',
  ])("refuses %j", (line) => {
    expect(sniffLine(sophosSfos, line)).toBe(0);
    expect(() => parseLine(sophosSfos, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(sophosSfos, [ALLOWED, DENIED, FAILED]));
});
