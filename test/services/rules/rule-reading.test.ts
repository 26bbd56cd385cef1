// Placeholders and pipelines as a site gives them: in the configuration and in files.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { PLAIN_READING } from "../../../detectors/sigma/reading.ts";
import { loadRuleReading } from "../../../services/rules/rule-reading.ts";
import { loadRuleSet } from "../../../services/rules/rule-set.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rule-reading-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (path: string) => join(folder, path);
const write = (name: string, text: string) => writeFileSync(at(name), text);
const load = (
  placeholders: Parameters<typeof loadRuleReading>[0]["placeholders"],
  ...pipelines: string[]
) => loadRuleReading({ placeholders, pipelines }, at, "de");

const RULE = [
  "title: Admin elsewhere",
  "logsource: { product: windows }",
  "detection:",
  "  s: { User|expand: '%admins%' }",
  "  condition: s",
].join("\n");
const PIPELINE =
  "name: site\ntransformations: [{ type: field_name_mapping, mapping: { User: who } }]";

describe("what a site brings to its rules", () => {
  it("is nothing where nothing is configured", () => {
    expect(load({})).toEqual({ reading: PLAIN_READING, fingerprint: "", ignored: [] });
  });

  it("fills rules with values of the configuration, through its pipelines", async () => {
    write("site.yml", PIPELINE);
    write("rule.yml", RULE);
    const { reading } = load({ admins: ["adm-1", "adm-2"] }, "site.yml");
    const { rules, faults } = await loadRuleSet([at("rule.yml")], { reading });
    expect(faults).toEqual([]);
    expect(rules[0]).toMatchObject({
      inactive: undefined,
      tree: { item: { field: "who", patterns: [{ shown: "adm-1" }, { shown: "adm-2" }] } },
    });
  });

  it("reads values from a file, one a line, without empty lines and remarks", () => {
    write("admins.txt", "# who may\r\nadm-1\n\n  adm-* \n#adm-2\n");
    const { reading } = load({ admins: { file: "admins.txt" } });
    expect(reading.placeholders("admins")).toEqual(["adm-1", "adm-*"]);
    expect(reading.placeholders("others")).toBeUndefined();
  });

  it("tells contents apart by their fingerprint", () => {
    write("site.yml", PIPELINE);
    write("copy.yml", PIPELINE);
    write("other.yml", PIPELINE.replace("who", "whom"));
    const one = load({ a: ["x"] }, "site.yml").fingerprint;
    expect(one).not.toBe("");
    expect(load({ a: ["x"] }, "copy.yml").fingerprint).toBe(one);
    expect(load({ a: ["y"] }, "site.yml").fingerprint).not.toBe(one);
    expect(load({ b: ["x"] }, "site.yml").fingerprint).not.toBe(one);
    expect(load({ a: ["x"] }, "other.yml").fingerprint).not.toBe(one);
  });

  it("tells what of a pipeline has no meaning here", () => {
    write("site.yml", `${PIPELINE}\nfinalizers: []\n`);
    expect(load({}, "site.yml").ignored).toEqual([
      { place: `${at("site.yml")}:3:1`, key: "finalizers" },
    ]);
  });

  it("stops for faults, all of them at once, with their places", () => {
    write("a.yml", "transformations: [{ type: nope }]\nmore: 1");
    write("b.yml", "priority: x");
    write("many.txt", "x\n".repeat(100_001));
    let thrown: unknown;
    try {
      load({ lost: { file: "lost.txt" }, many: { file: "many.txt" } }, "a.yml", "b.yml", "c.yml");
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown, "HW_CONFIG_INVALID")).toBe(true);
    const lines = String(thrown).split("\n");
    expect(lines[0]).toContain("6 Fehler in den Pipelines oder Platzhaltern");
    for (const place of ["lost.txt", "many.txt", "a.yml:1:21", "a.yml:2:1", "b.yml:1:1", "c.yml"]) {
      expect(lines.filter((line) => line.includes(at(place)))).toHaveLength(1);
    }
  });
});
