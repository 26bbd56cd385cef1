// Reads a processing pipeline in pySigma's YAML format. Everything that is wrong with a file is told at
// once, each with line and column: half a pipeline would silently miss what the other half was for.
// Format: pySigma, "Processing Pipelines".
import type { RuleFault } from "../rule.ts";
import {
  type DocumentReader,
  documentsOf,
  isRecord,
  type Path,
  PlacedFault,
} from "../rule-document.ts";
import { applySteps } from "./apply-steps.ts";
import { readConditions } from "./conditions.ts";
import { DETECTION_TRANSFORMATIONS } from "./detections.ts";
import { FIELD_NAME_TRANSFORMATIONS } from "./field-names.ts";
import { createParameters, type Parameters } from "./parameters.ts";
import { PLACEHOLDER_TRANSFORMATIONS } from "./placeholders.ts";
import { RULE_TRANSFORMATIONS } from "./rule-steps.ts";
import type { Step, Transformation } from "./step.ts";
import { VALUE_TRANSFORMATIONS } from "./values.ts";

export interface Pipeline {
  readonly name: string;
  /** Those with lower numbers come first. */
  readonly priority: number;
  readonly vars: ReadonlyMap<string, readonly string[]>;
  readonly steps: readonly Step[];
}

export interface ReadPipeline {
  /** Undefined when there is a fault. */
  readonly pipeline: Pipeline | undefined;
  readonly faults: readonly RuleFault[];
  /** Parts that have no meaning here, as `file:line:column` and key. */
  readonly ignored: readonly { readonly place: string; readonly key: string }[];
}

/** They work on the text of queries, which this engine does not make. */
const QUERY_PARTS = ["postprocessing", "finalizers"];
const STEPS_MAX = 2000;
const NESTING_MAX = 10;

type Make = (given: Parameters, reader: DocumentReader) => Transformation;

const TRANSFORMATIONS: Readonly<Record<string, Make>> = {
  ...FIELD_NAME_TRANSFORMATIONS,
  ...VALUE_TRANSFORMATIONS,
  ...PLACEHOLDER_TRANSFORMATIONS,
  ...DETECTION_TRANSFORMATIONS,
  ...RULE_TRANSFORMATIONS,
};

/** @param origin names the file in places */
export function readPipeline(text: string, origin: string): ReadPipeline {
  const faults: RuleFault[] = [];
  const ignored: { place: string; key: string }[] = [];
  const guard = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof PlacedFault)) throw error;
      faults.push(error.fault);
      return undefined;
    }
  };
  const pipeline = guard(() => {
    const [reader, ...more] = documentsOf(text, origin);
    const value = reader?.value();
    if (reader === undefined || !isRecord(value)) {
      const message = "expected a pipeline: keys and values";
      const place = `${origin}:1:1`;
      throw new PlacedFault({ code: "HW_RULE_INVALID", place, title: undefined, message });
    }
    const [second] = more;
    if (second !== undefined) throw second.fault([], "expected one pipeline in a file");
    const given = createParameters(value, [], reader);
    given.maybeTexts("allowed_backends");
    for (const key of QUERY_PARTS) {
      if (given.has(key)) ignored.push({ place: reader.place([key]), key });
    }
    return {
      name: guard(() => given.textOr("name", origin)) ?? origin,
      priority: guard(() => priorityOf(given)) ?? 0,
      vars: guard(() => varsOf(given)) ?? new Map<string, readonly string[]>(),
      steps: guard(() => stepsOf("transformations", given, reader, guard, 0)) ?? [],
      end: guard(() => given.end()),
    };
  });
  if (pipeline === undefined || faults.length > 0) return { pipeline: undefined, faults, ignored };
  const { name, priority, vars, steps } = pipeline;
  return { pipeline: { name, priority, vars, steps }, faults, ignored };
}

function priorityOf(given: Parameters): number {
  const value = given.has("priority") ? given.value("priority") : 0;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw given.fault("priority", "expected priority: a number");
}

function varsOf(given: Parameters): ReadonlyMap<string, readonly string[]> {
  return given.has("vars") ? given.mapping("vars") : new Map();
}

type Guard = <T>(work: () => T) => T | undefined;

function stepsOf(
  key: string,
  given: Parameters,
  reader: DocumentReader,
  guard: Guard,
  depth: number,
): Step[] {
  if (!given.has(key) && depth === 0) return [];
  const list = given.list(key);
  if (list.length > STEPS_MAX) throw given.fault(key, `more than ${STEPS_MAX} steps`);
  if (depth > NESTING_MAX) throw given.fault(key, "nested too deeply");
  return list.flatMap((one, at) => {
    const path = [...given.path, key, at];
    return guard(() => [readStep(one, path, reader, guard, depth)]) ?? [];
  });
}

function readStep(
  value: unknown,
  path: Path,
  reader: DocumentReader,
  guard: Guard,
  depth: number,
): Step {
  if (!isRecord(value)) throw reader.fault(path, "expected a step: keys and values");
  const given = createParameters(value, path, reader);
  const id = given.maybeText("id");
  const type = given.text("type");
  const conditions = readConditions(given, reader);
  if (type === "nest") {
    const steps = stepsOf("items", given, reader, guard, depth + 1);
    given.end();
    return {
      id,
      type,
      conditions,
      transform: (subject, { run }) => applySteps(steps, subject, run),
    };
  }
  const make = Object.hasOwn(TRANSFORMATIONS, type) ? TRANSFORMATIONS[type] : undefined;
  if (make === undefined) throw given.fault("type", `unknown type of transformation "${type}"`);
  const transform = make(given, reader);
  given.end();
  return { id, type, conditions, transform };
}
