// Taking rules over into a folder: what is written, what stays, and what never leaves the folder.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { planImport, writeImport } from "../../../services/rules/rule-import.ts";
import type { RulePackage } from "../../../services/rules/rule-source.ts";
import { ruleText } from "../../support/rule-text.ts";

const tables = loadLogSources();
let folder = "";
let target = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rule-import-"));
  target = join(folder, "site", "rules");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function packageOf(rules: Record<string, string>, licences: string[] = []): RulePackage {
  const file = (path: string, text: string) => ({ path, origin: `pack!${path}`, text });
  return {
    rules: Object.entries(rules).map(([path, text]) => file(path, text)),
    licences: licences.map((path) => file(path, "licence")),
    faults: [],
  };
}

async function run(source: RulePackage) {
  const plan = await planImport(source, target, tables);
  return { plan, unwritten: writeImport(plan, target) };
}

const written = () => readdirSync(target, { recursive: true, encoding: "utf8" }).sort();

describe("an import", () => {
  it("keeps relative paths and takes the licence along", async () => {
    const { plan } = await run(
      packageOf({ "rules/windows/a.yml": ruleText() }, ["LICENSE", "rules/DRL-1.1.md"]),
    );
    expect(plan.files.map(({ path, action }) => [path, action])).toEqual([
      ["rules/windows/a.yml", "new"],
    ]);
    expect(written()).toEqual([
      "LICENSE",
      "rules",
      "rules/DRL-1.1.md",
      "rules/windows",
      "rules/windows/a.yml",
    ]);
    expect(readFileSync(join(target, "rules/windows/a.yml"), "utf8")).toBe(ruleText());
  });

  it("writes nothing by planning", async () => {
    await planImport(packageOf({ "a.yml": ruleText() }), target, tables);
    expect(existsSync(target)).toBe(false);
  });

  it("replaces what has changed and leaves alone what has not", async () => {
    await run(packageOf({ "a.yml": ruleText(), "b.yml": ruleText({ id: "b" }) }));
    const long = new Date(Date.UTC(2020, 0, 1));
    for (const name of ["a.yml", "b.yml"]) utimesSync(join(target, name), long, long);
    const { plan } = await run(
      packageOf({ "a.yml": ruleText(), "b.yml": ruleText({ id: "b", level: "low" }) }),
    );
    expect(plan.files.map(({ action }) => action)).toEqual(["same", "changed"]);
    expect(statSync(join(target, "a.yml")).mtimeMs).toBe(long.getTime());
    expect(readFileSync(join(target, "b.yml"), "utf8")).toContain("level: low");
    expect(written()).toEqual(["a.yml", "b.yml"]);
  });

  it("leaves files out in which no rule runs, and says why", async () => {
    const { plan } = await run(
      packageOf({
        "bad.yml": ruleText({ level: "severe" }),
        "half.yml": `${ruleText({ level: "severe" })}---\n${ruleText()}`,
        "unsafe.yml": ruleText({ detection: "{ s: { Image|re: '(a)\\1' }, condition: s }" }),
        "correlation.yml":
          "title: many\ncorrelation: { type: temporal, rules: [a, b], timespan: 1m }\n",
      }),
    );
    expect(written()).toEqual(["correlation.yml", "half.yml"]);
    expect(plan.leftOut).toEqual(["bad.yml", "unsafe.yml"]);
    expect(plan.faults.map(({ place, code }) => [place, code])).toEqual([
      ["pack!bad.yml:8:1", "HW_RULE_INVALID"],
      ["pack!half.yml:8:1", "HW_RULE_INVALID"],
      ["pack!unsafe.yml:7:19", "HW_PATTERN_UNSAFE"],
    ]);
  });

  it.each(["../../out.yml", "/out.yml", "a/../../out.yml", "a\\..\\out.yml", "C:/out.yml"])(
    "never writes %s, whoever gives that name",
    async (path) => {
      const { plan } = await run(packageOf({ [path]: ruleText(), "in.yml": ruleText() }, [path]));
      expect(plan.leftOut).toEqual([path]);
      expect(plan.faults).toMatchObject([{ place: `pack!${path}` }]);
      expect(plan.licences).toEqual([]);
      expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()).toEqual([
        "site",
        "site/rules",
        "site/rules/in.yml",
      ]);
    },
  );

  it("leaves off the folder with the release in its name, which the next one would change", async () => {
    await run(packageOf({ "sigma-8eaafff1/rules/a.yml": ruleText() }, ["sigma-8eaafff1/LICENSE"]));
    expect(written()).toEqual(["LICENSE", "rules", "rules/a.yml"]);
  });

  it.each([
    { "rules-2026/a.yml": ruleText() },
    { "sigma-1/a.yml": ruleText(), "b.yml": ruleText({ id: "b" }) },
    { "windows/a.yml": ruleText() },
  ])("keeps other folders: %j", async (rules) => {
    const { plan } = await run(packageOf(rules));
    expect(plan.files.map(({ path }) => path)).toEqual(Object.keys(rules));
  });

  it("names rules that are in the folder already and come from elsewhere", async () => {
    await run(packageOf({ "old.yml": ruleText(), "kept.yml": ruleText({ id: "k" }) }));
    const { plan } = await run(packageOf({ "kept.yml": ruleText({ id: "k" }) }));
    expect(plan.onlyInTarget).toEqual(["old.yml"]);
    expect(written()).toEqual(["kept.yml", "old.yml"]);
  });

  it("tells what could not be written and writes the rest", async () => {
    mkdirSync(join(target, "a.yml", "b"), { recursive: true });
    writeFileSync(join(target, "c"), "a file where a folder should be");
    const { unwritten } = await run(
      packageOf({ "a.yml": ruleText(), "c/d.yml": ruleText(), "e.yml": ruleText() }),
    );
    expect(unwritten.map(({ place }) => place)).toEqual([
      join(target, "a.yml"),
      join(target, "c/d.yml"),
    ]);
    expect(readFileSync(join(target, "e.yml"), "utf8")).toBe(ruleText());
  });
});
