import { describe, expect, it } from "vitest";
import { cef } from "../../../../services/normalize/generic/cef.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const BARE =
  "CEF:0|Trend\\|Micro|Deep \\\\ Security|20.0|100|Malware found|8|src=10.1.2.3 spt=50122 dst=192.0.2.7 dpt=443 suser=mmueller act=blocked and cleaned msg=Found a\\=b in\\nfile request=http://x.example/?a=b&c=d cs1Label=Policy Name cs1=Clients and Servers rt=1795235896123";
const FRAMED =
  "<134>Nov 21 05:38:16 mail01 CEF:0|Vendor|Mail|1|200|Rejected|3|duser=info@kreis.example outcome=failure";
const NO_HOST = "<134>Nov 21 05:38:16 CEF:0|Vendor|Mail|1|200|Rejected|3|";
const WORDS = "CEF:1|V|P|1|2|n|Low|rt=Nov 21 2026 04:38:16.250 UTC fname=Rechnung 12.pdf";

describe("CEF lines", () => {
  it.each([
    [BARE, "deviceVendor", "Trend|Micro"],
    [BARE, "deviceProduct", "Deep \\ Security"],
    [BARE, "name", "Malware found"],
    [BARE, "severity", "8"],
    [BARE, "src", "10.1.2.3"],
    [BARE, "act", "blocked and cleaned"],
    [BARE, "msg", "Found a=b in\nfile"],
    [BARE, "request", "http://x.example/?a=b&c=d"],
    [BARE, "Policy Name", "Clients and Servers"],
    [BARE, "source.ip", "10.1.2.3"],
    [BARE, "user.name", "mmueller"],
    [FRAMED, "host.name", "mail01"],
    [FRAMED, "user.target.name", "info@kreis.example"],
    [NO_HOST, "deviceEventClassId", "200"],
    [NO_HOST, "host.name", undefined],
    [WORDS, "fname", "Rechnung 12.pdf"],
  ])("reads from %.40s the field %s", (line, name, expected) => {
    expect(sniffLine(cef, line)).toBe(1);
    expect(fieldOf(cef.shape, parseLine(cef, line).record, name)).toBe(expected);
  });

  it.each([
    [BARE, "2026-11-21T04:38:16.123Z"],
    [FRAMED, "2026-11-21T04:38:16.000Z"],
    [WORDS, "2026-11-21T04:38:16.250Z"],
    ["CEF:0|V|P|1|2|n|3|start=Nov 21 2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["CEF:0|V|P|1|2|n|3|", undefined],
  ])("reads the time of %.60s", (line, expected) => {
    expect(iso(parseLine(cef, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(cef.ecs(parseLine(cef, BARE).record)).toMatchObject({
      "observer.vendor": "Trend|Micro",
      "event.code": "100",
      "event.action": "blocked and cleaned",
      "source.ip": "10.1.2.3",
      "source.port": 50122,
      "destination.port": 443,
      "user.name": "mmueller",
      "url.original": "http://x.example/?a=b&c=d",
      "cef.name": "Malware found",
      "cef.severity": "8",
    });
  });

  it.each(["", "CEF:", "CEF:0", "CEF:0|a|b|c", "CEF:x|a|b|c|d|e|f|", "LEEF:1.0|a", '{"CEF":0}'])(
    "refuses %j",
    (line) => {
      expect(() => parseLine(cef, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(cef, [BARE, FRAMED, NO_HOST, WORDS]));
});
