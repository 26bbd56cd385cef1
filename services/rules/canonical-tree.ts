// The same text for detections that mean the same, however they are written: order, nesting, lists of one,
// and lists against several selections make no difference.
import { createHash } from "node:crypto";
import { foldCase } from "../../detectors/sigma/fold-case.ts";
import type { Item, Pattern, Tree } from "../../detectors/sigma/rule.ts";

/** A detection as sorted keys. */
export interface Canonical {
  readonly key: string;
  /** Keys of what must all be true; itself alone when it is no `and`. */
  readonly parts: readonly string[];
}

/** @param tree is walked to its end: its depth is bounded by the reader */
export function canonicalTree(tree: Tree): Canonical {
  const parts = partsOf(tree, "and");
  return { key: parts.length === 1 ? (parts[0] ?? "") : digest(`and(${parts.join(",")})`), parts };
}

function keyOf(tree: Tree): string {
  switch (tree.kind) {
    case "item":
      return itemText(tree.item);
    case "not":
      // Twice negated is not at all.
      return tree.child.kind === "not" ? keyOf(tree.child.child) : `not(${keyOf(tree.child)})`;
    default: {
      const parts = partsOf(tree, tree.kind);
      return parts.length === 1 ? (parts[0] ?? "") : digest(`${tree.kind}(${parts.join(",")})`);
    }
  }
}

// Children of the same kind belong to the parent; each once, sorted.
function partsOf(tree: Tree, kind: "and" | "or"): string[] {
  const parts = new Set<string>();
  const visit = (node: Tree) => {
    if (node.kind === kind) for (const child of node.children) visit(child);
    else if (node.kind === "item" && kind === "or") {
      for (const pattern of node.item.patterns) parts.add(patternText(node.item.field, pattern));
    } else parts.add(keyOf(node));
  };
  visit(tree);
  return [...parts].sort();
}

function itemText({ field, patterns }: Item): string {
  const texts = [...new Set(patterns.map((pattern) => patternText(field, pattern)))].sort();
  return texts.length === 1 ? (texts[0] ?? "") : digest(`or(${texts.join(",")})`);
}

function patternText(field: string | undefined, pattern: Pattern): string {
  const { shown: _, ...meaning } = pattern;
  if (meaning.kind !== "text") return JSON.stringify([field ?? null, meaning]);
  const { pieces, cased } = meaning;
  const texts = pieces.map((piece) => {
    if (typeof piece !== "string") return [String(piece.description)];
    return cased ? piece : foldCase(piece);
  });
  return JSON.stringify([field ?? null, cased, texts]);
}

// Short, so that deep trees don't give texts that grow with each level.
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
