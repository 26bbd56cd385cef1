// What an audit entry about a change holds: of each field that changed its old and its new value, and of
// lists of entries those entries alone, so that one hand-over does not repeat all evidence.
import { isDeepStrictEqual } from "node:util";

/** The changed fields, before and after. `changedAt` is the entry's own time and left out. */
export function changedParts(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> } {
  const parts = { before: {} as Record<string, unknown>, after: {} as Record<string, unknown> };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === "changedAt" || isDeepStrictEqual(before[key], after[key])) continue;
    const [old, young] = narrowed(before[key], after[key]);
    if (old !== undefined) parts.before[key] = old;
    if (young !== undefined) parts.after[key] = young;
  }
  return parts;
}

function narrowed(before: unknown, after: unknown): [unknown, unknown] {
  const [old, young] = [entries(before), entries(after)];
  if (old === undefined || young === undefined) return [before, after];
  return [without(old, young), without(young, old)];
}

function without(some: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const known = new Map(others.map((one) => [one.id, one]));
  return some.filter((one) => !isDeepStrictEqual(known.get(one.id), one));
}

interface Entry {
  readonly id: string;
}

function entries(value: unknown): readonly Entry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every(isEntry) ? value : undefined;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
  );
}
