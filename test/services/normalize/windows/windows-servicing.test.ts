import { describe, expect, it } from "vitest";
import { windowsServicing } from "../../../../services/normalize/windows/windows-servicing.ts";
import { iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINE =
  "2026-11-21 05:38:19, Warning               CBS    Failed to get session package state";

describe("lines of Windows' servicing log", () => {
  it("are read with level, component, message and local time", () => {
    expect(sniffLine(windowsServicing, LINE)).toBeGreaterThanOrEqual(0.9);
    const { record, time } = parseLine(windowsServicing, LINE);
    expect(record).toEqual({
      level: "Warning",
      component: "CBS",
      message: "Failed to get session package state",
    });
    expect(iso(time)).toBe("2026-11-21T04:38:19.000Z");
    expect(windowsServicing.ecs(record)).toMatchObject({
      "log.level": "Warning",
      "log.logger": "CBS",
      "host.os.type": "windows",
    });
  });

  it.each([
    "",
    "2026-11-21 05:38:19 Warning CBS x",
    "2026-11-21 05:38:19, Loud  CBS  x",
    "2026-11-21T05:38:19, Info  CBS  x",
    "2026-11-21 05:38:19, Info  OWN  x",
  ])("are not %j", (line) => {
    expect(sniffLine(windowsServicing, line)).toBe(0);
    expect(() => parseLine(windowsServicing, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () => survivesAnything(windowsServicing, [LINE]));
});
