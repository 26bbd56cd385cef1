import { describe, expect, it } from "vitest";
import { suricata } from "../../../../services/normalize/network/suricata.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "suricata")
  .map(({ text }) => text);
const [ALERT, DNS1, DNS2, DNS3, HTTP, TLS, FLOW, SSH, SMB, FILE, ANOMALY, KRB5, STATS] = LINES.map(
  (line) => parseLine(suricata, line).record,
);

describe("Suricata's records", () => {
  it.each([
    [ALERT, "rule.name", "ET INFO Observed DNS Query to .cloud TLD"],
    [ALERT, "source.ip", "10.1.2.3"],
    [ALERT, "dst_port", 80],
    [ALERT, "alert.severity", 2],
    [ALERT, "suricata.eve.alert.gid", 1],
    [DNS1, "query", "www.example.org"],
    [DNS2, "record_type", "A"],
    [DNS3, "query", "gibt-es-nicht.example"],
    [DNS3, "dns.question.type", "TXT"],
    [HTTP, "cs-uri-query", "/login.php?user=1"],
    [HTTP, "cs-method", "POST"],
    [HTTP, "sc-status", 403],
    [HTTP, "c-useragent", "Mozilla/5.0 (X11)"],
    [TLS, "tls.client.server_name", "www.example.org"],
    [TLS, "tls.client.ja3", "e7d705a3286e19ea42f587b344ee6865"],
    [FLOW, "destination.bytes", 3800],
    [SSH, "user_agent.original", "libssh2_1.11.0"],
    [SMB, "user.name", "emustermann"],
    [FILE, "file.hash.md5", "0123456789abcdef0123456789abcdef"],
    [ANOMALY, "rule.name", "APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION"],
    [KRB5, "user.domain", "KREIS.EXAMPLE"],
    [STATS, "stats.uptime", 3600],
  ])("%#: give the field %s", (record, name, expected) => {
    expect(fieldOf(suricata.shape, record ?? {}, name)).toEqual(expected);
  });

  it("are claimed, with their time", () => {
    expect(LINES.map((line) => sniffLine(suricata, line))).toEqual(LINES.map(() => 0.95));
    expect(iso(parseLine(suricata, LINES[0] ?? "").time)).toBe("2026-11-21T04:38:16.123Z");
  });

  it("read under ECS names", () => {
    const alert = suricata.ecs(ALERT ?? {});
    expect(alert).toMatchObject({
      "event.kind": "alert",
      "event.category": ["network", "intrusion_detection"],
      "event.action": "allowed",
      "event.severity": 2,
      "network.transport": "tcp",
      "rule.id": "2027865",
      "url.path": "/a/b.exe",
      "suricata.eve.alert.gid": 1,
      "suricata.eve.alert.metadata.confidence": ["High"],
    });
    expect(suricata.ecs(DNS2 ?? {})).toMatchObject({
      "dns.type": "answer",
      "dns.answers.data": ["web.example.org", "203.0.113.7"],
      "dns.resolved_ip": ["203.0.113.7"],
    });
    expect(suricata.ecs(DNS3 ?? {})["dns.question.name"]).toBe("gibt-es-nicht.example");
    expect(suricata.ecs(FLOW ?? {})).toMatchObject({
      "event.duration": 12e9,
      "network.protocol": "tls",
      "event.reason": "timeout",
    });
    expect(suricata.ecs(HTTP ?? {})["event.outcome"]).toBe("failure");
    expect(suricata.ecs(STATS ?? {})["event.kind"]).toBe("metric");
  });

  it("may be of a type whose name every object has", () => {
    const line = '{"event_type":"constructor","timestamp":"2026-11-21T05:38:16Z"}';
    expect(suricata.ecs(parseLine(suricata, line).record)["event.type"]).toEqual(["info"]);
    expect(suricata.shape.locate("constructor")).toEqual([["constructor"]]);
  });

  it("leave the contents of connections out", () => {
    expect(Object.keys(suricata.ecs(ALERT ?? {})).join()).not.toContain("payload");
  });

  it.each([
    "{}",
    '{"event_type":"login","user":"x"}',
    '{"event_type":"purge","timestamp":"2026-11-21 05:38:16","ip_src":"10.1.2.3"}',
    '{"timestamp":"2026-11-21T05:38:16Z","src_ip":"10.1.2.3"}',
  ])("are not claimed in %j", (line) => {
    expect(sniffLine(suricata, line)).toBe(0);
  });

  it.each(["", "{}", '{"event_type":1}', "alert"])("are refused in %j", (line) => {
    expect(() => parseLine(suricata, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(suricata, LINES));
});
