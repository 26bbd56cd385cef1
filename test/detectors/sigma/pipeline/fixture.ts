// Puts rules through pipelines: a detection as an object, steps as objects, and what comes out as text.
import { readRuleFile } from "../../../../detectors/rule-file.ts";
import { joinPipelines } from "../../../../detectors/sigma/pipeline/pipelines.ts";
import { readPipeline } from "../../../../detectors/sigma/pipeline/read-pipeline.ts";
import { PLAIN_READING, type RulePipeline } from "../../../../detectors/sigma/reading.ts";
import { ANY, type Pattern, type SigmaRule, type Tree } from "../../../../detectors/sigma/rule.ts";

type Step = Readonly<Record<string, unknown>>;

export const LOG_SOURCE = { product: "windows", category: "process_creation" };

/** JSON is YAML. */
export function pipelineOf(steps: readonly Step[], rest: Step = {}): RulePipeline | undefined {
  const read = readPipeline(JSON.stringify({ ...rest, transformations: steps }), "p.yml");
  if (read.pipeline === undefined) throw new Error(read.faults[0]?.message);
  return joinPipelines([read.pipeline]);
}

/** The fault that a pipeline or a rule behind it gives; else the rule. */
export function ruleThrough(
  pipeline: RulePipeline | undefined,
  detection: Step,
  rest: Step = {},
): SigmaRule | string {
  const text = JSON.stringify({ title: "Rule", logsource: LOG_SOURCE, ...rest, detection });
  const reading = { ...PLAIN_READING, pipeline };
  const { rules, faults } = readRuleFile(text, "r.yml", reading);
  return rules[0] ?? faults[0]?.message ?? "nothing";
}

/** What a selection becomes, as text. */
export function through(steps: readonly Step[], selection: unknown, rest: Step = {}): string {
  const rule = ruleThrough(pipelineOf(steps), { s: selection, condition: "s" }, rest);
  return typeof rule === "string" ? rule : (rule.inactive ?? shown(rule.tree));
}

/** `(f="a" & !g~"b")`: every join in parentheses. */
export function shown(tree: Tree): string {
  if (tree.kind === "not") return `!${shown(tree.child)}`;
  if (tree.kind !== "item") {
    return `(${tree.children.map(shown).join(tree.kind === "and" ? " & " : " | ")})`;
  }
  const { field, patterns } = tree.item;
  return `${field ?? "keywords"}=${patterns.map(shownPattern).join(",")}`;
}

function shownPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "text":
      return pattern.pieces
        .map((piece) => (typeof piece === "string" ? piece : piece === ANY ? "<*>" : "<?>"))
        .join("");
    case "regex":
      return `/${pattern.source}/${pattern.flags}`;
    case "fieldref":
      return `{${pattern.other}}`;
    default:
      return pattern.shown;
  }
}
