import { describe, expect, it } from "vitest";
import { exchangeTracking } from "../../../../services/normalize/windows/exchange-tracking.ts";
import { CONTEXT, fieldOf, iso, parseLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const RECEIVE =
  '2026-11-21T04:38:16.123Z,10.1.2.20,EX01.kreis.example,10.1.2.20,EX01,08DE;2026;0,EX01\\Default EX01,SMTP,RECEIVE,709,<1@lieferant.example>,1e6eb197,a@kreis.example;b@kreis.example,,7229,2,,,"Rechnung, ""4711""",x@lieferant.example,x@lieferant.example,0cA: ,Incoming,,198.51.100.25,10.1.2.20,S:FromEntity=Internet,Email,0550,15.02.1544.004';
const FAIL =
  "2026-11-21T04:41:00.400Z,,EX01,,,Mailbox unavailable,,ROUTING,FAIL,709,<c@kreis.example>,cb1c,weg@kreis.example,550 5.1.10 not found,5012,1,,,Probe,a@kreis.example,a@kreis.example,,Originating,,,,";
const HEADER =
  "#Software: Microsoft Exchange Server\n#Log-type: Message Tracking Log\n#Fields: date-time,event-id,source,message-subject,sender-address";
const SHORT = "2026-11-21T04:41:00.400Z,SEND,SMTP,Probe,a@kreis.example";

function parse(line: string, header?: string) {
  return exchangeTracking.parse(line, { ...CONTEXT, header }, undefined);
}

describe("Exchange message tracking", () => {
  it.each([
    [RECEIVE, undefined, "sender", "x@lieferant.example"],
    [RECEIVE, undefined, "recipient", "a@kreis.example;b@kreis.example"],
    [RECEIVE, undefined, "email.subject", 'Rechnung, "4711"'],
    [RECEIVE, undefined, "source.ip", "198.51.100.25"],
    [RECEIVE, undefined, "event-id", "RECEIVE"],
    [RECEIVE, undefined, "schema-version", "15.02.1544.004"],
    [FAIL, undefined, "event.reason", "550 5.1.10 not found"],
    [SHORT, HEADER, "subject", "Probe"],
  ])("gives from %.60s with %j the field %s", (line, header, name, expected) => {
    expect(exchangeTracking.sniff(line, undefined, header)).toBe(0.95);
    expect(fieldOf(exchangeTracking.shape, parse(line, header).record, name)).toBe(expected);
  });

  it("writes ECS names", () => {
    const parsed = parseLine(exchangeTracking, RECEIVE);
    expect(iso(parsed.time)).toBe("2026-11-21T04:38:16.123Z");
    expect(exchangeTracking.ecs(parsed.record)).toMatchObject({
      "email.direction": "inbound",
      "email.from.address": "x@lieferant.example",
      "email.to.address": ["a@kreis.example", "b@kreis.example"],
      "event.action": "receive",
      "event.outcome": "success",
      "host.name": "EX01",
      "source.ip": "198.51.100.25",
    });
    expect(exchangeTracking.ecs(parseLine(exchangeTracking, FAIL).record)).toMatchObject({
      "email.direction": "outbound",
      "event.outcome": "failure",
    });
  });

  it("is the log source messagetracking", () => {
    const { record } = parseLine(exchangeTracking, RECEIVE);
    expect(routeOf(exchangeTracking.shape, record)).toBe("exchange / email / messagetracking");
  });

  it.each([
    ["nothing", "", undefined],
    ["no date", "a,b,c", undefined],
    ["too few columns", "2026-11-21T04:41:00.400Z,,EX01,,,,,SMTP,SEND,1", undefined],
    ["no event", RECEIVE.replace(",RECEIVE,", ",,"), undefined],
    ["an event that is none", RECEIVE.replace(",RECEIVE,", ",got it,"), undefined],
    ["more values than the header names", `${SHORT},1`, HEADER],
    ["JSON", '{"date-time":"2026-11-21T04:41:00.400Z"}', undefined],
  ])("refuses %s", (_what, line, header) => {
    expect(exchangeTracking.sniff(line, undefined, header)).toBe(0);
    expect(() => parse(line, header)).toThrow(expect.objectContaining({ code: "HW_PARSE_FAILED" }));
  });

  it("survives any line", () => survivesAnything(exchangeTracking, [RECEIVE, FAIL]));
});
