// Whether a rule sees in the archive what it sees live: the archive holds pseudonyms where events held
// identities, so that a rule about a name hits there less, and a rule that excludes one hits more.
import type { LogSourceTable } from "../../config/log-sources.ts";
import { itemsOf } from "../../detectors/sigma/leaf.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { fieldContent } from "../privacy/fields.ts";

// Stands for a search in all values.
const KEYWORDS = "keywords";

/** Fields of the rule that may hold identities; `keywords` where it searches all values. */
export function identityFields(rule: SigmaRule, tables: readonly LogSourceTable[]): string[] {
  const fields = new Set(itemsOf(rule.tree).map(({ field }) => field));
  return [...fields]
    .flatMap((field) => {
      if (field === undefined) return [KEYWORDS];
      const names = tables.flatMap((table) =>
        Object.hasOwn(table.fields, field) ? (table.fields[field] ?? []) : [],
      );
      return [field, ...names].some(holdsIdentity) ? [field] : [];
    })
    .sort();
}

function holdsIdentity(field: string): boolean {
  const content = fieldContent(field);
  return content !== "none" && content !== "text";
}
