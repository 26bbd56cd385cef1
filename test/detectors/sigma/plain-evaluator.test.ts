import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SigmaRule } from "../../../detectors/sigma/rule.ts";
import { engineOf, eventOf, ruleOf } from "./fixture.ts";
import { isTrue } from "./plain-evaluator.ts";

const raw = String.raw;
const LONG = "abcdefghijklmnopqrstuvwxyz-abcdefghij";
const FIELDS = ["f", "g", "h", "Two Words"];

const field = fc.constantFrom(...FIELDS);
const word = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "A", "-"), maxLength: 4 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom("a", "Ä", "ä", ".", "\\"), maxLength: 4 }),
  },
  { weight: 1, arbitrary: fc.constantFrom(LONG, LONG.slice(0, 24), LONG.slice(0, 25), `x${LONG}`) },
);
const wild = fc.oneof(
  { weight: 3, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "\\"), maxLength: 5 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("*", "?", `*${LONG}`, `${LONG}*`, raw`\*`, raw`a\?`, ""),
  },
);
const number = fc.integer({ min: -1, max: 4 });
const scalar = fc.oneof(wild, wild, number, fc.boolean(), fc.constant(null));
const expression = fc.constantFrom(
  "a",
  "^a",
  "b$",
  "^$",
  "ab|ba",
  "a+b",
  "[ab]{2}",
  raw`\d`,
  "a.b",
  "(?:a|b){2,3}",
  "a.*-",
  "Ä",
  "ab",
  "abc.*hij",
);
const place = fc.constantFrom("", "|contains", "|startswith", "|endswith");
const flags = (...names: string[]) =>
  fc.subarray(names).map((all) => all.map((one) => `|${one}`).join(""));

/** One or several values under a key made of a field and its modifiers. */
function entry(
  modifiers: fc.Arbitrary<string>,
  values: fc.Arbitrary<unknown>,
): fc.Arbitrary<[string, unknown]> {
  const list = fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 }));
  return fc.tuple(field, modifiers, list).map(([name, rest, value]) => [name + rest, value]);
}

const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const plainWord = fc.string({ unit: fc.constantFrom("a", "b", "A"), minLength: 1, maxLength: 4 });
const item = fc.oneof(
  { weight: 6, arbitrary: entry(joined(place, flags("all", "cased", "neq")), scalar) },
  {
    weight: 2,
    arbitrary: entry(joined(fc.constant("|re"), flags("i", "s", "m", "all")), expression),
  },
  { weight: 1, arbitrary: entry(fc.constantFrom("|gt", "|gte", "|lt", "|lte"), number) },
  { weight: 1, arbitrary: entry(fc.constant("|exists"), fc.boolean()) },
  { weight: 1, arbitrary: entry(joined(fc.constant("|fieldref"), place, flags("cased")), field) },
  {
    weight: 1,
    arbitrary: entry(joined(fc.constant("|windash"), place), fc.constantFrom("-a", "a -b", "a")),
  },
  {
    weight: 1,
    arbitrary: entry(
      fc.constantFrom(
        "|base64offset|contains",
        "|wide|base64offset|contains",
        "|base64|startswith",
      ),
      plainWord,
    ),
  },
  {
    weight: 1,
    arbitrary: entry(
      fc.constant("|cidr"),
      fc.constantFrom("10.0.0.0/8", "10.1.0.0/15", "0.0.0.0/0", "10.1.2.3/32", "10.1.2.3"),
    ),
  },
  { weight: 1, arbitrary: entry(fc.constantFrom("|hour", "|month", "|week", "|day"), number) },
);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((all) => Object.fromEntries(all));
const selection = fc.oneof(
  { weight: 6, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(wild, fc.constantFrom("nest", 12)), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  { weight: 1, arbitrary: expression.map((source) => ({ "|re": source })) },
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    {
      weight: 3,
      arbitrary: fc.constantFrom("s1", "s2", "s3", "1 of s*", "all of s*", "all of them"),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie("condition"), fc.constantFrom("and", "or", "and not"), tie("condition"))
        .map(([left, word, right]) => `(${left}) ${word} (${right})`),
    },
    { weight: 1, arbitrary: tie("condition").map((one) => `not (${one})`) },
  ),
}));
const detection = fc.record({ s1: selection, s2: selection, s3: selection, condition });

const value = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 1, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.array(fc.oneof(word, number, fc.constant(null)), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom({ nest: "a" }, { a: [{ b: "nest ab" }] }, { a: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom("10.1.2.3", "10.200.0.1", "192.0.2.1", "10.1") },
  { weight: 1, arbitrary: fc.constantFrom("2026-01-01T02:00:00Z", "2026-03-04T00:59:59Z") },
  { weight: 1, arbitrary: fc.constantFrom("a -b", "x /a", "–a", "*", "?", raw`a\b`, "a\nb", "é") },
  {
    weight: 1,
    arbitrary: fc
      .tuple(plainWord, fc.constantFrom("utf8", "utf16le"))
      .map(([text, encoding]) => Buffer.from(`x${text}`, encoding).toString("base64")),
  },
);
const record = fc.record(Object.fromEntries(FIELDS.map((name) => [name, value])), {
  requiredKeys: [],
});

const RULES = 12;
const EVENTS = 10;
const RUNS = 250;

describe("the compiled engine", () => {
  it(`says the same as the plain evaluator on ${RULES * EVENTS * RUNS} pairs of rule and event`, () => {
    let pairs = 0;
    let hits = 0;
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: RULES, maxLength: RULES }),
        fc.array(record, { minLength: EVENTS, maxLength: EVENTS }),
        (detections, records) => {
          const rules = detections.map((one, index): SigmaRule => {
            const rule = ruleOf(one);
            return { ...rule, info: { ...rule.info, id: String(index) } };
          });
          const engine = engineOf(rules);
          for (const one of records) {
            const matches = engine.match(eventOf(one));
            const expected = rules.filter((rule) => isTrue(rule.tree, one));
            expect(matches.map((match) => match.detector.id)).toEqual(
              expected.map((rule) => rule.info.id),
            );
            for (const match of matches) match.explain();
            pairs += rules.length;
            hits += matches.length;
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(pairs).toBeGreaterThanOrEqual(20_000);
    // Neither all nor nothing: the draw tells something.
    expect(hits / pairs).toBeGreaterThan(0.1);
    expect(hits / pairs).toBeLessThan(0.9);
  });
});
