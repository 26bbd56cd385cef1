// What the API tells of the loaded rules: made of real rule files, read and compiled as the service does.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadLogSources } from "../../config/log-sources.ts";
import { rulesAnswer as schema } from "../../services/api/schemas.ts";
import { createActivity } from "../../services/detect/activity.ts";
import { createDetection } from "../../services/detection.ts";
import { createNormalizer, eventOrThrow } from "../../services/normalize/normalizer.ts";
import { rulesAnswer } from "../../services/overview.ts";
import { loadRuleSet } from "../../services/rules/rule-set.ts";
import { ruleText } from "../support/rule-text.ts";

const TENANT = "kreis";
const TOOL = "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d";
const CORRELATION = `title: Dreimal
id: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e
level: critical
correlation: { type: event_count, rules: [tool], timespan: 1h, condition: { gte: 3 } }
`;
const filter = (title: string, id: string, more = "") =>
  `title: ${title}
id: ${id}
logsource: { product: windows, category: process_creation }
filter: { rules: [${TOOL}], s: { CommandLine|contains: Wartung }, condition: not s }
${more}`;
const FILES = {
  "tool.yml": ruleText({ name: "tool" }),
  "old.yml": ruleText({
    ...{ title: "Alt", id: "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c51", status: "deprecated" },
  }),
  "faulty.yml": ruleText({ title: "Kaputt", level: "severe" }),
  "correlation.yml": CORRELATION,
  "filter.yml": filter("Wartung", "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c52"),
  "missing.yml": filter("Verirrt", "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c53").replace(TOOL, "weg"),
};

async function loaded() {
  const folder = mkdtempSync(join(tmpdir(), "overview-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const logSources = loadLogSources();
  const rules = await loadRuleSet([folder]);
  return createDetection(rules, { logSources, minLevel: "low", groupsMax: 10 });
}

describe("the rules that the API tells of", () => {
  it("are rules and correlations, with what applies to them and their hits for the tenant", async () => {
    const activity = createActivity();
    activity.hit(TENANT, TOOL, 17);
    activity.hit("other", TOOL, 18);
    const answer = rulesAnswer(await loaded(), activity, TENANT);
    expect(schema.parse(answer)).toEqual(answer);
    expect(answer.rules).toMatchObject([
      {
        ...{ title: "Werkzeug gestartet", hits: 1, lastHitAt: 17 },
        ...{ filteredBy: ["Wartung"], isSilenced: true },
      },
      {
        ...{ kind: "correlation", title: "Dreimal", hits: 0, filteredBy: [], isSilenced: false },
        correlation: {
          ...{ type: "event_count", timespanMs: 3_600_000 },
          rules: [{ id: TOOL, title: "Werkzeug gestartet" }],
        },
      },
    ]);
    expect(answer.rules[0]).not.toHaveProperty("correlation");
  });

  it("are told with those that were left out, and exceptions that do nothing", async () => {
    const answer = rulesAnswer(await loaded(), createActivity(), TENANT);
    expect(answer.leftOut).toMatchObject([
      { title: "Alt", reason: "status", detail: "deprecated" },
    ]);
    expect(answer.notes).toMatchObject([
      { code: "filter-rule-missing", title: "Verirrt", detail: "weg" },
    ]);
    expect(answer.faults).toHaveLength(1);
  });

  it("are told with their cost once events were judged, as shares and means alone", async () => {
    const detection = await loaded();
    const before = rulesAnswer(detection, createActivity(), TENANT);
    expect(before.costs).toEqual([]);
    const normalizer = createNormalizer({ mappings: [] });
    const record = {
      ...{ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", Computer: "FS01" },
      ...{ Provider_Name: "Microsoft-Windows-Sysmon", Image: "C:\\x\\tool.exe" },
    };
    const raw = { id: "1", idFromSender: true, source: "fs", timeZone: "UTC", receivedAt: 1 };
    const text = JSON.stringify(record);
    const { event } = eventOrThrow(normalizer.normalize({ ...raw, text }, TENANT));
    for (let at = 0; at < 640; at += 1) detection.engine.match(event);
    const { costs } = rulesAnswer(detection, createActivity(), TENANT);
    expect(costs).toMatchObject([{ id: TOOL, title: "Werkzeug gestartet", share: 1 }]);
    expect(Object.keys(costs[0] ?? {}).sort()).toEqual(["id", "microseconds", "share", "title"]);
  });
});
