// Finds words that vary: templates that are equal but for one word meet in one hole. When more words than
// one wording would have were seen in a hole, it is a variable, and its templates are one.
import { holeKey, sumsOf } from "./sums.ts";
import { ANY, type Template, WILDCARD } from "./template.ts";

/** Templates that differ in the word of one place only. */
export interface Hole {
  isVariable: boolean;
  members: Template[];
}

// Different words that make a hole a variable: fewer where a value is to be expected, more where the
// sentence begins or where hardly anything else is the same.
const WORDS_OF_NAME = 3;
const WORDS_OF_VALUE = 4;
const WORDS_INSIDE = 6;
const WORDS_FIRST = 12;
const WORDS_OF_SHORT = 16;

/** Words that say that a name follows, and words that a name often follows. */
const KINDS_OF_NAMES: ReadonlySet<string> = new Set(
  "user username account host hostname domain group".split(" "),
);
const BEFORE_NAMES: ReadonlySet<string> = new Set(
  "for from by to of on at in with name service node".split(" "),
);

/** How many different words at a place make it a variable; Infinity: however many, it stays as it is. */
export function wordsToVary(template: Template, at: number): number {
  let constants = -1;
  for (const word of template.words) if (word !== ANY) constants += 1;
  if (constants < 1) return Number.POSITIVE_INFINITY;
  if (template.values[at] === 1) return WORDS_OF_VALUE;
  const before = at > 0 ? (template.texts[at - 1] ?? "").toLowerCase() : "";
  if (constants >= 2 && KINDS_OF_NAMES.has(before)) return WORDS_OF_NAME;
  if (constants >= 2 && BEFORE_NAMES.has(before)) return WORDS_OF_VALUE;
  if (constants === 1) return WORDS_OF_SHORT;
  return at === 0 ? WORDS_FIRST : WORDS_INSIDE;
}

/**
 * Whether a template has a variable where the other has a word, and is the same around it:
 * `chdir(<*>) failed` and `chdir(home) failed`.
 */
export function isVariantOf(template: Template, other: Template, at: number): boolean {
  return (
    other.gaps[at] === 1 &&
    other.between[at] === `${template.between[at]}${WILDCARD}${template.between[at + 1]}`
  );
}

/** All holes of a miner; bounded. */
export class Holes {
  map = new Map<number, Hole>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  at(words: Uint32Array, at: number): Hole | undefined {
    return this.map.get(holeKey(words, sumsOf(words), at));
  }

  /** Enters the template in its hole at the place. */
  enter(template: Template, at: number): Hole {
    const key = holeKey(template.words, sumsOf(template.words), at);
    let hole = this.map.get(key);
    if (hole === undefined) {
      if (this.map.size >= this.#most) this.#makeRoom();
      hole = { isVariable: false, members: [] };
      this.map.set(key, hole);
    }
    // Templates whose words changed since belong elsewhere now.
    const isMember = (one: Template) =>
      one.mergedInto === undefined &&
      one !== template &&
      holeKey(one.words, sumsOf(one.words), at) === key;
    hole.members = hole.members.filter(isMember);
    hole.members.push(template);
    return hole;
  }

  /** Forgets the templates that are not kept. */
  keep(isKept: (template: Template) => boolean): void {
    for (const hole of this.map.values()) hole.members = hole.members.filter(isKept);
    this.map = new Map(
      [...this.map].filter(([, hole]) => hole.isVariable || hole.members.length > 0),
    );
  }

  // Holes of one template say nothing yet; the oldest go first.
  #makeRoom(): void {
    const isKept = (hole: Hole) => hole.isVariable || hole.members.length > 1;
    const kept = [...this.map].filter(([, hole]) => isKept(hole));
    this.map = new Map(kept.slice(-Math.floor(this.#most / 2)));
  }
}
