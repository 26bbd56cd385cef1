// Checks rule files as a whole: what can't be read or compiled (faults), and what runs but should be
// better (warnings). Used by `heidewacht rules check` and `import`.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import type { SigmaFilter } from "../../detectors/sigma/filter.ts";
import type { LogSource, RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { createReach } from "./log-source-reach.ts";
import { type RuleHeader, readRuleHeaders } from "./rule-header.ts";
import type { RuleFile } from "./rule-source.ts";

/** What may be better about a rule that runs. */
export type RuleWarningCode =
  | "attack-missing"
  | "id-missing"
  | "id-no-uuid"
  | "id-duplicate"
  | "status-unknown"
  | "description-missing"
  | "level-missing"
  | "logsource-unreached"
  | "inactive";

export interface RuleWarning {
  readonly code: RuleWarningCode;
  /** `file:line:column` of the key, or of the rule when the key is missing. */
  readonly place: string;
  readonly title: string;
  /** The value that gave rise to it; empty where a key is missing. */
  readonly detail: string;
}

export interface RuleCheck {
  readonly files: number;
  /** Rules that were read and compiled. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly faults: readonly RuleFault[];
  readonly warnings: readonly RuleWarning[];
}

// Sigma specification 2.1, "Status".
const STATUSES = new Set(["stable", "test", "experimental", "deprecated", "unsupported"]);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Faults and warnings come in the order of the files and their lines. */
export function checkRules(
  files: readonly RuleFile[],
  logSources: readonly LogSourceTable[],
): RuleCheck {
  const read = files.map((file) => readRuleFile(file.text, file.origin));
  const all = read.flatMap(({ rules }) => rules);
  const engine = createSigmaEngine({ rules: all, logSources });
  const refused = new Map<string, RuleFault>(engine.faults.map((fault) => [fault.place, fault]));
  const faults: RuleFault[] = [];
  const warnings: RuleWarning[] = [];
  const warn = createWarner(logSources);
  for (const [index, file] of files.entries()) {
    const one = read[index];
    if (one === undefined) continue;
    faults.push(...one.faults, ...one.rules.flatMap(({ place }) => refused.get(place) ?? []));
    const headers = readRuleHeaders(file.text, file.origin);
    for (const rule of one.rules) warnings.push(...warn(rule, headers.get(rule.place)));
  }
  return {
    files: files.length,
    rules: all.filter(({ place }) => !refused.has(place)),
    correlations: read.flatMap(({ correlations }) => correlations),
    filters: read.flatMap(({ filters }) => filters),
    faults,
    warnings,
  };
}

function createWarner(logSources: readonly LogSourceTable[]) {
  const isReached = createReach(logSources);
  const placeOfId = new Map<string, string>();
  return (rule: SigmaRule, header: RuleHeader | undefined): RuleWarning[] => {
    const { info, logSource, inactive } = rule;
    const found: RuleWarning[] = [];
    const add = (code: RuleWarningCode, key: string, detail = "") => {
      const place = header?.keys.get(key) ?? rule.place;
      found.push({ code, place, title: info.title, detail });
    };
    const has = (key: string) => header?.keys.has(key) === true;
    const first = placeOfId.get(info.id);
    if (!has("id")) add("id-missing", "id");
    else if (!UUID.test(info.id)) add("id-no-uuid", "id", info.id);
    if (first !== undefined) add("id-duplicate", "id", first);
    else placeOfId.set(info.id, rule.place);
    if (!STATUSES.has(info.status)) add("status-unknown", "status", info.status);
    if (info.description === "") add("description-missing", "description");
    if (!has("level")) add("level-missing", "level");
    if (info.techniques.length + info.tactics.length === 0) add("attack-missing", "tags");
    if (!isReached(logSource)) add("logsource-unreached", "logsource", logSourceText(logSource));
    if (inactive !== undefined) add("inactive", "detection", inactive);
    return found;
  };
}

/** `windows / process_creation`, without what is not named. */
export function logSourceText({ product, category, service }: LogSource): string {
  return [product, category, service].filter((name) => name !== undefined).join(" / ");
}
