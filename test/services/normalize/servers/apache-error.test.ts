import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apacheError } from "../../../../services/normalize/servers/apache-error.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "apache-error")
  .map(({ text }) => text);
const [OLD, OLD_CLIENT, URI, AUTH, IPV6, MODSECURITY, SEGFAULT, REMOTE, SYSLOG] = LINES;
const RECORDING = new URL("../../../../../shared/data/anomaly/loghub_2k/Apache/", import.meta.url);
const missing = !existsSync(RECORDING);

describe("Apache's error log", () => {
  it.each([
    [OLD, "log.level", "notice"],
    [OLD, "message", "workerEnv.init() ok /etc/httpd/conf/workers2.properties"],
    [OLD_CLIENT, "source.ip", "192.0.2.7"],
    [OLD_CLIENT, "message", "Directory index forbidden by rule: /var/www/html/"],
    [URI, "event.code", "AH00126"],
    [URI, "module", "core"],
    [URI, "process.pid", "1234"],
    [URI, "source.port", 50_122],
    [AUTH, "user.name", "emustermann"],
    [AUTH, "http.request.referrer", "https://www.kreis.example/"],
    [IPV6, "source.ip", "2001:db8::7"],
    [IPV6, "source.port", 50_124],
    [IPV6, "os_error", "(13)Permission denied"],
    [MODSECURITY, "rule.id", "942100"],
    [MODSECURITY, "modsecurity_tag", ["application-multi", "attack-sqli"]],
    [MODSECURITY, "source.ip", "192.0.2.8"],
    [SEGFAULT, "client", undefined],
    [REMOTE, "source.ip", "10.0.0.9"],
    [SYSLOG, "host.name", "web01"],
    [SYSLOG, "log.level", "warn"],
  ])("%#: gives its fields", (line = "", name, expected) => {
    expect(sniffLine(apacheError, line)).toBe(0.95);
    expect(fieldOf(apacheError.shape, parseLine(apacheError, line).record, name)).toEqual(expected);
  });

  it.each([
    [OLD, "2025-12-04T03:47:44.000Z"],
    [URI, "2026-11-21T04:38:16.123Z"],
    [SYSLOG, "2026-11-21T04:38:18.000Z"],
  ])("%#: has its time", (line = "", expected) => {
    expect(iso(parseLine(apacheError, line).time)).toBe(expected);
  });

  it("reads under ECS names", () => {
    expect(apacheError.ecs(parseLine(apacheError, MODSECURITY ?? "").record)).toMatchObject({
      "event.kind": "alert",
      "event.category": ["web", "intrusion_detection"],
      "event.type": ["denied"],
      "rule.name": "SQL Injection Attack Detected via libinjection",
      "url.original": "/a.php",
    });
    expect(apacheError.ecs(parseLine(apacheError, AUTH ?? "").record)).toMatchObject({
      "event.category": ["web", "authentication"],
      "event.outcome": "failure",
      "event.module": "apache",
      "process.pid": 1234,
    });
  });

  it.each([
    "",
    "[Sat Nov 21 05:38:16 2026] started",
    "[Sat Nov 21 05:38:16 2026] [loud] x",
    "[21/Nov/2026:05:38:16 +0100] [error] x",
    "[core:error] [pid 1] x",
    "<27>Nov 21 05:38:18 web01 other[1]: [core:error] x",
  ])("refuses %j", (line) => {
    expect(sniffLine(apacheError, line)).toBe(0);
    expect(() => parseLine(apacheError, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(apacheError, LINES));

  it.skipIf(missing)(
    `reads all recorded lines as their table says${missing ? " (SKIPPED: ../shared/data is missing)" : ""}`,
    () => {
      const lines = read("Apache_2k.log");
      const rows = read("Apache_2k.log_structured.csv").slice(1);
      expect(lines.length).toBe(2000);
      for (const [index, line] of lines.entries()) {
        expect(sniffLine(apacheError, line)).toBe(0.95);
        const { record, time } = parseLine(apacheError, line);
        const client = record.client === undefined ? "" : `[client ${String(record.client)}] `;
        const content = `${client}${String(record.message)}`;
        const row = rows[index] ?? "";
        expect(row.startsWith(`${index + 1},${line.slice(1, 25)},${String(record.level)},`)).toBe(
          true,
        );
        expect(row.replaceAll('"', "")).toContain(`,${content.replaceAll('"', "")},E`);
        expect(iso(time)).toMatch(/^2005-12-0\d/);
      }
    },
  );
});

function read(name: string): string[] {
  return readFileSync(new URL(name, RECORDING), "utf8").split(/\r?\n/).filter(Boolean);
}
