import { describe, expect, it } from "vitest";
import { dhcpWindows } from "../../../../services/normalize/windows/dhcp-windows.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const ASSIGN =
  "10,11/21/26,05:38:16,Assign,10.1.7.44,PC-KH-0144.kreis.example,00155D01A2B3,,3096562285,0,,,,0x4D53465420352E30,MSFT 5.0,,,,0";
const OLD = "15,07/01/26,05:44:01,NACK,192.0.2.1,alt.kreis.example,00155D01A2B5,";
const V6 =
  "11000,11/21/26,05:41:57,DHCPV6 Solicit,2001:db8::6fc6,PC-KH-0144,,18,0004A344,KREIS\\emustermann,,,,";

describe("the Windows DHCP log", () => {
  it.each([
    [ASSIGN, "source.ip", "10.1.7.44"],
    [ASSIGN, "source.mac", "00-15-5D-01-A2-B3"],
    [ASSIGN, "vendor_class", "MSFT 5.0"],
    [ASSIGN, "EventID", "10"],
    [OLD, "source.domain", "alt.kreis.example"],
    [OLD, "transaction_id", undefined],
    [V6, "duid", "0004A344"],
    [V6, "user.name", "KREIS\\emustermann"],
    [`<30>Nov 21 05:38:16 dhcp01 dhcp: ${ASSIGN}`, "host.name", "dhcp01"],
  ])("gives from %.50s the field %s", (line, name, expected) => {
    expect(sniffLine(dhcpWindows, line)).toBe(0.95);
    expect(fieldOf(dhcpWindows.shape, parseLine(dhcpWindows, line).record, name)).toBe(expected);
  });

  it.each([
    [ASSIGN, "2026-11-21T04:38:16.000Z"],
    [OLD, "2026-07-01T03:44:01.000Z"],
  ])("takes the time of %.30s as the server's", (line, expected) => {
    expect(iso(parseLine(dhcpWindows, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(dhcpWindows.ecs(parseLine(dhcpWindows, ASSIGN).record)).toMatchObject({
      "event.action": "lease-assigned",
      "event.code": "10",
      "event.outcome": "success",
      "network.protocol": "dhcp",
    });
    expect(dhcpWindows.ecs(parseLine(dhcpWindows, V6).record)).toMatchObject({
      "event.action": "solicit",
      "user.domain": "KREIS",
      "user.name": "emustermann",
    });
  });

  it("is the log source dhcp", () => {
    const { record } = parseLine(dhcpWindows, ASSIGN);
    expect(routeOf(dhcpWindows.shape, record)).toBe("windows / dhcp / dhcp");
  });

  it.each([
    ["nothing", ""],
    [
      "the line with the columns' names",
      "ID,Date,Time,Description,IP Address,Host Name,MAC Address",
    ],
    ["the legend", "00\tThe log was started."],
    ["no number", ASSIGN.replace("10,", "x,")],
    ["a day with a point", ASSIGN.replace("11/21/26", "21.11.26")],
  ])("refuses %s", (_what, line) => {
    expect(sniffLine(dhcpWindows, line)).toBe(0);
    expect(() => parseLine(dhcpWindows, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("refuses a day that there is not", () => {
    expect(() => parseLine(dhcpWindows, ASSIGN.replace("11/21", "21/11"))).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(dhcpWindows, [ASSIGN, OLD, V6]));
});
