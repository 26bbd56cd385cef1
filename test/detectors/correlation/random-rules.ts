// Random correlation rules and streams of observations, for properties.
import fc from "fast-check";
import { readCorrelation } from "../../../detectors/correlation/read.ts";
import { CORRELATION_TYPES, type CorrelationRule } from "../../../detectors/correlation/rule.ts";
import type { EventReference, Observation } from "../../../detectors/keyed.ts";
import { documentsOf } from "../../../detectors/sigma/rule-document.ts";

/** Reads a correlation from what stands under `correlation` in its document. */
export function correlation(id: string, body: object): CorrelationRule {
  const value = { title: id, id, correlation: body };
  const [reader] = documentsOf(JSON.stringify(value), `${id}.yml`);
  if (reader === undefined) throw new RangeError("no document");
  return readCorrelation(value, reader);
}

const RULES = ["r0", "r1", "r2", "r3"];
const OPERATORS = ["gt", "gte", "lt", "lte", "eq", "neq"];

function conditionOf(type: string, rules: readonly string[]): fc.Arbitrary<unknown> {
  const names = fc.constantFrom(...rules);
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 2 },
      names,
      fc
        .tuple(tie("text"), fc.constantFrom("and", "or"), tie("text"))
        .map((p) => `(${p.join(" ")})`),
      tie("text").map((one) => `not ${one}`),
    ),
  }));
  if (type.startsWith("temporal")) {
    const counted = fc.record({ gte: fc.integer({ min: 0, max: rules.length + 1 }) });
    const compared = type === "temporal" ? comparisons(fc.integer({ min: 0, max: 4 })) : counted;
    const without = fc
      .tuple(text, names, names)
      .map(([one, b, c]) => `${one} and not (${b} or ${c})`);
    return fc.oneof(fc.constant(undefined), compared, text, without);
  }
  if (type === "event_count") return comparisons(fc.integer({ min: 0, max: 8 }));
  const field = { field: "f" };
  const numbers = fc.oneof(fc.integer({ min: -20, max: 60 }), fc.constantFrom(0.1, 0.5, 1e15));
  const compare =
    type === "value_count" ? comparisons(fc.integer({ min: 0, max: 4 })) : comparisons(numbers);
  if (type !== "value_percentile") return compare.map((one) => ({ ...one, ...field }));
  const share = comparisons(fc.integer({ min: 0, max: 100 }));
  return fc.oneof(
    share.map((one) => ({ ...one, ...field })),
    fc
      .tuple(compare, fc.constantFrom(0, 5, 33, 50, 95, 100))
      .map(([one, percentile]) => ({ ...one, ...field, percentile })),
  );
}

function comparisons(number: fc.Arbitrary<number>): fc.Arbitrary<Record<string, number>> {
  const one = fc.tuple(fc.constantFrom(...OPERATORS), number);
  const rising = fc.tuple(fc.constantFrom("gt", "gte"), number);
  return fc
    .oneof(
      fc.array(one, { minLength: 1, maxLength: 2 }),
      rising.map((pair) => [pair]),
    )
    .map((pairs) => Object.fromEntries(pairs));
}

/** A correlation of a random type; undefined where the condition has a fault. */
export function randomCorrelation(id: string): fc.Arbitrary<CorrelationRule> {
  return fc
    .record({
      type: fc.constantFrom(...CORRELATION_TYPES),
      rules: fc.shuffledSubarray(RULES, { minLength: 1 }),
      timespan: fc.constantFrom("1s", "3s", "7s", "1m"),
      generate: fc.boolean(),
    })
    .chain((body) =>
      conditionOf(body.type, body.rules).map((condition) => readable(id, { ...body, condition })),
    )
    .filter((rule) => rule !== undefined);
}

function readable(
  id: string,
  body: { readonly rules: readonly string[]; readonly condition: unknown },
) {
  try {
    const condition = typeof body.condition === "string" ? body.condition : undefined;
    const rules =
      condition === undefined ? {} : { rules: body.rules.filter((one) => condition.includes(one)) };
    return correlation(id, { "group-by": ["g"], ...body, ...rules });
  } catch {
    return undefined;
  }
}

const VALUES = [
  "1",
  "2.5",
  "-7",
  "0.1",
  "0.2",
  " 30 ",
  "1e15",
  "x",
  "NaN",
  "1e308",
  "-1e300",
  "1e300",
  "",
  "Ä",
  "\ud800",
];

/** Observations for these rules in the order (time, id, rule); some at equal times, some far apart. */
export function randomStream(
  rules: readonly CorrelationRule[],
  most: number,
): fc.Arbitrary<readonly Observation[]> {
  const event = fc.record({
    step: fc.constantFrom(0, 0, 1, 400, 1000, 2500, 100_000),
    rule: fc.nat(),
    correlation: fc.nat({ max: rules.length - 1 }),
    group: fc.constantFrom("a", "b", "Ä", "\ud800", "\udbff"),
    value: fc.option(fc.constantFrom(...VALUES), { nil: undefined, freq: 20 }),
    both: fc.boolean(),
    rests: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 8 }),
  });
  return fc
    .tuple(fc.array(event, { minLength: 1, maxLength: most }), fc.constantFrom(-5000, 0, 1.7e12))
    .map(([events, start]) => {
      let time = start;
      return events.flatMap(
        ({ step, rule, correlation: number, group, value, both, rests }, at) => {
          time += step;
          const of = rules[number];
          if (of === undefined) return [];
          const id = `e${String(at).padStart(4, "0")}`;
          const size = of.rules.length;
          const places = both && size > 1 ? [rule % size, (rule + 1) % size].sort() : [rule % size];
          const below = rests === undefined ? undefined : referencesOf(id, time, rests);
          return places.map(
            (place): Observation => ({
              detector: of.info.id,
              key: JSON.stringify([group]),
              time,
              id,
              rule: place,
              group: [group],
              value,
              source: `s${at % 3}`,
              ...(below === undefined ? {} : { rests: below }),
            }),
          );
        },
      );
    });
}

function referencesOf(id: string, time: number, count: number): EventReference[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${id}.${at}`,
    time: time - at,
    rule: 0,
  }));
}
