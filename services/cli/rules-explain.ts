// `heidewacht rules explain RULE EVENT`: finds the rule and the event, and has the one judge the other.
import { existsSync, readFileSync, statSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { AppError, isAppError } from "../../config/errors.ts";
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { readRuleFile } from "../../detectors/rule-file.ts";
import { type ExplainedRule, explainTree } from "../../detectors/sigma/explain-tree.ts";
import { applyFilters } from "../../detectors/sigma/filter.ts";
import type { RuleReading } from "../../detectors/sigma/reading.ts";
import type { SigmaRule, Tree } from "../../detectors/sigma/rule.ts";
import { documentsOf, isRecord, PlacedFault } from "../../detectors/sigma/rule-document.ts";
import type { Format } from "../normalize/format.ts";
import { parseJsonRecord } from "../normalize/json-text.ts";
import { createNormalizer, type Normalized } from "../normalize/normalizer.ts";
import { nearName } from "../rules/near-name.ts";
import { STARTER_PACK } from "../rules/rule-set.ts";
import { type RuleFile, readRulePackage } from "../rules/rule-source.ts";
import { detectionOf, selectionTrees } from "../rules/selection-entries.ts";
import type { CliLanguage } from "./messages.ts";
import { EXPLAIN_MESSAGES } from "./rules-explain-messages.ts";

/** A rule with what its file says of it. */
export interface FoundRule {
  readonly rule: SigmaRule;
  readonly selections: ReadonlyMap<string, Tree>;
  /** As written. */
  readonly conditions: readonly string[];
}

export interface FoundEvent {
  readonly event: LogEvent;
  readonly format: string;
  /** Number of the line in the file, from 1. */
  readonly line: number;
}

export interface EventChoice {
  /** Number of the line, from 1; undefined: the first one that is an event. */
  readonly line: number | undefined;
  /** Id of the format; undefined: it is found out. */
  readonly format: string | undefined;
  readonly formats: readonly Format[];
}

const EVENT_FILE_BYTES_MAX = 64 * 1024 * 1024;
const TITLES_SHOWN = 5;
/** Times of day that lines leave out count from here; no rule looks at the time of receipt. */
const RECEIVED_AT = Date.UTC(2026, 10, 21);

/** The rule's judgement of the event. */
export function explain(
  { rule, selections }: FoundRule,
  { event }: FoundEvent,
  logSources: readonly LogSourceTable[],
): ExplainedRule {
  return explainTree(rule, event, { logSources, selections });
}

/**
 * Finds a rule by id, title, part of a title, or in a file of its own. The filters of the folders apply.
 * @param folders beside the starter pack
 * @param reading values of placeholders, pipelines
 * @throws AppError HW_NOT_FOUND, HW_USAGE when several fit, HW_RULE_INVALID when it can't be loaded
 */
export async function findRule(
  wanted: string,
  folders: readonly string[],
  reading: RuleReading,
  language: CliLanguage,
): Promise<FoundRule> {
  const isFile = existsSync(wanted) && statSync(wanted).isFile();
  const paths = [STARTER_PACK, ...folders, ...(isFile ? [wanted] : [])];
  const packages = await Promise.all(paths.map((path) => readRulePackage(path)));
  const files = packages.map(({ rules }) => rules);
  const read = files.flat().map(({ text, origin }) => readRuleFile(text, origin, reading));
  const filters = read.flatMap((one) => one.filters);
  const own = (isFile ? (files.at(-1) ?? []) : files.flat()).map(({ text, origin }) =>
    readRuleFile(text, origin, reading),
  );
  const rules = own.flatMap((one) => one.rules);
  const chosen = isFile ? rules : chooseRules(rules, wanted);
  const text = EXPLAIN_MESSAGES[language];
  const [first] = chosen;
  if (first === undefined) {
    const fault = isFile ? own.flatMap(({ faults }) => faults)[0] : undefined;
    if (fault !== undefined) throw new AppError(fault.code, fault.message, { place: fault.place });
    const titles = rules.map(({ info }) => info.title);
    const meant = nearName(wanted, titles);
    const mend = meant === undefined ? text.noRuleMend : text.meant(meant);
    throw new AppError("HW_NOT_FOUND", text.noRule, { place: wanted, mend });
  }
  if (chosen.length > 1) {
    const some = chosen.slice(0, TITLES_SHOWN).map(({ info }) => `${info.id}  ${info.title}`);
    throw new AppError("HW_USAGE", text.severalRules(chosen.length), {
      place: wanted,
      mend: [text.severalMend, ...some].join("\n  "),
    });
  }
  const rule = applyFilters([first], filters, reading).rules[0] ?? first;
  return { rule, ...writtenPartsOf(rule, files.flat()) };
}

function chooseRules(rules: readonly SigmaRule[], wanted: string): SigmaRule[] {
  const byId = rules.filter(({ info, name }) => info.id === wanted || name === wanted);
  if (byId.length > 0) return byId.slice(0, 1);
  const title = wanted.toLowerCase();
  const byTitle = rules.filter(({ info }) => info.title.toLowerCase() === title);
  if (byTitle.length > 0) return byTitle;
  return rules.filter(({ info }) => info.title.toLowerCase().includes(title));
}

/** The names of the selections, which the rule's tree no longer has. */
function writtenPartsOf(
  rule: SigmaRule,
  files: readonly RuleFile[],
): Pick<FoundRule, "selections" | "conditions"> {
  const file = files.findLast(({ origin }) => rule.place.startsWith(`${origin}:`));
  for (const reader of file === undefined ? [] : documentsOf(file.text, file.origin)) {
    if (reader.place([]) !== rule.place) continue;
    try {
      const value = reader.value();
      const found = isRecord(value) ? detectionOf(value) : undefined;
      if (found === undefined) continue;
      const conditions = [found.detection.condition]
        .flat()
        .filter((one) => typeof one === "string");
      return { selections: selectionTrees(found.detection, reader), conditions };
    } catch (error) {
      if (!(error instanceof PlacedFault)) throw error;
    }
  }
  return { selections: new Map(), conditions: [] };
}

/**
 * The event in a file, or in what comes from standard input for `-`: a line, or one JSON object that takes
 * several lines.
 * @throws AppError HW_NOT_FOUND, HW_INPUT_TOO_LARGE, HW_PARSE_FAILED
 */
export async function findEvent(
  path: string,
  choice: EventChoice,
  language: CliLanguage,
): Promise<FoundEvent> {
  const content = path === "-" ? await readAll(process.stdin) : readEventFile(path, language);
  const normalizer = createNormalizer({ mappings: [], formats: choice.formats });
  const read = (text: string): Normalized =>
    normalizer.normalize(
      {
        id: "event",
        idFromSender: false,
        source: "explain",
        format: choice.format,
        timeZone: "Europe/Berlin",
        receivedAt: RECEIVED_AT,
        text,
      },
      "explain",
    );
  if (choice.line === undefined && isOneObject(content)) {
    return eventFrom(read(content.trim()), 1, path, language);
  }
  const lines = content.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    if (choice.line !== undefined && number > choice.line) break;
    if (line.trim() === "") continue;
    // Lines before the chosen one may name its columns.
    const made = read(line);
    if (choice.line === undefined ? "skipped" in made : number < choice.line) continue;
    return eventFrom(made, number, path, language);
  }
  const text = EXPLAIN_MESSAGES[language];
  throw new AppError("HW_NOT_FOUND", text.noEvent(choice.line), { place: path });
}

function readEventFile(path: string, language: CliLanguage): string {
  const text = EXPLAIN_MESSAGES[language];
  if (!existsSync(path)) {
    throw new AppError("HW_NOT_FOUND", text.noFile, { place: path, mend: text.noFileMend });
  }
  if (statSync(path).size > EVENT_FILE_BYTES_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", `over ${EVENT_FILE_BYTES_MAX} bytes`, { place: path });
  }
  return readFileSync(path, "utf8");
}

function isOneObject(content: string): boolean {
  const trimmed = content.trim();
  if (!trimmed.startsWith("{") || !trimmed.includes("\n")) return false;
  try {
    parseJsonRecord(trimmed);
    return true;
  } catch (error) {
    // Several objects, one a line, are no JSON as a whole.
    if (isAppError(error)) return false;
    throw error;
  }
}

function eventFrom(
  made: Normalized,
  line: number,
  path: string,
  language: CliLanguage,
): FoundEvent {
  if ("event" in made) return { event: made.event, format: made.format.id, line };
  const message = "fault" in made ? made.fault.message : EXPLAIN_MESSAGES[language].headerLine;
  throw new AppError("HW_PARSE_FAILED", message, {
    place: `${path}:${line}`,
    mend: EXPLAIN_MESSAGES[language].notReadMend,
  });
}
