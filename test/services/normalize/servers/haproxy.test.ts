import { describe, expect, it } from "vitest";
import { haproxy } from "../../../../services/normalize/servers/haproxy.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "haproxy")
  .map(({ text }) => text);
const [HTTP, BAD, TLS, TCP, HANDSHAKE, DOWN, BARE] = LINES;

describe("HAProxy's log", () => {
  it.each([
    [HTTP, "source.ip", "10.1.2.3"],
    [HTTP, "cs-method", "GET"],
    [HTTP, "cs-uri-query", "/index.html?a=b"],
    [HTTP, "url.path", "/index.html"],
    [HTTP, "sc-status", 200],
    [HTTP, "frontend", "https-in"],
    [HTTP, "frontend_tls", true],
    [HTTP, "server", "srv1"],
    [HTTP, "termination_state", "----"],
    [HTTP, "request_headers", ["www.kreis.example", "Mozilla/5.0 (X11)"]],
    [HTTP, "host.name", "lb01"],
    [BAD, "c-uri", "<BADREQ>"],
    [BAD, "server", "<NOSRV>"],
    [TLS, "tls.version", "TLSv1.3"],
    [TLS, "tls.client.server_name", "www.kreis.example"],
    [TLS, "request_cookie", "SESSION=1"],
    [TLS, "duration_ms", 46],
    [TCP, "backend", "db"],
    [TCP, "method", undefined],
    [TCP, "bytes", 212],
    [HANDSHAKE, "message", "SSL handshake failure"],
    [HANDSHAKE, "client_port", 40_003],
    [DOWN, "host.name", "lb01"],
    [BARE, "cs-uri", "http://www.kreis.example/"],
  ])("%#: gives its fields", (line = "", name, expected) => {
    expect(sniffLine(haproxy, line)).toBe(0.95);
    expect(fieldOf(haproxy.shape, parseLine(haproxy, line).record, name)).toEqual(expected);
  });

  it.each([
    [HTTP, "2026-11-21T04:38:16.655Z"],
    [DOWN, "2026-11-21T04:38:19.000Z"],
  ])("%#: has its time", (line = "", expected) => {
    expect(iso(parseLine(haproxy, line).time)).toBe(expected);
  });

  it("reads under ECS names", () => {
    expect(haproxy.ecs(parseLine(haproxy, HTTP ?? "").record)).toMatchObject({
      "event.category": ["web", "network"],
      "event.duration": 109e6,
      "event.outcome": "success",
      "http.response.bytes": 2750,
      "haproxy.backend": "static",
      "source.port": 33_317,
    });
    expect(haproxy.ecs(parseLine(haproxy, TCP ?? "").record)).toMatchObject({
      "event.category": ["network"],
      "event.type": ["connection"],
      "haproxy.backend": "db",
    });
  });

  it.each([
    "",
    "10.1.2.3:33319 [21/Nov/2026:05:38:20] http-in x/y 0/0/0/0/0 200 1 - - ---- 0/0/0/0/0 0/0",
    "10.1.2.3:33319 [21/Nov/2026:05:38:20.000] http-in",
    "10.1.2.3:33319 [21/Nov/2026:05:38:20.000] http-in a/b 1/2 3",
    "<134>Nov 21 05:38:16 lb01 other[1]: 10.1.2.3 started",
  ])("refuses %j", (line) => {
    expect(() => parseLine(haproxy, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(haproxy, LINES));
});
