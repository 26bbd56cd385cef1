// Reads one detection rule of Sigma from its document. Every fault names file, line and column.
// Source: Sigma specification 2.1, sections "Components" and "Detection".
import type { DetectorInfo, Level } from "../detector.ts";
import { LEVELS } from "../detector.ts";
import { readAttributes, textsOf } from "./attributes.ts";
import { buildDetection, draftDetection } from "./detection.ts";
import type { RuleDraft } from "./draft.ts";
import { MissingPlaceholder } from "./placeholder.ts";
import type { RuleReading } from "./reading.ts";
import type { LogSource, SigmaRule, Tree } from "./rule.ts";
import { type DocumentReader, isRecord } from "./rule-document.ts";
import { readSuppression } from "./suppression.ts";

/**
 * A detection rule.
 * @throws PlacedFault
 */
export function readRule(
  value: Record<string, unknown>,
  reader: DocumentReader,
  reading: RuleReading,
): SigmaRule {
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(value.logsource))
    throw reader.fault(["logsource"], "expected logsource: keys and values");
  if (!isRecord(value.detection))
    throw reader.fault(["detection"], "expected detection: keys and values");
  const written: RuleDraft = {
    info: readInfo(value, reader),
    name: typeof value.name === "string" ? value.name : undefined,
    attributes: readAttributes(value),
    logSource: readLogSource(value.logsource),
    detection: draftDetection(value.detection, ["detection"], reader),
    guards: [],
  };
  const draft = reading.pipeline?.shape(written, reader.fault) ?? written;
  const { info, name, attributes, logSource } = draft;
  const isMoved = logSource !== written.logSource;
  return {
    info,
    name,
    attributes,
    logSource,
    ...(isMoved ? { writtenLogSource: written.logSource } : {}),
    ...build(draft, reader, reading),
    filteredBy: [],
    place: reader.place([]),
  };
}

function build(
  { detection, guards }: RuleDraft,
  reader: DocumentReader,
  { placeholders }: RuleReading,
): { readonly tree: Tree; readonly inactive: string | undefined } {
  try {
    const tree = buildDetection(detection, guards, placeholders, reader.fault);
    return { tree, inactive: undefined };
  } catch (error) {
    if (!(error instanceof MissingPlaceholder)) throw error;
    return { tree: { kind: "or", children: [] }, inactive: error.message };
  }
}

export function readLogSource(value: Record<string, unknown>): LogSource {
  const name = (key: string) => {
    const one = value[key];
    return typeof one === "string" && one !== "" ? one.toLowerCase() : undefined;
  };
  return { product: name("product"), category: name("category"), service: name("service") };
}

/**
 * What a rule or correlation says of itself.
 * @throws PlacedFault
 */
export function readInfo(
  value: Record<string, unknown>,
  reader: DocumentReader,
  kind: DetectorInfo["kind"] = "sigma",
): DetectorInfo {
  const { origin } = reader;
  const level = value.level === undefined ? "medium" : String(value.level).toLowerCase();
  if (!isLevel(level)) throw reader.fault(["level"], `expected level: one of ${LEVELS.join(", ")}`);
  const tags = textsOf(value.tags).map((tag) => tag.toLowerCase());
  const attack = tags
    .filter((tag) => tag.startsWith("attack."))
    .map((tag) => tag.slice("attack.".length));
  const suppress = readSuppression(value.suppress);
  return {
    id: typeof value.id === "string" ? value.id : `${origin}#${String(value.title)}`,
    kind,
    title: String(value.title),
    description: typeof value.description === "string" ? value.description.trim() : "",
    level,
    status: typeof value.status === "string" ? value.status : "experimental",
    techniques: attack.filter((tag) => /^t\d{4}/.test(tag)).map((tag) => tag.toUpperCase()),
    tactics: attack
      .filter((tag) => !/^[tgs]\d{4}/.test(tag))
      .map((tag) => tag.replaceAll("_", "-")),
    falsePositives: textsOf(value.falsepositives),
    references: textsOf(value.references),
    response: textsOf(value.response),
    origin,
    ...(suppress === undefined ? {} : { suppress }),
  };
}

function isLevel(level: string): level is Level {
  return LEVELS.some((one) => one === level);
}
