import { describe, expect, it } from "vitest";
import { veeam } from "../../../../services/normalize/servers/veeam.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINES = readFormatSamples()
  .filter(({ format }) => format === "veeam")
  .map(({ text }) => text);
const [STARTED, LICENSE, FAILED, ROLE, DELETED, MALWARE] = LINES;

describe("Veeam's events", () => {
  it.each([
    [STARTED, "host.name", "VBR01"],
    [STARTED, "event.code", "110"],
    [STARTED, "message", "Backup job 'Fachverfahren' has been started."],
    [STARTED, "JobID", "cd13e656-8be9-445a-bf9e-513b24293d35"],
    [LICENSE, "user.name", "KREIS\\emustermann"],
    [LICENSE, "UserFullInfo", '<ModifiedUserInfo fullName="KREIS\\emustermann" loginType="0" />'],
    [LICENSE, "service.version", "13.0.1.180"],
    [FAILED, "event.outcome", "failure"],
    [ROLE, "user.name", "KREIS\\emustermann"],
    [ROLE, "Name", "Rolle 1"],
    [
      ROLE,
      "ChangesXML",
      '<Property internal="Name" collection="False" type="String">Rolle 1</Property>',
    ],
    [DELETED, "phase", "deletion"],
    [MALWARE, "MachineName", "SRV01"],
    [MALWARE, "host.name", "VBR01"],
  ])("%#: give their fields", (line = "", name, expected) => {
    expect(sniffLine(veeam, line)).toBe(0.95);
    expect(fieldOf(veeam.shape, parseLine(veeam, line).record, name)).toBe(expected);
  });

  it.each([
    [STARTED, "2026-11-21T04:38:16.436Z"],
    [DELETED, "2026-11-21T04:38:20.744Z"],
    [MALWARE, "2026-11-21T04:38:21.182Z"],
  ])("%#: have their time", (line = "", expected) => {
    expect(iso(parseLine(veeam, line).time)).toBe(expected);
  });

  it("read under ECS names", () => {
    expect(veeam.ecs(parseLine(veeam, DELETED ?? "").record)).toMatchObject({
      "event.category": ["configuration"],
      "event.type": ["deletion"],
      "user.name": "KREIS\\emustermann",
    });
    expect(veeam.ecs(parseLine(veeam, ROLE ?? "").record)).toMatchObject({
      "event.category": ["iam"],
      "event.type": ["creation"],
    });
    expect(veeam.ecs(parseLine(veeam, MALWARE ?? "").record)["event.kind"]).toBe("alert");
  });

  it("may have a parameter that is called like a field of ours", () => {
    const line = (STARTED ?? "").replace('JobType="0"', 'kind="constructor"');
    expect(veeam.ecs(parseLine(veeam, line).record)["event.category"]).toEqual(["host"]);
  });

  it.each([
    "",
    "<14>1 2026-11-21T05:38:16+01:00 VBR01 Veeam_MP - - started",
    "<14>1 2026-11-21T05:38:16+01:00 VBR01 Other - - [categoryId=0 instanceId=110]",
  ])("are refused in %j", (line) => {
    expect(sniffLine(veeam, line)).toBe(0);
    expect(() => parseLine(veeam, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(veeam, LINES));
});
