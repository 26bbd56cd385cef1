import { describe, expect, it } from "vitest";
import { wallToUtc, yearIn } from "../../../services/normalize/zone-time.ts";
import { iso } from "./format-check.ts";

const LATER = Date.UTC(2030, 0, 1);

function convert(wall: string, timeZone: string, receivedAt = LATER): string | undefined {
  return iso(wallToUtc(Date.parse(`${wall}Z`), { timeZone, receivedAt }));
}

describe("wall-clock times", () => {
  it.each([
    ["2026-01-15T12:00:00", "Europe/Berlin", "2026-01-15T11:00:00.000Z"],
    ["2026-07-15T12:00:00", "Europe/Berlin", "2026-07-15T10:00:00.000Z"],
    ["2026-03-29T01:59:59.999", "Europe/Berlin", "2026-03-29T00:59:59.999Z"],
    ["2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59.000Z"],
    ["2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
    ["2026-07-15T12:00:00", "Asia/Kathmandu", "2026-07-15T06:15:00.000Z"],
    ["2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"],
    ["2026-07-15T12:00:00", "UTC", "2026-07-15T12:00:00.000Z"],
  ])("%s in %s is %s", (wall, zone, expected) => {
    expect(convert(wall, zone)).toBe(expected);
  });

  it("takes the second run of the repeated hour when the record has just come in", () => {
    const receivedAt = Date.parse("2026-10-25T01:30:05Z");
    expect(convert("2026-10-25T02:30:00", "Europe/Berlin", receivedAt)).toBe(
      "2026-10-25T01:30:00.000Z",
    );
  });

  it("agrees with the formatter of the platform through a year", () => {
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: "Europe/Berlin",
      dateStyle: "short",
      timeStyle: "medium",
    });
    for (let utc = Date.UTC(2026, 0, 1); utc < Date.UTC(2027, 0, 1); utc += 900_000 * 7) {
      const wall = format.format(utc).replace(" ", "T");
      // The repeated hour shows the same wall time for two moments.
      if (wall.startsWith("2026-10-25T02")) continue;
      expect(convert(wall, "Europe/Berlin")).toBe(iso(utc));
    }
  });

  it("knows the year in a zone", () => {
    expect(yearIn("Europe/Berlin", Date.parse("2026-12-31T23:30:00Z"))).toBe(2027);
    expect(yearIn("UTC", Date.parse("2026-12-31T23:30:00Z"))).toBe(2026);
  });
});
