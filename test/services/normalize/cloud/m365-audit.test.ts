import { describe, expect, it } from "vitest";
import { m365Audit } from "../../../../services/normalize/cloud/m365-audit.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const RULE = {
  CreationTime: "2026-11-21T04:38:16",
  Id: "i-1",
  Operation: "New-InboxRule",
  RecordType: 1,
  ResultStatus: "True",
  Workload: "Exchange",
  ClientIP: "198.51.100.9:50122",
  UserId: "erika.mustermann@kreis.example",
};
const LINE = JSON.stringify(RULE);

describe("Microsoft 365 audit records", () => {
  it.each([
    ["Operation", "New-InboxRule"],
    ["Workload", "Exchange"],
    ["eventSource", "Exchange"],
    ["eventName", "New-InboxRule"],
    ["status", "True"],
    ["ObjectId", undefined],
  ])("give rules %s", (name, expected) => {
    expect(fieldOf(m365Audit.shape, parseLine(m365Audit, LINE).record, name)).toBe(expected);
  });

  it("have times in UTC though they don't say so", () => {
    expect(sniffLine(m365Audit, LINE)).toBe(1);
    expect(iso(parseLine(m365Audit, LINE).time)).toBe("2026-11-21T04:38:16.000Z");
    expect(parseLine(m365Audit, LINE).identity).toBe("i-1");
  });

  it("are read as rows of Log Analytics too", () => {
    const row = JSON.stringify({
      TimeGenerated: "2026-11-21T04:46:07Z",
      RecordType: "50",
      Operation: "MailItemsAccessed",
      OfficeWorkload: "Exchange",
      OfficeId: "f-1",
    });
    expect(sniffLine(m365Audit, row)).toBe(1);
    const { record, time, identity } = parseLine(m365Audit, row);
    expect([record.Workload, iso(time), identity]).toEqual([
      "Exchange",
      "2026-11-21T04:46:07.000Z",
      "f-1",
    ]);
  });

  it.each([
    ["198.51.100.9:50122", "198.51.100.9", 50122],
    ["198.51.100.9", "198.51.100.9", undefined],
    ["[2001:db8::7]:443", "2001:db8::7", 443],
    ["2001:db8::7", "2001:db8::7", undefined],
    ["nowhere", undefined, undefined],
  ])("have in ClientIP %s an address", (ClientIP, ip, port) => {
    const { record } = parseLine(m365Audit, JSON.stringify({ ...RULE, ClientIP }));
    const document = m365Audit.ecs(record);
    expect([document["source.ip"], document["source.port"]]).toEqual([ip, port]);
  });

  it.each([
    [{ Operation: "UserLoggedIn", ResultStatus: "Success" }, "success", ["authentication"]],
    [{ Operation: "UserLoginFailed", ResultStatus: "Success" }, "failure", ["authentication"]],
    [{}, "success", ["email"]],
    [{ Operation: "FileDownloaded", ResultStatus: "" }, undefined, ["file"]],
    [{ Operation: "Add user.", Workload: "AzureActiveDirectory" }, "success", ["iam"]],
  ])("with %j end in %s", (change, outcome, category) => {
    const { record } = parseLine(m365Audit, JSON.stringify({ ...RULE, ...change }));
    const document = m365Audit.ecs(record);
    expect([document["event.outcome"], document["event.category"]]).toEqual([outcome, category]);
  });

  it.each(["{}", '{"CreationTime":"2026-11-21T04:38:16","Operation":"x"}', "text"])(
    "are not %s",
    (line) => expect(sniffLine(m365Audit, line)).toBe(0),
  );

  it.each(["{}", "text"])("refuse %s", (line) => {
    expect(() => parseLine(m365Audit, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () => survivesAnything(m365Audit, [LINE]));
});
