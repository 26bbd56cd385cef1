import { describe, expect, it } from "vitest";
import { skyhighSwg } from "../../../../services/normalize/network/skyhigh-swg.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "skyhigh-swg")
  .map(({ text }) => text);
const [GET, BLOCKED, CONNECT, SYSLOG] = LINES;

describe("the gateway's access log", () => {
  it.each([
    [GET, "user.name", "KREIS\\emustermann"],
    [GET, "c-uri", "http://www.example.org/a/b.exe?id=1"],
    [GET, "c-uri-extension", "exe"],
    [GET, "c-useragent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"],
    [GET, "sc-status", 200],
    [GET, "sc-bytes", 51_234],
    [GET, "categories", "Business, Software/Hardware"],
    [BLOCKED, "rule.name", "BehavesLike.Win32.Generic"],
    [BLOCKED, "user.name", undefined],
    [BLOCKED, "url.port", 8443],
    [CONNECT, "cs-host", "updates.example.net"],
    [CONNECT, "application_name", "Updates"],
    [SYSLOG, "host.name", "swg01"],
  ])("%#: gives its fields", (line = "", name, expected) => {
    expect(sniffLine(skyhighSwg, line)).toBe(0.95);
    expect(fieldOf(skyhighSwg.shape, parseLine(skyhighSwg, line).record, name)).toBe(expected);
  });

  it("reads under ECS names, with its time", () => {
    const { record, time } = parseLine(skyhighSwg, BLOCKED ?? "");
    expect(iso(time)).toBe("2026-11-21T04:38:17.000Z");
    expect(skyhighSwg.ecs(record)).toMatchObject({
      "event.outcome": "failure",
      "event.type": ["access", "denied"],
      "event.reason": "80",
      "http.request.bytes": 1400,
      "url.domain": "c2.example.net",
    });
    expect(skyhighSwg.ecs(parseLine(skyhighSwg, GET ?? "").record)["event.type"]).toEqual([
      "access",
      "allowed",
    ]);
  });

  it.each([
    "",
    '[21/Nov/2026:05:38:16 +0100] "x" 10.1.2.3 200 "GET / HTTP/1.1"',
    '[Sat Nov 21 05:38:16 2026] [error] "x"',
    '10.1.2.3 - - [21/Nov/2026:05:38:16 +0100] "GET / HTTP/1.1" 200 1 "-" "-"',
  ])("refuses %j", (line) => {
    expect(sniffLine(skyhighSwg, line)).toBe(0);
    expect(() => parseLine(skyhighSwg, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(skyhighSwg, LINES));
});
