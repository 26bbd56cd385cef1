// Checks rule files as a whole: what can't be read or compiled (faults), and what should be better
// (findings), within each rule and between them. Used by `heidewacht rules`.
import type { LogSourceTable } from "../../config/log-sources.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import type { SigmaFilter } from "../../detectors/sigma/filter.ts";
import { createTestPool } from "../../detectors/sigma/leaf.ts";
import { PLAIN_READING, type RuleReading } from "../../detectors/sigma/reading.ts";
import { compileRegex } from "../../detectors/sigma/regex.ts";
import type { Item, LogSource, RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import { findOverlaps, type Overlap } from "./lint-duplicates.ts";
import { createFieldJudge, type EventFields, type JudgeField } from "./lint-fields.ts";
import { LINT_CODES, type LintCode, type LintFinding } from "./lint-finding.ts";
import { withoutIgnored } from "./lint-ignore.ts";
import { createReferences, type ReferenceFault, type References } from "./lint-references.ts";
import { type LintedDocument, lintFile } from "./lint-rules.ts";
import { createReach } from "./log-source-reach.ts";
import { costOf, type RuleCost } from "./rule-cost.ts";
import type { RuleFile } from "./rule-source.ts";

export interface RuleCheck {
  readonly files: number;
  /** Rules that were read and compiled. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  /** What was left out. */
  readonly faults: readonly RuleFault[];
  /** All there is to say, the faults among it, in the order of the files and their lines. */
  readonly findings: readonly LintFinding[];
  /** Of the rules that can fire, in their order. */
  readonly costs: readonly RuleCost[];
}

export interface CheckOptions {
  readonly logSources: readonly LogSourceTable[];
  /** Rules that are loaded beside these: references may name them, ids and meanings may be theirs. */
  readonly beside?: readonly RuleFile[];
  readonly eventFields?: EventFields;
  /** Placeholders and pipelines of the site. */
  readonly reading?: RuleReading;
}

/** Never throws for what stands in a file. */
export function checkRules(files: readonly RuleFile[], options: CheckOptions): RuleCheck {
  const pool = createTestPool();
  const linted = files.map((file) => lintFile(file, pool, options.reading ?? PLAIN_READING));
  const all = linted.flat();
  const rules = all.flatMap(({ rule }) => rule ?? []);
  const correlations = all.flatMap(({ correlation }) => correlation ?? []);
  const beside = readBeside(files, options.beside ?? []);
  const small = all.flatMap(({ rule, isHuge }) => (rule === undefined || isHuge ? [] : [rule]));
  const known = [...beside.rules, ...small];
  const joining = [...beside.correlations, ...correlations];
  const slow = createSlowness();
  const costs = small.flatMap((rule) =>
    rule.inactive === undefined ? [costOf(rule, pool, slow)] : [],
  );
  const between: Between = {
    judgeField:
      options.reading?.pipeline === undefined
        ? createFieldJudge(known, options.logSources, options.eventFields ?? new Map())
        : undefined,
    isReached: createReach(options.logSources),
    overlaps: new Map(findOverlaps(known).map((overlap) => [overlap.rule, overlap])),
    references: createReferences([...beside.rules, ...rules], joining),
    unresolved: new Map(
      resolveCorrelations([...beside.rules, ...rules], joining).faults.map((one) => [
        one.place,
        one,
      ]),
    ),
    costs: new Map(costs.map((cost) => [cost.rule, cost])),
    placeOfId: placesOfIds(beside),
  };
  return {
    files: files.length,
    rules,
    correlations,
    filters: all.flatMap(({ filter }) => filter ?? []),
    faults: all.flatMap(({ faults }) => faults),
    findings: linted.flatMap((documents) =>
      documents.flatMap((document) => findingsOf(document, between)).sort(byPlace),
    ),
    costs,
  };
}

/** What a rule is held against. */
interface Between {
  /** Undefined: a pipeline gives fields other names than are written. */
  readonly judgeField: JudgeField | undefined;
  readonly isReached: (source: LogSource) => boolean;
  readonly overlaps: ReadonlyMap<SigmaRule, Overlap>;
  readonly references: References;
  /** What else keeps correlations from being judged, by their place. */
  readonly unresolved: ReadonlyMap<string, RuleFault>;
  readonly costs: ReadonlyMap<SigmaRule, RuleCost>;
  readonly placeOfId: Map<string, string>;
}

function findingsOf(document: LintedDocument, between: Between): LintFinding[] {
  const { rule, correlation, filter, title, places } = document;
  const found: LintFinding[] = [...document.findings];
  const add = (code: LintCode, place: string, detail = "", other = "") => {
    found.push({ code, severity: LINT_CODES[code], place, title, detail, other });
  };
  for (const fault of document.faults) add(fault.code, fault.place, fault.message);
  const whole = rule ?? correlation;
  if (whole !== undefined) {
    const { id } = whole.info;
    const first = between.placeOfId.get(id);
    if (first === undefined) between.placeOfId.set(id, whole.place);
    else add("id-duplicate", places.id, id, first);
  }
  if (rule !== undefined) {
    const { logSource } = rule;
    if (!between.isReached(logSource)) {
      add("logsource-unreached", places.logsource, logSourceText(logSource));
    }
    for (const { name, place } of document.fields) {
      const judged = between.judgeField?.(logSource, name);
      if (judged !== undefined) add(judged.code, place, name, judged.meant);
    }
    const overlap = between.overlaps.get(rule);
    if (overlap !== undefined) {
      add(overlap.code, places.detection, overlap.other.info.title, overlap.other.place);
    }
    const cost = between.costs.get(rule);
    if (cost?.class === "dear") add("cost-dear", places.detection, cost.reasons.join(", "));
  }
  const faults: ReferenceFault[] = [
    ...(correlation === undefined ? [] : between.references.ofCorrelation(correlation)),
    ...(filter === undefined ? [] : between.references.ofFilter(filter)),
  ];
  const unresolved = between.unresolved.get(correlation?.place ?? "");
  if (faults.length === 0 && unresolved !== undefined) {
    add(unresolved.code, unresolved.place, unresolved.message);
  }
  for (const { code, index, detail, other } of faults) {
    add(code, places.rules.at(index ?? -1) ?? places.id, detail, other);
  }
  return withoutIgnored(found, document.ignored, title);
}

// A copy of the pack that is checked is not held against the pack.
function readBeside(files: readonly RuleFile[], beside: readonly RuleFile[]) {
  const texts = new Set(files.map(({ text }) => text));
  const read = beside
    .filter(({ text }) => !texts.has(text))
    .map(({ text, origin }) => readRuleFile(text, origin));
  return {
    rules: read.flatMap(({ rules }) => rules),
    correlations: read.flatMap(({ correlations }) => correlations),
  };
}

function placesOfIds({ rules, correlations }: ReturnType<typeof readBeside>): Map<string, string> {
  return new Map([...rules, ...correlations].map(({ info, place }) => [info.id, place]));
}

/** Whether a regular expression of the item runs in the slow engine. */
function createSlowness(): (item: Item) => boolean {
  const known = new Map<string, boolean>();
  return ({ patterns }) =>
    patterns.some((pattern) => {
      if (pattern.kind !== "regex") return false;
      const { source, flags } = pattern;
      const key = JSON.stringify([source, flags]);
      let slow = known.get(key);
      if (slow === undefined) {
        slow = compileRegex(source, flags).engine === "re2";
        known.set(key, slow);
      }
      return slow;
    });
}

function byPlace(a: LintFinding, b: LintFinding): number {
  const [first, second] = [a, b].map(({ place }) => {
    const [, line = 0, column = 0] = /:(\d+):(\d+)$/.exec(place) ?? [];
    return Number(line) * 100_000 + Number(column);
  });
  return (first ?? 0) - (second ?? 0);
}

/** `windows / process_creation`, without what is not named. */
export function logSourceText({ product, category, service }: LogSource): string {
  return [product, category, service].filter((name) => name !== undefined).join(" / ");
}
