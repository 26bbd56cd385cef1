// Makes rules and events for the tests of the Sigma engine: detections as plain objects, records with
// flat names.
import type { LogSourceTable } from "../../../config/log-sources.ts";
import type { LogEvent, RecordShape } from "../../../detectors/event.ts";
import { readRuleFile } from "../../../detectors/rule-file.ts";
import { createSigmaEngine, type SigmaEngine } from "../../../detectors/sigma/engine.ts";
import type { Placeholders } from "../../../detectors/sigma/placeholder.ts";
import { PLAIN_READING } from "../../../detectors/sigma/reading.ts";
import type { SigmaRule } from "../../../detectors/sigma/rule.ts";

/** Records whose fields lie at the top, under the names that rules use. */
const FLAT: RecordShape = { id: "flat", family: "flat", locate: (name) => [[name]] };

export function eventOf(record: Record<string, unknown>, shape: RecordShape = FLAT): LogEvent {
  const time = Date.UTC(2026, 2, 1, 12, 30);
  return {
    id: "1",
    tenant: "kreis",
    source: "test",
    time,
    ingestedAt: time,
    shape,
    record,
    text: JSON.stringify(record),
    textRecord: record,
  };
}

/** One rule; JSON is YAML. */
export function ruleOf(
  detection: Record<string, unknown>,
  logsource: Record<string, string> = {},
  placeholders: Placeholders = PLAIN_READING.placeholders,
): SigmaRule {
  const text = JSON.stringify({ title: "Rule", id: "rule", logsource, detection });
  const { rules, faults } = readRuleFile(text, "rule.yml", { ...PLAIN_READING, placeholders });
  const [rule] = rules;
  if (rule === undefined) throw new Error(faults[0]?.message ?? "no rule");
  return rule;
}

export function engineOf(
  rules: readonly SigmaRule[],
  logSources: readonly LogSourceTable[] = [],
): SigmaEngine {
  const engine = createSigmaEngine({ rules, logSources });
  const [fault] = engine.faults;
  if (fault !== undefined) throw new Error(fault.message);
  return engine;
}

/** Whether a rule of one selection fires on a record. */
export function fires(selection: unknown, record: Record<string, unknown>): boolean {
  const rule = ruleOf({ selection, condition: "selection" });
  return engineOf([rule]).match(eventOf(record)).length === 1;
}
