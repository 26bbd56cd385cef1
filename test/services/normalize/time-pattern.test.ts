import { describe, expect, it } from "vitest";
import { compileTimePattern } from "../../../services/normalize/time-pattern.ts";
import { CONTEXT, iso } from "./format-check.ts";

function read(pattern: string, text: string): string | undefined {
  return iso(compileTimePattern(pattern).read(text, 0, CONTEXT)?.time);
}

describe("time patterns", () => {
  it.each([
    ["dd.MM.yyyy HH:mm:ss", "21.11.2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["dd.MM.yyyy HH:mm:ss,SSS", "21.11.2026 05:38:16,25", "2026-11-21T04:38:16.250Z"],
    ["d.M.yy H:mm", "1.7.26 5:38", "2026-07-01T03:38:00.000Z"],
    ["dd.MM.yyyy, HH:mm 'Uhr'", "21.11.2026, 05:38 Uhr", "2026-11-21T04:38:00.000Z"],
    ["d. MMMM yyyy HH:mm:ss", "3. März 2026 05:38:16", "2026-03-03T04:38:16.000Z"],
    ["EEE, dd MMM yyyy HH:mm:ss Z", "Sat, 21 Nov 2026 05:38:16 +0100", "2026-11-21T04:38:16.000Z"],
    ["dd MMM yyyy HH:mm:ss z", "21 Okt 2026 05:38:16 MESZ", "2026-10-21T03:38:16.000Z"],
    ["MM/dd/yyyy hh:mm:ss a", "11/21/2026 12:38:16 AM", "2026-11-20T23:38:16.000Z"],
    ["MM/dd/yyyy hh:mm:ss a", "11/21/2026 01:38:16 PM", "2026-11-21T12:38:16.000Z"],
    ["yyyyMMddHHmmss", "20261121053816", "2026-11-21T04:38:16.000Z"],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-11-21T05:38:16.250+01:00", "2026-11-21T04:38:16.250Z"],
    ["MMM dd HH:mm:ss", "Nov  1 05:38:16", "2026-11-01T04:38:16.000Z"],
    ["%d.%m.%Y %H:%M:%S", "21.11.2026 05:38:16", "2026-11-21T04:38:16.000Z"],
    ["%F %T.%f", "2026-11-21 05:38:16.123456", "2026-11-21T04:38:16.123Z"],
    ["%a %b %e %H:%M:%S %Y", "Sat Nov 21 05:38:16 2026", "2026-11-21T04:38:16.000Z"],
    // The clock shows this hour twice; the first is meant.
    ["dd.MM.yyyy HH:mm", "25.10.2026 02:30", "2026-10-25T00:30:00.000Z"],
  ])("%s reads %s", (pattern, text, expected) => {
    expect(read(pattern, text)).toBe(expected);
  });

  it.each([
    ["dd.MM.yyyy HH:mm:ss", "31.02.2026 05:38:16"],
    ["dd.MM.yyyy HH:mm:ss", "21.11.2026 25:38:16"],
    ["dd.MM.yyyy HH:mm:ss", "21/11/2026 05:38:16"],
    ["dd MMM yyyy HH:mm", "21 Xyz 2026 05:38"],
    ["yyyyMMddHHmmss", "2026112105381"],
    ["dd.MM.yyyy HH:mm", ""],
    ["dd.MM.yyyy HH:mm Z", "21.11.2026 05:38 +9900"],
  ])("%s refuses %j", (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });

  it.each([
    "",
    "HH:mm:ss",
    "dd.MM.yyyy",
    "dd.MM.yyyy HH:mm 'Uhr",
    "dd.MM.yyyy QQ HH",
    "%d.%m.%Q %H",
  ])("can't be made of %j", (pattern) => {
    expect(() => compileTimePattern(pattern)).toThrow(
      expect.objectContaining({ code: "HW_CONFIG_INVALID" }),
    );
  });
});
