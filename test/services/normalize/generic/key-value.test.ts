import { describe, expect, it } from "vitest";
import { keyValue } from "../../../../services/normalize/generic/key-value.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const BARE =
  'time=2026-11-21T05:38:16+01:00 level=info msg="say \\"hi\\"" user=mmueller src=10.1.2.3 action=login, x=1';
const HEAD = "2026-11-21 05:38:17 event=logout user=mmueller client=10.1.2.3 session=8";
const FRAMED = "<134>Nov 21 05:38:18 wlc01 dvctype=ap name=ap-3 client_ip=10.30.4.4 rssi=-61";
const TAGGED =
  "Nov 21 05:38:19 usv01 upsd[7]: Zustand load=37 battery=100 runtime=2640 status=online";

describe("lines of pairs", () => {
  it.each([
    [BARE, 0.4, "msg", 'say "hi"'],
    [BARE, 0.4, "action", "login"],
    [BARE, 0.4, "user.name", "mmueller"],
    [HEAD, 0.6, "source.ip", "10.1.2.3"],
    [FRAMED, 0.6, "host.name", "wlc01"],
    [FRAMED, 0.6, "key-value.rssi", "-61"],
    [TAGGED, 0.4, "process.name", "upsd"],
    [TAGGED, 0.4, "load", "37"],
  ])("reads %.30s, claimed with %s: %s", (line, score, name, expected) => {
    expect(sniffLine(keyValue, line)).toBe(score);
    expect(fieldOf(keyValue.shape, parseLine(keyValue, line).record, name)).toBe(expected);
  });

  it.each([
    [BARE, "2026-11-21T04:38:16.000Z"],
    [HEAD, "2026-11-21T04:38:17.000Z"],
    [FRAMED, "2026-11-21T04:38:18.000Z"],
    ["ts=1795235896.5 a=1 b=2", "2026-11-21T04:38:16.500Z"],
    ["date=2026-11-21 time=05:38:16 a=1", "2026-11-21T04:38:16.000Z"],
  ])("reads the time of %.40s", (line, expected) => {
    expect(iso(parseLine(keyValue, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(keyValue.ecs(parseLine(keyValue, HEAD).record)).toEqual({
      "event.kind": "event",
      "event.module": "key-value",
      "event.action": "logout",
      "source.ip": "10.1.2.3",
      "user.name": "mmueller",
      "key-value.session": "8",
    });
  });

  it.each([
    ["two pairs", "2026-11-21 05:38:16 a=1 b=2"],
    ["no time", "a=1 b=2 c=3 d=4"],
    ["text with few pairs", "Nov 21 05:38:16 h p: this is a long text with a=1 b=2 c=3 in between"],
    ["URLs", "2026-11-21 05:38:16 GET http://x/?a=1 http://x/?b=2 http://x/?c=3"],
    ["JSON", '{"a":"b=1 c=2 d=3"}'],
    ["nothing", ""],
  ])("refuses %s", (_what, line) => {
    expect(sniffLine(keyValue, line)).toBe(0);
    expect(() => parseLine(keyValue, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(keyValue, [BARE, HEAD, FRAMED, TAGGED]));
});
