import { describe, expect, it } from "vitest";
import { nps } from "../../../../services/normalize/windows/nps.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const XML =
  '<Event><Timestamp data_type="4">11/21/2026 05:38:16.123</Timestamp><Computer-Name data_type="1">NPS01</Computer-Name><Calling-Station-Id data_type="1">00-15-5D-01-A2-B3</Calling-Station-Id><Client-Friendly-Name data_type="1">WLC &amp; &lt;AP&gt;</Client-Friendly-Name><SAM-Account-Name data_type="1">KREIS\\emustermann</SAM-Account-Name><Fully-Qualifed-User-Name data_type="1">kreis.example/emustermann</Fully-Qualifed-User-Name><Packet-Type data_type="0">3</Packet-Type><Reason-Code data_type="0">16</Reason-Code></Event>';
const DATABASE =
  '"NPS01","IAS",11/21/2026,05:40:16,2,"KREIS\\emustermann","kreis.example/Benutzer/emustermann",,"00-15-5D-01-A2-B3",,,"wlc01","10.1.1.30",1,0,"10.1.1.30","wlc01",,,19,,,2,5,"WLAN, intern",0';
const NO_NAME = DATABASE.replace('"KREIS\\emustermann"', "");
const IAS =
  "10.1.1.30,KREIS\\emustermann,11/21/2026,05:41:00,IAS,NPS01,31,00-15-5D-01-A2-B3,4128,wlc01,4136,1,4142,0,9999,x";

describe("NPS logs", () => {
  it.each([
    [XML, "user.name", "KREIS\\emustermann"],
    [XML, "observer.name", "WLC & <AP>"],
    [XML, "Reason-Code", "16"],
    [DATABASE, "rule.name", "WLAN, intern"],
    [DATABASE, "source.mac", "00-15-5D-01-A2-B3"],
    [IAS, "source.mac", "00-15-5D-01-A2-B3"],
    [IAS, "attribute-9999", "x"],
    [IAS, "host.name", "NPS01"],
    [`<30>Nov 21 05:38:16 nps01 nps: ${XML}`, "Packet-Type", "3"],
  ])("give from %.50s the field %s", (line, name, expected) => {
    expect(sniffLine(nps, line)).toBe(0.95);
    expect(fieldOf(nps.shape, parseLine(nps, line).record, name)).toBe(expected);
  });

  it.each([
    [XML, "2026-11-21T04:38:16.123Z"],
    [DATABASE, "2026-11-21T04:40:16.000Z"],
    [IAS, "2026-11-21T04:41:00.000Z"],
  ])("have in %.50s the server's time", (line, expected) => {
    expect(iso(parseLine(nps, line).time)).toBe(expected);
  });

  it.each([
    [XML, { "event.action": "access-reject", "event.outcome": "failure", "user.domain": "KREIS" }],
    [DATABASE, { "event.action": "access-accept", "event.outcome": "success" }],
    [IAS, { "event.action": "access-request", "user.name": "emustermann" }],
    [NO_NAME, { "user.name": "emustermann" }],
  ])("write ECS names for %.50s", (line, expected) => {
    expect(nps.ecs(parseLine(nps, line).record)).toMatchObject(expected);
  });

  it("are the log source nps", () => {
    expect(routeOf(nps.shape, parseLine(nps, XML).record)).toBe("windows / authentication / nps");
  });

  it.each([
    ["nothing", ""],
    ["an event of the event log", "<Event><System><EventID>1</EventID></System></Event>"],
    ["another CSV", '"a","b",11/21/2026,05:40:16,2'],
    ["another service", IAS.replace(",IAS,", ",X,")],
  ])("refuse %s", (_what, line) => {
    expect(sniffLine(nps, line)).toBe(0);
    expect(() => parseLine(nps, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each([XML.slice(0, -8), XML.replace("</Packet-Type>", ""), XML.replace("<Reason-Code", "<")])(
    "refuse broken XML: …%#",
    (line) => {
      expect(() => parseLine(nps, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () => survivesAnything(nps, [XML, DATABASE, IAS]));
});
