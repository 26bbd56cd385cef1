import { describe, expect, it } from "vitest";
import { windowsNested } from "../../../../services/normalize/windows/windows-nested.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const HEAD = { channel: "Security", computer: "dc01", message: "text" };
const TIME = "2026-11-21T04:38:16.123Z";
const VECTOR = JSON.stringify({
  ...HEAD,
  event_id: 4625,
  provider_name: "P",
  record_id: 7,
  level: "Information",
  level_value: 0,
  timestamp: TIME,
  event_data: { TargetUserName: "emustermann", LogonType: "3" },
});
const INSERTS = JSON.stringify({
  ...HEAD,
  channel: "Application",
  event_id: 1000,
  provider_name: "P",
  timestamp: TIME,
  string_inserts: ["a", "b"],
});
const OTEL = JSON.stringify({
  ...HEAD,
  event_id: { id: 4625, qualifiers: 0 },
  provider: { name: "P", guid: "{1}" },
  record_id: 7,
  system_time: TIME,
  execution: { process_id: 4 },
  security: { user_id: "S-1-5-18" },
  event_data: { TargetUserName: "emustermann" },
});
const OTEL_OLD = JSON.stringify({
  ...HEAD,
  event_id: { id: 1, qualifiers: 0 },
  provider: { name: "P" },
  system_time: TIME,
  event_data: { data: [{ TargetUserName: "emustermann" }, { "": "loose" }] },
});
const ALLOY = JSON.stringify({
  ...HEAD,
  source: "P",
  event_id: 4634,
  level: 0,
  levelText: "Information",
  timeCreated: TIME,
  eventRecordID: 9,
  event_data: "<Data Name='TargetUserName'>emustermann</Data><Data Name='LogonType'>3</Data>",
});
const DUMP = JSON.stringify({
  Event: {
    "#attributes": { xmlns: "x" },
    System: {
      Provider: { "#attributes": { Name: "P", Guid: "G" } },
      EventID: { "#attributes": { Qualifiers: 0 }, "#text": 4625 },
      TimeCreated: { "#attributes": { SystemTime: TIME } },
      EventRecordID: 7,
      Channel: "Security",
      Computer: "dc01",
      constructor: "x",
    },
    EventData: { TargetUserName: "emustermann" },
  },
});
const XMLTODICT = JSON.stringify({
  Event: {
    System: {
      Provider: { "@Name": "P" },
      EventID: { "@Qualifiers": "0", "#text": "4625" },
      TimeCreated: { "@SystemTime": TIME },
      Channel: "Security",
      Computer: "dc01",
    },
    EventData: { Data: [{ "@Name": "TargetUserName", "#text": "emustermann" }, "loose"] },
    UserData: { LogFileCleared: { SubjectUserName: "emustermann" } },
    RenderingInfo: { Message: "text" },
  },
});

describe("nested Windows events", () => {
  it.each([
    ["Vector", VECTOR, "TargetUserName", "emustermann"],
    ["Vector", VECTOR, "Level", 0],
    ["Vector", VECTOR, "EventID", 4625],
    ["Vector", INSERTS, "Data", ["a", "b"]],
    ["OpenTelemetry", OTEL, "EventID", 4625],
    ["OpenTelemetry", OTEL, "Provider_Name", "P"],
    ["OpenTelemetry", OTEL, "Security_UserID", "S-1-5-18"],
    ["OpenTelemetry", OTEL, "winlog.event_data.TargetUserName", "emustermann"],
    ["OpenTelemetry before", OTEL_OLD, "TargetUserName", "emustermann"],
    ["OpenTelemetry before", OTEL_OLD, "Data", "loose"],
    ["Alloy", ALLOY, "LogonType", "3"],
    ["Alloy", ALLOY, "EventID", 4634],
    ["Alloy", ALLOY, "EventRecordID", 9],
    ["evtx_dump", DUMP, "Provider_Name", "P"],
    ["evtx_dump", DUMP, "EventID", 4625],
    ["evtx_dump", DUMP, "TargetUserName", "emustermann"],
    ["xmltodict", XMLTODICT, "EventID", 4625],
    ["xmltodict", XMLTODICT, "TargetUserName", "emustermann"],
    ["xmltodict", XMLTODICT, "Data", "loose"],
    ["xmltodict", XMLTODICT, "SubjectUserName", "emustermann"],
    ["xmltodict", XMLTODICT, "Message", "text"],
  ])("of %s give the fields of flat ones", (_whose, line, name, expected) => {
    expect(sniffLine(windowsNested, line)).toBe(0.95);
    const parsed = parseLine(windowsNested, line);
    expect(fieldOf(windowsNested.shape, parsed.record, name)).toEqual(expected);
    expect(iso(parsed.time)).toBe(TIME);
  });

  it("keep the event log's own identity, and reach the rules for Windows", () => {
    const { identity, record } = parseLine(windowsNested, DUMP);
    expect(identity).toBe("dc01/Security/7");
    expect(routeOf(windowsNested.shape, record)).toBe("windows /  / security");
    expect(windowsNested.ecs(record)).toMatchObject({ "event.action": "logon-failed" });
    expect(windowsNested.ecs(parseLine(windowsNested, OTEL).record)).toMatchObject({
      "event.code": "4625",
      "winlog.process.pid": 4,
    });
  });

  it.each([
    "text",
    "{}",
    '{"event_id":1,"channel":"a"}',
    '{"event_id":"x","channel":"a","source":"b"}',
    '{"Event":{}}',
    '{"winlog":{},"event_id":1,"channel":"a","source":"b"}',
  ])("do not claim %s", (line) => {
    expect(sniffLine(windowsNested, line)).toBe(0);
  });

  it.each(["text", "{}", '{"Event":{"System":{}}}', '{"event_id":{},"channel":"a","source":"b"}'])(
    "refuse %s",
    (line) => {
      expect(() => parseLine(windowsNested, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () =>
    survivesAnything(windowsNested, [VECTOR, OTEL, OTEL_OLD, ALLOY, DUMP, XMLTODICT]));
});
