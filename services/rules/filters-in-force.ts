// Which filters apply now, and which of them have nothing to do: an exception that has run out or names a
// rule that is not there has to be seen, or people trust in what does not work.
import type { DetectorInfo } from "../../detectors/detector.ts";
import type { SigmaFilter } from "../../detectors/sigma/filter.ts";
import { isFilterFor } from "../../detectors/sigma/filter.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";

/** Something about rules that work, with its place. Screens word it by its code. */
export interface RuleNote {
  readonly code: "filter-expired" | "filter-rule-missing" | "filter-logsource" | "filter-unused";
  readonly place: string;
  readonly title: string;
  /** The day, or the rule that is named. */
  readonly detail: string;
}

const DAY_DIGITS = 10;

/** @param now milliseconds since 1970 UTC; undefined: all are in force */
export function filtersInForce(
  all: readonly SigmaFilter[],
  now: number | undefined,
): {
  readonly filters: readonly SigmaFilter[];
  readonly notes: readonly RuleNote[];
  /** When the next one ends. */
  readonly validUntil: number | undefined;
} {
  const notes: RuleNote[] = [];
  let validUntil: number | undefined;
  const filters = all.filter(({ expires, place, title }) => {
    if (expires === undefined || now === undefined) return true;
    if (expires > now) {
      validUntil = Math.min(expires, validUntil ?? expires);
      return true;
    }
    const detail = new Date(expires - 1).toISOString().slice(0, DAY_DIGITS);
    notes.push({ code: "filter-expired", place, title, detail });
    return false;
  });
  return { filters, notes, validUntil };
}

interface Named {
  readonly info: DetectorInfo;
  readonly name: string | undefined;
}

/**
 * Filters, or references of filters, without a rule.
 * @param known all rules and correlations that were read, also those that were left out
 */
export function idleFilters(
  filters: readonly SigmaFilter[],
  rules: readonly SigmaRule[],
  known: readonly Named[],
): RuleNote[] {
  const names = new Set(known.flatMap(({ info, name }) => [info.id, name ?? info.id]));
  const byName = Map.groupBy(
    rules.flatMap((rule) => [rule.info.id, rule.name ?? rule.info.id].map((id) => ({ id, rule }))),
    ({ id }) => id,
  );
  return filters.flatMap((filter): RuleNote[] => {
    const { title, place } = filter;
    if (filter.rules === "any") {
      if (rules.some((rule) => isFilterFor(filter, rule))) return [];
      return [{ code: "filter-unused", place, title, detail: "" }];
    }
    return filter.rules.flatMap((detail, at): RuleNote[] => {
      const note = { place: filter.rulePlaces[at] ?? place, title, detail };
      if (!names.has(detail)) return [{ ...note, code: "filter-rule-missing" }];
      const meant = byName.get(detail) ?? [];
      if (meant.length === 0 || meant.some(({ rule }) => isFilterFor(filter, rule))) return [];
      return [{ ...note, code: "filter-logsource" }];
    });
  });
}
