// The group key of hits that a suppression folds: the values of its fields, without identities.
import { createHash } from "node:crypto";
import type { Suppression } from "../../detectors/detector.ts";

const KEY_CHARACTERS_MAX = 300;
const PREFIX = "fields:";

/** What a signal is grouped by. */
export interface SignalGroup {
  readonly groupKey: string;
  readonly groupWindowMs: number;
}

/**
 * Undefined without a suppression, or where one of its fields has no value: then the hit is grouped as
 * usual, because hits that have nothing in common must not hide each other. Values are compared without
 * case.
 * @param fieldValue a field's value, free of identities
 */
export function suppressedGroup(
  suppress: Suppression | undefined,
  fieldValue: (field: string) => unknown,
): SignalGroup | undefined {
  if (suppress === undefined) return undefined;
  const values: string[] = [];
  for (const field of suppress.by) {
    const value = textOf(fieldValue(field));
    if (value === undefined) return undefined;
    values.push(value.toLowerCase());
  }
  // The fields are part of the key: another suppression of the same rule is another grouping.
  const key = JSON.stringify([suppress.by, values]);
  const short =
    key.length <= KEY_CHARACTERS_MAX
      ? key
      : `sha256:${createHash("sha256").update(key).digest("hex")}`;
  return { groupKey: `${PREFIX}${short}`, groupWindowMs: suppress.forMs };
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(String).join(", ");
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}
