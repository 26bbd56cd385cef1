// One document of a rule file as the linter sees it: its value, its places, and what it was read as.
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { readRuleDocuments } from "../../detectors/rule-file.ts";
import { createCollection } from "../../detectors/sigma/collection.ts";
import type { SigmaFilter } from "../../detectors/sigma/filter.ts";
import type { RuleReading } from "../../detectors/sigma/reading.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";
import {
  type DocumentReader,
  documentsOf,
  isRecord,
  type Path,
  PlacedFault,
} from "../../detectors/sigma/rule-document.ts";
import { LINT_CODES, type LintCode, type LintFinding, type Severity } from "./lint-finding.ts";
import type { RuleFile } from "./rule-source.ts";

export interface LintDocument {
  readonly reader: DocumentReader;
  /** Empty where the document is no map. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly title: string | undefined;
  /** What it was read as; all undefined when it could not be. */
  readonly rule: SigmaRule | undefined;
  readonly correlation: CorrelationRule | undefined;
  readonly filter: SigmaFilter | undefined;
  readonly faults: readonly RuleFault[];
}

/** The documents of a file as rules of their own; those that only change others are left out. */
export function lintDocuments(file: RuleFile, reading: RuleReading): LintDocument[] {
  const wholeOf = createCollection();
  return documentsOf(file.text, file.origin).flatMap((reader) => {
    const read = wholeValue(reader, wholeOf);
    if (read === undefined) return [];
    const { value, faults } = read;
    if (value === undefined) return [{ ...NOTHING_READ, reader, faults }];
    const content = readRuleDocuments([{ ...reader, value: () => value }], reading);
    return [
      {
        reader,
        value,
        title: typeof value.title === "string" ? value.title : undefined,
        rule: content.rules[0],
        correlation: content.correlations[0],
        filter: content.filters[0],
        faults: content.faults,
      },
    ];
  });
}

const NOTHING_READ = {
  value: {},
  title: undefined,
  rule: undefined,
  correlation: undefined,
  filter: undefined,
};

/** Undefined: there is no rule in the document. */
function wholeValue(
  reader: DocumentReader,
  wholeOf: ReturnType<typeof createCollection>,
): { value: Record<string, unknown> | undefined; faults: RuleFault[] } | undefined {
  try {
    const written = reader.value();
    if (written === null) return undefined;
    if (!isRecord(written)) throw reader.fault([], "expected a rule: keys and values");
    const value = wholeOf(written, reader);
    return value === undefined ? undefined : { value, faults: [] };
  } catch (error) {
    if (error instanceof PlacedFault) return { value: undefined, faults: [error.fault] };
    throw error;
  }
}

/** Takes findings about one document. */
export type Report = (
  code: LintCode,
  path: Path,
  detail?: string,
  other?: string,
  severity?: Severity,
) => void;

/** Makes findings of a document, with the place of the part, and gives them to `add`. */
export function reportOf(document: LintDocument, add: (finding: LintFinding) => void): Report {
  const { reader, title } = document;
  return (code, path, detail = "", other = "", severity = LINT_CODES[code]) => {
    add({ code, severity, place: reader.place(path), title, detail, other });
  };
}
