// All known names of one tenant in one structure: a text is passed over once, whatever their number
// (`name-scan.ts`). A table of grams and a bitmap of first words say "perhaps"; then the words are compared.
import { addToGrams, createGramTable, type GramTable } from "./name-grams.ts";
import {
  type FoundName,
  hashStep,
  type ReplaceCanonical,
  type Scanned,
  scanNames,
} from "./name-scan.ts";
import { afterSeparator, isAccountForm, wordAt } from "./name-words.ts";

/** Names of more words are found by their first ones. */
const NAME_WORDS_MAX = 6;
const BITS_MIN = 1 << 16;
/** One bit in so many is set at most, so that few words pass for nothing. */
const BITS_PER_WORD = 32;

/** `everywhere`, or only as `DOMAIN\name`, because the name is an ordinary word, too. */
export type NameReach = "everywhere" | "account";

interface Node {
  next: Map<string, Node> | undefined;
  /** Canonical name that the words so far stand for. */
  canonical: string | undefined;
  reach: NameReach;
}

export interface NameIndex {
  /** The first name that is added for the same words stays. */
  add(words: readonly string[], canonical: string, reach: NameReach): void;
  remove(words: readonly string[]): void;
  /** Canonical name of exactly these words. */
  find(words: readonly string[]): string | undefined;
  /** Replaces all names in one pass. */
  scan(text: string, replacementOf: ReplaceCanonical): Scanned;
}

export function createNameIndex(): NameIndex {
  const root = new Map<string, Node>();
  let bits = new Uint32Array(BITS_MIN / 32);
  let mask = BITS_MIN - 1;
  const mark = (word: string) => {
    const bit = hashOf(word) & mask;
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };
  const addFirst = (word: string) => {
    if ((root.size + 1) * BITS_PER_WORD > mask + 1) {
      mask = (mask + 1) * 2 - 1;
      bits = new Uint32Array((mask + 1) / 32);
      for (const known of root.keys()) mark(known);
    }
    mark(word);
  };
  const source = {
    grams: createGramTable(),
    mayBegin(hash: number): boolean {
      const bit = spread(hash) & mask;
      return hash === 0 || ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
    },
    longestAt: (text: string, start: number) => longestAt(text, start, root),
  };
  return {
    add(words, canonical, reach) {
      const name = words.slice(0, NAME_WORDS_MAX);
      let level = root;
      let node: Node | undefined;
      for (const word of name) {
        node = level.get(word);
        if (node === undefined) {
          if (level === root) addFirst(word);
          node = { next: undefined, canonical: undefined, reach };
          level.set(word, node);
        }
        node.next ??= new Map();
        level = node.next;
      }
      if (node === undefined || node.canonical !== undefined) return;
      node.canonical = canonical;
      node.reach = reach;
      if (!addToGrams(source.grams, name)) source.grams = grown(source.grams, root);
    },
    remove(words) {
      const node = walk(root, words);
      if (node === undefined) return;
      node.canonical = undefined;
      const [only] = words;
      if (words.length === 1 && only !== undefined && (node.next?.size ?? 0) === 0)
        root.delete(only);
    },
    find: (words) => walk(root, words)?.canonical,
    scan: (text, replacementOf) => scanNames(text, source, replacementOf),
  };
}

function grown(table: GramTable, root: ReadonlyMap<string, Node>): GramTable {
  const larger = createGramTable(32 - table.shift + 1);
  const words: string[] = [];
  const addAll = (level: ReadonlyMap<string, Node>) => {
    for (const [word, node] of level) {
      words.push(word);
      if (node.canonical !== undefined) addToGrams(larger, words);
      if (node.next !== undefined) addAll(node.next);
      words.pop();
    }
  };
  addAll(root);
  return larger;
}

function walk(root: ReadonlyMap<string, Node>, words: readonly string[]): Node | undefined {
  let node: Node | undefined;
  let level: ReadonlyMap<string, Node> | undefined = root;
  for (const word of words.slice(0, NAME_WORDS_MAX)) {
    node = level?.get(word);
    if (node === undefined) return undefined;
    level = node.next;
  }
  return node;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < word.length; index += 1) {
    hash = hashStep(hash, word.charCodeAt(index));
  }
  return spread(hash);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** The longest name that begins at a word. */
function longestAt(
  text: string,
  start: number,
  root: ReadonlyMap<string, Node>,
): FoundName | undefined {
  let level: ReadonlyMap<string, Node> | undefined = root;
  let found: FoundName | undefined;
  let at = start;
  for (let count = 0; count < NAME_WORDS_MAX && level !== undefined; count += 1) {
    const word = wordAt(text, at);
    const node: Node | undefined = word.fold === "" ? undefined : level.get(word.fold);
    if (node === undefined) break;
    if (node.canonical !== undefined) {
      const isTold = node.reach === "everywhere" || isAccountForm(text, start, word.end);
      if (isTold) found = { canonical: node.canonical, end: word.end };
    }
    if (node.next === undefined || node.next.size === 0) break;
    level = node.next;
    at = afterSeparator(text, word.end);
    if (at === -1) break;
  }
  return found;
}
