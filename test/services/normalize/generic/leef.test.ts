import { describe, expect, it } from "vitest";
import { leef } from "../../../../services/normalize/generic/leef.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const TABS =
  "LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|src=192.0.2.0\tdst=10.5.5.1\tsrcPort=81\tsev=5\tcat=anomaly\tmsg=a=b there are spaces\tusrName=mmueller";
const FRAMED = "<13>Jan 18 11:07:53 mail01 LEEF:1.0|V|P|1|2|src=10.0.0.1\tidentHostName=pc7";
const head = "LEEF:2.0|Lancope|StealthWatch|1.0|41";

describe("LEEF lines", () => {
  it.each([
    [TABS, "deviceProduct", "MSExchange"],
    [TABS, "event.code", "15345"],
    [TABS, "src_ip", "192.0.2.0"],
    [TABS, "msg", "a=b there are spaces"],
    [TABS, "user.name", "mmueller"],
    [FRAMED, "host.name", "pc7"],
    [FRAMED, "host", "mail01"],
    [`${head}|^|src=10.0.1.8^dst=10.0.0.5^sev=5`, "destination.ip", "10.0.0.5"],
    [`${head}|x5E|src=10.0.1.8^dst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}|0x5e|src=10.0.1.8^dst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}|\\x09|src=10.0.1.8\tdst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}|x09|src=10.0.1.8\tdst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}||src=10.0.1.8\tdst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}|src=10.0.1.8\tdst=10.0.0.5`, "dst", "10.0.0.5"],
    [`${head}|x7C|src=10.0.1.8|dst=10.0.0.5`, "dst", "10.0.0.5"],
    ["LEEF:1.0|V|P|1|2|src=10.0.1.8#011dst=10.0.0.5", "dst", "10.0.0.5"],
    ["LEEF:1.0|V|P|1|2|src=10.0.1.8\\tdst=10.0.0.5", "dst", "10.0.0.5"],
  ])("reads from %.60s the field %s", (line, name, expected) => {
    expect(sniffLine(leef, line)).toBe(1);
    expect(fieldOf(leef.shape, parseLine(leef, line).record, name)).toBe(expected);
  });

  it.each([
    ["devTime=Nov 21 2026 04:38:16.250 UTC", "2026-11-21T04:38:16.250Z"],
    ["devTime=Nov 21 2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["devTime=Nov 21 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["devTime=1795235896250", "2026-11-21T04:38:16.250Z"],
    ["devTime=2026-11-21T04:38:16Z", "2026-11-21T04:38:16.000Z"],
    ["devTime=21.11.2026 05:38:16\tdevTimeFormat=dd.MM.yyyy HH:mm:ss", "2026-11-21T04:38:16.000Z"],
    [
      "devTime=2026-11-21T05:38:16.25 +0100\tdevTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS Z",
      "2026-11-21T04:38:16.250Z",
    ],
    ["devTime=1795235896\tdevTimeFormat=qqq", "2026-11-21T04:38:16.000Z"],
    ["devTime=gestern", undefined],
    ["src=10.0.0.1", undefined],
  ])("reads the time of %s", (attributes, expected) => {
    expect(iso(parseLine(leef, `LEEF:1.0|V|P|1|2|${attributes}`).time)).toBe(expected);
  });

  it("takes the syslog header's time where the line has none", () => {
    expect(iso(parseLine(leef, FRAMED).time)).toBe("2026-01-18T10:07:53.000Z");
  });

  it("writes ECS names", () => {
    expect(leef.ecs(parseLine(leef, TABS).record)).toEqual({
      "event.kind": "event",
      "event.module": "leef",
      "event.action": "anomaly",
      "event.code": "15345",
      "observer.vendor": "Microsoft",
      "observer.product": "MSExchange",
      "observer.version": "4.0 SP1",
      "source.ip": "192.0.2.0",
      "source.port": 81,
      "destination.ip": "10.5.5.1",
      "log.level": "5",
      "user.name": "mmueller",
      message: "a=b there are spaces",
    });
  });

  it.each(["", "LEEF", "LEEF:", "LEEF:x|a|b|c|d|", "CEF:0|a|b|c|d|e|f|", '{"LEEF":"1.0"}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(leef, line)).toBe(0);
      expect(() => parseLine(leef, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("refuses a header that ends too early", () => {
    expect(() => parseLine(leef, "LEEF:1.0|V|P|1")).toThrow("deviceVersion");
  });

  it("survives any line", () => survivesAnything(leef, [TABS, FRAMED, `${head}|^|a=b^c=d`]));
});
