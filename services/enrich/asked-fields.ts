// Which fields the rules ask for, under all names by which records may hold them.
import type { LogSourceTable } from "../../config/log-sources.ts";
import { itemsOf } from "../../detectors/sigma/leaf.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";

/** The rules' own names, and the names that the tables of log sources give them. */
export function askedFields(
  rules: readonly SigmaRule[],
  tables: readonly LogSourceTable[],
): Set<string> {
  const own = rules.flatMap((rule) => itemsOf(rule.tree).flatMap(({ field }) => field ?? []));
  const asked = new Set(own);
  for (const field of new Set(own)) {
    for (const { fields } of tables) {
      if (Object.hasOwn(fields, field)) for (const name of fields[field] ?? []) asked.add(name);
    }
  }
  return asked;
}
