// Draws detections with every kind of item, and records that often fit them: few signs, few fields, and
// values made from what the rules ask.
import fc from "fast-check";
import type { LogSourceTable } from "../../../config/log-sources.ts";
import type { RecordShape } from "../../../detectors/event.ts";
import type { RuleReading } from "../../../detectors/sigma/reading.ts";

const raw = String.raw;
const LONG = "abcdefghijklmnopqrstuvwxyz-abcdefghij";
/** Longer than what regular expressions are left to V8 with. */
const VERY_LONG = `${"ab-".repeat(1500)}${LONG}`;
const FIELDS = ["f", "g", "h", "Two Words", "n.x"];

/** Fields lie at the top, those with a dot below; `h` may lie under another name. */
export const DRAWN_SHAPE: RecordShape = {
  id: "drawn",
  family: "drawn",
  locate: (name) => [name.split(".")],
};

/** Values of `g` decide the log source. */
export const DRAWN_TABLE: LogSourceTable = {
  families: ["drawn"],
  product: "drawn",
  decidedBy: ["g"],
  routes: [
    { when: { g: "a*" }, category: "one", also: ["first"], alsoServices: [], last: true },
    { when: { g: "b?" }, category: "two", service: "two", also: [], alsoServices: [], last: false },
    { when: { g: "*" }, service: "any", also: [], alsoServices: [], last: false },
  ],
  fields: { h: ["h", "other.h"] },
};

export const logsource = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ product: "drawn" }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { category: "one" },
      { category: "first", product: "drawn" },
      { category: "two" },
      { service: "any" },
      { product: "other" },
    ),
  },
);

const field = fc.constantFrom(...FIELDS);
const word = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "A", "-"), maxLength: 4 }) },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom("a", "Ä", "ä", ".", "\\", "Σ", "ς", "σ", "İ", "\u212a", "k", "ſ", "😀"),
      maxLength: 4,
    }),
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
    arbitrary: fc.constantFrom("*", "?", `*${LONG}`, `${LONG}*`, raw`\*`, raw`a\?`, "", "*ä?"),
  },
);
const number = fc.integer({ min: -1, max: 4 });
const scalar = fc.oneof(wild, wild, number, fc.boolean(), fc.constant(null));
const expression = fc.constantFrom(
  ...["a", "^a", "b$", "^$", "ab|ba", "a+b", "[ab]{2}", raw`\d`, "a.b", "(?:a|b){2,3}", "a.*-"],
  ...["Ä", "ab", "abc.*hij", "(?i)AB", "(?:a-)+b", raw`^\w{3,}-`, raw`\bab\b`, "[^ab]", "σ", "k"],
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
  { weight: 12, arbitrary: entry(joined(place, flags("all", "cased", "neq")), scalar) },
  {
    weight: 4,
    arbitrary: entry(joined(fc.constant("|re"), flags("i", "s", "m", "all")), expression),
  },
  { weight: 2, arbitrary: entry(fc.constantFrom("|gt", "|gte", "|lt", "|lte"), number) },
  { weight: 2, arbitrary: entry(fc.constant("|exists"), fc.boolean()) },
  { weight: 2, arbitrary: entry(joined(fc.constant("|fieldref"), place, flags("cased")), field) },
  {
    weight: 2,
    arbitrary: entry(joined(fc.constant("|windash"), place), fc.constantFrom("-a", "a -b", "a")),
  },
  {
    weight: 2,
    arbitrary: entry(
      fc.constantFrom(
        "|base64offset|contains",
        "|wide|base64offset|contains",
        "|utf16be|base64offset|contains",
        "|base64|startswith",
      ),
      plainWord,
    ),
  },
  {
    weight: 2,
    arbitrary: entry(
      fc.constant("|cidr"),
      fc.constantFrom(
        ...["10.0.0.0/8", "10.1.0.0/15", "0.0.0.0/0", "10.1.2.3/32", "10.1.2.3"],
        ...["2001:db8::/32", "::/0"],
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: entry(
      fc.constantFrom("|hour", "|month", "|week", "|day", "|minute"),
      fc.integer({ min: 1, max: 12 }),
    ),
  },
  { weight: 1, arbitrary: entry(fc.constantFrom("|year"), fc.constantFrom(1970, 2026, 2025)) },
  { weight: 1, arbitrary: entry(joined(fc.constant("|expand"), place), fc.constant("%words%")) },
);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((all) => Object.fromEntries(all));
const selection = fc.oneof(
  { weight: 12, arbitrary: map },
  { weight: 4, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.array(fc.oneof(wild, fc.constantFrom("nest", 12)), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  { weight: 1, arbitrary: expression.map((source) => ({ "|re": source })) },
  { weight: 1, arbitrary: fc.uniqueArray(plainWord, { minLength: 1, maxLength: 3 }).map(allWords) },
);

function allWords(words: readonly string[]) {
  return { "|all": words };
}

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

/** A `detection`; what the reader refuses is for others to test. */
export const detection = fc.record({ s1: selection, s2: selection, s3: selection, condition });

/** Has values for the placeholder that `detection` uses. */
export const DRAWN_READING: RuleReading = {
  placeholders: (name) => (name === "words" ? ["ab", "b*", "A"] : undefined),
  pipeline: undefined,
};

const value = fc.oneof(
  { weight: 12, arbitrary: word },
  { weight: 2, arbitrary: number },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(word, number, fc.constant(null)), { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom({ nest: "a" }, { a: [{ b: "nest ab" }] }, { a: 12 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...["10.1.2.3", "10.200.0.1", "192.0.2.1", "10.1", "010.1.2.3"],
      ...["2001:db8::1", "2001:DB9::1", "::ffff:10.1.2.3", "::1"],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...["2026-01-01T02:00:00Z", "2026-03-04T00:59:59Z", "2026-02-03 04:05:06.789"],
      ...["2026-01-01T00:30:00+02:00", "2024-12-30T07:00:00", 7200, "1767225600000", "1.5"],
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom("a -b", "x /a", "–a", "*", "?", raw`a\b`, "a\nb", "é") },
  {
    weight: 2,
    arbitrary: fc
      .tuple(plainWord, fc.constantFrom("utf8", "utf16le"))
      .map(([text, encoding]) => Buffer.from(`x${text}`, encoding).toString("base64")),
  },
  { weight: 1, arbitrary: fc.constantFrom(VERY_LONG, `${VERY_LONG}A`, "a".repeat(4100)) },
);

/** A record in `DRAWN_SHAPE`. */
export const record = fc
  .record(
    { f: value, g: value, h: value, "Two Words": value, "n.x": value, "other.h": value },
    { requiredKeys: [] },
  )
  .map(({ "n.x": below, "other.h": other, ...rest }) => ({
    ...rest,
    ...(below === undefined ? {} : { n: { x: below } }),
    ...(other === undefined ? {} : { other: [{ h: other }, { h: "a" }] }),
  }));
