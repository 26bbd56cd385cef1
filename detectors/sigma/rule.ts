// A Sigma rule as it was read: its facts, its log source, and its detection as a tree of items. Nothing
// here knows where a field lies in a record; that is resolved later, per format.
import type { DetectorInfo } from "../detector.ts";
import type { RuleAttributes } from "./attributes.ts";

export interface LogSource {
  readonly product: string | undefined;
  readonly category: string | undefined;
  readonly service: string | undefined;
}

/** A piece of a Sigma string: text, `*` (any characters) or `?` (one character). */
export type Piece = string | typeof ANY | typeof ONE;
export const ANY = Symbol("*");
export const ONE = Symbol("?");

export type NumberOperator = "gt" | "gte" | "lt" | "lte";
export type DatePart = "minute" | "hour" | "day" | "week" | "month" | "year";

/** What one value of an item asks of a field's value. */
export type Pattern =
  | {
      readonly kind: "text";
      readonly pieces: readonly Piece[];
      readonly cased: boolean;
      readonly shown: string;
    }
  | {
      readonly kind: "regex";
      readonly source: string;
      readonly flags: string;
      readonly shown: string;
    }
  | {
      readonly kind: "number";
      readonly operator: NumberOperator;
      readonly value: number;
      readonly shown: string;
    }
  | { readonly kind: "cidr"; readonly network: string; readonly shown: string }
  | { readonly kind: "null"; readonly shown: string }
  | { readonly kind: "exists"; readonly wanted: boolean; readonly shown: string }
  | {
      readonly kind: "fieldref";
      readonly other: string;
      readonly part: "equals" | "startswith" | "endswith" | "contains";
      readonly cased: boolean;
      readonly shown: string;
    }
  | {
      readonly kind: "date";
      readonly part: DatePart;
      readonly value: number;
      readonly shown: string;
    };

/** One test of a field: any of the patterns, as the item's operator says. */
export interface Item {
  /** Undefined: keywords, searched in every value of the record. */
  readonly field: string | undefined;
  /** For people: `contains`, `endswith|all`, `re` … */
  readonly operator: string;
  readonly patterns: readonly Pattern[];
}

/** A detection: items joined by and, or, not. */
export type Tree =
  | { readonly kind: "item"; readonly item: Item }
  | { readonly kind: "and"; readonly children: readonly Tree[] }
  | { readonly kind: "or"; readonly children: readonly Tree[] }
  | { readonly kind: "not"; readonly child: Tree };

export interface SigmaRule {
  readonly info: DetectorInfo;
  /** What correlations and filters may call it, besides its id. */
  readonly name: string | undefined;
  readonly attributes: RuleAttributes;
  readonly logSource: LogSource;
  /** Where a pipeline has changed the log source: as it was written, which is what filters ask for. */
  readonly writtenLogSource?: LogSource;
  readonly tree: Tree;
  /** Ids of the filters that are part of the tree. */
  readonly filteredBy: readonly string[];
  /** `file:line:column` of the rule's beginning. */
  readonly place: string;
  /** Why the rule is loaded but can't fire, e.g. placeholders without values. */
  readonly inactive: string | undefined;
}

/** What is wrong with a rule file, where, and how to mend it. */
export interface RuleFault {
  readonly code: "HW_RULE_INVALID" | "HW_PATTERN_UNSAFE";
  readonly place: string;
  readonly title: string | undefined;
  readonly message: string;
}
