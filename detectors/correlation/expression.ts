// Conditions over the joined rules: as a test of a set of rules (one bit a rule), and for ordered rules as
// the sequences that make it true.
import type { Comparison, RuleExpression } from "./rule.ts";

/** Sequences that an ordered condition may come to. */
export const SEQUENCES_MAX = 32;
/** Terms on the way to them; a condition that needs more is refused. */
const TERMS_MAX = 1024;

/** Rules that must hit in the order of the list, and rules that must not hit at all. */
export interface Sequence {
  /** Places in the list of rules, rising. */
  readonly places: readonly number[];
  /** Bits of the rules that must not hit. */
  readonly without: number;
}

interface Term {
  readonly hits: number;
  readonly without: number;
}

export function hasNegation(expression: RuleExpression): boolean {
  if (expression.kind === "rule") return false;
  return expression.kind === "not" || expression.children.some(hasNegation);
}

/** @param hits a bit for each rule that hit */
export function isTrue(expression: RuleExpression, hits: number): boolean {
  switch (expression.kind) {
    case "rule":
      return (hits & (1 << expression.rule)) !== 0;
    case "not":
      return !isTrue(expression.child, hits);
    case "and":
      return expression.children.every((child) => isTrue(child, hits));
    case "or":
      return expression.children.some((child) => isTrue(child, hits));
  }
}

/**
 * The sequences of which one has to occur, the shortest first and of those the one whose rules stand first
 * in the list; undefined: more than SEQUENCES_MAX.
 * Without expression and comparisons: all rules, one after the other.
 */
export function sequencesOf(condition: {
  readonly expression: RuleExpression | undefined;
  readonly comparisons: readonly Comparison[];
  readonly rules: readonly string[];
}): readonly Sequence[] | undefined {
  const { expression, comparisons, rules } = condition;
  if (expression === undefined) {
    const least = comparisons.length === 0 ? rules.length : lowerBound(comparisons);
    return choices(rules.length, Math.max(1, least));
  }
  const terms = termsOf(expression, true);
  if (terms === undefined) return undefined;
  const needed = terms.filter(
    (term) => !terms.some((other) => other !== term && isWeaker(other, term)),
  );
  if (needed.length > SEQUENCES_MAX) return undefined;
  return needed.map(({ hits, without }) => ({ places: placesOf(hits), without })).sort(byLength);
}

/** The least whole number that fulfils all `gte` and `gt`. */
function lowerBound(comparisons: readonly Comparison[]): number {
  let least = 0;
  for (const { operator, value } of comparisons) {
    if (operator === "gte") least = Math.max(least, Math.ceil(value));
    if (operator === "gt") least = Math.max(least, Math.floor(value) + 1);
  }
  return least;
}

// All ways to take `size` of the rules; more than there are rules: never, so no sequence.
function choices(rules: number, size: number): Sequence[] | undefined {
  const found: Sequence[] = [];
  const take = (from: number, taken: readonly number[]): boolean => {
    if (taken.length === size) {
      found.push({ places: taken, without: 0 });
      return found.length <= SEQUENCES_MAX;
    }
    for (let place = from; place <= rules - (size - taken.length); place += 1) {
      if (!take(place + 1, [...taken, place])) return false;
    }
    return true;
  };
  return take(0, []) ? found : undefined;
}

// The disjunctive normal form; `wanted` false: of the negation.
function termsOf(expression: RuleExpression, wanted: boolean): readonly Term[] | undefined {
  if (expression.kind === "rule") {
    const bit = 1 << expression.rule;
    return [wanted ? { hits: bit, without: 0 } : { hits: 0, without: bit }];
  }
  if (expression.kind === "not") return termsOf(expression.child, !wanted);
  const isAny = (expression.kind === "or") === wanted;
  let terms: readonly Term[] = isAny ? [] : [{ hits: 0, without: 0 }];
  for (const child of expression.children) {
    const more = termsOf(child, wanted);
    if (more === undefined || terms.length * more.length > TERMS_MAX * 16) return undefined;
    terms = isAny ? distinct([...terms, ...more]) : distinct(products(terms, more));
    if (terms.length > TERMS_MAX) return undefined;
  }
  return terms;
}

function products(left: readonly Term[], right: readonly Term[]): Term[] {
  return left.flatMap((one) =>
    right.map((other) => ({
      hits: one.hits | other.hits,
      without: one.without | other.without,
    })),
  );
}

// What asks for a rule and its absence is never true.
function distinct(terms: readonly Term[]): Term[] {
  const found = new Map<string, Term>();
  for (const term of terms) {
    if ((term.hits & term.without) === 0) found.set(`${term.hits}/${term.without}`, term);
  }
  return [...found.values()];
}

function byLength(a: Sequence, b: Sequence): number {
  if (a.places.length !== b.places.length) return a.places.length - b.places.length;
  const at = a.places.findIndex((place, index) => place !== b.places[index]);
  return (a.places[at] ?? 0) - (b.places[at] ?? 0);
}

function isWeaker(term: Term, than: Term): boolean {
  return (term.hits & than.hits) === term.hits && (term.without & than.without) === term.without;
}

function placesOf(bits: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < 31; place += 1) if ((bits & (1 << place)) !== 0) places.push(place);
  return places;
}
