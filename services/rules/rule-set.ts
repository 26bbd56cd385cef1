// Loads the rules that a process works with: our starter pack and the site's folders. One bad file or
// rule never stops the others; what was left out is told with place and reason.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../config/errors.ts";
import { readSigmaRules } from "../../detectors/sigma/read.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { type RulePackage, readRulePackage } from "./rule-source.ts";

/** Folder of the rules that come with Heidewacht. */
export const STARTER_PACK = join(dirname(fileURLToPath(import.meta.url)), "../../detectors/rules");

export interface RuleSet {
  readonly rules: readonly SigmaRule[];
  readonly faults: readonly RuleFault[];
  /** Correlations and filters: recognised, not evaluated by this version. */
  readonly notEvaluated: number;
}

/** @param paths folders, files or archives; ours first: of two rules with one id the first one stays */
export async function loadRuleSet(paths: readonly string[]): Promise<RuleSet> {
  const rules = new Map<string, SigmaRule>();
  const faults: RuleFault[] = [];
  let notEvaluated = 0;
  for (const path of paths) {
    let found: RulePackage;
    try {
      found = await readRulePackage(path);
    } catch (error) {
      const message = messageOf(error);
      faults.push({ code: "HW_RULE_INVALID", place: path, title: undefined, message });
      continue;
    }
    faults.push(...found.faults);
    for (const file of found.rules) {
      const read = readSigmaRules(file.text, file.origin);
      faults.push(...read.faults);
      notEvaluated += read.others.length;
      for (const rule of read.rules) addRule(rules, rule, faults);
    }
  }
  return { rules: [...rules.values()], faults, notEvaluated };
}

function addRule(rules: Map<string, SigmaRule>, rule: SigmaRule, faults: RuleFault[]): void {
  const known = rules.get(rule.info.id);
  if (known === undefined) {
    rules.set(rule.info.id, rule);
    return;
  }
  faults.push({
    code: "HW_RULE_INVALID",
    place: rule.place,
    title: rule.info.title,
    message: `the id ${rule.info.id} is taken by ${known.place}, which stays`,
  });
}
