// Counts for each rule how often it was looked at and was true, and measures a sample of the time that
// took. Counting costs one addition a look; the clock is the caller's, and is read for few events only.
import type { SigmaRule } from "./rule.ts";

/** What a rule has cost since the engine was made. */
export interface RuleUse {
  readonly rule: SigmaRule;
  /** Events for which the rule's gate opened, so that its detection was tried. */
  readonly candidates: number;
  readonly hits: number;
  /**
   * Time of these tries, projected from the events that were timed; 0 without a clock. What several rules
   * of an event ask for is counted to the first, searching for gates to none.
   */
  readonly milliseconds: number;
}

/** Of so many events of a log source one is timed. */
const TIMED_EVERY = 64;

/** The counts of one log source's rules, by their place in its list. */
export class RuleCounters {
  readonly #now: (() => number) | undefined;
  readonly #candidates: Float64Array;
  readonly #hits: Float64Array;
  readonly #milliseconds: Float64Array;
  #events = 0;

  /** @param now milliseconds since any beginning, with fractions */
  constructor(rules: number, now: (() => number) | undefined) {
    this.#now = now;
    this.#candidates = new Float64Array(rules);
    this.#hits = new Float64Array(rules);
    this.#milliseconds = new Float64Array(rules);
  }

  /** The clock, when the next event is to be timed. */
  begin(): (() => number) | undefined {
    this.#events += 1;
    return this.#events % TIMED_EVERY === 0 ? this.#now : undefined;
  }

  tried(rule: number): void {
    this.#candidates[rule] = (this.#candidates[rule] as number) + 1; // Within bounds.
  }

  hit(rule: number): void {
    this.#hits[rule] = (this.#hits[rule] as number) + 1; // Within bounds.
  }

  took(rule: number, milliseconds: number): void {
    this.#milliseconds[rule] = (this.#milliseconds[rule] as number) + milliseconds; // Within bounds.
  }

  of(rule: number): Omit<RuleUse, "rule"> {
    return {
      candidates: this.#candidates[rule] ?? 0,
      hits: this.#hits[rule] ?? 0,
      milliseconds: (this.#milliseconds[rule] ?? 0) * TIMED_EVERY,
    };
  }
}

/**
 * The sums over all log sources, dearest first; rules that were never looked at are left out.
 * @param parts for each rule's place in `rules` its counts in one log source
 */
export function sumCosts(
  rules: readonly SigmaRule[],
  parts: Iterable<readonly [number, Omit<RuleUse, "rule">]>,
): RuleUse[] {
  const sums = new Map<number, RuleUse>();
  for (const [index, { candidates, hits, milliseconds }] of parts) {
    const rule = rules[index];
    if (rule === undefined || candidates === 0) continue;
    const known = sums.get(index);
    sums.set(index, {
      rule,
      candidates: candidates + (known?.candidates ?? 0),
      hits: hits + (known?.hits ?? 0),
      milliseconds: milliseconds + (known?.milliseconds ?? 0),
    });
  }
  return [...sums.values()].sort(
    (a, b) => b.milliseconds - a.milliseconds || b.candidates - a.candidates,
  );
}
