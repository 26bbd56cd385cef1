import { describe, expect, it } from "vitest";
import { dnsWindows } from "../../../../services/normalize/windows/dns-windows.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const REST =
  "0E70 PACKET  0000020F3A1D2B40 UDP Rcv 10.1.7.44       5b47   Q [0001   D   NOERROR] A      (3)www(5)kreis(7)example(0)";
const QUERY = `21.11.2026 05:38:16 ${REST}`;
const ANSWER =
  "21.11.2026 05:38:16 0E70 PACKET  0000020F3A1D2B40 TCP Snd 2001:db8::44    5b47 R Q [8385 A DR NXDOMAIN] TXT    (5)a(b)c(7)example(0)";
const EVENT = "21.11.2026 05:39:00 0D10 EVENT   Die Zone kreis.example wurde geladen.";

describe("the Windows DNS debug log", () => {
  it.each([
    [QUERY, "query", "www.kreis.example"],
    [QUERY, "record_type", "A"],
    [QUERY, "src_ip", "10.1.7.44"],
    [QUERY, "destination.ip", undefined],
    [ANSWER, "query", "a(b)c.example"],
    [ANSWER, "destination.ip", "2001:db8::44"],
    [ANSWER, "dns.response_code", "NXDOMAIN"],
    [QUERY.replace(/\(3\).*/, "(0)"), "query", "."],
    [EVENT, "message", "Die Zone kreis.example wurde geladen."],
    [`<30>Nov 21 05:38:16 dc01 dns: ${QUERY}`, "host.name", "dc01"],
  ])("gives from %.60s the field %s", (line, name, expected) => {
    expect(sniffLine(dnsWindows, line)).toBe(0.95);
    expect(fieldOf(dnsWindows.shape, parseLine(dnsWindows, line).record, name)).toBe(expected);
  });

  it.each([
    ["21.11.2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["01.07.2026 05:38:16", "2026-07-01T03:38:16.000Z"],
    ["11/21/2026 5:38:16 AM", "2026-11-21T04:38:16.000Z"],
    ["7/1/2026 12:08:16 AM", "2026-06-30T22:08:16.000Z"],
    ["7/1/2026 5:38:16 PM", "2026-07-01T15:38:16.000Z"],
    ["01/07/2026 05:38:16", "2026-07-01T03:38:16.000Z"],
    ["11/21/2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["2026-11-21 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["2026/11/21 5:38:16", "2026-11-21T04:38:16.000Z"],
    ["20261121 05:38:16", "2026-11-21T04:38:16.000Z"],
  ])("reads the time %s", (time, expected) => {
    expect(iso(parseLine(dnsWindows, `${time} ${REST}`).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(dnsWindows.ecs(parseLine(dnsWindows, ANSWER).record)).toMatchObject({
      "dns.header_flags": ["AA", "RD", "RA"],
      "dns.question.type": "TXT",
      "dns.type": "answer",
      "event.outcome": "failure",
      "network.transport": "tcp",
    });
    expect(dnsWindows.ecs(parseLine(dnsWindows, EVENT).record)).not.toHaveProperty("dns.type");
  });

  it("reaches the rules for DNS", () => {
    const { record } = parseLine(dnsWindows, QUERY);
    expect(routeOf(dnsWindows.shape, record)).toBe("windows / dns / dns-server");
  });

  it.each([
    ["nothing", ""],
    ["the legend", "\t   4     Context"],
    ["no context", "21.11.2026 05:38:16 0E70 anything"],
    ["no thread", "21.11.2026 05:38:16 PACKET  0000020F3A1D2B40 UDP"],
  ])("refuses %s", (_what, line) => {
    expect(sniffLine(dnsWindows, line)).toBe(0);
    expect(() => parseLine(dnsWindows, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("refuses a day that there is not", () => {
    expect(() => parseLine(dnsWindows, `31.02.2026 05:38:16 ${REST}`)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(dnsWindows, [QUERY, ANSWER, EVENT]));
});
