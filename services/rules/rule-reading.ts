// Loads what a site brings to the reading of its rules: values of placeholders, from the configuration or
// from files with one value a line, and processing pipelines.
import { hash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { AppError, messageOf } from "../../config/errors.ts";
import type { PlaceholdersConfig } from "../../config/rule-reading.ts";
import { joinPipelines } from "../../detectors/sigma/pipeline/pipelines.ts";
import { type Pipeline, readPipeline } from "../../detectors/sigma/pipeline/read-pipeline.ts";
import { PLAIN_READING, type RuleReading } from "../../detectors/sigma/reading.ts";
import { RULE_READING_MESSAGES } from "./rule-reading-messages.ts";

export interface RuleReadingSource {
  readonly placeholders: PlaceholdersConfig;
  /** Files of pipelines. */
  readonly pipelines: readonly string[];
}

export interface LoadedRuleReading {
  readonly reading: RuleReading;
  /** Equal for equal contents; empty when rules are read as they are written. */
  readonly fingerprint: string;
  /** Parts of pipelines without meaning here, as `file:line:column` and key. */
  readonly ignored: readonly { readonly place: string; readonly key: string }[];
}

const FILE_BYTES_MAX = 10_000_000;
const FILE_VALUES_MAX = 100_000;

/**
 * @param at makes a path of the configuration whole
 * @throws AppError HW_CONFIG_INVALID with all faults of all files: with half of its pipelines or
 *   placeholders a site would miss attacks and not know it
 */
export function loadRuleReading(
  { placeholders, pipelines }: RuleReadingSource,
  at: (path: string) => string,
  language: "de" | "en",
): LoadedRuleReading {
  const faults: string[] = [];
  const values = new Map<string, readonly string[]>();
  for (const [name, given] of Object.entries(placeholders)) {
    values.set(name, Array.isArray(given) ? given : readValues(at(given.file), language, faults));
  }
  const texts = pipelines.map((path) => readText(at(path), language, faults));
  const read: Pipeline[] = [];
  const ignored: LoadedRuleReading["ignored"][number][] = [];
  for (const [index, path] of pipelines.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    const one = readPipeline(text, at(path));
    if (one.pipeline !== undefined) read.push(one.pipeline);
    faults.push(...one.faults.map(({ place, message }) => `  ${place}  ${message}`));
    ignored.push(...one.ignored);
  }
  if (faults.length > 0) {
    const { faulty, mend } = RULE_READING_MESSAGES[language];
    const message = `${faulty(faults.length)}\n${faults.join("\n")}`;
    throw new AppError("HW_CONFIG_INVALID", message, { mend });
  }
  if (values.size === 0 && pipelines.length === 0) {
    return { reading: PLAIN_READING, fingerprint: "", ignored };
  }
  const reading = {
    placeholders: (name: string) => values.get(name),
    pipeline: joinPipelines(read),
  };
  return { reading, fingerprint: hash("sha256", JSON.stringify([[...values], texts])), ignored };
}

/** Lines without those that are empty or begin with `#`. */
function readValues(path: string, language: "de" | "en", faults: string[]): string[] {
  const lines = (readText(path, language, faults) ?? "").split(/\r?\n/).map((line) => line.trim());
  const values = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (values.length <= FILE_VALUES_MAX) return values;
  faults.push(`  ${path}  ${RULE_READING_MESSAGES[language].tooMany(FILE_VALUES_MAX)}`);
  return [];
}

function readText(path: string, language: "de" | "en", faults: string[]): string | undefined {
  try {
    if (statSync(path).size <= FILE_BYTES_MAX) return readFileSync(path, "utf8");
    faults.push(`  ${path}  ${RULE_READING_MESSAGES[language].tooLarge(FILE_BYTES_MAX)}`);
  } catch (error) {
    faults.push(`  ${path}  ${messageOf(error)}`);
  }
  return undefined;
}
