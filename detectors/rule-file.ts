// Reads a file of Sigma rules: detection rules, correlations and filters, one or more documents. A faulty
// one is left out and told of, with file, line and column; the others go on.
import { readCorrelation } from "./correlation/read.ts";
import type { CorrelationRule } from "./correlation/rule.ts";
import { readFilter, type SigmaFilter } from "./sigma/filter.ts";
import type { Placeholders } from "./sigma/item.ts";
import { readRule } from "./sigma/read.ts";
import type { RuleFault, SigmaRule } from "./sigma/rule.ts";
import { type DocumentReader, documentsOf, isRecord, PlacedFault } from "./sigma/rule-document.ts";

/** What a file held. */
export interface RuleFileContent {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly faults: readonly RuleFault[];
}

const NO_PLACEHOLDERS: Placeholders = () => undefined;

/**
 * @param origin names the file in faults and in the rules' `origin`
 * @param placeholders values for `expand`
 */
export function readRuleFile(
  text: string,
  origin: string,
  placeholders: Placeholders = NO_PLACEHOLDERS,
): RuleFileContent {
  return readRuleDocuments(documentsOf(text, origin), placeholders);
}

/** The same of documents that the caller looks at as well, so that no file is parsed twice. */
export function readRuleDocuments(
  documents: readonly DocumentReader[],
  placeholders: Placeholders = NO_PLACEHOLDERS,
): RuleFileContent {
  const content = {
    rules: [] as SigmaRule[],
    correlations: [] as CorrelationRule[],
    filters: [] as SigmaFilter[],
    faults: [] as RuleFault[],
  };
  for (const reader of documents) {
    try {
      readDocument(reader, placeholders, content);
    } catch (error) {
      if (!(error instanceof PlacedFault)) throw error;
      content.faults.push(error.fault);
    }
  }
  return content;
}

function readDocument(
  reader: DocumentReader,
  placeholders: Placeholders,
  content: {
    readonly rules: SigmaRule[];
    readonly correlations: CorrelationRule[];
    readonly filters: SigmaFilter[];
  },
): void {
  const value = reader.value();
  if (value === null) return;
  if (!isRecord(value)) throw reader.fault([], "expected a rule: keys and values");
  if ("correlation" in value) content.correlations.push(readCorrelation(value, reader));
  else if ("filter" in value) content.filters.push(readFilter(value, reader, placeholders));
  else content.rules.push(readRule(value, reader, placeholders));
}
