import { describe, expect, it } from "vitest";
import { nginxError } from "../../../../services/normalize/servers/nginx-error.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "nginx-error")
  .map(({ text }) => text);
const [MISSING, UNKNOWN_USER, PASSWORD, UPSTREAM, MODSECURITY, CORE, NOTICE, SYSLOG] = LINES;
const HEAD = "2026/11/21 05:38:16 [error] 1#1: *5";
const INVENTED = `${HEAD} open() "/x, client: 198.51.100.1" failed, client: 192.0.2.7, server: _, request: "GET / HTTP/1.1"`;

describe("nginx' error log", () => {
  it.each([
    [MISSING, "source.ip", "192.0.2.7"],
    [
      MISSING,
      "message",
      'open() "/var/www/html/wp-login.php" failed (2: No such file or directory)',
    ],
    [MISSING, "url.original", "/wp-login.php"],
    [MISSING, "http.request.method", "GET"],
    [MISSING, "http.request.referrer", "http://www.example.org/"],
    [MISSING, "connection", "5"],
    [UNKNOWN_USER, "user.name", "emustermann"],
    [PASSWORD, "user.name", "emustermann"],
    [PASSWORD, "source.ip", "2001:db8::7"],
    [PASSWORD, "url.domain", "intern.kreis.example"],
    [UPSTREAM, "upstream", "http://127.0.0.1:9000/api"],
    [MODSECURITY, "rule.id", "932100"],
    [MODSECURITY, "url.original", "/a.php?id=;cat"],
    [CORE, "log.level", "alert"],
    [CORE, "message", "worker process 1236 exited on signal 6 (core dumped)"],
    [NOTICE, "client", undefined],
    [SYSLOG, "host.name", "web01"],
    [SYSLOG, "source.ip", "192.0.2.9"],
    [INVENTED, "source.ip", "192.0.2.7"],
  ])("%#: gives its fields", (line = "", name, expected) => {
    expect(sniffLine(nginxError, line)).toBe(0.95);
    expect(fieldOf(nginxError.shape, parseLine(nginxError, line).record, name)).toBe(expected);
  });

  it("has its time", () => {
    expect(iso(parseLine(nginxError, MISSING ?? "").time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("reads under ECS names", () => {
    expect(nginxError.ecs(parseLine(nginxError, PASSWORD ?? "").record)).toMatchObject({
      "event.category": ["web", "authentication"],
      "event.outcome": "failure",
      "event.module": "nginx",
      "log.level": "error",
      "process.pid": 1234,
      "user.name": "emustermann",
    });
    expect(nginxError.ecs(parseLine(nginxError, MODSECURITY ?? "").record)).toMatchObject({
      "event.kind": "alert",
      "event.action": "denied",
      "rule.name": "Remote Command Execution: Unix Command Injection",
    });
  });

  it.each([
    "",
    "2026/11/21 05:38:16 [error] x",
    "2026/11/21 05:38:16 error 1#1: x",
    "2026-11-21 05:38:16 [error] 1#1: x",
    "Nov 21 05:38:16 web01 nginx: started",
  ])("refuses %j", (line) => {
    expect(sniffLine(nginxError, line)).toBe(0);
    expect(() => parseLine(nginxError, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(nginxError, LINES));
});
