// Finds texts of which at least one must stand in every value that a regular expression matches, so
// that the expression is tried only where one of them was seen.

const ALTERNATIVES_MAX = 64;
const DEPTH_MAX = 50;

/** What every match of a regular expression has. */
export interface Required {
  /** Lower-case texts, one of which every match contains; undefined when there are none to be had. */
  readonly literals: readonly string[] | undefined;
  /** Characters that every match has at least. */
  readonly lengthMin: number;
}

/** All that is known of every match. */
interface Known extends Required {
  /** Of each list, every match contains at least one text. */
  readonly everyOf: readonly (readonly string[])[];
}

const NOTHING_KNOWN: Known = { literals: undefined, everyOf: [], lengthMin: 0 };

/** Understands what it is sure of and requires nothing else; never claims too much. */
export function requiredOf(source: string): Required {
  const { literals, lengthMin } = knownOf(source);
  return { literals, lengthMin };
}

/** Lists of lower-case texts; every match contains at least one text of each list. */
export function allRequiredOf(source: string): readonly (readonly string[])[] {
  return knownOf(source).everyOf;
}

function knownOf(source: string): Known {
  // Signs outside the basic plane are one character to re2, two to V8.
  if (/[\ud800-\udfff]/.test(source)) return NOTHING_KNOWN;
  try {
    const parser = new Parser(source);
    const { literals, everyOf, lengthMin } = parser.alternation(0);
    if (!parser.done()) return NOTHING_KNOWN;
    const usable = literals !== undefined && literals.length <= ALTERNATIVES_MAX;
    return {
      literals: usable ? lowerCase(literals) : undefined,
      everyOf: everyOf.filter((texts) => texts.length <= ALTERNATIVES_MAX).map(lowerCase),
      lengthMin,
    };
  } catch (error) {
    if (error instanceof GiveUp) return NOTHING_KNOWN;
    throw error;
  }
}

class GiveUp extends Error {}

function lowerCase(texts: readonly string[]): string[] {
  return [...new Set(texts.map((one) => one.toLowerCase()))];
}

type Literals = readonly string[] | undefined;
type Atom =
  | { readonly kind: "character"; readonly text: string }
  | ({ readonly kind: "group" } & Known)
  | { readonly kind: "opaque" }
  | { readonly kind: "other" }
  | { readonly kind: "nothing" };

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  done(): boolean {
    return this.#at >= this.#source.length;
  }

  /** All branches need a literal of their own. */
  alternation(depth: number): Known {
    if (depth > DEPTH_MAX) throw new GiveUp();
    const branches = [this.#sequence(depth)];
    while (this.#source[this.#at] === "|") {
      this.#at += 1;
      branches.push(this.#sequence(depth));
    }
    const [only] = branches;
    if (branches.length === 1 && only !== undefined) return only;
    const lengthMin = Math.min(...branches.map((branch) => branch.lengthMin));
    const all: string[] = [];
    for (const { literals } of branches) {
      if (literals === undefined) return { literals: undefined, everyOf: [], lengthMin };
      all.push(...literals);
    }
    return { literals: all, everyOf: [all], lengthMin };
  }

  #sequence(depth: number): Known {
    let best: Literals;
    let lengthMin = 0;
    let run = "";
    const everyOf: (readonly string[])[] = [];
    const offer = (literals: readonly string[]) => {
      everyOf.push(literals);
      if (quality(literals) > quality(best)) best = literals;
    };
    const endRun = () => {
      if (run !== "") offer([run]);
      run = "";
    };
    while (!this.done() && !"|)".includes(this.#source[this.#at] ?? "")) {
      const atom = this.#atom(depth);
      const repeat = this.#repeat();
      if (atom.kind === "nothing") continue;
      if (atom.kind !== "opaque")
        lengthMin += repeat.min * (atom.kind === "group" ? atom.lengthMin : 1);
      if (atom.kind === "character") {
        if (repeat.min === 0) endRun();
        else {
          run += atom.text;
          if (repeat.max !== 1) endRun();
        }
        continue;
      }
      endRun();
      if (atom.kind === "group" && repeat.min > 0) for (const one of atom.everyOf) offer(one);
    }
    endRun();
    return { literals: best, everyOf, lengthMin };
  }

  #atom(depth: number): Atom {
    const character = this.#source[this.#at] ?? "";
    this.#at += 1;
    if (character === "^" || character === "$") return { kind: "nothing" };
    if (character === ".") return { kind: "other" };
    if (character === "[") return this.#characterClass();
    if (character === "(") return this.#group(depth);
    if (character === "\\") return this.#escape();
    return characterAtom(character);
  }

  #group(depth: number): Atom {
    const rest = this.#source.slice(this.#at, this.#at + 80);
    const opening = /^\?(?::|[ims]+(?:-[ims]+)?:|P?<[A-Za-z_]\w*>)/.exec(rest);
    const flagsOnly = /^\?[imsx]+\)/.exec(rest);
    if (flagsOnly !== null) {
      this.#at += flagsOnly[0].length;
      return { kind: "nothing" };
    }
    // Look-around and other extensions: what stands inside need not be part of the match.
    const opaque = rest.startsWith("?") && opening === null;
    this.#at += opening?.[0].length ?? 0;
    if (opaque) this.#at += /^\?(?:<?[=!]|>)/.exec(rest)?.[0].length ?? 0;
    const inner = this.alternation(depth + 1);
    if (this.#source[this.#at] !== ")") throw new GiveUp();
    this.#at += 1;
    return opaque ? { kind: "opaque" } : { kind: "group", ...inner };
  }

  #characterClass(): Atom {
    const start = this.#at;
    if (this.#source[this.#at] === "^") this.#at += 1;
    // JavaScript and re2 differ on what `[]a]` means.
    if (this.#source[this.#at] === "]") throw new GiveUp();
    while (!this.done() && this.#source[this.#at] !== "]") {
      this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    }
    if (this.done()) throw new GiveUp();
    const inside = this.#source.slice(start, this.#at);
    // `[[:alpha:]]` ends at another bracket.
    if (inside.includes("[:")) throw new GiveUp();
    this.#at += 1;
    return inside.length === 1 && inside !== "^" ? characterAtom(inside) : { kind: "other" };
  }

  #escape(): Atom {
    const character = this.#source[this.#at] ?? "";
    this.#at += 1;
    if (/[bBAzZG]/.test(character)) return { kind: "nothing" };
    if (character === "x") {
      const hex = /^[0-9a-fA-F]{2}/.exec(this.#source.slice(this.#at));
      if (hex === null) throw new GiveUp();
      this.#at += 2;
      return characterAtom(String.fromCharCode(Number.parseInt(hex[0], 16)));
    }
    if (/[a-zA-Z0-9]/.test(character)) {
      if (/[pPuckQE0-9]/.test(character)) throw new GiveUp();
      return { kind: "other" };
    }
    return characterAtom(character);
  }

  #repeat(): { min: number; max: number } {
    const rest = this.#source.slice(this.#at, this.#at + 24);
    const match = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})[?+]?/.exec(rest);
    if (match === null) return { min: 1, max: 1 };
    this.#at += match[0].length;
    const sign = match[0][0];
    if (sign === "*") return { min: 0, max: Infinity };
    if (sign === "+") return { min: 1, max: Infinity };
    if (sign === "?") return { min: 0, max: 1 };
    const min = Number(match[1]);
    return {
      min,
      max: match[2] === undefined ? min : match[2] === "" ? Infinity : Number(match[2]),
    };
  }
}

// Beyond ASCII a letter may have more than two forms (`σ`, `ς`, `Σ`), which are one without case.
function characterAtom(character: string): Atom {
  return character < "\u0080" ? { kind: "character", text: character } : { kind: "other" };
}

// A set of alternatives is as good as its shortest member.
function quality(literals: Literals): number {
  if (literals === undefined || literals.length === 0) return 0;
  return Math.min(...literals.map((one) => one.length)) - Math.log2(literals.length) / 8;
}
