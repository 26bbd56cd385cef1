// The `rules` commands as they are typed, and once as a program of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addRulesCommand } from "../../../services/cli/rules.ts";
import { zipOf } from "../../support/archives.ts";
import { ruleText } from "../../support/rule-text.ts";
import { catchPrinted } from "./printed.ts";

let folder = "";
const printed = catchPrinted();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-command-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]) {
  process.exitCode = undefined;
  printed.text = "";
  const program = new Command("heidewacht").exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  addRulesCommand(program, "de");
  await program.parseAsync(["rules", ...words], { from: "user" });
  return { output: printed.text, exitCode: process.exitCode ?? 0 };
}

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe("heidewacht rules", () => {
  it("checks good rules with exit code 0, warned of or not", async () => {
    const path = write("a.yml", ruleText({ status: "finished" }));
    const checked = await run("check", path);
    expect(checked.exitCode).toBe(0);
    expect(checked.output).toContain(
      "1 Dateien, 1 ladbare Regeln: 0 Fehler, 1 Warnungen, 1 Hinweise",
    );
    expect((await run("check", path, "--strict")).exitCode).toBe(1);
  });

  it("checks faulty rules with exit code 1", async () => {
    const good = write("a.yml", ruleText());
    const bad = write("b.yml", ruleText({ level: "severe" }));
    const { output: report, exitCode } = await run("check", good, bad, "--format", "json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(report)).toMatchObject({
      files: 2,
      rules: 1,
      counts: { error: 1 },
      findings: expect.arrayContaining([
        expect.objectContaining({ file: bad, line: 8, severity: "error" }),
      ]),
    });
  });

  it.each(["check", "list"])("%s takes a folder without rules for a mistake", async (command) => {
    await expect(run(command, folder)).rejects.toMatchObject({ code: "HW_NOT_FOUND" });
    await expect(run(command, join(folder, "x"))).rejects.toMatchObject({ code: "HW_NOT_FOUND" });
  });

  it("lists the starter pack by itself", async () => {
    const { output: list, exitCode } = await run("list", "--format", "json", "--level", "critical");
    const rules: { level: string }[] = JSON.parse(list);
    expect(new Set(rules.map(({ level }) => level))).toEqual(new Set(["critical"]));
    expect(exitCode).toBe(0);
  });

  it("lists and covers correlations like rules, for the products of what they join", async () => {
    const rule = write("a.yml", ruleText({ name: "tool", tags: undefined }));
    const correlation = write(
      "b.yml",
      [
        "title: Dreimal\nid: 7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c5e\nname: thrice\nlevel: critical",
        "tags: [attack.execution, attack.t1204]",
        "correlation: { type: event_count, rules: [tool], timespan: 3h, condition: { gte: 3 } }",
      ].join("\n"),
    );
    const paths = [rule, correlation];
    const { output: table } = await run("list", ...paths, "--product", "windows");
    expect(table).toMatch(/^critical +Dreimal +\S+ +Korrelation \(event_count, 1\) +execution$/m);
    expect(table).toMatch(/\n1 Regeln, 1 Korrelationen\n/);
    expect((await run("list", ...paths, "--product", "linux")).output).not.toContain("Dreimal");
    const { output: list } = await run("list", ...paths, "--format", "json");
    expect(JSON.parse(list)).toMatchObject([
      { kind: "correlation", correlation: { type: "event_count", timespanSeconds: 10_800 } },
      { kind: "rule", logsource: { product: "windows" }, filters: [] },
    ]);
    const { output: layer } = await run("coverage", ...paths, "--out", "-");
    expect(JSON.parse(layer).techniques).toMatchObject([{ techniqueID: "T1204", score: 1 }]);
  });

  it("proves the starter pack by its samples", async () => {
    const { output: report, exitCode } = await run("test", "--samples", "test/detectors/rules");
    expect(report).toMatch(/ erprobt, 0 fehlgeschlagen\n$/);
    expect(exitCode).toBe(0);
  });

  it("puts rules through pipelines", async () => {
    const rule = write("a.yml", ruleText());
    const pipeline = write(
      "site.yml",
      "transformations: [{ type: set_custom_attribute, attribute: site, value: ours }]",
    );
    const { output: list } = await run("list", rule, "--pipeline", pipeline, "--format", "json");
    expect(JSON.parse(list)).toMatchObject([{ custom: { site: "ours" } }]);
    const refusing = write(
      "no.yml",
      "transformations: [{ type: rule_failure, message: not here }]",
    );
    const checked = await run("check", rule, "--pipeline", refusing);
    expect(checked.exitCode).toBe(1);
    expect(checked.output).toContain("not here");
    const faulty = write("faulty.yml", "transformations: [{ type: nope }]");
    await expect(run("check", rule, "--pipeline", faulty)).rejects.toMatchObject({
      code: "HW_CONFIG_INVALID",
    });
  });

  it("fails a test with exit code 1", async () => {
    write("a.yml", "rule: x\n");
    expect(await run("test", "--samples", folder)).toMatchObject({ exitCode: 1 });
  });

  it("imports an archive, and only says so in a dry run", async () => {
    const source = write("rules.zip", zipOf([{ name: "rules/a.yml", text: ruleText() }]));
    const target = join(folder, "site");
    await run("import", source, "--into", target, "--dry-run");
    expect(readdirSync(folder)).toEqual(["rules.zip"]);
    await run("import", source, "--into", target);
    expect(readdirSync(join(target, "rules"))).toEqual(["a.yml"]);
    expect((await run("check", target)).exitCode).toBe(0);
  });

  it.each([[["import", "x.zip"]], [["test"]], [["list", "--level", "severe"]]])(
    "refuses %j as a wrong call",
    async (words) => {
      await expect(run(...words)).rejects.toMatchObject({ exitCode: 1 });
    },
  );

  it("runs as a program", () => {
    const arguments_ = ["services/cli/heidewacht.ts", "--lang", "en", "rules", "check"];
    const report = execFileSync(process.execPath, arguments_, { encoding: "utf8" });
    expect(report).toMatch(
      /\n\d+ files, \d+ rules can be loaded: 0 errors, 0 warnings, \d+ notes\nand \d+ correlations, 0 filters\n$/,
    );
  });
});
