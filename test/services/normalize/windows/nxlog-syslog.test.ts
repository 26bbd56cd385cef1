import { describe, expect, it } from "vitest";
import { nxlogSyslog } from "../../../../services/normalize/windows/nxlog-syslog.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const DATA =
  'Keywords="-9218868437227405312" EventType="AUDIT_FAILURE" EventID="4625" RecordNumber="99" Channel="Security" TargetUserName="emustermann" CommandLine="a \\"b\\" \\\\ [c\\]"';
const HEAD = "<12>1 2026-11-21T05:38:16.123456+01:00 dc01.kreis.example";
const LINE = `${HEAD} Microsoft-Windows-Security-Auditing 640 - [NXLOG@14506 ${DATA}] An account failed to log on.`;

describe("NXLog's Windows events in syslog", () => {
  it.each([
    ["EventID", 4625],
    ["TargetUserName", "emustermann"],
    ["CommandLine", 'a "b" \\ [c]'],
    ["Computer", "dc01.kreis.example"],
    ["Provider_Name", "Microsoft-Windows-Security-Auditing"],
    ["Message", "An account failed to log on."],
  ])("give the field %s", (name, expected) => {
    expect(sniffLine(nxlogSyslog, LINE)).toBe(1);
    expect(fieldOf(nxlogSyslog.shape, parseLine(nxlogSyslog, LINE).record, name)).toBe(expected);
  });

  it("keep time and identity, and reach the rules for Windows", () => {
    const { record, time, identity } = parseLine(nxlogSyslog, LINE);
    expect(iso(time)).toBe("2026-11-21T04:38:16.123Z");
    expect(identity).toBe("dc01.kreis.example/Security/99");
    expect(routeOf(nxlogSyslog.shape, record)).toBe("windows /  / security");
    expect(nxlogSyslog.ecs(record)).toMatchObject({
      "event.action": "logon-failed",
      "user.name": "emustermann",
    });
  });

  it.each([
    "",
    `${HEAD} app 1 - - text`,
    `${HEAD} app 1 - [NXLOG@14506 EventID="1"] no channel`,
    `${HEAD} app 1 - [NXLOG@14506 Severity="INFO"] another input's record`,
  ])("refuse %j", (line) => {
    expect(sniffLine(nxlogSyslog, line)).toBe(0);
    expect(() => parseLine(nxlogSyslog, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(nxlogSyslog, [LINE]));
});
