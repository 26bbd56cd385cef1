// How large a detection is when each use of a selection is counted: a condition may name one selection many
// thousand times, and a file of a few kilobytes unfolds to more than anybody can look at.
import type { Tree } from "../../detectors/sigma/rule.ts";

/** Larger detections are not looked into. SigmaHQ's largest has 7,000. */
export const TREE_SIZE_MAX = 100_000;

/** Patterns and nodes, with repetition; each part is counted once and then known. */
export function treeSize(tree: Tree, known = new Map<Tree, number>()): number {
  const before = known.get(tree);
  if (before !== undefined) return before;
  let size = 1;
  if (tree.kind === "item") size += tree.item.patterns.length;
  else if (tree.kind === "not") size += treeSize(tree.child, known);
  else for (const child of tree.children) size += treeSize(child, known);
  known.set(tree, size);
  return size;
}
