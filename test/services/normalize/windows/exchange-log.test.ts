import { describe, expect, it } from "vitest";
import { exchangeLog } from "../../../../services/normalize/windows/exchange-log.ts";
import { CONTEXT, fieldOf, iso, parseLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const SOFTWARE = "#Software: Microsoft Exchange Server";
const PROXY_HEADER = `${SOFTWARE}\n#Log-type: HttpProxy Logs\n#Fields: DateTime,RequestId,Protocol,UrlStem,AuthenticatedUser,UserAgent,ClientIpAddress,HttpStatus,UrlQuery`;
const PROXY =
  '2026-11-21T04:38:16.123Z,1b5a,Autodiscover,/autodiscover/autodiscover.json,KREIS\\emustermann,"curl, 8",203.0.113.7,200,?@evil.example/powershell/';
const SMTP_HEADER = `${SOFTWARE}\n#Log-type: SMTP Receive Protocol Log\n#Fields: date-time,connector-id,session-id,local-endpoint,remote-endpoint,event,data`;
const SMTP =
  "2026-11-21T04:50:01.612Z,EX01\\Default,08DE,10.1.2.20:25,198.51.100.25:50122,<,EHLO x";
const BARE =
  "2026-11-21T04:38:16.123Z,1b5a3c1e-77a0-4d3e-9c1b-0f6a1c2d3e4f,15,2,1544,4,,Owa,mail.kreis.example,/owa/,,FBA,True,KREIS\\emustermann,,,Mozilla/5.0,10.1.7.44,EX01,302,302,,GET,Proxy,ex01,Version 15.2,IntraForest,,,,,812,20480,1,2,3";

function parse(line: string, header?: string) {
  return exchangeLog.parse(line, { ...CONTEXT, header }, undefined);
}

describe("Exchange's other logs", () => {
  it.each([
    [
      PROXY,
      PROXY_HEADER,
      "cs-uri-query",
      "/autodiscover/autodiscover.json?@evil.example/powershell/",
    ],
    [PROXY, PROXY_HEADER, "cs-user-agent", "curl, 8"],
    [PROXY, PROXY_HEADER, "c-ip", "203.0.113.7"],
    [SMTP, SMTP_HEADER, "source.ip", "198.51.100.25"],
    [SMTP, SMTP_HEADER, "destination.port", "25"],
    [SMTP, SMTP_HEADER, "data", "EHLO x"],
    [BARE, undefined, "cs-uri-stem", "/owa/"],
    [BARE, undefined, "sc-status", "302"],
    [BARE, undefined, "further", "1,2,3"],
  ])("give from %.60s with %.80j the field %s", (line, header, name, expected) => {
    expect(exchangeLog.sniff(line, undefined, header)).toBe(0.92);
    expect(fieldOf(exchangeLog.shape, parse(line, header).record, name)).toBe(expected);
  });

  it("write ECS names", () => {
    const parsed = parse(PROXY, PROXY_HEADER);
    expect(iso(parsed.time)).toBe("2026-11-21T04:38:16.123Z");
    expect(exchangeLog.ecs(parsed.record)).toMatchObject({
      "event.category": ["web"],
      "event.outcome": "success",
      "url.query": "@evil.example/powershell/",
      "user.name": "emustermann",
    });
    expect(exchangeLog.ecs(parse(SMTP, SMTP_HEADER).record)).toMatchObject({
      "event.category": ["email"],
      "event.provider": "SMTP Receive Protocol Log",
    });
  });

  it.each([
    [PROXY, PROXY_HEADER, "exchange / webserver / httpproxy"],
    [BARE, undefined, "exchange / webserver / httpproxy"],
    [SMTP, SMTP_HEADER, "exchange /  / smtp"],
  ])("reach from %.40s their rules", (line, header, expected) => {
    expect(routeOf(exchangeLog.shape, parse(line, header).record)).toBe(expected);
  });

  it.each([
    ["nothing", "", PROXY_HEADER],
    ["the line with the columns' names", "DateTime,RequestId,MajorVersion", PROXY_HEADER],
    ["no header", PROXY, undefined],
    ["another product's header", PROXY, PROXY_HEADER.replace("Exchange", "Office")],
    ["message tracking's header", PROXY, PROXY_HEADER.replace("Protocol", "message-subject")],
    ["more values than the header names", `${PROXY},1`, PROXY_HEADER],
  ])("refuse %s", (_what, line, header) => {
    expect(exchangeLog.sniff(line, undefined, header)).toBe(0);
    expect(() => parse(line, header)).toThrow(expect.objectContaining({ code: "HW_PARSE_FAILED" }));
  });

  it("survive any line", () => {
    expect(parseLine(exchangeLog, BARE).record.Protocol).toBe("Owa");
    survivesAnything(exchangeLog, [BARE]);
  });
});
