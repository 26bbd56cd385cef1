// A detection between reading and building: its items have their modifiers applied, but placeholders may
// still be open and processing pipelines may still change fields and values. Plain data.
import type { DetectorInfo } from "../detector.ts";
import type { RuleAttributes } from "./attributes.ts";
import type { LogSource, Pattern } from "./rule.ts";
import type { Path } from "./rule-document.ts";

/** One value of an item: the patterns that it stands for, any of them, or a text that waits for values. */
export type DraftValue =
  | {
      readonly kind: "ready";
      readonly patterns: readonly Pattern[];
      /** Written as a text, not as a number or truth value. */
      readonly isText: boolean;
    }
  | { readonly kind: "open"; readonly text: string };

export interface DraftItem {
  /** Undefined: keywords. */
  readonly field: string | undefined;
  readonly modifiers: readonly string[];
  readonly values: readonly DraftValue[];
  /** Where the item stands in its document. */
  readonly path: Path;
  /** Ids of the pipeline steps that changed it. */
  readonly applied: readonly string[];
}

export type DraftTree =
  | { readonly kind: "item"; readonly item: DraftItem }
  /** Without children: what a pipeline has dropped; it counts as never written. */
  | { readonly kind: "and" | "or"; readonly children: readonly DraftTree[] };

/** Selections by their names, and the conditions over them, one of which must be true. */
export interface DetectionDraft {
  readonly selections: ReadonlyMap<string, DraftTree>;
  readonly conditions: readonly string[];
  /** Where the conditions stand. */
  readonly conditionPath: Path;
}

/** A further demand on a rule: something that a pipeline adds. */
export interface DraftGuard {
  readonly tree: DraftTree;
  readonly isNegated: boolean;
}

/** A rule before its detection is built: what processing pipelines work on. */
export interface RuleDraft {
  readonly info: DetectorInfo;
  readonly name: string | undefined;
  readonly attributes: RuleAttributes;
  readonly logSource: LogSource;
  readonly detection: DetectionDraft;
  /** All of them must hold besides. */
  readonly guards: readonly DraftGuard[];
}

/** All items of a draft, in their order. */
export function draftItemsOf(tree: DraftTree): DraftItem[] {
  return tree.kind === "item" ? [tree.item] : tree.children.flatMap(draftItemsOf);
}
