// Reads a file of Sigma rules: detection rules, correlations and filters, one or more documents. A faulty
// one is left out and told of, with file, line and column; the others go on.
import { readCorrelation } from "./correlation/read.ts";
import type { CorrelationRule } from "./correlation/rule.ts";
import { createCollection } from "./sigma/collection.ts";
import { readFilter, type SigmaFilter } from "./sigma/filter.ts";
import { readRule } from "./sigma/read.ts";
import { PLAIN_READING, type RuleReading } from "./sigma/reading.ts";
import type { RuleFault, SigmaRule } from "./sigma/rule.ts";
import { type DocumentReader, documentsOf, isRecord, PlacedFault } from "./sigma/rule-document.ts";

/** What a file held. */
export interface RuleFileContent {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly faults: readonly RuleFault[];
}

/**
 * @param origin names the file in faults and in the rules' `origin`
 * @param reading values of placeholders, pipelines
 */
export function readRuleFile(
  text: string,
  origin: string,
  reading: RuleReading = PLAIN_READING,
): RuleFileContent {
  return readRuleDocuments(documentsOf(text, origin), reading);
}

/** The same of documents that the caller looks at as well, so that no file is parsed twice. */
export function readRuleDocuments(
  documents: readonly DocumentReader[],
  reading: RuleReading = PLAIN_READING,
): RuleFileContent {
  const content = {
    rules: [] as SigmaRule[],
    correlations: [] as CorrelationRule[],
    filters: [] as SigmaFilter[],
    faults: [] as RuleFault[],
  };
  const wholeOf = createCollection();
  for (const reader of documents) {
    try {
      readDocument(reader, wholeOf, reading, content);
    } catch (error) {
      if (!(error instanceof PlacedFault)) throw error;
      content.faults.push(error.fault);
    }
  }
  return content;
}

function readDocument(
  reader: DocumentReader,
  wholeOf: ReturnType<typeof createCollection>,
  reading: RuleReading,
  content: {
    readonly rules: SigmaRule[];
    readonly correlations: CorrelationRule[];
    readonly filters: SigmaFilter[];
  },
): void {
  const written = reader.value();
  if (written === null) return;
  if (!isRecord(written)) throw reader.fault([], "expected a rule: keys and values");
  const value = wholeOf(written, reader);
  if (value === undefined) return;
  if ("correlation" in value) content.correlations.push(readCorrelation(value, reader));
  else if ("filter" in value) content.filters.push(readFilter(value, reader, reading));
  else content.rules.push(readRule(value, reader, reading));
}
