import { describe, expect, it } from "vitest";
import { ciscoIse } from "../../../../services/normalize/network/cisco-ise.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const FRAME = "<181>Nov 21 05:38:17 ise-01 ";
const TIME = "2026-11-21 05:38:16.123 +01:00 0000098765";
const PASSED = `${FRAME}CISE_Passed_Authentications 0000012345 1 0 ${TIME} 5200 NOTICE Passed-Authentication: Authentication succeeded, Device IP Address=10.0.0.11, UserName=emustermann, Calling-Station-ID=00-50-56-AA-00-03, Response={Class=CACS:1; cisco-av-pair=x; }, Step=11001, Step=11017, AD-User-Resolved-DNs=CN=Erika Mustermann\\,OU=IT\\,DC=kreis\\,DC=example,`;
const FIRST = `${FRAME}CISE_Failed_Attempts 0000012347 2 0 ${TIME} 5400 NOTICE Failed-Attempt: Authentication failed, UserName=emustermann, Step=11001, FailureReason=22040 Wrong pass`;
const SECOND = `${FRAME}CISE_Failed_Attempts 0000012347 2 1 word, Step=22040, Calling-Station-ID=198.51.100.9,`;
const COMMAND = `${FRAME}CISE_TACACS_Accounting 0000012348 1 0 ${TIME} 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, CmdSet=[ CmdAV=show CmdArgAV=running-config CmdArgAV=<cr> ], User=emustermann, Remote-Address=10.1.2.3,`;
const ADMIN = `${FRAME}CISE_Administrative_and_Operational_Audit 0000012349 1 0 ${TIME} 51000 NOTICE Administrator-Login: Administrator authentication failed, AdminIPAddress=198.51.100.9, AdminName=emustermann,`;

describe("Cisco ISE messages", () => {
  it.each([
    [PASSED, "user.name", "emustermann"],
    [PASSED, "Step", ["11001", "11017"]],
    [PASSED, "Device IP Address", "10.0.0.11"],
    [PASSED, "Response", "{Class=CACS:1; cisco-av-pair=x; }"],
    [PASSED, "AD-User-Resolved-DNs", "CN=Erika Mustermann,OU=IT,DC=kreis,DC=example"],
    [PASSED, "src_mac", "00-50-56-AA-00-03"],
    [PASSED, "outcome", "success"],
    [COMMAND, "command", "show running-config"],
    [COMMAND, "kind", "command"],
    [COMMAND, "src_ip", "10.1.2.3"],
    [ADMIN, "outcome", "failure"],
    [ADMIN, "src_ip", "198.51.100.9"],
    [SECOND, "segment", 1],
  ])("reads from %.60s the field %s", (line, name, expected) => {
    expect(sniffLine(ciscoIse, line)).toBe(0.9);
    expect(fieldOf(ciscoIse.shape, parseLine(ciscoIse, line).record, name)).toEqual(expected);
  });

  it.each([
    ["its own time", PASSED, "2026-11-21T04:38:16.123Z"],
    ["the header's time, in later segments", SECOND, "2026-11-21T04:38:17.000Z"],
  ])("reads %s", (_what, line, expected) => {
    expect(iso(parseLine(ciscoIse, line).time)).toBe(expected);
  });

  it.each([
    ["in order", [FIRST, SECOND]],
    ["in the wrong order, one of them twice", [SECOND, FIRST, SECOND]],
  ])("joins the segments of a message that come %s", (_what, lines) => {
    const { join } = ciscoIse;
    const records = lines.map((line) => parseLine(ciscoIse, line).record);
    expect(new Set(records.map((record) => join?.keyOf(record)))).toEqual(
      new Set(["ise-01|Failed_Attempts|0000012347"]),
    );
    expect(join?.isComplete(records.slice(0, 1))).toBe(false);
    expect(join?.isComplete(records)).toBe(true);
    const merged = join?.merge(records) ?? {};
    expect(merged).toMatchObject({
      code: "5400",
      FailureReason: "22040 Wrong password",
      UserName: "emustermann",
      src_ip: "198.51.100.9",
      Step: ["11001", "22040"],
    });
    expect(ciscoIse.ecs(merged)).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "event.reason": "22040 Wrong password",
      "host.name": "ise-01",
      "observer.type": "nac",
    });
  });

  it("leaves messages of one segment alone, and keeps no raw body in documents", () => {
    expect(ciscoIse.join?.keyOf(parseLine(ciscoIse, PASSED).record)).toBeUndefined();
    expect(ciscoIse.ecs(parseLine(ciscoIse, FIRST).record)).not.toHaveProperty("cisco-ise.body");
  });

  it.each([
    "",
    "CISE_Failed_Attempts",
    "CISE_Failed_Attempts 1 0 0 x",
    "CISE_Failed_Attempts 1 2 2 x",
    "a text about CISE_Failed_Attempts 1 1 0 x",
    '{"a":"CISE_Failed_Attempts 1 1 0 "}',
  ])("refuses %j", (line) => {
    expect(sniffLine(ciscoIse, line)).toBe(0);
    expect(() => parseLine(ciscoIse, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(ciscoIse, [PASSED, FIRST, SECOND, COMMAND]));
});
