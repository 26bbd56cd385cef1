import { describe, expect, it } from "vitest";
import { squid } from "../../../../services/normalize/network/squid.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "squid")
  .map(({ text }) => text);
const [GET, CONNECT, DENIED, INVALID, IPV6, APPLIANCE, SYSLOG, COMMON, COMBINED] = LINES;

describe("Squid's access log", () => {
  it.each([
    [GET, "c-uri", "http://www.example.org/a/b.exe?id=1"],
    [GET, "c-uri-extension", "exe"],
    [GET, "c-uri-query", "id=1"],
    [GET, "cs-host", "www.example.org"],
    [GET, "r-dns", "www.example.org"],
    [GET, "cs-method", "GET"],
    [GET, "sc-status", 200],
    [GET, "user.name", "emustermann"],
    [GET, "dst_ip", "203.0.113.7"],
    [GET, "event.action", "TCP_MISS"],
    [CONNECT, "cs-username", "KREIS\\emustermann"],
    [CONNECT, "url.domain", "www.example.org"],
    [CONNECT, "url.port", 443],
    [CONNECT, "squid.mime", undefined],
    [DENIED, "user.name", undefined],
    [INVALID, "c-uri", "error:invalid-request"],
    [IPV6, "c-ip", "2001:db8::3"],
    [APPLIANCE, "user.name", "KREIS\\emustermann@NTLM"],
    [APPLIANCE, "peer", "proxy.kreis.example"],
    [SYSLOG, "host.name", "proxy01"],
    [SYSLOG, "cs-method", "POST"],
    [COMMON, "c-uri", "http://www.example.org/c.zip"],
    [COMMON, "event.action", "TCP_MISS"],
    [COMBINED, "c-useragent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"],
    [COMBINED, "cs-referrer", "http://www.example.org/"],
    [COMBINED, "cs-uri-stem", "/upload.php"],
  ])("%#: gives what rules ask for", (line = "", name, expected) => {
    expect(sniffLine(squid, line)).toBe(0.95);
    expect(fieldOf(squid.shape, parseLine(squid, line).record, name)).toBe(expected);
  });

  it("has times in seconds and in words", () => {
    expect(iso(parseLine(squid, GET ?? "").time)).toBe("2026-11-21T04:38:16.123Z");
    expect(iso(parseLine(squid, COMMON ?? "").time)).toBe("2026-11-21T04:38:18.000Z");
  });

  it("reads under ECS names", () => {
    expect(squid.ecs(parseLine(squid, GET ?? "").record)).toEqual({
      "destination.domain": "www.example.org",
      "destination.ip": "203.0.113.7",
      "event.action": "TCP_MISS",
      "event.category": ["web", "network"],
      "event.duration": 345e6,
      "event.kind": "event",
      "event.module": "squid",
      "event.outcome": "success",
      "event.type": ["access", "allowed"],
      "http.request.method": "GET",
      "http.response.bytes": 51_234,
      "http.response.mime_type": "application/octet-stream",
      "http.response.status_code": 200,
      "source.ip": "10.1.2.3",
      "squid.hierarchy": "HIER_DIRECT",
      "url.domain": "www.example.org",
      "url.extension": "exe",
      "url.original": "http://www.example.org/a/b.exe?id=1",
      "url.path": "/a/b.exe",
      "url.query": "id=1",
      "url.scheme": "http",
      "user.name": "emustermann",
    });
    expect(squid.ecs(parseLine(squid, DENIED ?? "").record)).toMatchObject({
      "event.outcome": "failure",
      "event.type": ["access", "denied"],
    });
    expect(squid.ecs(parseLine(squid, CONNECT ?? "").record)["url.port"]).toBe(443);
  });

  it.each([
    "",
    "1795235896.123 345 10.1.2.3 TCP_MISS/200 51234 GET",
    "1795235896.123 345 10.1.2.3 TCP_MISS/200 51234 GET http://a/ -",
    "1795235896 345 10.1.2.3 TCP_MISS/200 51234 GET http://a/ - HIER_DIRECT/- -",
    '10.1.2.3 - - [21/Nov/2026:05:38:18 +0100] "GET / HTTP/1.1" 200 5',
    "message TCP_MISS:HIER_DIRECT",
  ])("refuses %j", (line) => {
    expect(() => parseLine(squid, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each([
    ["/var/log/squid/access.log", GET, "squid"],
    ["/var/log/squid/access.log.1", COMBINED, "squid"],
    [
      "/var/log/nginx/access.log",
      '10.1.2.3 - - [21/Nov/2026:05:38:18 +0100] "GET / HTTP/1.1" 200 5',
      "web-access",
    ],
  ])("is told from other access logs that Filebeat carries: %s", (path, message = "", expected) => {
    const text = JSON.stringify({
      "@timestamp": "2026-11-21T04:38:20.000Z",
      agent: { type: "filebeat" },
      log: { file: { path }, offset: 0 },
      message,
    });
    const raw = { id: "1", idFromSender: false, source: "s", timeZone: "UTC", text };
    const normalizer = createNormalizer({ mappings: [] });
    const result = normalizer.normalize({ ...raw, receivedAt: CONTEXT.receivedAt }, "kreis");
    expect(eventOrThrow(result).format.id).toBe(expected);
  });

  it("does not claim the lines of web servers", () => {
    const line =
      '10.1.2.3 - - [21/Nov/2026:05:38:18 +0100] "GET /TCP_MISS:HIER_DIRECT HTTP/1.1" 200 5';
    expect(sniffLine(squid, line)).toBe(0);
  });

  it("survives any line", () => survivesAnything(squid, LINES));
});
