// Samples that prove a rule: log records on which it has to fire (hits) and ordinary ones on which it has
// to stay silent (near misses). One YAML file a rule, in the shape of test/detectors/rules/.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { AppError, messageOf } from "../../config/errors.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { MatchedField } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import type { SigmaEngine } from "../../detectors/sigma/engine.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import { createJudge, type Judge } from "./judge-events.ts";

const NO_RECORDS = "expected either text, one record, or texts, a list of them";
const filled = z.string().trim().min(1);
const RECORDS_MAX = 1000;
const sampleSchema = z.strictObject({
  format: filled,
  text: filled.optional(),
  /** Several records, for rules that join events. */
  texts: z.array(filled).min(1).max(RECORDS_MAX).optional(),
});
const missSchema = sampleSchema.extend({ why: filled });
const samplesSchema = z.strictObject({
  /** Id of the rule or correlation. */
  rule: filled,
  hits: z.array(sampleSchema.refine(hasRecords, NO_RECORDS)).min(1),
  misses: z.array(missSchema.refine(hasRecords, NO_RECORDS)).min(1),
});

function hasRecords({ text, texts }: z.infer<typeof sampleSchema>): boolean {
  return (text === undefined) !== (texts === undefined);
}

/** Log records with what the rule has to do on them. */
interface Sample {
  /** `file:line:column` */
  readonly place: string;
  /** Id of the format that reads them. */
  readonly format: string;
  readonly texts: readonly string[];
  readonly wanted: "hit" | "miss";
}

/** The samples of one rule. */
export interface RuleSamples {
  readonly rule: string;
  readonly place: string;
  readonly samples: readonly Sample[];
}

export interface ReadSamples {
  readonly rules: readonly RuleSamples[];
  /** Files that are no samples, each with the place of the first fault. */
  readonly faults: readonly RuleFault[];
}

const SAMPLE_FILE = /\.ya?ml$/i;
const ALIASES_MAX = 100;

/** All sample files of a folder, by name. @throws AppError HW_NOT_FOUND when there is no such folder */
export function readSampleFolder(folder: string): ReadSamples {
  const rules: RuleSamples[] = [];
  const faults: RuleFault[] = [];
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (cause) {
    throw new AppError("HW_NOT_FOUND", messageOf(cause), { place: folder, cause });
  }
  for (const name of names.filter((one) => SAMPLE_FILE.test(one)).sort()) {
    const path = join(folder, name);
    const read = readSamples(readFileSync(path, "utf8"), path);
    if ("samples" in read) rules.push(read);
    else faults.push(read);
  }
  return { rules, faults };
}

/** @param origin names the file in places */
export function readSamples(text: string, origin: string): RuleSamples | RuleFault {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (!isNode(node) || node.range == null) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return `${origin}:${line}:${col}`;
    }
    return `${origin}:1:1`;
  };
  const fault = (place: string, message: string): RuleFault => {
    return { code: "HW_RULE_INVALID", place, title: undefined, message };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return fault(`${origin}:${line}:${col}`, error.message.split("\n")[0] ?? "not YAML");
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (thrown) {
    return fault(placeOf([]), messageOf(thrown));
  }
  const parsed = samplesSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    return fault(placeOf(path), `${path.map(String).join(".")}: ${issue?.message ?? "no samples"}`);
  }
  const { rule, hits, misses } = parsed.data;
  const samples = [
    ...hits.map((one, at) => sampleOf(one, "hit", placeOf(["hits", at]))),
    ...misses.map((one, at) => sampleOf(one, "miss", placeOf(["misses", at]))),
  ];
  return { rule, place: placeOf([]), samples };
}

function sampleOf(
  { format, text = "", texts = [text] }: z.infer<typeof sampleSchema>,
  wanted: "hit" | "miss",
  place: string,
): Sample {
  return { place, format, texts, wanted };
}

/** Why a sample is not what it should be. */
export type SampleFailure = { readonly place: string; readonly rule: string } & (
  | { readonly reason: "no-rule" }
  | { readonly reason: "not-read"; readonly message: string }
  /** The rule is silent on a hit; `others` are the titles of the rules that fired instead. */
  | { readonly reason: "silent"; readonly title: string; readonly others: readonly string[] }
  /** The rule fires on a near miss. */
  | { readonly reason: "loud"; readonly title: string; readonly matched: readonly MatchedField[] }
);

/**
 * Runs the samples through the engine.
 * @param eventOf parses a sample; what it throws as AppError becomes a failure
 */
export function proveRules(
  all: readonly RuleSamples[],
  engine: SigmaEngine,
  correlations: readonly CorrelationRule[],
  eventOf: (format: string, text: string) => LogEvent,
): SampleFailure[] {
  const titles = new Map(
    [...engine.rules, ...correlations].map(({ info }) => [info.id, info.title]),
  );
  const judge = createJudge(engine, correlations);
  return all.flatMap(({ rule, place, samples }): SampleFailure[] => {
    const title = titles.get(rule);
    if (title === undefined) return [{ place, rule, reason: "no-rule" }];
    return samples.flatMap((sample) => proveSample(sample, rule, title, judge, eventOf) ?? []);
  });
}

function proveSample(
  sample: Sample,
  rule: string,
  title: string,
  judge: Judge,
  eventOf: (format: string, text: string) => LogEvent,
): SampleFailure | undefined {
  const { place, wanted } = sample;
  let events: LogEvent[];
  try {
    events = sample.texts.map((text) => eventOf(sample.format, text));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { place, rule, reason: "not-read", message: error.message };
  }
  const hits = judge(events);
  const own = hits.find(({ detector }) => detector.id === rule);
  if (wanted === "hit" && own === undefined) {
    return { place, rule, title, reason: "silent", others: hits.map((one) => one.detector.title) };
  }
  if (wanted === "miss" && own !== undefined) {
    return { place, rule, title, reason: "loud", matched: own.matched() };
  }
  return undefined;
}
