// What every store must do, whatever it is made of. The embedded one and the Elasticsearch one run this
// suite unchanged; `open` gives an empty store, `reopen` a second one on the same data while the first was
// never closed (as after a crash).
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { isAppError } from "../../config/errors.ts";
import type { Signal } from "../../detectors/detector.ts";
import type { Finding } from "../../services/store/finding.ts";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type {
  FoldSignals,
  Kind,
  SearchQuery,
  Store,
  Versioned,
} from "../../services/store/store.ts";

export interface StoreUnderTest {
  readonly store: Store;
  readonly reopen: () => Promise<Store>;
  readonly dispose: () => Promise<void>;
}

interface Note {
  readonly title: string;
  readonly tags: readonly string[];
  readonly points?: number;
  readonly done: boolean;
}

const NOTE_KIND: Kind<Note> = {
  name: "note",
  fields: {
    tag: { kind: "keyword", values: (note) => note.tags },
    points: { kind: "number", values: (note) => (note.points === undefined ? [] : [note.points]) },
    done: { kind: "boolean", values: (note) => [note.done] },
    title: { kind: "text", values: (note) => [note.title] },
  },
};

const note = (title: string, more: Partial<Note> = {}): Note => ({
  title,
  tags: [],
  done: false,
  ...more,
});

export const exampleSignal = (id: string, time = 1000): Signal => ({
  id,
  tenant: "a",
  detector: {
    id: "rule-1",
    kind: "sigma",
    title: "Anmeldeversuche an dc01",
    description: "",
    level: "high",
    status: "test",
    techniques: ["T1110"],
    tactics: ["credential-access"],
    falsePositives: [],
    references: [],
    response: [],
    origin: "own/windows/logon.yml",
  },
  time,
  raisedAt: time + 500,
  entities: [{ type: "host", value: "dc01.kreis.local" }],
  groupKey: "host:dc01.kreis.local",
  source: "winlogbeat",
  matched: [],
  events: [],
});

/** A fold that counts; the real one is the triage's. */
export const exampleFold: FoldSignals = (existing, fresh) => {
  const [first] = fresh;
  if (first === undefined) throw new Error("nothing fresh");
  const { detector, ...rest } = first;
  const base: Finding = existing ?? {
    id: "f",
    tenant: rest.tenant,
    detector: {
      ...detector,
      techniques: [...detector.techniques],
      tactics: [...detector.tactics],
      falsePositives: [],
      references: [],
      response: [],
    },
    groupKey: rest.groupKey,
    entities: [...rest.entities],
    score: 50,
    scoreParts: [],
    summary: "Viele Anmeldeversuche",
    status: "new",
    verdictHistory: [],
    signalCount: 0,
    firstEventAt: rest.time,
    lastEventAt: rest.time,
    raisedAt: rest.raisedAt,
    sources: [rest.source],
    evidence: [],
  };
  return { ...base, signalCount: base.signalCount + fresh.length };
};

const ids = (page: { readonly hits: readonly Versioned<unknown>[] }) =>
  page.hits.map((hit) => hit.id);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );
}

const query = (more: Partial<SearchQuery> = {}): SearchQuery => ({ sort: [], limit: 100, ...more });

export function describeStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    const opened: StoreUnderTest[] = [];
    async function fresh(): Promise<StoreUnderTest> {
      const one = await open();
      opened.push(one);
      return one;
    }
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose();
    });

    describeDocuments(fresh);
    describeSearch(fresh);
    describeText(fresh);
    describeSignals(fresh);
    describeAudit(fresh);
    describeTenants(fresh);
  });
}

function describeDocuments(fresh: () => Promise<StoreUnderTest>): void {
  it("creates an id once, replaces by version and removes", async () => {
    const { store } = await fresh();
    const first = await store.create("a", NOTE_KIND, "1", note("eins"));
    expect(await codeOf(store.create("a", NOTE_KIND, "1", note("noch eins")))).toBe("HW_EXISTS");
    const second = await store.replace("a", NOTE_KIND, "1", note("zwei"), first.version);
    expect(second.document.title).toBe("zwei");
    expect(await store.get("a", NOTE_KIND, "1")).toEqual(second);
    const stale = store.replace("a", NOTE_KIND, "1", note("drei"), first.version);
    expect(await codeOf(stale)).toBe("HW_CONFLICT");
    const missing = store.replace("a", NOTE_KIND, "2", note("x"), 1);
    expect(await codeOf(missing)).toBe("HW_NOT_FOUND");
    expect(await store.remove("a", NOTE_KIND, "1")).toBe(true);
    expect(await store.remove("a", NOTE_KIND, "1")).toBe(false);
    expect(await store.get("a", NOTE_KIND, "1")).toBeUndefined();
    expect((await store.search("a", NOTE_KIND, query())).total).toBe(0);
  });

  it("keeps a document exactly, whatever keys and characters it has", async () => {
    const { store } = await fresh();
    const hostile = JSON.parse(
      '{"title":"\\u0000\\"; DROP TABLE document; --😀","tags":["__proto__"],"done":true,"__proto__":{"x":1}}',
    );
    await store.put("a", NOTE_KIND, "../../etc/passwd", hostile);
    const found = await store.get("a", NOTE_KIND, "../../etc/passwd");
    expect(JSON.stringify(found?.document)).toBe(JSON.stringify(hostile));
    expect(
      ids(await store.search("a", NOTE_KIND, query({ terms: { tag: ["__proto__"] } }))),
    ).toEqual(["../../etc/passwd"]);
  });

  it("lets exactly one of many concurrent writers of a version win", async () => {
    const { store } = await fresh();
    const { version } = await store.create("a", NOTE_KIND, "1", note("start"));
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, writer) =>
        codeOf(store.replace("a", NOTE_KIND, "1", note(`${writer}`), version)),
      ),
    );
    expect(results.filter((result) => result === "no error")).toHaveLength(1);
    expect(results.filter((result) => result === "HW_CONFLICT")).toHaveLength(39);
    const created = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(store.create("a", NOTE_KIND, "2", note("x")))),
    );
    expect(created.filter((result) => result === "no error")).toHaveLength(1);
  });

  it("loses no increment of writers that read again after a conflict", async () => {
    const { store } = await fresh();
    await store.create("a", NOTE_KIND, "sum", note("sum", { points: 0 }));
    const increment = async (): Promise<void> => {
      for (;;) {
        const current = await store.get("a", NOTE_KIND, "sum");
        if (current === undefined) throw new Error("gone");
        const next = { ...current.document, points: (current.document.points ?? 0) + 1 };
        const result = await codeOf(store.replace("a", NOTE_KIND, "sum", next, current.version));
        if (result === "no error") return;
        expect(result).toBe("HW_CONFLICT");
      }
    };
    await Promise.all(Array.from({ length: 25 }, increment));
    expect((await store.get("a", NOTE_KIND, "sum"))?.document.points).toBe(25);
  });

  it("has everything that was acknowledged after a crash", async () => {
    const { store, reopen } = await fresh();
    await store.put("a", NOTE_KIND, "1", note("bleibt", { tags: ["x"] }));
    await store.appendAudit("a", { at: 1, actor: "cli", action: "x", subject: "y", payload: {} });
    const again = await reopen();
    expect(ids(await again.search("a", NOTE_KIND, query({ terms: { tag: ["x"] } })))).toEqual([
      "1",
    ]);
    expect(await again.readAudit("a", 1, 10)).toHaveLength(1);
    await again.close();
  });

  it("tells watchers of their tenant and kind only, until they stop", async () => {
    const { store } = await fresh();
    const seen: string[] = [];
    const stop = store.watch("a", NOTE_KIND, (change) => seen.push(change.document.title));
    await store.put("a", NOTE_KIND, "1", note("eins"));
    await store.put("b", NOTE_KIND, "1", note("fremd"));
    await store.put("a", { ...NOTE_KIND, name: "other" }, "1", note("andere Art"));
    await store.create("a", NOTE_KIND, "2", note("zwei"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop();
    await store.put("a", NOTE_KIND, "3", note("drei"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual(["eins", "zwei"]);
  });

  it("refuses everything after close", async () => {
    const { store } = await fresh();
    await store.close();
    expect(await codeOf(store.get("a", NOTE_KIND, "1"))).toBe("HW_CLOSED");
    expect(await codeOf(store.put("a", NOTE_KIND, "1", note("x")))).toBe("HW_CLOSED");
  });
}

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

function describeSearch(fresh: () => Promise<StoreUnderTest>): void {
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

function describeText(fresh: () => Promise<StoreUnderTest>): void {
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

function describeSignals(fresh: () => Promise<StoreUnderTest>): void {
  const count = async (store: Store, id: string) =>
    (await store.get("a", FINDING_KIND, id))?.document.signalCount;

  it("counts every signal once, however often and in whatever groups it comes", async () => {
    const { store } = await fresh();
    const record = (groups: Record<string, string[]>) =>
      store.recordSignals(
        "a",
        FINDING_KIND,
        new Map(
          Object.entries(groups).map(([id, list]) => [id, list.map((one) => exampleSignal(one))]),
        ),
        exampleFold,
      );
    const first = await record({ f1: ["s1", "s2"], f2: ["s3"] });
    expect(first.map((one) => one.id)).toEqual(["f1", "f2"]);
    expect(await record({ f1: ["s1", "s2"], f2: ["s3"] })).toEqual([]);
    const next = await record({ f1: ["s2", "s4", "s4"], f2: ["s3"] });
    expect(next.map((one) => one.id)).toEqual(["f1"]);
    expect(await count(store, "f1")).toBe(3);
    expect(await count(store, "f2")).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => record({ f1: ["s5"], f3: ["s6"] })));
    expect(await count(store, "f1")).toBe(4);
    expect(await count(store, "f3")).toBe(1);
  });

  it("changes nothing when a fold fails, and counts the signals later", async () => {
    const { store } = await fresh();
    const groups = new Map([
      ["f1", [exampleSignal("s1")]],
      ["f2", [exampleSignal("s2")]],
    ]);
    let calls = 0;
    const failing: FoldSignals = (existing, signals) => {
      calls += 1;
      if (calls === 2) throw new Error("no");
      return exampleFold(existing, signals);
    };
    await expect(store.recordSignals("a", FINDING_KIND, groups, failing)).rejects.toThrow("no");
    expect(await count(store, "f1")).toBeUndefined();
    await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
    expect(await count(store, "f1")).toBe(1);
    expect(await count(store, "f2")).toBe(1);
  });

  it("keeps an analyst's change beside new signals", async () => {
    const { store } = await fresh();
    const record = (id: string) =>
      store.recordSignals("a", FINDING_KIND, new Map([["f1", [exampleSignal(id)]]]), exampleFold);
    await record("s1");
    const seen = await store.get("a", FINDING_KIND, "f1");
    if (seen === undefined) throw new Error("no finding");
    await record("s2");
    const closed = { ...seen.document, status: "closed" as const };
    const stale = store.replace("a", FINDING_KIND, "f1", closed, seen.version);
    expect(await codeOf(stale)).toBe("HW_CONFLICT");
    const now = await store.get("a", FINDING_KIND, "f1");
    if (now === undefined) throw new Error("no finding");
    await store.replace(
      "a",
      FINDING_KIND,
      "f1",
      { ...now.document, status: "closed" },
      now.version,
    );
    await record("s3");
    const last = await store.get("a", FINDING_KIND, "f1");
    expect(last?.document).toMatchObject({ status: "closed", signalCount: 3 });
  });

  it("finds findings by what they are about", async () => {
    const { store } = await fresh();
    await store.recordSignals(
      "a",
      FINDING_KIND,
      new Map([["f1", [exampleSignal("s1")]]]),
      exampleFold,
    );
    for (const terms of [
      { status: ["new"] },
      { entity: ["dc01.kreis.local"] },
      { tactic: ["credential-access"] },
      { technique: ["T1110"] },
      { level: ["high"] },
      { source: ["winlogbeat"] },
    ])
      expect((await store.search("a", FINDING_KIND, query({ terms }))).total).toBe(1);
    expect((await store.search("a", FINDING_KIND, query({ text: "dc01.kreis" }))).total).toBe(1);
    expect(
      (await store.search("a", FINDING_KIND, query({ terms: { verdict: ["x"] } }))).total,
    ).toBe(0);
  });
}

function describeAudit(fresh: () => Promise<StoreUnderTest>): void {
  const entry = (subject: string) => ({
    at: 1000,
    actor: "system",
    action: "finding.verdict",
    subject,
    payload: { before: null, after: { verdict: "true_positive", ä: [1, 2.5, "x"] } },
  });

  it("gives consecutive numbers to concurrent entries, in one chain", async () => {
    const { store } = await fresh();
    const written = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.appendAudit("a", entry(`f${index}`))),
    );
    expect(written.map((one) => one.sequence)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    const read = await store.readAudit("a", 1, 100);
    expect(read).toEqual(written);
    for (const [index, one] of read.entries())
      expect(one.previousHash).toBe(read[index - 1]?.hash ?? "0".repeat(64));
    expect(await store.readAudit("a", 49, 1)).toEqual([written[48]]);
    expect(await store.verifyAudit("a")).toBeUndefined();
    expect(await store.verifyAudit("b")).toBeUndefined();
  });

  it("forgets a payload by law and still holds, with the erasure on record", async () => {
    const { store } = await fresh();
    await store.appendAudit("a", entry("f1"));
    await store.appendAudit("a", entry("f2"));
    const by = { at: 2000, actor: "dpo", reason: "Art. 17 DSGVO" };
    const erasure = await store.eraseAuditPayload("a", 1, by);
    expect(erasure).toMatchObject({ sequence: 3, action: "audit.erase", subject: "1" });
    const [first] = await store.readAudit("a", 1, 1);
    expect(first?.payload).toBeUndefined();
    expect(first?.salt).toBeUndefined();
    expect(await store.verifyAudit("a")).toBeUndefined();
    expect(await codeOf(store.eraseAuditPayload("a", 1, by))).toBe("HW_NOT_FOUND");
    expect(await codeOf(store.eraseAuditPayload("a", 9, by))).toBe("HW_NOT_FOUND");
  });
}

function describeTenants(fresh: () => Promise<StoreUnderTest>): void {
  it("keeps tenants apart in every method", async () => {
    const { store } = await fresh();
    await store.create("a", NOTE_KIND, "1", note("geheim", { tags: ["x"] }));
    await store.appendAudit("a", { at: 1, actor: "cli", action: "x", subject: "y", payload: {} });
    const groups = new Map([["f1", [exampleSignal("s1")]]]);
    await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
    expect(await store.get("b", NOTE_KIND, "1")).toBeUndefined();
    expect(await store.search("b", NOTE_KIND, query({ text: "geheim" }))).toMatchObject({
      hits: [],
      total: 0,
    });
    expect(await store.count("b", NOTE_KIND, "tag", {})).toEqual([]);
    expect(await store.remove("b", NOTE_KIND, "1")).toBe(false);
    expect(await codeOf(store.replace("b", NOTE_KIND, "1", note("x"), 1))).toBe("HW_NOT_FOUND");
    expect(await store.readAudit("b", 1, 10)).toEqual([]);
    const by = { at: 1, actor: "cli", reason: "x" };
    expect(await codeOf(store.eraseAuditPayload("b", 1, by))).toBe("HW_NOT_FOUND");
    // The same signal id of another tenant is another signal.
    expect(await store.recordSignals("b", FINDING_KIND, groups, exampleFold)).toHaveLength(1);
    await store.put("b", NOTE_KIND, "1", note("eigenes"));
    expect((await store.get("a", NOTE_KIND, "1"))?.document.title).toBe("geheim");
    expect(await store.tenants()).toEqual(["a", "b"]);
  });

  it.each(["../b", "", "A", "a/b", "..", "ä", "a".repeat(65), "a\u0000"])(
    "refuses %j as a tenant name",
    async (tenant) => {
      const { store } = await fresh();
      const code = "HW_REQUEST_INVALID";
      expect(await codeOf(store.get(tenant, NOTE_KIND, "1"))).toBe(code);
      expect(await codeOf(store.put(tenant, NOTE_KIND, "1", note("x")))).toBe(code);
      expect(await codeOf(store.search(tenant, NOTE_KIND, query()))).toBe(code);
      expect(await codeOf(store.readAudit(tenant, 1, 1))).toBe(code);
      expect(await codeOf(store.verifyAudit(tenant))).toBe(code);
      expect(await store.tenants()).toEqual([]);
    },
  );
}
