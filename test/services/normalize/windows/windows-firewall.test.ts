import { describe, expect, it } from "vitest";
import { windowsFirewall } from "../../../../services/normalize/windows/windows-firewall.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const DROP =
  "2026-11-21 05:38:16 DROP TCP 10.1.7.44 10.1.2.3 51544 445 60 S 3096562285 0 64240 - - - RECEIVE 4";
const ALLOW = "2026-07-01 05:38:16 ALLOW UDP 10.1.2.3 10.1.2.1 53122 53 0 - - - - - - - SEND";
const LOST = "2026-11-21 05:38:20 INFO-EVENTS-LOST - - - - - - - - - - - - 12 - -";
const SYSLOG = `<13>Nov 21 05:38:17 srv01 pfirewall: ${DROP}`;

describe("the Windows firewall's log", () => {
  it.each([
    [DROP, "source.ip", "10.1.7.44"],
    [DROP, "dst_port", 445],
    [DROP, "action", "drop"],
    [DROP, "blocked", "true"],
    [DROP, "network.direction", "inbound"],
    [DROP, "process.pid", 4],
    [DROP, "tcpflags", "S"],
    [ALLOW, "blocked", "false"],
    [ALLOW, "network.transport", "udp"],
    [ALLOW, "network.direction", "outbound"],
    [LOST, "info", "12"],
    [LOST, "blocked", undefined],
    [SYSLOG, "host.name", "srv01"],
    [SYSLOG, "source.port", 51544],
  ])("gives from %.50s the field %s", (line, name, expected) => {
    expect(sniffLine(windowsFirewall, line)).toBe(0.95);
    const { record } = parseLine(windowsFirewall, line);
    expect(fieldOf(windowsFirewall.shape, record, name)).toBe(expected);
  });

  it.each([
    [DROP, "2026-11-21T04:38:16.000Z"],
    [ALLOW, "2026-07-01T03:38:16.000Z"],
  ])("takes the time of %.30s as the machine's", (line, expected) => {
    expect(iso(parseLine(windowsFirewall, line).time)).toBe(expected);
  });

  it("takes the columns that the file names", () => {
    const header = "#Fields: date time action protocol dst-ip src-ip dst-port src-port own";
    const line = "2026-11-21 05:38:16 DROP TCP 10.1.2.3 10.1.7.44 445 51544 x";
    const { record } = windowsFirewall.parse(line, { ...CONTEXT, header }, undefined);
    expect(record).toMatchObject({ src_ip: "10.1.7.44", dst_port: 445, own: "x" });
  });

  it("writes ECS names and reaches the rules for firewalls", () => {
    const { record } = parseLine(windowsFirewall, DROP);
    expect(windowsFirewall.ecs(record)).toMatchObject({
      "destination.ip": "10.1.2.3",
      "destination.port": 445,
      "event.action": "drop",
      "event.category": ["network"],
      "event.outcome": "failure",
      "observer.product": "Windows Firewall",
    });
    expect(routeOf(windowsFirewall.shape, record)).toBe("windows / firewall / ");
  });

  it.each([
    ["#Time Format: Local", true],
    ["#Time Format: Local and more", false],
    [DROP, false],
  ])("takes %s for a header: %s", (line, expected) => {
    expect(windowsFirewall.isHeader?.(line)).toBe(expected);
  });

  it.each([
    ["nothing", ""],
    ["a header", "#Fields: date time action"],
    ["an IIS line", "2026-11-21 05:38:16 10.1.2.10 GET / - 443 - 198.51.100.9 x 200 0 0 1"],
    ["another action", DROP.replace("DROP", "REJECT")],
    ["an address that is none", DROP.replace("10.1.7.44", "server")],
    ["a line that breaks off", DROP.slice(0, 50)],
  ])("refuses %s", (_what, line) => {
    expect(sniffLine(windowsFirewall, line)).toBe(0);
    expect(() => parseLine(windowsFirewall, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("refuses a day that there is not", () => {
    expect(() => parseLine(windowsFirewall, DROP.replace("11-21", "13-41"))).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(windowsFirewall, [DROP, ALLOW, LOST, SYSLOG]));
});
