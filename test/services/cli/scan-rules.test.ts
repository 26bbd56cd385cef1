// Rules that several threads read in shares: the same rule set, also with faulty, equal and missing files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRuleShare, sharedRules } from "../../../services/cli/scan-rules.ts";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { readRuleFiles } from "../../../services/rules/rule-source.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-scan-rules-"));
const site = join(folder, "site");
const paths = [STARTER_PACK, site, join(folder, "missing")];

function ruleText(id: number, selection: string): string {
  return `title: Regel "${id}"
id: 00000000-0000-4000-8000-${String(id).padStart(12, "0")}
status: stable
level: low
logsource: { product: windows }
detection:
  selection: ${selection}
  condition: selection
`;
}

beforeAll(() => {
  mkdirSync(site);
  writeFileSync(join(site, "plain.yml"), ruleText(1, "{ Image|endswith: '\\cmd.exe' }"));
  writeFileSync(join(site, "regex.yml"), ruleText(2, "{ CommandLine|re: 'a\\d+\u2028b' }"));
  writeFileSync(join(site, "same-id.yml"), ruleText(1, "{ Image: other }"));
  writeFileSync(join(site, "faulty.yml"), ruleText(3, "{ Image|nothing: x }"));
  writeFileSync(join(site, "no-yaml.yml"), "{ [ :");
  const two = `${ruleText(4, "[keyword]")}---\n${ruleText(5, "{ EventID: [1, null] }")}`;
  writeFileSync(join(site, "line\nbreak.yml"), two);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("rules read in shares", () => {
  it.each([1, 2, 3, 7])("by %i threads make the rule set that one thread loads", async (of) => {
    const alone = await loadRuleSet(paths);
    const shares = await Promise.all(
      Array.from({ length: of }, (_, index) => readRuleShare(paths, index, of)),
    );
    const together = await loadRuleSet(paths, { cache: sharedRules(shares) });
    expect(alone.rules.length).toBeGreaterThan(20);
    expect(alone.faults.length).toBeGreaterThanOrEqual(4);
    expect(together).toEqual(alone);
  });

  it("hold every file once, so that nobody reads one again", async () => {
    const of = 3;
    const shares = await Promise.all(
      Array.from({ length: of }, (_, index) => readRuleShare([site], index, of)),
    );
    const { contentOf } = sharedRules(shares);
    const again: string[] = [];
    for (const file of await readRuleFiles(site)) {
      contentOf(file, () => {
        again.push(file.path);
        return { rules: [], correlations: [], filters: [], faults: [] };
      });
    }
    expect(again).toEqual([]);
    const lines = shares.map((share) => Buffer.from(share).toString("utf8").split("\n").length);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBe(2 * (await readRuleFiles(site)).length);
  });

  it("leave a file that is in no share to be read", async () => {
    const share = await readRuleShare([site], 0, 2);
    const alone = await loadRuleSet([site]);
    expect(await loadRuleSet([site], { cache: sharedRules([share]) })).toEqual(alone);
  });
});
