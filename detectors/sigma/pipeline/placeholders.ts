// Transformations of placeholders. What no step fills is left to the values of the configuration.
// Format: pySigma, "Processing Pipelines", `…_placeholders`.
import type { DraftItem, DraftValue } from "../draft.ts";
import { draftValue } from "../item.ts";
import { fillPlaceholders, placeholdersIn } from "../placeholder.ts";
import { PipelineRefusal } from "../reading.ts";
import type { Parameters } from "./parameters.ts";
import { onValues, type StepContext, type Transformation } from "./step.ts";

export const PLACEHOLDER_TRANSFORMATIONS: Readonly<
  Record<string, (given: Parameters) => Transformation>
> = {
  value_placeholders: (given) =>
    filling(given, (name, _item, { run }) => {
      const values = run.vars.get(name);
      if (values !== undefined) return values;
      throw new PipelineRefusal(`the pipelines have no variable "${name}"`);
    }),
  wildcard_placeholders: (given) =>
    filling(given, (_name, item) => [item.modifiers.includes("re") ? ".*" : "*"]),
  query_expression_placeholders: refusing(
    "needs a query language, which this engine does not have",
  ),
  file_placeholders: refusing("reads files: give the values under detection.placeholders"),
  http_placeholders: refusing("asks other machines: give the values under detection.placeholders"),
  command_placeholders: refusing("runs programs: give the values under detection.placeholders"),
};

function refusing(why: string): (given: Parameters) => Transformation {
  return (given) => {
    throw given.fault("type", `"${given.text("type")}" ${why}`);
  };
}

function filling(
  given: Parameters,
  valuesOf: (name: string, item: DraftItem, context: StepContext) => readonly string[],
): Transformation {
  const include = given.maybeTexts("include");
  const exclude = given.maybeTexts("exclude");
  if (include !== undefined && exclude !== undefined) {
    throw given.fault("exclude", '"exclude" can\'t stand beside "include"');
  }
  const isHandled = (name: string) =>
    include === undefined ? exclude?.includes(name) !== true : include.includes(name);
  return onValues((value, item, context) => {
    if (value.kind === "ready") return undefined;
    const names = placeholdersIn(value.text);
    if (!names.some(isHandled)) return undefined;
    const texts = fillPlaceholders(value.text, (name) =>
      isHandled(name) ? valuesOf(name, item, context) : undefined,
    );
    const isOpen = names.some((name) => !isHandled(name));
    return texts.map((text): DraftValue => {
      return isOpen ? { kind: "open", text } : draftValue(text, plainKey(item));
    });
  });
}

// Values that were put in hold no placeholders of their own.
function plainKey({ field, modifiers }: DraftItem) {
  return { field, modifiers: modifiers.filter((one) => one !== "expand") };
}
