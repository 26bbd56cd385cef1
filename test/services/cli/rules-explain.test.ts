// `rules explain` and `rules coverage` as they are typed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { addRulesCommand } from "../../../services/cli/rules.ts";
import { ruleText } from "../../support/rule-text.ts";
import { catchPrinted } from "./printed.ts";

let folder = "";
const printed = catchPrinted();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-explain-"));
  vi.stubEnv("NO_COLOR", "1");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<string> {
  printed.text = "";
  const program = new Command("heidewacht").exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  addRulesCommand(program, "de");
  await program.parseAsync(["rules", ...words], { from: "user" });
  return printed.text.replaceAll(`${folder}/`, "");
}

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const event = (data: Record<string, unknown>) =>
  JSON.stringify({
    Channel: "Security",
    EventID: 4688,
    Hostname: "pc1",
    EventTime: "2026-11-20 10:00:00",
    ...data,
  });
const hit = event({ NewProcessName: "C:\\x\\tool.exe", CommandLine: "a\n\u001b[2J\u202eb" });
const miss = event({ NewProcessName: "C:\\x\\word.exe" });
const detection =
  "{ selection: { Image|endswith: ['\\tool.exe', '\\tol.exe'] }, filter_a: { ParentImage: x }, filter_b: { CommandLine|contains: zz }, condition: selection and not 1 of filter_* }";

describe("an explanation", () => {
  it("shows rule, event, log source and every part of the condition", async () => {
    const rule = write("rule.yml", ruleText({ detection }));
    const events = write("events.ndjson", `${miss}\n\n${hit}\n`);
    expect((await run("explain", rule, events, "--line", "3")).split("\n")).toEqual([
      "Regel      Werkzeug gestartet",
      "           7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5d  rule.yml:1:1",
      "Ereignis   windows-flat, 2026-11-20T09:00:00.000Z, Zeile 3",
      "logsource  ✓ wahr    windows / process_creation",
      "           das Ereignis hat: product windows; category process_creation; service security",
      "condition  selection and not 1 of filter_*",
      "",
      "✓ wahr    alle von",
      "✓ wahr      selection: Image endswith eines von 2 Mustern: \\tool.exe | \\tol.exe",
      "             Muster: \\tool.exe",
      "             Wert: C:\\x\\tool.exe  (NewProcessName)",
      "✓ wahr      nicht",
      "✗ falsch      eines von",
      expect.stringMatching(/^✗ falsch {8}filter_a: ParentImage equals x$/),
      "                 fehlt im Ereignis (gesucht in ParentImage, ParentProcessName)",
      "✗ falsch        filter_b: CommandLine contains zz",
      "                 Wert: a␊⟨U+001B⟩[2J⟨U+202E⟩b",
      "",
      "Ergebnis: ✓ die Regel löst aus",
      "",
    ]);
  });

  it("takes the first event where no line is named, and one object over several lines", async () => {
    const rule = write("rule.yml", ruleText({ detection }));
    expect(await run("explain", rule, write("a.ndjson", `\n${miss}\n${hit}\n`))).toContain(
      "Ergebnis: ✗ die Regel schweigt: ihre Bedingung ist nicht erfüllt",
    );
    const pretty = JSON.stringify(JSON.parse(hit), undefined, 2);
    expect(await run("explain", rule, write("b.json", pretty))).toContain("die Regel löst aus");
  });

  it("names what a log source lacks, and filters of the folders that are given", async () => {
    const rules = write(
      "rules.yml",
      `${ruleText()}---\ntitle: f\nid: f1\nlogsource: { product: windows }\nfilter: { rules: any, selection: { Image|contains: tool }, condition: not selection }\n`,
    );
    const events = write("a.ndjson", hit);
    const filtered = await run("explain", "Werkzeug gestartet", events, "--rules", rules);
    expect(filtered).toMatch(/Filter f1\n✗ falsch {4}nicht\n[\s\S]+schweigt: ein Filter nimmt/);
    const other = write("b.yml", ruleText({ logsource: "{ product: linux }" }));
    expect(await run("explain", other, events)).toMatch(
      /logsource {2}✗ falsch {2}linux\n[\s\S]+nicht zu ihrer logsource/,
    );
  });

  it("shows the rule as a pipeline makes it, whose names the check then takes for granted", async () => {
    const rule = write(
      "rule.yml",
      ruleText({ detection: "{ s: { image: '*\\tool.exe' }, condition: s }" }),
    );
    const pipeline = write(
      "pipeline.yml",
      "name: p\npriority: 1\ntransformations: [{ id: a, type: field_name_mapping, mapping: { image: Image } }]\n",
    );
    const events = write("a.ndjson", hit);
    expect(await run("explain", rule, events)).toContain("fehlt im Ereignis (gesucht in image");
    expect(await run("explain", rule, events, "--pipeline", pipeline)).toContain("löst aus");
    expect(await run("check", rule)).toContain("field-misspelt");
    expect(await run("check", rule, "--pipeline", pipeline)).not.toContain("field-misspelt");
  });

  it("is given to programs as JSON", async () => {
    const rule = write("rule.yml", ruleText({ detection }));
    const report = await run("explain", rule, write("a.ndjson", hit), "--format", "json");
    expect(report).not.toMatch(/\p{Cf}/u);
    expect(JSON.parse(report)).toMatchObject({
      rule: { title: "Werkzeug gestartet", conditions: ["selection and not 1 of filter_*"] },
      event: { format: "windows-flat", line: 1 },
      fires: true,
      logSource: { holds: true, missing: [] },
      condition: { kind: "and", children: [{ name: "selection" }, { kind: "not" }] },
    });
  });

  it.each([
    ["no such rule", ["no-such-rule", "EVENT"], "HW_NOT_FOUND"],
    ["several rules", ["Firewall", "EVENT"], "HW_USAGE"],
    ["no such event file", ["RULE", "nowhere.json"], "HW_NOT_FOUND"],
    ["no such line", ["RULE", "EVENT", "--line", "9"], "HW_NOT_FOUND"],
    ["no known format", ["RULE", "TEXT"], "HW_PARSE_FAILED"],
    ["a faulty rule", ["FAULTY", "EVENT"], "HW_RULE_INVALID"],
    ["a wrong number", ["RULE", "EVENT", "--line", "0"], "commander.invalidArgument"],
  ])("is refused for %s", async (_what, words, code) => {
    const files: Record<string, string> = {
      RULE: write("rule.yml", ruleText()),
      FAULTY: write("faulty.yml", ruleText({ level: "severe" })),
      EVENT: write("a.ndjson", hit),
      TEXT: write("a.txt", "\u0001\u0002\n"),
    };
    const given = words.map((word) => files[word] ?? word);
    await expect(run("explain", ...given)).rejects.toMatchObject({ code });
  });
});

// What the Navigator's layer format 4.5 demands of the parts that are used here.
const pair = z.strictObject({ name: z.string().min(1), value: z.string().min(1) });
const layer = z.strictObject({
  name: z.string().min(1),
  versions: z.strictObject({
    attack: z.string().regex(/^\d+$/),
    navigator: z.string().regex(/^\d+\.\d+\.\d+$/),
    layer: z.literal("4.5"),
  }),
  domain: z.literal("enterprise-attack"),
  description: z.string(),
  sorting: z.int().min(0).max(3),
  hideDisabled: z.boolean(),
  techniques: z.array(
    z.strictObject({
      techniqueID: z.string().regex(/^T\d{4}(?:\.\d{3})?$/),
      score: z.number(),
      comment: z.string(),
      enabled: z.boolean(),
      showSubtechniques: z.boolean(),
      metadata: z.array(pair),
    }),
  ),
  gradient: z.strictObject({
    colors: z.array(z.string().regex(/^#[0-9a-f]{6}$/)).min(2),
    minValue: z.number(),
    maxValue: z.number(),
  }),
  legendItems: z.array(z.never()),
  metadata: z.array(pair),
  showTacticRowBackground: z.boolean(),
  selectTechniquesAcrossTactics: z.boolean(),
  selectSubtechniquesWithParent: z.boolean(),
});

describe("the coverage of ATT&CK", () => {
  const rules = () => [
    write("a.yml", ruleText({ tags: "[attack.execution, attack.t1059.001]" })),
    write(
      "b.yml",
      ruleText({
        id: "b",
        level: "low",
        tags: "[attack.execution, attack.t1059.001, attack.t1106]",
      }),
    ),
    write("c.yml", ruleText({ id: "c", tags: "[car.1]" })),
  ];

  it("is a layer for the Navigator", async () => {
    const { techniques, gradient } = layer.parse(
      JSON.parse(await run("coverage", ...rules(), "--out", "-")),
    );
    expect(techniques.map(({ techniqueID, score }) => [techniqueID, score])).toEqual([
      ["T1059.001", 2],
      ["T1106", 1],
    ]);
    expect(techniques[0]?.comment).toBe(
      "Werkzeug gestartet (high, test)\nWerkzeug gestartet (low, test)",
    );
    expect(techniques.map(({ metadata }) => metadata[1]?.value)).toEqual(["nein", "ja"]);
    expect(gradient).toMatchObject({ minValue: 0, maxValue: 2 });
  });

  it("weighs rules by level and status when asked", async () => {
    const layerText = await run("coverage", ...rules(), "--out", "-", "--score", "weighted");
    const scores = layer.parse(JSON.parse(layerText)).techniques.map(({ score }) => score);
    expect(scores).toEqual([2, 0.4]);
  });

  it("is a table by tactic, with what only weak rules cover", async () => {
    const file = join(folder, "layer.json");
    const report = await run("coverage", ...rules(), "--out", file);
    expect(report).toMatch(/^TAKTIK +REGELN +TECHNIKEN +NUR SCHWACH\n/);
    expect(report).toMatch(/\nexecution +2 +2 +1\n/);
    expect(report).toMatch(/\nimpact {2}\(keine Regel\) +0 +0 +0\n/);
    expect(report).toContain("3 Regeln, 2 Techniken, 1 Regeln ohne ATT&CK-Tag");
    expect(report).toMatch(/1 Techniken nur mit schwachen Regeln[^\n]+\n {2}T1106\n/);
    layer.parse(JSON.parse(readFileSync(file, "utf8")));
  });

  it("is compared with that of other rules", async () => {
    const [first = "", ...others] = rules();
    const report = await run("coverage", first, "--compare", others[0] ?? "");
    expect(report).toMatch(/1 Techniken, die nur die verglichenen Regeln abdecken:\n {2}T1106\n$/);
    expect(report).not.toContain("die nur diese Regeln abdecken");
  });
});
