// Finds the known name that a misspelt one was probably meant to be.

const NAME_CHARACTERS_MAX = 64;

/**
 * The nearest known name: the same but for case, blanks, hyphens and underscores, or one edit away (two
 * from eight characters on). Undefined when none is near or the name is known.
 */
export function nearName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > NAME_CHARACTERS_MAX) return undefined;
  const bare = bareName(name);
  const first = name[0]?.toLowerCase();
  const editsMax = bare.length >= 8 ? 2 : bare.length >= 4 ? 1 : 0;
  let best: string | undefined;
  let bestEdits = editsMax + 1;
  for (const one of known) {
    if (one === name) return undefined;
    // Slips of the first letter are rare, names that differ in it are not: DeviceName, ServiceName.
    if (one[0]?.toLowerCase() !== first) continue;
    const other = bareName(one);
    if (differsInNumberOnly(bare, other)) continue;
    const edits = editsWithin(bare, other, bestEdits - 1);
    if (edits === undefined) continue;
    best = one;
    bestEdits = edits;
  }
  return best;
}

// `param1` and `param2` are two names.
function differsInNumberOnly(one: string, other: string): boolean {
  const hasNumber = /\d/.test(one) || /\d/.test(other);
  return hasNumber && one.replaceAll(/\d+/g, "") === other.replaceAll(/\d+/g, "");
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one text into the other;
 * undefined: more than `most`. Optimal string alignment distance.
 */
function editsWithin(from: string, to: string, most: number): number | undefined {
  if (Math.abs(from.length - to.length) > most) return undefined;
  let beforeLast: number[] = [];
  let last = [...Array(to.length + 1).keys()];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) {
        edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(edits);
    }
    if (Math.min(...current) > most) return undefined;
    beforeLast = last;
    last = current;
  }
  const edits = last[to.length] ?? 0;
  return edits <= most ? edits : undefined;
}
