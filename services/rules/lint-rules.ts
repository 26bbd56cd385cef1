// What can be said of one document alone. Keeps what the comparison with other rules will need, and lets
// the document go: thousands of syntax trees would not fit into memory.
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { SigmaFilter } from "../../detectors/sigma/filter.ts";
import { itemsOf, type TestPool } from "../../detectors/sigma/leaf.ts";
import type { RuleReading } from "../../detectors/sigma/reading.ts";
import { UnsafePattern } from "../../detectors/sigma/regex.ts";
import type { RuleFault, SigmaRule, Tree } from "../../detectors/sigma/rule.ts";
import { lintCondition } from "./lint-condition.ts";
import { type LintDocument, lintDocuments, reportOf } from "./lint-document.ts";
import type { LintFinding } from "./lint-finding.ts";
import { type Ignored, ignoredOf } from "./lint-ignore.ts";
import { lintPatterns, unsafePath } from "./lint-patterns.ts";
import { lintSchema } from "./lint-schema.ts";
import { lintTags } from "./lint-tags.ts";
import type { RuleFile } from "./rule-source.ts";
import { detectionOf, entriesOf } from "./selection-entries.ts";
import { TREE_SIZE_MAX, treeSize } from "./tree-size.ts";

/** A document that was looked at by itself. */
export interface LintedDocument {
  readonly title: string | undefined;
  /** As it can be loaded; all undefined when it can't be. */
  readonly rule: SigmaRule | undefined;
  readonly correlation: CorrelationRule | undefined;
  readonly filter: SigmaFilter | undefined;
  readonly faults: readonly RuleFault[];
  /** Whether the detection is too large to be looked into. */
  readonly isHuge: boolean;
  readonly findings: readonly LintFinding[];
  readonly ignored: readonly Ignored[];
  readonly fields: readonly { readonly name: string; readonly place: string }[];
  readonly places: {
    readonly id: string;
    readonly logsource: string;
    readonly detection: string;
    /** Of the references of a correlation or filter, in their order; the last one is the list itself. */
    readonly rules: readonly string[];
  };
}

const NO_TREE: Tree = { kind: "and", children: [] };

/** The documents of a file, in their order. */
export function lintFile(file: RuleFile, pool: TestPool, reading: RuleReading): LintedDocument[] {
  const documents = lintDocuments(file, reading);
  const ignored = ignoredOf(documents, file.text);
  return documents.map((document, at) => lintDocument(document, ignored[at] ?? [], pool));
}

function lintDocument(
  document: LintDocument,
  ignored: readonly Ignored[],
  pool: TestPool,
): LintedDocument {
  const { title, rule, correlation, filter, reader, value } = document;
  const findings: LintFinding[] = [];
  const report = reportOf(document, (finding) => findings.push(finding));
  const size = treeSize(rule?.tree ?? filter?.tree ?? NO_TREE);
  const isHuge = size > TREE_SIZE_MAX;
  if (isHuge) report("rule-huge", [rule === undefined ? "filter" : "detection"], String(size));
  const compile = isHuge ? undefined : compileFault(document, pool);
  lintSchema(document, report);
  lintTags(document, report);
  if (compile === undefined && !isHuge) {
    lintCondition(document, report, pool);
    lintPatterns(document, report, pool);
  }
  if (rule?.inactive !== undefined) report("inactive", ["detection"], rule.inactive);
  const body = correlation === undefined ? "filter" : "correlation";
  const references = (correlation ?? filter)?.rules;
  const count = Array.isArray(references) ? references.length : 0;
  return {
    title,
    rule: compile === undefined ? rule : undefined,
    correlation,
    filter: compile === undefined ? filter : undefined,
    faults: compile === undefined ? document.faults : [...document.faults, compile],
    isHuge,
    findings,
    ignored,
    fields: rule === undefined ? [] : fieldsOf(value, reader),
    places: {
      id: reader.place(["id"]),
      logsource: reader.place(["logsource"]),
      detection: reader.place(["detection"]),
      rules: [...Array(count).keys(), undefined].map((index) =>
        reader.place(index === undefined ? [body, "rules"] : [body, "rules", index]),
      ),
    },
  };
}

/** Fields of one rule that are looked at; SigmaHQ's rules have 30 at most. */
const FIELDS_MAX = 500;

/** Each field once, at its first place. */
function fieldsOf(value: LintDocument["value"], reader: LintDocument["reader"]) {
  const found = detectionOf(value);
  if (found === undefined) return [];
  const fields = new Map<string, string>();
  for (const { field, path } of entriesOf(found.detection, found.at)) {
    if (fields.size >= FIELDS_MAX) break;
    if (field !== undefined && !fields.has(field)) fields.set(field, reader.place(path));
  }
  return [...fields].map(([name, place]) => ({ name, place }));
}

/** Why the patterns can't be compiled, as the engine would say it, with the place of the pattern. */
function compileFault(document: LintDocument, pool: TestPool): RuleFault | undefined {
  const { rule, filter, reader, title, value } = document;
  const tree: Tree | undefined = rule?.tree ?? filter?.tree;
  if (tree === undefined || rule?.inactive !== undefined) return undefined;
  for (const item of itemsOf(tree)) {
    try {
      pool.testsOf(item);
    } catch (error) {
      if (!(error instanceof UnsafePattern) && !(error instanceof SyntaxError)) throw error;
      const isUnsafe = error instanceof UnsafePattern;
      const path = isUnsafe ? unsafePath(value) : undefined;
      return {
        code: isUnsafe ? "HW_PATTERN_UNSAFE" : "HW_RULE_INVALID",
        place: reader.place(path?.path ?? []),
        title,
        message: error.message,
      };
    }
  }
  return undefined;
}
