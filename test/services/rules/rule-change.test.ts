// The fingerprint by which it is seen whether two processes work with the same rules.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createPace } from "../../../services/rules/pace.ts";
import { fingerprintOf } from "../../../services/rules/rule-change.ts";
import { loadRuleSet } from "../../../services/rules/rule-set.ts";
import { ruleText } from "../../support/rule-text.ts";

const first = ruleText({ title: "Eins", id: "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c51" });
const second = ruleText({ title: "Zwei", id: "7a1f4c1e-5d0f-4d57-9b1f-1f1c2a3b4c52" });

async function fingerprint(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rule-change-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return fingerprintOf(await loadRuleSet([folder]), createPace());
}

it("is the same for the same rules in other files, and another one for others", async () => {
  const known = await fingerprint({ "a.yml": first, "b.yml": second });
  expect(await fingerprint({ "a.yml": second, "b.yml": `\n${first}` })).toBe(known);
  expect(await fingerprint({ "a.yml": first })).not.toBe(known);
  const changed = second.replace("Zwei", "Drei");
  expect(await fingerprint({ "a.yml": first, "b.yml": changed })).not.toBe(known);
});
