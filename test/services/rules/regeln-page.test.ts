// Holds docs/regeln.md to the code: its examples are read without a fault, its tables name what there is.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { FIELD_CONDITIONS } from "../../../detectors/sigma/pipeline/field-conditions.ts";
import { ITEM_CONDITIONS } from "../../../detectors/sigma/pipeline/item-conditions.ts";
import { readPipeline } from "../../../detectors/sigma/pipeline/read-pipeline.ts";
import { RULE_CONDITIONS } from "../../../detectors/sigma/pipeline/rule-conditions.ts";

const page = readFileSync(new URL("../../../docs/regeln.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
const cellOf = (start: string) => {
  const line = page.split("\n").find((one) => one.startsWith(`| ${start}`)) ?? "";
  const cell = line
    .split("|")
    .slice(2)
    .join("|")
    .replaceAll(/\([^)]*\)/g, "");
  return [...cell.matchAll(/`([^`]+)`/g)].map((one) => one[1] ?? "");
};

describe("the page about rules", () => {
  it("has a filter and a pipeline that work", () => {
    const filters = blocks.filter((block) => block.includes("\nfilter:"));
    const pipelines = blocks.filter((block) => block.includes("\ntransformations:"));
    expect([filters.length, pipelines.length]).toEqual([1, 1]);
    expect(filters.flatMap((one) => readRuleFile(one, "page").faults)).toEqual([]);
    expect(pipelines.flatMap((one) => readPipeline(one, "page").faults)).toEqual([]);
  });

  it.each([
    ["Bedingungen an die Regel", Object.keys(RULE_CONDITIONS)],
    ["an einen Eintrag", Object.keys(ITEM_CONDITIONS)],
    ["an einen Feldnamen", Object.keys(FIELD_CONDITIONS)],
  ])("names all of: %s", (start, names) => {
    expect(cellOf(start).sort()).toEqual([...names].sort());
  });

  it.each(["Feldnamen", "Werte", "Platzhalter", "Erkennung", "Regel", "Ablauf"])(
    "names transformations that there are: %s",
    (start) => {
      const names = cellOf(`${start} |`);
      const unknown = names.filter((name) => {
        const { faults } = readPipeline(`transformations: [{ type: ${name} }]`, "page");
        return faults.some(({ message }) => message.startsWith("unknown type"));
      });
      expect(names.length).toBeGreaterThan(1);
      expect(unknown).toEqual([]);
    },
  );
});
