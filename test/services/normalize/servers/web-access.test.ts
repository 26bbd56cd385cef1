import { describe, expect, it } from "vitest";
import { webAccess } from "../../../../services/normalize/servers/web-access.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const HEAD = "192.0.2.7 - mmueller [21/Nov/2026:05:38:16 +0100]";
const COMBINED = `${HEAD} "GET /a/b.php?id=1%27&x=y HTTP/1.1" 404 512 "https://example.org/" "Mozilla/5.0 (X11)"`;
const COMMON = '2001:db8::1 - - [21/Nov/2026:05:38:16 +0100] "POST / HTTP/2.0" 200 -';
const VHOST = `www.kreis.example:443 ${HEAD} "GET /x HTTP/1.1" 301 0 "-" "-" "extra"`;
const QUOTED = `${HEAD} "GET /x HTTP/1.1" 200 1 "-" "a \\"quoted\\" \\x22agent\\x22 \\\\"`;
const SYSLOG = `<190>Nov 21 05:38:16 web01 nginx: ${COMBINED}`;
const FORWARDED = `${HEAD} "GET /x HTTP/1.1" 200 1 "-" "agent" "198.51.100.7, 10.0.0.9"`;
const BEHIND_PROXY = `198.51.100.7, 10.0.0.9 10.0.0.2 - - [21/Nov/2026:05:38:18 +0100] "GET /x HTTP/1.1" 200 1`;
const TIMED = `${HEAD} "GET /x HTTP/1.1" 502 1 "-" "agent" rt=0.123 uct="0.001" urt="-"`;
const INGRESS = `${HEAD} "GET /x HTTP/1.1" 200 1 "-" "agent" 410 0.004 [default-web-80] [] 10.2.0.7:80`;
const TOOK = `${HEAD} "GET /x HTTP/1.1" 200 1 12345`;
const ISO = '192.0.2.9 - - [2026-11-21T05:38:20+01:00] "GET / HTTP/1.0" 200 42';
const SCAN = `${HEAD} "\\x16\\x03\\x01" 400 150 "-" "-"`;

describe("web server access logs", () => {
  it.each([
    [COMBINED, "c-ip", "192.0.2.7"],
    [COMBINED, "cs-username", "mmueller"],
    [COMBINED, "cs-method", "GET"],
    [COMBINED, "cs-uri-stem", "/a/b.php"],
    [COMBINED, "cs-uri-query", "/a/b.php?id=1%27&x=y"],
    [COMBINED, "url.query", "id=1%27&x=y"],
    [COMBINED, "sc-status", 404],
    [COMBINED, "cs-user-agent", "Mozilla/5.0 (X11)"],
    [COMBINED, "cs(User-Agent)", "Mozilla/5.0 (X11)"],
    [COMBINED, "cs(Referer)", "https://example.org/"],
    [COMMON, "source.ip", "2001:db8::1"],
    [COMMON, "cs-user-agent", undefined],
    [COMMON, "sc-bytes", undefined],
    [VHOST, "cs-host", "www.kreis.example"],
    [VHOST, "cs-referer", undefined],
    [QUOTED, "cs-user-agent", 'a "quoted" "agent" \\'],
    [FORWARDED, "forwarded", ["198.51.100.7", "10.0.0.9"]],
    [FORWARDED, "c-ip", "192.0.2.7"],
    [BEHIND_PROXY, "network.forwarded_ip", ["198.51.100.7", "10.0.0.9"]],
    [BEHIND_PROXY, "c-ip", "10.0.0.2"],
    [BEHIND_PROXY, "cs-host", undefined],
    [TIMED, "extra_rt", "0.123"],
    [TIMED, "extra_uct", "0.001"],
    [TIMED, "extra_urt", undefined],
    [INGRESS, "extra", "410 0.004 [default-web-80] [] 10.2.0.7:80"],
    [TOOK, "extra", "12345"],
    [ISO, "sc-bytes", 42],
    [SYSLOG, "host.name", "web01"],
    [SYSLOG, "cs-method", "GET"],
    [SCAN, "cs-uri-query", "\\x16\\x03\\x01"],
    [SCAN, "cs-method", undefined],
  ])("reads from %.50s the field %s", (line, name, expected) => {
    expect(sniffLine(webAccess, line)).toBeGreaterThanOrEqual(0.9);
    expect(fieldOf(webAccess.shape, parseLine(webAccess, line).record, name)).toEqual(expected);
  });

  it("reads the time", () => {
    expect(iso(parseLine(webAccess, COMBINED).time)).toBe("2026-11-21T04:38:16.000Z");
    expect(iso(parseLine(webAccess, ISO).time)).toBe("2026-11-21T04:38:20.000Z");
  });

  it("writes ECS names", () => {
    expect(webAccess.ecs(parseLine(webAccess, COMBINED).record)).toEqual({
      "event.kind": "event",
      "event.module": "web",
      "event.category": ["web"],
      "event.type": ["access"],
      "event.outcome": "failure",
      "http.request.method": "GET",
      "http.request.referrer": "https://example.org/",
      "http.response.body.bytes": 512,
      "http.response.status_code": 404,
      "http.version": "1.1",
      "source.ip": "192.0.2.7",
      "url.original": "/a/b.php?id=1%27&x=y",
      "url.path": "/a/b.php",
      "url.query": "id=1%27&x=y",
      "user.name": "mmueller",
      "user_agent.original": "Mozilla/5.0 (X11)",
    });
  });

  it("keeps a client that is a name as a domain", () => {
    const line = COMMON.replace("2001:db8::1", "gw.example.org");
    expect(webAccess.ecs(parseLine(webAccess, line).record)["source.domain"]).toBe(
      "gw.example.org",
    );
  });

  it.each([
    "",
    "words",
    `${HEAD} "GET / HTTP/1.1`,
    `${HEAD} "GET / HTTP/1.1" abc 1`,
    '192.0.2.7 - - [yesterday] "GET / HTTP/1.1" 200 1',
    '- - - [21/Nov/2026:05:38:16 +0100] "GET / HTTP/1.1" 200 1',
  ])("refuses %j", (line) => {
    expect(() => parseLine(webAccess, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("leaves Squid's lines to Squid", () => {
    expect(sniffLine(webAccess, `${COMBINED} TCP_MISS:HIER_DIRECT`)).toBe(0);
  });

  it("survives any line", () =>
    survivesAnything(webAccess, [
      COMBINED,
      COMMON,
      VHOST,
      QUOTED,
      SYSLOG,
      SCAN,
      FORWARDED,
      BEHIND_PROXY,
      TIMED,
    ]));
});
