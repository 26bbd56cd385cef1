// The part of the store's contract that is about finding documents: filters, sorting, pages, words.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SearchQuery, Store } from "../../services/store/store.ts";
import {
  codeOf,
  ids,
  NOTE_KIND,
  type Note,
  note,
  query,
  type StoreUnderTest,
} from "./store-examples.ts";

const NOTES: Readonly<Record<string, Note>> = {
  n1: note("Fehlversuch an dc01", { tags: ["red", "blue"], points: 5 }),
  n2: note("Fehlversuch an dc02", { tags: ["red"], points: 7, done: true }),
  n3: note("Anmeldung an fs01", { tags: ["blue"], points: 5 }),
  n4: note("Lüneburg: Schlüssel geändert", { points: -3 }),
  n5: note("Über 100 % Last", { tags: ["green", "red"] }),
};

async function filled(fresh: () => Promise<StoreUnderTest>): Promise<Store> {
  const { store } = await fresh();
  await Promise.all(
    Object.entries(NOTES).map(([id, document]) => store.create("a", NOTE_KIND, id, document)),
  );
  return store;
}

export function describeSearch(fresh: () => Promise<StoreUnderTest>): void {
  const points = (order: "asc" | "desc") => [{ field: "points", order }] as const;
  it.each<[string, Partial<SearchQuery>, string[]]>([
    ["everything by id", {}, ["n1", "n2", "n3", "n4", "n5"]],
    ["one value", { terms: { tag: ["blue"] } }, ["n1", "n3"]],
    [
      "any of several values, each document once",
      { terms: { tag: ["blue", "red"] } },
      ["n1", "n2", "n3", "n5"],
    ],
    ["all fields", { terms: { tag: ["red"], done: [true] } }, ["n2"]],
    ["no value at all", { terms: { tag: [] } }, []],
    ["a value of another case", { terms: { tag: ["Blue"] } }, []],
    ["a number", { terms: { points: [5] } }, ["n1", "n3"]],
    [
      "a range with its lower end and without its upper",
      { ranges: { points: { gte: 5, lt: 7 } } },
      ["n1", "n3"],
    ],
    [
      "a range open below, without documents that have no value",
      { ranges: { points: { lt: 6 } } },
      ["n1", "n3", "n4"],
    ],
    ["a range and a value", { terms: { tag: ["red"] }, ranges: { points: { gte: 6 } } }, ["n2"]],
    ["text and a value", { text: "fehlversuch", terms: { tag: ["blue"] } }, ["n1"]],
    [
      "rising, without a value first, then by id",
      { sort: points("asc") },
      ["n5", "n4", "n1", "n3", "n2"],
    ],
    [
      "falling, without a value last, then by id",
      { sort: points("desc") },
      ["n2", "n1", "n3", "n4", "n5"],
    ],
    [
      "by the lowest of several values",
      { sort: [{ field: "tag", order: "desc" }] },
      ["n2", "n5", "n1", "n3", "n4"],
    ],
    [
      "by two fields",
      { sort: [{ field: "done", order: "desc" }, ...points("asc")] },
      ["n2", "n5", "n4", "n1", "n3"],
    ],
    ["sorted and filtered", { terms: { tag: ["red"] }, sort: points("desc") }, ["n2", "n1", "n5"]],
  ])("finds %s", async (_name, more, wanted) => {
    const store = await filled(fresh);
    const page = await store.search("a", NOTE_KIND, query(more));
    expect(ids(page)).toEqual(wanted);
    expect(page.total).toBe(wanted.length);
    expect(page.cursor).toBeUndefined();
  });

  it.each<[string, Partial<SearchQuery>]>([
    ["an unknown field", { terms: { nothing: ["x"] } }],
    ["an inherited name", { terms: { constructor: ["x"] } }],
    ["a text field as a filter", { terms: { title: ["x"] } }],
    ["a range over an unknown field", { ranges: { "1=1": { gte: 0 } } }],
    ["an unknown field to sort by", { sort: [{ field: "x; DROP TABLE document", order: "asc" }] }],
    ["a page of nothing", { limit: 0 }],
    ["a page without end", { limit: 1_000_000 }],
    ["a cursor that is none", { cursor: "abc" }],
    ["a cursor of another sorting", { cursor: "WyJ4IGFzYyIsWzFdLCJhIl0" }],
  ])("refuses %s", async (_name, more) => {
    const store = await filled(fresh);
    expect(await codeOf(store.search("a", NOTE_KIND, query(more)))).toBe("HW_REQUEST_INVALID");
  });

  it("follows every change of a document in the index", async () => {
    const store = await filled(fresh);
    const count = async (tag: string) =>
      (await store.search("a", NOTE_KIND, query({ terms: { tag: [tag] } }))).total;
    const found = await store.get("a", NOTE_KIND, "n1");
    await store.replace(
      "a",
      NOTE_KIND,
      "n1",
      note("Neuer Titel", { tags: ["blue", "blue", "new"] }),
      found?.version ?? 0,
    );
    expect([await count("red"), await count("blue"), await count("new")]).toEqual([2, 2, 1]);
    expect((await store.search("a", NOTE_KIND, query({ text: "dc01" }))).total).toBe(0);
    expect(ids(await store.search("a", NOTE_KIND, query({ text: "neuer" })))).toEqual(["n1"]);
    await store.remove("a", NOTE_KIND, "n1");
    expect([await count("blue"), await count("new")]).toEqual([1, 0]);
    expect((await store.search("a", NOTE_KIND, query({ text: "neuer" }))).total).toBe(0);
  });

  it("counts documents per value, the largest first", async () => {
    const store = await filled(fresh);
    expect(await store.count("a", NOTE_KIND, "tag", {})).toEqual([
      { value: "red", documents: 3 },
      { value: "blue", documents: 2 },
      { value: "green", documents: 1 },
    ]);
    expect(await store.count("a", NOTE_KIND, "tag", { terms: { tag: ["blue"] } })).toEqual([
      { value: "blue", documents: 2 },
      { value: "red", documents: 1 },
    ]);
    expect(await store.count("a", NOTE_KIND, "tag", { text: "fs01" })).toEqual([
      { value: "blue", documents: 1 },
    ]);
  });

  it("pages through everything exactly once while documents change beside it", async () => {
    const { store } = await fresh();
    const all = Array.from({ length: 90 }, (_, index) => `n${String(index).padStart(2, "0")}`);
    await Promise.all(
      all.map((id, index) =>
        store.create("a", NOTE_KIND, id, note(id, { tags: ["t"], points: index % 7 })),
      ),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    let round = 0;
    do {
      const page = await store.search(
        "a",
        NOTE_KIND,
        query({
          terms: { tag: ["t"] },
          sort: [
            { field: "points", order: "desc" },
            { field: "done", order: "asc" },
          ],
          limit: 8,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      seen.push(...ids(page));
      cursor = page.cursor;
      await store.create("a", NOTE_KIND, `late${round}`, note("x", { tags: ["t"], points: 99 }));
      await store.put(
        "a",
        NOTE_KIND,
        page.hits[0]?.id ?? "",
        note("x", { tags: ["t"], points: 98 }),
      );
      round += 1;
    } while (cursor !== undefined && round < 50);
    expect(seen.filter((id) => id.startsWith("n")).sort()).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("agrees with a plain filter and sort of the same documents", async () => {
    const { store } = await fresh();
    let run = 0;
    const document = fc.record({
      title: fc.constant("x"),
      tags: fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
      points: fc.integer({ min: -3, max: 3 }),
      done: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 40 }),
        fc.constantFrom("asc" as const, "desc" as const),
        fc.subarray(["a", "b", "c"], { minLength: 1 }),
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: 1, max: 50 }),
        async (documents, order, tags, gte, limit) => {
          const kind = { ...NOTE_KIND, name: `note_${run++}` };
          const named = documents.map((one, index) => ({ id: `n${100 + index}`, one }));
          await Promise.all(named.map(({ id, one }) => store.create("a", kind, id, one)));
          const page = await store.search(
            "a",
            kind,
            query({
              terms: { tag: tags },
              ranges: { points: { gte } },
              sort: [{ field: "points", order }],
              limit,
            }),
          );
          const fitting = named
            .filter(({ one }) => one.tags.some((tag) => tags.includes(tag)) && one.points >= gte)
            .sort((x, y) => (x.one.points - y.one.points) * (order === "asc" ? 1 : -1));
          expect(ids(page)).toEqual(fitting.slice(0, limit).map(({ id }) => id));
          expect(page.total).toBe(fitting.length);
        },
      ),
      { numRuns: 30 },
    );
  });
}

export function describeText(fresh: () => Promise<StoreUnderTest>): void {
  it.each([
    ["fehlversuch", ["n1", "n2"]],
    ["FEHLVERSUCH dc01", ["n1"]],
    ["dc0", ["n1", "n2"]],
    ["fehl dc01", []],
    ["schlüssel", ["n4"]],
    ["100", ["n5"]],
    ["   ", ["n1", "n2", "n3", "n4", "n5"]],
    ["dc01 -- ", ["n1"]],
  ])("finds the words %j", async (text, wanted) => {
    const store = await filled(fresh);
    expect(ids(await store.search("a", NOTE_KIND, query({ text })))).toEqual(wanted);
  });

  it.each([
    '"',
    '""',
    '"dc01" OR title:*',
    "dc01*)",
    "(((((",
    "NEAR(dc01 an, 3)",
    "title : dc01",
    "^dc01",
    "dc01 AND",
    "-dc01",
    "{title}:x",
    "'; DROP TABLE document; --",
    "\u0000dc01",
    "a\\",
    "*",
    "😀",
    "+",
    "a".repeat(5000),
    "x ".repeat(500),
  ])("takes hostile input as plain words: %j", async (text) => {
    const store = await filled(fresh);
    const page = await store.search("a", NOTE_KIND, query({ text }));
    expect(page.total).toBe(page.hits.length);
    expect((await store.search("a", NOTE_KIND, query())).total).toBe(5);
  });

  it("never fails on any text", async () => {
    const store = await filled(fresh);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
        const page = await store.search("a", NOTE_KIND, query({ text }));
        expect(page.total).toBeLessThanOrEqual(5);
      }),
    );
  });
}
