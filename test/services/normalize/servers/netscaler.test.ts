import { describe, expect, it } from "vitest";
import { netscaler } from "../../../../services/normalize/servers/netscaler.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "netscaler")
  .map(({ text }) => text);
const [LOGIN, LOGOUT, FAILED, TCP, COMMAND, ICA, REQUEST, TLS, DEVICE] = LINES;
const dated = (date: string) => (FAILED ?? "").replace("11/21/2026", date);

describe("NetScaler's log", () => {
  it.each([
    [LOGIN, "user.name", "emustermann"],
    [LOGIN, "source.ip", "198.51.100.7"],
    [LOGIN, "host.name", "ns01"],
    [LOGIN, "vserver_address", "192.0.2.20"],
    [LOGIN, "vserver_port", 443],
    [LOGIN, "sslvpn_client_type", "ICA"],
    [LOGIN, "partition", "default"],
    [LOGIN, "event.outcome", "success"],
    [LOGOUT, "end_time", "21/11/2026:04:39:16"],
    [LOGOUT, "event.action", "logout"],
    [FAILED, "event.reason", "External authentication server denied access"],
    [FAILED, "event.outcome", "failure"],
    [TCP, "source.ip", "10.1.2.3"],
    [TCP, "destination.port", 80],
    [TCP, "start_time", "11/21/2026:04:38:15 GMT"],
    [COMMAND, "process.command_line", "add system user neu ********"],
    [COMMAND, "source.ip", "10.1.2.3"],
    [COMMAND, "host.name", "10.0.0.5"],
    [COMMAND, "partition", undefined],
    [ICA, "user.name", "emustermann"],
    [ICA, "user.domain", "KREIS"],
    [ICA, "host.name", "ns01"],
    [REQUEST, "user.name", "emustermann"],
    [TLS, "tls.version", "TLSv1.2"],
    [DEVICE, "state", "DOWN"],
  ])("%#: gives its fields", (line = "", name, expected) => {
    expect(sniffLine(netscaler, line)).toBe(0.95);
    expect(fieldOf(netscaler.shape, parseLine(netscaler, line).record, name)).toBe(expected);
  });

  it("keeps a dash inside quotation marks", () => {
    expect(parseLine(netscaler, LOGIN ?? "").record.browser_type).toContain("Gecko) - Chrome");
  });

  it.each([
    [LOGIN, "2026-11-21T04:38:16.000Z"],
    [LOGOUT, "2026-11-21T04:39:16.000Z"],
    [ICA, "2026-11-21T04:38:20.000Z"],
    [dated("11/12/2025"), "2025-12-11T04:38:17.000Z"],
    [dated("02/11/2026"), "2026-11-02T04:38:17.000Z"],
    [dated("11/02/2026"), "2026-11-02T04:38:17.000Z"],
    [dated("31/31/2026"), undefined],
  ])("%#: has its time, month first or day first", (line = "", expected) => {
    expect(iso(parseLine(netscaler, line, CONTEXT).time)).toBe(expected);
  });

  it("reads under ECS names", () => {
    expect(netscaler.ecs(parseLine(netscaler, FAILED ?? "").record)).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "source.ip": "203.0.113.9",
      "observer.vendor": "Citrix",
    });
    expect(netscaler.ecs(parseLine(netscaler, TCP ?? "").record)).toMatchObject({
      "event.category": ["network"],
      "source.bytes": 512,
    });
    expect(netscaler.ecs(parseLine(netscaler, COMMAND ?? "").record)).toMatchObject({
      "event.category": ["configuration"],
      "event.outcome": "success",
    });
  });

  it.each([
    "",
    "<134> 11/21/2026:04:38:16 GMT ns01 : default SSLVPN LOGIN 1 0 : x",
    "<134> 2026-11-21 04:38:16 ns01 0-PPE-0 : default SSLVPN LOGIN 1 0 : x",
    "<134> 11/21/2026:04:38:16 GMT ns01 0-PPE-0 : hello",
  ])("refuses %j", (line) => {
    expect(sniffLine(netscaler, line)).toBe(0);
    expect(() => parseLine(netscaler, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(netscaler, LINES));
});
