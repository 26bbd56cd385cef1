// Loads the rules that a process works with: our starter pack and the site's folders. One bad file or
// rule never stops the others; what was left out is told with place and reason.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../config/errors.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { applyFilters, type SigmaFilter } from "../../detectors/sigma/filter.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import type { RuleCache } from "./rule-cache.ts";
import { type RulePackage, readRulePackage } from "./rule-source.ts";

/** Folder of the rules that come with Heidewacht. */
export const STARTER_PACK = join(dirname(fileURLToPath(import.meta.url)), "../../detectors/rules");

export interface RuleSet {
  /** With the filters applied. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly faults: readonly RuleFault[];
}

export interface RuleSetOptions {
  /** What files were read into before; saved again at the end. */
  readonly cache?: RuleCache;
}

/** @param paths folders, files or archives; ours first: of two rules with one id the first one stays */
export async function loadRuleSet(
  paths: readonly string[],
  { cache }: RuleSetOptions = {},
): Promise<RuleSet> {
  const rules = new Map<string, SigmaRule>();
  const correlations = new Map<string, CorrelationRule>();
  const filters: SigmaFilter[] = [];
  const faults: RuleFault[] = [];
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
      const readFile = () => readRuleFile(file.text, file.origin);
      const read = cache?.contentOf(file, readFile) ?? readFile();
      faults.push(...read.faults);
      filters.push(...read.filters);
      for (const rule of read.rules) addOnce(rules, rule, faults);
      for (const rule of read.correlations) addOnce(correlations, rule, faults);
    }
  }
  cache?.save();
  return {
    rules: applyFilters([...rules.values()], filters),
    correlations: [...correlations.values()],
    filters,
    faults,
  };
}

function addOnce<R extends { readonly info: DetectorInfo; readonly place: string }>(
  rules: Map<string, R>,
  rule: R,
  faults: RuleFault[],
): void {
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
