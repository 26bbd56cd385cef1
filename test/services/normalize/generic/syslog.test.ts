import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentOf, frameTime, syslog } from "../../../../services/normalize/generic/syslog.ts";
import { CONTEXT, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const NEW =
  '<165>1 2026-11-21T04:38:16.003Z fw01 evntslog 12 ID47 [exampleSDID@32473 iut="3" text="a \\"b\\" \\] \\\\"][x@1] \ufeffAn event';

describe("syslog headers", () => {
  it.each([
    [
      "RFC 5424",
      NEW,
      {
        priority: 165,
        host: "fw01",
        program: "evntslog",
        pid: "12",
        messageId: "ID47",
        message: "An event",
      },
    ],
    [
      "RFC 5424 with nil everywhere",
      "<34>1 - - - - - -",
      { priority: 34, host: undefined, program: undefined, message: "" },
    ],
    [
      "RFC 5424 without priority",
      "1 2026-11-21T04:38:16Z h app - - - m",
      { host: "h", program: "app", message: "m" },
    ],
    [
      "RFC 3164",
      "<34>Oct 11 22:14:15 mymachine su[9]: 'su root' failed",
      { priority: 34, host: "mymachine", program: "su", pid: "9", message: "'su root' failed" },
    ],
    [
      "RFC 3164 without priority",
      "Nov  1 04:38:16 web01 CRON[1]: (root) CMD (x)",
      { host: "web01", program: "CRON", message: "(root) CMD (x)" },
    ],
    [
      "no tag",
      "<34>Oct 11 22:14:15 host some words",
      { host: "host", program: undefined, message: "some words" },
    ],
    [
      "a kernel line",
      "Nov 21 04:38:16 h kernel: [ 12.5] oops",
      { program: "kernel", message: "[ 12.5] oops" },
    ],
    [
      "an ISO time",
      "2026-11-21T05:38:16.123456+01:00 web01 sshd[812]: m",
      { host: "web01", program: "sshd", message: "m" },
    ],
    ["a program with its path", "Nov 21 04:38:16 h /usr/sbin/cron[1]: m", { program: "cron" }],
    ["an IPv6 host", "Nov 21 04:38:16 2001:db8::1 sshd[1]: m", { host: "2001:db8::1" }],
    ["a byte order mark in front", "\ufeff<34>Oct 11 22:14:15 h a: m", { host: "h", message: "m" }],
    [
      "only a priority",
      "<189>date=2026-11-21 time=04:38:16",
      { priority: 189, host: undefined, content: "date=2026-11-21 time=04:38:16" },
    ],
    ["no host", "<34>Oct 11 22:14:15 CEF:0|a", { host: undefined, content: "CEF:0|a" }],
  ])("reads %s", (_what, line, expected) => {
    expect(contentOf(line)).toMatchObject(expected);
  });

  it("reads structured data with its escapes", () => {
    expect(contentOf(NEW)?.data).toEqual({
      "exampleSDID@32473.iut": "3",
      "exampleSDID@32473.text": 'a "b" ] \\',
    });
  });

  it.each([
    "",
    "plain words",
    "<999>Oct 11 22:14:15 h a: m",
    "<>Oct 11 22:14:15 h a: m",
    "Foo 11 22:14:15 h a: m",
    "2026-11-21",
    "2026-11-21T04:38:16Z",
    "Nov 21",
  ])("finds none in %j", (line) => {
    expect(contentOf(line)).toBeUndefined();
  });

  it("reads broken RFC 5424 as a line with a priority and nothing more", () => {
    expect(contentOf('<34>1 2026-11-21T04:38:16Z h a - - [x y="z')).toMatchObject({
      time: undefined,
    });
  });

  it("does not claim an application's own log that starts with an ISO time", () => {
    expect(sniffLine(syslog, "2026-11-21T04:38:16Z INFO something happened")).toBe(0);
    expect(sniffLine(syslog, "<14>2026-11-21T04:38:16Z host something happened")).toBe(0.5);
  });

  it("refuses what has no header", () => {
    expect(() => parseLine(syslog, "plain")).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("writes header and message under ECS names", () => {
    const { record } = parseLine(syslog, NEW);
    expect(syslog.ecs(record)).toEqual({
      "event.kind": "event",
      "host.name": "fw01",
      "process.name": "evntslog",
      "process.pid": 12,
      "log.syslog.facility.name": "local4",
      "log.syslog.severity.name": "notice",
      "log.syslog.msgid": "ID47",
      "syslog.exampleSDID@32473.iut": "3",
      "syslog.exampleSDID@32473.text": 'a "b" ] \\',
      message: "An event",
    });
  });

  it("survives any line", () =>
    survivesAnything(syslog, [NEW, "<34>Oct 11 22:14:15 mymachine su[9]: 'su root' failed"]));
});

describe("times in headers", () => {
  const at = (stamp: string, receivedAt: string, timeZone = "Europe/Berlin") => {
    const frame = contentOf(`<34>${stamp} h a: m`);
    return frame && iso(frameTime(frame, { timeZone, receivedAt: Date.parse(receivedAt) }));
  };

  it.each([
    [
      "in the source's winter",
      "Nov 21 05:38:16",
      "2026-11-21T05:00:00Z",
      "2026-11-21T04:38:16.000Z",
    ],
    [
      "in the source's summer",
      "Jul  1 05:38:16",
      "2026-11-21T05:00:00Z",
      "2026-07-01T03:38:16.000Z",
    ],
    [
      "last year's, read in January",
      "Dec 31 23:59:59",
      "2027-01-01T00:10:00Z",
      "2026-12-31T22:59:59.000Z",
    ],
    [
      "next year's of a clock that is ahead",
      "Jan  1 00:00:05",
      "2026-12-31T22:59:58Z",
      "2026-12-31T23:00:05.000Z",
    ],
    ["a leap day", "Feb 29 12:00:00", "2026-11-21T05:00:00Z", "2024-02-29T11:00:00.000Z"],
    ["with a year", "Nov 21 2025 05:38:16", "2026-11-21T05:00:00Z", "2025-11-21T04:38:16.000Z"],
    [
      "with milliseconds",
      "Nov 21 05:38:16.250",
      "2026-11-21T05:00:00Z",
      "2026-11-21T04:38:16.250Z",
    ],
    [
      "with a zone",
      "2026-11-20T23:38:16-05:00",
      "2026-11-21T05:00:00Z",
      "2026-11-21T04:38:16.000Z",
    ],
    ["ISO without zone", "2026-11-21T05:38:16", "2026-11-21T05:00:00Z", "2026-11-21T04:38:16.000Z"],
    [
      "the first run of the repeated hour",
      "Oct 25 02:30:00",
      "2026-10-25T00:30:01Z",
      "2026-10-25T00:30:00.000Z",
    ],
    [
      "the second run of the repeated hour",
      "Oct 25 02:30:00",
      "2026-10-25T01:30:01Z",
      "2026-10-25T01:30:00.000Z",
    ],
  ])("reads one %s", (_what, stamp, receivedAt, expected) => {
    expect(at(stamp, receivedAt)).toBe(expected);
  });

  it("gives no time for a day that does not exist", () => {
    expect(at("Feb 30 12:00:00", "2026-11-21T05:00:00Z")).toBeUndefined();
  });

  it("finds every moment of the last year again, whatever the zone", () => {
    const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
    // Whole hours before the receipt, but not the hour that a clock repeats.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 363 * 24 }), zones, (hours, timeZone) => {
        const time = CONTEXT.receivedAt - hours * 3_600_000;
        const local = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
        const again = local.toPlainDateTime().toZonedDateTime(timeZone).epochMilliseconds;
        fc.pre(again === time);
        const clock = local.toPlainTime().toString({ smallestUnit: "second" });
        const stamp = `${months[local.month - 1]} ${String(local.day).padStart(2)} ${clock}`;
        expect(at(stamp, new Date(CONTEXT.receivedAt).toISOString(), timeZone)).toBe(iso(time));
      }),
    );
  });
});
