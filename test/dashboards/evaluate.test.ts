// Queries of boards over rows: examples, and drawn ones against a plain reference that goes through all rows
// once for every number.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FigureMeasure, FigureQuery } from "../../dashboards/board.ts";
import { evaluate, type QueriedRow } from "../../dashboards/evaluate.ts";
import { bucketStart } from "../../dashboards/time-buckets.ts";

const ZONE = "Europe/Berlin";
const text = (name: string) => ({ de: name, en: name });
const measure = (
  name: string,
  how: FigureMeasure["how"],
  of?: readonly string[],
): FigureMeasure => ({ name, how, label: text(name), ...(of === undefined ? {} : { of }) });
const utc = (moment: string) => Date.parse(`${moment}Z`);
const row = (
  moment: string,
  dimensions: QueriedRow["dimensions"],
  measures: QueriedRow["measures"],
): QueriedRow => ({ set: "alarm", at: utc(moment), dimensions, measures });
const OCTOBER = {
  from: utc("2026-09-30T22:00"),
  to: utc("2026-10-31T22:59:59.999"),
  timeZone: ZONE,
};

describe("buckets of time", () => {
  it.each([
    ["1h", "2026-10-25T00:59", "2026-10-25T00:00"],
    // Two hours that clocks call 02:00.
    ["1h", "2026-10-25T01:00", "2026-10-25T01:00"],
    ["1d", "2026-10-24T22:00", "2026-10-24T22:00"],
    ["1d", "2026-10-25T22:59", "2026-10-24T22:00"],
    ["1d", "2026-10-25T23:00", "2026-10-25T23:00"],
    ["1w", "2026-10-25T22:59", "2026-10-18T22:00"],
    ["1w", "2026-10-25T23:00", "2026-10-25T23:00"],
    ["1M", "2026-10-31T22:59", "2026-09-30T22:00"],
    ["1M", "2026-10-31T23:00", "2026-10-31T23:00"],
    ["1q", "2026-12-31T22:59", "2026-09-30T22:00"],
    ["1q", "2026-12-31T23:00", "2026-12-31T23:00"],
    ["1q", "2026-09-30T21:59", "2026-06-30T22:00"],
  ] as const)("of %s: %s begins at %s", (interval, at, start) => {
    const found = bucketStart(utc(at), interval, ZONE);
    expect(new Date(found).toISOString().slice(0, 16)).toBe(start);
  });

  it("begin by the zone's own hours where it lies half an hour beside", () => {
    const found = bucketStart(utc("2026-10-25T10:15"), "1h", "Asia/Kolkata");
    expect(new Date(found).toISOString()).toBe("2026-10-25T09:30:00.000Z");
  });
});

describe("a query", () => {
  const rows = [
    row("2026-10-01T22:00", { per: "rule", name: "b" }, { raised: 2, falseAlarms: 1 }),
    row("2026-10-01T22:00", { per: "rule", name: "a" }, { raised: 2, truePositives: 3 }),
    row("2026-10-01T22:00", { per: "rule", name: "c" }, { raised: 9, falseAlarms: 2 }),
    row("2026-10-01T22:00", { per: "level", name: "high" }, { raised: 13 }),
    row("2026-10-05T22:00", { per: "rule", name: "a" }, { raised: 1, falseAlarms: 1 }),
    row("2026-11-05T22:00", { per: "rule", name: "a" }, { raised: 100 }),
    row("2026-10-05T22:00", {}, { raised: 50 }),
  ];
  const base = { kind: "figures", set: "alarm" } as const;

  it("groups by a dimension, the largest first, equal ones by name, no more than wanted", () => {
    const query: FigureQuery = {
      ...{ ...base, where: { per: "rule" }, by: { dimension: "name", limit: 2 } },
      measures: [
        measure("falseAlarms", "sum"),
        measure("raised", "max"),
        measure("falseAlarms", "share", ["falseAlarms", "truePositives"]),
      ],
    };
    expect(evaluate(query, rows, OCTOBER)).toEqual([
      { key: "c", points: [{ at: OCTOBER.from, values: [2, 9, 1] }] },
      { key: "a", points: [{ at: OCTOBER.from, values: [1, 2, 0.25] }] },
    ]);
  });

  it("leaves out buckets without rows, and numbers that do not exist", () => {
    const query: FigureQuery = {
      ...{ ...base, where: { per: "rule" }, interval: "1d" },
      measures: ["sum", "count", "mean", "min"].map((how) =>
        // The names are those of the type.
        measure("truePositives", how as FigureMeasure["how"]),
      ),
    };
    expect(evaluate(query, rows, OCTOBER)).toEqual([
      {
        key: undefined,
        points: [
          { at: utc("2026-10-01T22:00"), values: [3, 1, 3, 3] },
          { at: utc("2026-10-05T22:00"), values: [0, 0, undefined, undefined] },
        ],
      },
    ]);
  });

  it("asks for rows without a dimension by null", () => {
    const query = { ...base, where: { per: null }, measures: [measure("raised", "sum")] };
    expect(evaluate(query, rows, OCTOBER)).toEqual([
      { key: undefined, points: [{ at: OCTOBER.from, values: [50] }] },
    ]);
    const none = { ...base, set: "day", measures: [measure("raised", "sum")] };
    expect(evaluate(none, rows, OCTOBER)).toEqual([]);
  });

  it("tells hours in their own order, whatever is the largest", () => {
    const hours = ["23", "02", "10"].map((hourOfDay, index) =>
      row("2026-10-03T10:00", { hourOfDay }, { raised: index }),
    );
    const query = {
      ...{ ...base, by: { dimension: "hourOfDay", limit: 24 } },
      measures: [measure("raised", "sum")],
    };
    expect(evaluate(query, hours, OCTOBER).map(({ key }) => key)).toEqual(["02", "10", "23"]);
  });
});

const NAMES = ["a", "b", "ä", "\u{1F600}", "\uFF5E", "02", "10"];
const drawnRow = fc.record({
  set: fc.constantFrom("alarm", "day"),
  at: fc
    .integer({ min: utc("2026-09-28T00:00") / 60_000, max: utc("2026-11-03T00:00") / 60_000 })
    .map((minutes) => minutes * 60_000),
  dimensions: fc.record(
    { per: fc.constantFrom("rule", "source"), name: fc.constantFrom(...NAMES) },
    { requiredKeys: [] },
  ),
  measures: fc.record(
    // Whole numbers: sums of others depend on their order.
    { raised: fc.integer({ min: -5, max: 50 }), judged: fc.integer({ min: 0, max: 9 }) },
    { requiredKeys: [] },
  ),
});
const drawnMeasure = fc
  .record({
    name: fc.constantFrom("raised", "judged"),
    how: fc.constantFrom("sum", "mean", "max", "min", "count", "share"),
  })
  .map(({ name, how }) => measure(name, how, how === "share" ? ["raised", "judged"] : undefined));
const drawnQuery = fc.record(
  {
    kind: fc.constant("figures" as const),
    set: fc.constantFrom("alarm", "day"),
    measures: fc.array(drawnMeasure, { minLength: 1, maxLength: 3 }),
    where: fc.record({ per: fc.constantFrom("rule", "source", null) }, { requiredKeys: [] }),
    by: fc.record({
      dimension: fc.constantFrom("name", "per", "hourOfDay"),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
    interval: fc.constantFrom("1h", "1d", "1w", "1M", "1q"),
  },
  { requiredKeys: ["kind", "set", "measures"] },
);

/** The same name for two moments just where they lie in the same bucket. */
function named(at: number, interval: FigureQuery["interval"]): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  switch (interval) {
    case undefined:
      return "all";
    case "1h":
      return `${local.toPlainDate()} ${local.hour} ${local.offset}`;
    case "1d":
      return local.toPlainDate().toString();
    case "1w":
      return `${local.yearOfWeek} ${local.weekOfYear}`;
    case "1M":
      return local.toPlainDate().toPlainYearMonth().toString();
    case "1q":
      return `${local.year} ${Math.ceil(local.month / 3)}`;
  }
}

function reference(query: FigureQuery, rows: readonly QueriedRow[]) {
  const { where = {}, by, interval, measures } = query;
  const asked = rows.filter(
    (one) =>
      one.set === query.set &&
      one.at >= OCTOBER.from &&
      one.at <= OCTOBER.to &&
      (where.per === undefined ||
        (where.per === null ? one.dimensions.per === undefined : one.dimensions.per === where.per)),
  );
  const value = (one: FigureMeasure, some: readonly QueriedRow[]): number | undefined => {
    const add = (name: string) => {
      let sum = 0;
      for (const { measures: has } of some) sum += has[name] ?? 0;
      return sum;
    };
    const has = some.filter(({ measures: own }) => own[one.name] !== undefined);
    const sorted = has.map(({ measures: own }) => own[one.name] ?? 0).sort((a, b) => a - b);
    if (one.how === "sum") return add(one.name);
    if (one.how === "count") return has.length;
    if (one.how === "max") return sorted.at(-1);
    if (one.how === "min") return sorted[0];
    if (one.how === "mean") return has.length === 0 ? undefined : add(one.name) / has.length;
    const whole = (one.of ?? []).reduce((sum, name) => sum + add(name), 0);
    return whole === 0 ? undefined : add(one.name) / whole;
  };
  const keyOf = (one: QueriedRow) => by && one.dimensions[by.dimension];
  let keys: (string | undefined)[] = [...new Set(asked.map(keyOf))];
  if (by !== undefined) {
    const [first] = measures;
    const size = (key: string | undefined) =>
      (first && by.dimension !== "hourOfDay"
        ? value(
            first,
            asked.filter((one) => keyOf(one) === key),
          )
        : 0) ?? Number.NEGATIVE_INFINITY;
    keys = keys
      .filter((key) => key !== undefined)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const sizes = new Map(keys.map((key) => [key, size(key)]));
    const rank = (key: string | undefined) => sizes.get(key) ?? 0;
    keys = keys.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) > rank(a) ? 1 : -1));
    keys = keys.slice(0, by.limit);
  }
  return keys.map((key) => {
    const own = asked.filter((one) => keyOf(one) === key).sort((a, b) => a.at - b.at);
    const names = [...new Set(own.map(({ at }) => named(at, interval)))];
    return {
      key,
      points: names.map((name) => {
        const some = own.filter(({ at }) => named(at, interval) === name);
        return { name, values: measures.map((one) => value(one, some)) };
      }),
    };
  });
}

it("a drawn query gives what the plain reference gives", () => {
  fc.assert(
    fc.property(
      drawnQuery,
      fc.array(drawnRow, { maxLength: 60 }),
      (query: FigureQuery, rows: readonly QueriedRow[]) => {
        const answered = evaluate(query, rows, OCTOBER).map(({ key, points }) => ({
          key,
          points: points.map(({ at, values }) => ({
            name: named(at, query.interval),
            values,
          })),
        }));
        expect(answered).toEqual(reference(query, rows));
      },
    ),
    { numRuns: 2000 },
  );
});
