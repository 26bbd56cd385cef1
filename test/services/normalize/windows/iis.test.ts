import { describe, expect, it } from "vitest";
import { iis } from "../../../../services/normalize/windows/iis.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const TIME = "2026-11-21 04:38:16";
const REQUEST = "10.1.2.10 POST /owa/auth.owa a=b 443 KREIS\\emustermann 198.51.100.9";
const FULL = `${TIME} ${REQUEST} Mozilla/5.0+(Windows+NT+10.0) https://mail.kreis.example/ 302 0 0 125`;
const OLD = `${TIME} ${REQUEST} Mozilla/5.0 200 0 0 15`;
const OLDEST = `${TIME} ${REQUEST} Mozilla/5.0 200 0 0`;
const ALL = `${TIME} W3SVC1 WEB01 ${REQUEST} HTTP/1.1 curl/8.0 c=1;+d=2 - www.kreis.example 404 0 2 1203 410 31`;
const HEADER =
  "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status X-Forwarded-For";
const OWN = `${TIME} 10.1.1.1 GET / 200 203.0.113.7`;
const HTTPERR =
  "#Software: Microsoft HTTP API 2.0\n#Fields: date time c-ip c-port cs-method cs-uri sc-status s-reason";

function parse(line: string, header?: string) {
  return iis.parse(line, { ...CONTEXT, header }, undefined);
}

describe("IIS lines", () => {
  it.each([
    [FULL, undefined, "cs-uri-stem", "/owa/auth.owa"],
    [FULL, undefined, "cs-uri-query", "/owa/auth.owa?a=b"],
    [FULL, undefined, "c-uri-query", "a=b"],
    [FULL, undefined, "cs-user-agent", "Mozilla/5.0 (Windows NT 10.0)"],
    [FULL, undefined, "cs-username", "KREIS\\emustermann"],
    [OLD, undefined, "time-taken", "15"],
    [OLDEST, undefined, "sc-status", "200"],
    [ALL, undefined, "cs-host", "www.kreis.example"],
    [ALL, undefined, "cs-cookie", "c=1; d=2"],
    [ALL, undefined, "cs-referer", undefined],
    [OWN, HEADER, "X-Forwarded-For", "203.0.113.7"],
    [OWN, HEADER, "source.ip", "10.1.1.1"],
    [FULL, HEADER, "s-port", "443"],
    [`${TIME} 203.0.113.7 51022 GET /a?b 400 URL`, HTTPERR, "c-uri", "/a?b"],
    [`<134>Nov 21 05:38:16 web01 iis: ${FULL}`, undefined, "host.name", "web01"],
  ])("gives from %.60s with %j the field %s", (line, header, name, expected) => {
    expect(iis.sniff(line, undefined, header)).toBe(0.95);
    expect(fieldOf(iis.shape, parse(line, header).record, name)).toBe(expected);
  });

  it("takes the time as UTC", () => {
    expect(iso(parseLine(iis, FULL).time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("writes ECS names", () => {
    expect(iis.ecs(parseLine(iis, FULL).record)).toMatchObject({
      "destination.port": 443,
      "event.duration": 125_000_000,
      "event.outcome": "success",
      "http.response.status_code": 302,
      "url.original": "/owa/auth.owa?a=b",
      "user.domain": "KREIS",
      "user.name": "emustermann",
    });
    expect(iis.ecs(parse(OWN, HEADER).record)).toMatchObject({ "client.ip": "203.0.113.7" });
  });

  it("reaches the rules for web servers", () => {
    expect(routeOf(iis.shape, parseLine(iis, FULL).record)).toBe(" / webserver / iis");
  });

  it.each([
    ["nothing", "", undefined],
    ["a foreign line", `${TIME} ERROR something went wrong`, undefined],
    ["a column too few", FULL.slice(0, -4), undefined],
    ["a status that is none", FULL.replace(" 302 ", " OK "), undefined],
    ["columns of another product", OWN, "#Software: SGOS 7\n#Fields: date time c-ip cs-method"],
    ["columns without requests", OWN, "#Software: Microsoft X\n#Fields: date time a b c d e"],
    ["more values than its header names", `${OWN} 1 2`, HEADER],
    ["JSON", '{"date":"2026-11-21"}', undefined],
  ])("refuses %s", (_what, line, header) => {
    expect(iis.sniff(line, undefined, header)).toBe(0);
    expect(() => parse(line, header)).toThrow(expect.objectContaining({ code: "HW_PARSE_FAILED" }));
  });

  it("survives any line", () => {
    expect(sniffLine(iis, FULL)).toBe(0.95);
    survivesAnything(iis, [FULL, OLD, ALL]);
  });
});
