// Loads the rules that a process works with: our starter pack and the site's folders. One bad file or
// rule never stops the others; what was left out is told with place and reason.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../config/errors.ts";
import type { RuleStatus } from "../../config/rule-reading.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { applyFilters, type SigmaFilter } from "../../detectors/sigma/filter.ts";
import { PLAIN_READING, type RuleReading } from "../../detectors/sigma/reading.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { filtersInForce, idleFilters, type RuleNote } from "./filters-in-force.ts";
import { type LeftOut, leaveOut } from "./left-out.ts";
import type { Pace } from "./pace.ts";
import type { RuleCache } from "./rule-cache.ts";
import { type RulePackage, readRulePackage } from "./rule-source.ts";
import { shapeCorrelations } from "./shape-correlations.ts";

/** Folder of the rules that come with Heidewacht. */
export const STARTER_PACK = join(dirname(fileURLToPath(import.meta.url)), "../../detectors/rules");

export interface RuleSet {
  /** With the filters applied. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly faults: readonly RuleFault[];
  /** What works but deserves a look: filters that are over, or that name rules which are not there. */
  readonly notes: readonly RuleNote[];
  /** Rules that are in order and yet not loaded. */
  readonly leftOut: readonly LeftOut[];
  /** Paths that could not be read at all: what lay there before is better than nothing. */
  readonly unread: readonly string[];
  /** When a filter ends next, milliseconds since 1970 UTC: then the rules have to be loaded anew. */
  readonly validUntil: number | undefined;
}

export interface RuleSetOptions {
  /** What files were read into before; saved again at the end. */
  readonly cache?: RuleCache;
  /** Values of placeholders, and pipelines. */
  readonly reading?: RuleReading;
  /** Which rules are loaded; by default those that are neither deprecated nor unsupported. */
  readonly statuses?: readonly RuleStatus[];
  /** Milliseconds since 1970 UTC; filters that are over by then don't apply. Missing: all apply. */
  readonly now?: number;
  /** Awaited between files, so that others get their turn while rules are loaded. */
  readonly pace?: Pace;
}

const USUAL_STATUSES: readonly RuleStatus[] = ["stable", "test", "experimental"];

/** @param paths folders, files or archives; ours first: of two rules with one id the first one stays */
export async function loadRuleSet(
  paths: readonly string[],
  options: RuleSetOptions = {},
): Promise<RuleSet> {
  const { reading = PLAIN_READING, statuses = USUAL_STATUSES, now, pace } = options;
  // Rules that were read in another way would be taken for these.
  const isKnown = reading === PLAIN_READING || (options.cache?.fingerprint ?? "") !== "";
  const cache = isKnown ? options.cache : undefined;
  const rules = new Map<string, SigmaRule>();
  const correlations = new Map<string, CorrelationRule>();
  const filters: SigmaFilter[] = [];
  const faults: RuleFault[] = [];
  const unread: string[] = [];
  for (const path of paths) {
    let found: RulePackage;
    try {
      found = await readRulePackage(path, pace);
    } catch (error) {
      unread.push(path);
      const message = messageOf(error);
      faults.push({ code: "HW_RULE_INVALID", place: path, title: undefined, message });
      continue;
    }
    faults.push(...found.faults);
    for (const file of found.rules) {
      const waiting = pace?.();
      if (waiting !== undefined) await waiting;
      const readFile = () => readRuleFile(file.text, file.origin, reading);
      const read = cache?.contentOf(file, readFile) ?? readFile();
      faults.push(...read.faults);
      filters.push(...read.filters);
      for (const rule of read.rules) addOnce(rules, rule, faults);
      for (const rule of read.correlations) addOnce(correlations, rule, faults);
    }
  }
  cache?.save();
  const kept = leaveOut([...rules.values()], statuses);
  const keptCorrelations = leaveOut([...correlations.values()], statuses);
  const inForce = filtersInForce(filters, now);
  const filtered = applyFilters(kept.rules, inForce.filters, reading);
  const shaped = shapeCorrelations(keptCorrelations.rules, filtered.rules, reading);
  const known = [...rules.values(), ...correlations.values()];
  return {
    rules: filtered.rules,
    correlations: shaped.correlations,
    filters: inForce.filters,
    faults: [...faults, ...filtered.faults, ...shaped.faults],
    notes: [...inForce.notes, ...idleFilters(inForce.filters, filtered.rules, known)],
    leftOut: [...kept.leftOut, ...keptCorrelations.leftOut],
    unread,
    validUntil: inForce.validUntil,
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
