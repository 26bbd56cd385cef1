// The custom attribute `suppress` of a rule: which of its hits are one finding. An attribute of our own
// that stays without effect when it is malformed: a rule that is too loud beats one that is not loaded.
import { readDuration } from "../../config/duration.ts";
import { SUPPRESSION_FIELDS_MAX, SUPPRESSION_MS_MAX } from "../../config/suppression.ts";
import type { Suppression } from "../detector.ts";
import { textsOf } from "./attributes.ts";
import { isRecord } from "./rule-document.ts";

const FIELD_CHARACTERS_MAX = 200;

/** `suppress: { by: [host.name, process.name], for: 4h }`; undefined for anything else. */
export function readSuppression(value: unknown): Suppression | undefined {
  if (!isRecord(value)) return undefined;
  const by = textsOf(value.by);
  const forMs = typeof value.for === "string" ? readDuration(value.for) : undefined;
  const isFit =
    by.length > 0 &&
    by.length <= SUPPRESSION_FIELDS_MAX &&
    by.every((field) => field !== "" && field.length <= FIELD_CHARACTERS_MAX);
  if (!isFit || forMs === undefined || forMs > SUPPRESSION_MS_MAX) return undefined;
  return { by, forMs };
}
