// The meaning of correlations, plain and slow, straight from detectors/correlation/README.md: every
// observation is kept as it came, and every question is answered by looking at all of them.
import type {
  Comparison,
  CorrelationRule,
  RuleExpression,
} from "../../../detectors/correlation/rule.ts";
import {
  EVENTS_MAX,
  type EventReference,
  type Observation,
  type Raised,
} from "../../../detectors/keyed.ts";

interface Group {
  readonly rule: CorrelationRule;
  readonly observations: Observation[];
}

type Hit = Pick<Raised, "value" | "count"> & { readonly rests: readonly Observation[] };

export class PlainCorrelator {
  skipped = 0;
  readonly #rules: ReadonlyMap<string, CorrelationRule>;
  readonly #groups = new Map<string, Group>();
  readonly #groupEventsMax: number;

  constructor(rules: readonly CorrelationRule[], groupEventsMax: number) {
    this.#rules = new Map(rules.map((rule) => [rule.info.id, rule]));
    this.#groupEventsMax = groupEventsMax;
  }

  get keys(): number {
    return this.#groups.size;
  }

  observe(observation: Observation): Raised[] {
    const rule = this.#rules.get(observation.detector);
    if (rule === undefined) return [];
    if (!counts(rule, observation)) {
      this.skipped += 1;
      return [];
    }
    const id = JSON.stringify([observation.detector, observation.key]);
    const raised: Raised[] = [];
    let group = this.#groups.get(id);
    if (group !== undefined && closes(rule) && endOf(group) <= observation.time) {
      raised.push(...this.#close(id, group));
      group = undefined;
    }
    group ??= { rule, observations: [] };
    group.observations.push(observation);
    this.#groups.set(id, group);
    if (closes(rule)) return raised;
    const begin = observation.time - rule.timespanMs;
    const hit = judge(
      rule,
      group.observations.filter(({ time }) => time > begin),
      this.#groupEventsMax,
    );
    if (hit === undefined) return raised;
    this.#groups.delete(id);
    return [...raised, raisedOf(observation, hit, observation.time, begin)];
  }

  advance(time: number): Raised[] {
    const raised: Raised[] = [];
    for (const [id, group] of this.#groups) {
      if (closes(group.rule)) {
        if (endOf(group) <= time) raised.push(...this.#close(id, group));
      } else if ((group.observations.at(-1)?.time ?? 0) + group.rule.timespanMs <= time) {
        this.#groups.delete(id);
      }
    }
    return raised.sort(
      (a, b) => a.time - b.time || compare(a.detector, b.detector) || compare(a.key, b.key),
    );
  }

  #close(id: string, group: Group): Raised[] {
    this.#groups.delete(id);
    const [first] = group.observations;
    const hit = judge(group.rule, group.observations, this.#groupEventsMax);
    if (hit === undefined || first === undefined) return [];
    return [raisedOf(first, hit, endOf(group), first.time)];
  }
}

function endOf({ rule, observations }: Group): number {
  return (observations[0]?.time ?? 0) + rule.timespanMs;
}

function counts({ type, percentile }: CorrelationRule, { value }: Observation): boolean {
  if (type === "value_count") return value !== undefined;
  if (type === "value_percentile" && percentile === undefined) return value !== undefined;
  if (!type.startsWith("value_")) return true;
  return value !== undefined && isNumber(value);
}

function isNumber(value: string): boolean {
  const isDecimal = /^\s*[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?\s*$/.test(value);
  return isDecimal && value.length <= 400 && Math.abs(Number(value)) <= 1e300;
}

/** Whether it is judged when the window closes. */
function closes({ type, comparisons, expression }: CorrelationRule): boolean {
  if (["value_avg", "value_median", "value_percentile"].includes(type)) return true;
  if (expression !== undefined) return JSON.stringify(expression).includes('"not"');
  return comparisons.some(({ operator }) => ["lt", "lte", "eq", "neq"].includes(operator));
}

function judge(
  rule: CorrelationRule,
  window: readonly Observation[],
  groupEventsMax: number,
): Hit | undefined {
  const { type, comparisons } = rule;
  const isTrue = (value: number) => comparisons.every((one) => holds(one, value));
  const isClosing = closes(rule);
  switch (type) {
    case "event_count":
      return isTrue(window.length)
        ? { value: window.length, count: window.length, rests: window }
        : undefined;
    case "value_count": {
      const rests = oneOfEach(window, ({ value }) => value, isClosing).slice(
        0,
        isClosing ? groupEventsMax : undefined,
      );
      const count = isClosing ? window.length : rests.length;
      return isTrue(rests.length) ? { value: rests.length, count, rests } : undefined;
    }
    case "temporal": {
      const rests = oneOfEach(window, (one) => one.rule, isClosing);
      const count = isClosing ? window.length : rests.length;
      const hits = new Set(rests.map((one) => one.rule));
      const isHit =
        rule.expression !== undefined
          ? isTrueOf(rule.expression, hits, hits, false)
          : comparisons.length > 0
            ? isTrue(hits.size)
            : hits.size === rule.rules.length;
      return isHit ? { value: hits.size, count, rests } : undefined;
    }
    case "temporal_ordered": {
      const rests = chainOf(rule, window);
      if (rests === undefined) return undefined;
      return { value: rests.length, count: isClosing ? window.length : rests.length, rests };
    }
    case "value_sum": {
      const rests = isClosing ? window : window.slice(-groupEventsMax);
      const value = exactSum(rests.map(numberOf));
      return isTrue(value) ? { value, count: rests.length, rests } : undefined;
    }
    case "value_avg": {
      const value = exactSum(window.map(numberOf)) / window.length;
      return isTrue(value) ? { value, count: window.length, rests: window } : undefined;
    }
    case "value_median":
      return ofPercentile(rule, window, groupEventsMax, 50);
    case "value_percentile":
      return rule.percentile === undefined
        ? ofShares(window, groupEventsMax, isTrue)
        : ofPercentile(rule, window, groupEventsMax, rule.percentile);
  }
}

function ofPercentile(
  { comparisons }: CorrelationRule,
  window: readonly Observation[],
  groupEventsMax: number,
  percentile: number,
): Hit | undefined {
  const sorted = window
    .slice(0, groupEventsMax)
    .map(numberOf)
    .sort((a, b) => a - b);
  const place = (percentile / 100) * (sorted.length - 1);
  const part = place % 1;
  const low = sorted[place - part] ?? Number.NaN;
  const value = part === 0 ? low : low * (1 - part) + (sorted[place - part + 1] ?? 0) * part;
  const isHit = comparisons.every((one) => holds(one, value));
  return isHit ? { value, count: window.length, rests: window } : undefined;
}

function ofShares(
  window: readonly Observation[],
  valuesMax: number,
  isTrue: (share: number) => boolean,
): Hit | undefined {
  const firsts = oneOfEach(window, ({ value }) => value, true).slice(0, valuesMax);
  const timesOf = (one: Observation) => window.filter(({ value }) => value === one.value).length;
  const shareOf = (one: Observation) => (100 * timesOf(one)) / window.length;
  const rests = firsts.filter((one) => isTrue(shareOf(one)));
  if (rests.length === 0) return undefined;
  return {
    value: Math.min(...rests.map(shareOf)),
    count: rests.reduce((sum, one) => sum + timesOf(one), 0),
    rests,
  };
}

/** Of each kind the first or the newest one, in the order of the window. */
function oneOfEach<K>(
  window: readonly Observation[],
  kindOf: (observation: Observation) => K,
  isFirst: boolean,
): readonly Observation[] {
  const kinds = window.map(kindOf);
  return window.filter((_, at) => {
    const kind = kinds[at];
    return kind !== undefined && at === (isFirst ? kinds.indexOf(kind) : kinds.lastIndexOf(kind));
  });
}

/** Negated rules must not have hit at all, the others must be among the chosen ones. */
function isTrueOf(
  expression: RuleExpression,
  chosen: ReadonlySet<number>,
  hits: ReadonlySet<number>,
  isNegated: boolean,
): boolean {
  if (expression.kind === "not") return isTrueOf(expression.child, chosen, hits, !isNegated);
  if (expression.kind === "rule") {
    return isNegated ? !hits.has(expression.rule) : chosen.has(expression.rule);
  }
  const test = (child: RuleExpression) => isTrueOf(child, chosen, hits, isNegated);
  return (expression.kind === "and") !== isNegated
    ? expression.children.every(test)
    : expression.children.some(test);
}

/** The chain of the smallest set of rules that makes the condition true and hit in the list's order. */
function chainOf(
  rule: CorrelationRule,
  window: readonly Observation[],
): readonly Observation[] | undefined {
  const hits = new Set(window.map((one) => one.rule));
  const sets = subsetsOf(rule.rules.length).sort(
    (a, b) => a.length - b.length || compareLists(a, b),
  );
  for (const places of sets) {
    const isWanted =
      rule.expression !== undefined
        ? isTrueOf(rule.expression, new Set(places), hits, false)
        : rule.comparisons.length > 0
          ? places.length > 0 && rule.comparisons.every((one) => holds(one, places.length))
          : places.length === rule.rules.length;
    if (!isWanted) continue;
    const chain = bestChain(places, window);
    if (chain !== undefined)
      return chain.map((at) => window[at]).filter((one) => one !== undefined);
  }
  return undefined;
}

/** Complete as early as can be; then, from the end, of events as new as can be. */
function bestChain(
  places: readonly number[],
  window: readonly Observation[],
): number[] | undefined {
  const all = chainsOf(places, window, 0);
  all.sort(
    (a, b) =>
      (a.at(-1) ?? 0) - (b.at(-1) ?? 0) || -compareLists([...a].reverse(), [...b].reverse()),
  );
  return all[0];
}

function chainsOf(
  [place, ...rest]: readonly number[],
  window: readonly Observation[],
  from: number,
): number[][] {
  if (place === undefined) return [[]];
  const chains: number[][] = [];
  for (let at = from; at < window.length; at += 1) {
    if (window[at]?.rule !== place) continue;
    for (const chain of chainsOf(rest, window, at + 1)) chains.push([at, ...chain]);
  }
  return chains;
}

function subsetsOf(count: number): number[][] {
  return Array.from({ length: 1 << count }, (_, bits) =>
    Array.from({ length: count }, (_place, place) => place).filter((place) => bits & (1 << place)),
  );
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function holds({ operator, value: other }: Comparison, value: number): boolean {
  if (operator === "gt") return value > other;
  if (operator === "gte") return value >= other;
  if (operator === "lt") return value < other;
  if (operator === "lte") return value <= other;
  return operator === "eq" ? value === other : value !== other;
}

function numberOf({ value }: Observation): number {
  return Number(value);
}

/** The sum of all numbers as multiples of the least positive double, then rounded once. */
export function exactSum(numbers: readonly number[]): number {
  let sum = 0n;
  for (const number of numbers) sum += multipleOf(number);
  const isNegative = sum < 0n;
  const size = isNegative ? -sum : sum;
  const bits = size.toString(2).length;
  // 64 bits, of which the last tells whether there was more, are rounded as all of them would be.
  const shift = BigInt(Math.max(0, bits - 64));
  const top = size >> shift;
  const isCut = top << shift !== size;
  const rounded = Number(isCut ? top | 1n : top) * 2 ** (Number(shift) - 1074);
  return isNegative ? -rounded : rounded;
}

function multipleOf(number: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return number < 0 ? -size : size;
}

function raisedOf(observation: Observation, hit: Hit, time: number, from: number): Raised {
  const { detector, key, group, source } = observation;
  const { value, count, rests } = hit;
  const events: EventReference[] = ends(rests).flatMap(({ id, time: at, rule, rests: below }) =>
    below === undefined || below.length === 0
      ? [{ id, time: at, rule }]
      : below.map((one) => ({ id: one.id, time: one.time, rule })),
  );
  events.sort((a, b) => a.time - b.time || compare(a.id, b.id) || a.rule - b.rule);
  const seen = new Set<string>();
  const distinct = events.filter((one) => {
    const name = JSON.stringify([one.time, one.id, one.rule]);
    return !seen.has(name) && seen.add(name);
  });
  return { detector, key, group, time, from, value, count, events: ends(distinct), source };
}

function ends<T>(all: readonly T[]): T[] {
  if (all.length <= EVENTS_MAX) return [...all];
  return [...all.slice(0, EVENTS_MAX / 2), ...all.slice(-EVENTS_MAX / 2)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
