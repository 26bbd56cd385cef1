import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadLogSources } from "../../config/log-sources.ts";
import type { RecordShape } from "../../detectors/event.ts";
import { covers, createRouter } from "../../detectors/sigma/route.ts";
import { engineOf, eventOf, ruleOf } from "../detectors/sigma/fixture.ts";

const tables = loadLogSources();
const SYSMON = "Microsoft-Windows-Sysmon/Operational";

function shapeOf(family: string, logsource?: RecordShape["logsource"]): RecordShape {
  const shape = { id: family, family, locate: (name: string) => [[name]] };
  return logsource === undefined ? shape : { ...shape, logsource };
}

function routeOf(shape: RecordShape, record: Record<string, unknown>): string {
  const table = tables.find((one) => one.families.includes(shape.family));
  const { products, categories, services } = createRouter(
    shape,
    table,
    [],
    (route) => route,
  )(record);
  return [products, categories, services].map((set) => [...set].join("+")).join(" / ");
}

describe("the log sources", () => {
  it.each([
    ["windows", { Channel: SYSMON, EventID: 1 }, "windows / process_creation / sysmon"],
    [
      "windows",
      { Channel: SYSMON.toUpperCase(), EventID: "1" },
      "windows / process_creation / sysmon",
    ],
    ["windows", { Channel: "Security", EventID: 4688 }, "windows / process_creation / security"],
    ["windows", { Channel: "Security", EventID: 4624 }, "windows /  / security"],
    [
      "windows",
      { Channel: SYSMON, EventID: 12, EventType: "DeleteKey" },
      "windows / registry_delete+registry_event / sysmon",
    ],
    [
      "windows",
      { Channel: SYSMON, EventID: 12, EventType: "CreateKey" },
      "windows / registry_add+registry_event / sysmon",
    ],
    ["windows", { Channel: SYSMON, EventID: 13 }, "windows / registry_set+registry_event / sysmon"],
    ["windows", { Channel: "Unknown", EventID: 1 }, "windows /  / "],
    ["windows", {}, "windows /  / "],
    ["windows", { Channel: `Security\u00004688`, EventID: "" }, "windows /  / "],
    ["linux-auth", { program: "sshd" }, "linux /  / syslog+sshd+auth"],
    ["linux-auth", { program: "sudo" }, "linux /  / syslog+sudo+auth"],
    ["auditd", { classes: "process_creation" }, "linux / process_creation / auditd"],
    ["auditd", { type: "PATH" }, "linux /  / auditd"],
    ["fortigate", { type: "traffic", subtype: "forward" }, "fortigate / firewall / traffic"],
    ["fortigate", { type: "utm", subtype: "webfilter" }, "fortigate / firewall+proxy / utm"],
    ["webserver", {}, " / webserver / "],
    ["m365-audit", { Workload: "Exchange" }, "m365 /  / audit+exchange"],
    ["azure-logs", { logKind: "signin" }, "azure /  / signinlogs"],
    ["aws-cloudtrail", { eventVersion: "1.11" }, "aws /  / cloudtrail"],
    ["okta", { eventType: "user.session.start" }, "okta /  / okta"],
    ["unheard-of", { Channel: "Security" }, " /  / "],
  ])("of %s %j are %s", (family, record, expected) => {
    expect(routeOf(shapeOf(family), record)).toBe(expected);
  });

  it("count what the configuration says of a mapped format", () => {
    const shape = shapeOf("json", { product: "Fachverfahren", service: "audit" });
    expect(routeOf(shape, {})).toBe("fachverfahren /  / audit");
    expect(routeOf({ ...shape, family: "other" }, {})).toBe("fachverfahren /  / audit");
  });

  it("decide which rules see an event, and under which names its fields are found", () => {
    const s = { Image: "*\\cmd.exe" };
    const rule = (logsource: Record<string, string>) => ruleOf({ s, condition: "s" }, logsource);
    const record = { Channel: "Security", EventID: 4688, NewProcessName: "C:\\CMD.exe" };
    const firing = (logsource: Record<string, string>) =>
      engineOf([rule(logsource)], tables).match(eventOf(record, shapeOf("windows"))).length;
    expect(firing({ product: "windows", category: "process_creation" })).toBe(1);
    expect(firing({ category: "process_creation" })).toBe(1);
    expect(firing({ product: "windows", service: "security" })).toBe(1);
    expect(firing({ product: "linux", category: "process_creation" })).toBe(0);
    expect(firing({ product: "windows", service: "sysmon" })).toBe(0);
  });

  it("cover a rule that names nothing", () => {
    const route = createRouter(shapeOf("none"), undefined, [], (one) => one)({});
    const nothing = { product: undefined, category: undefined, service: undefined };
    expect(covers(nothing, route)).toBe(true);
    expect(covers({ ...nothing, product: "windows" }, route)).toBe(false);
  });
});

describe("loadLogSources", () => {
  it.each([
    ["families: [a]\ndecidedBy: []\nroutes: []\nfields: {}\nmore: 1", "bad.yml: "],
    ["families: [a]\ndecidedBy: []\nroutes: [{ whem: {} }]\nfields: {}", "bad.yml: routes.0"],
    ["- a", "bad.yml: "],
  ])("refuses %j and names the place", (text, place) => {
    const folder = mkdtempSync(join(tmpdir(), "log-sources-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "bad.yml"), text);
    expect(() => loadLogSources(folder)).toThrow(
      expect.objectContaining({
        code: "HW_CONFIG_INVALID",
        place: expect.stringContaining(place),
      }),
    );
  });
});
