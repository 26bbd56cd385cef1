// What every store must do with audit entries that are part of a write: the entry is there exactly when the
// document's change is, once for each write that succeeded, in the order of the writes.
import { expect, it } from "vitest";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { AuditInput, FoldSignals, Store } from "../../services/store/store.ts";
import {
  codeOf,
  exampleFold,
  exampleSignal,
  NOTE_KIND,
  note,
  query,
  type StoreUnderTest,
} from "./store-examples.ts";

export const noted = (subject: string, after: unknown): AuditInput => ({
  at: 1000,
  actor: "system",
  action: "note.change",
  subject,
  payload: { after },
});

/** The payloads of a tenant's chain, which has to hold. */
export async function chainOf(store: Store, tenant = "a"): Promise<[string, unknown][]> {
  expect(await store.verifyAudit(tenant)).toBeUndefined();
  const entries = await store.readAudit(tenant, 1, 10_000);
  return entries.map(({ subject, payload }) => [subject, payload?.after]);
}

export function describeAuditedWrites(fresh: () => Promise<StoreUnderTest>): void {
  it("writes a document's entry with it, and none with a write that is refused", async () => {
    const { store } = await fresh();
    const { version } = await store.create("a", NOTE_KIND, "1", note("x"), noted("1", "x"));
    const again = store.create("a", NOTE_KIND, "1", note("y"), noted("1", "y"));
    expect(await codeOf(again)).toBe("HW_EXISTS");
    await store.replace("a", NOTE_KIND, "1", note("z"), version, noted("1", "z"));
    const stale = store.replace("a", NOTE_KIND, "1", note("v"), version, noted("1", "v"));
    expect(await codeOf(stale)).toBe("HW_CONFLICT");
    const missing = store.replace("a", NOTE_KIND, "2", note("w"), 1, noted("2", "w"));
    expect(await codeOf(missing)).toBe("HW_NOT_FOUND");
    expect(await chainOf(store)).toEqual([
      ["1", "x"],
      ["1", "z"],
    ]);
    await store.remove("a", NOTE_KIND, "1");
    expect(await chainOf(store)).toHaveLength(2);
  });

  it("gives one entry to each of many concurrent writes, in their order", async () => {
    const { store, reopen } = await fresh();
    await store.create("a", NOTE_KIND, "sum", note("sum", { points: 0 }));
    const increment = async (): Promise<void> => {
      for (;;) {
        const current = await store.get("a", NOTE_KIND, "sum");
        if (current === undefined) throw new Error("gone");
        const points = (current.document.points ?? 0) + 1;
        const next = { ...current.document, points };
        const entry = noted("sum", points);
        const done = store.replace("a", NOTE_KIND, "sum", next, current.version, entry);
        const code = await codeOf(done);
        if (code === "no error") return;
        expect(code).toBe("HW_CONFLICT");
      }
    };
    await Promise.all(Array.from({ length: 25 }, increment));
    const expected = Array.from({ length: 25 }, (_, at) => ["sum", at + 1]);
    expect(await chainOf(store)).toEqual(expected);
    const again = await reopen();
    expect(await chainOf(again)).toEqual(expected);
    await again.close();
  });

  it("revises many documents, each with its entry, and tells what became of them", async () => {
    const { store } = await fresh();
    const count = 1200;
    const ids = Array.from({ length: count }, (_, at) => `n${at}`);
    await Promise.all(ids.map((id, at) => store.put("a", NOTE_KIND, id, note(id, { points: at }))));
    const results = await store.reviseAll("a", NOTE_KIND, [...ids, "none"], (present) => {
      const { document, id } = present;
      if ((document.points ?? 0) % 3 === 0) return undefined;
      return { document: { ...document, done: true }, audit: noted(id, present.version + 1) };
    });
    expect(results).toHaveLength(count + 1);
    expect(results.at(-1)).toBe("missing");
    expect(results.filter((one) => one === "done")).toHaveLength(800);
    expect(results.filter((one) => one === "left")).toHaveLength(400);
    const found = await store.search("a", NOTE_KIND, query({ terms: { done: [true] } }));
    expect(found.total).toBe(800);
    const chain = await chainOf(store);
    expect(chain).toHaveLength(800);
    expect(new Set(chain.map(([id]) => id)).size).toBe(800);
    expect(new Set(chain.map(([, version]) => version))).toEqual(new Set([2]));
    expect(await store.reviseAll("b", NOTE_KIND, ["n1"], () => undefined)).toEqual(["missing"]);
    expect(await store.reviseAll("a", NOTE_KIND, [], () => undefined)).toEqual([]);
  });

  it("loses no change where several revise the same documents", async () => {
    const { store } = await fresh();
    const ids = Array.from({ length: 20 }, (_, at) => `n${at}`);
    for (const id of ids) await store.put("a", NOTE_KIND, id, note(id, { points: 0 }));
    const one = () =>
      store.reviseAll("a", NOTE_KIND, ids, ({ id, document }) => {
        const points = (document.points ?? 0) + 1;
        return { document: { ...document, points }, audit: noted(id, points) };
      });
    await Promise.all(Array.from({ length: 5 }, one));
    const chain = await chainOf(store);
    for (const id of ids) {
      expect((await store.get("a", NOTE_KIND, id))?.document.points).toBe(5);
      expect(chain.filter(([subject]) => subject === id).map(([, after]) => after)).toEqual([
        ...[1, 2, 3, 4, 5],
      ]);
    }
  });

  it("writes what a fold puts on record with the fold, once", async () => {
    const { store } = await fresh();
    const fold: FoldSignals = (existing, signals) => {
      const document = exampleFold(existing, signals);
      if (existing === undefined) return document;
      return { document, audit: noted(signals[0]?.id ?? "", document.signalCount) };
    };
    const record = (ids: string[]) => {
      const signals = ids.map((id) => exampleSignal(id));
      return store.recordSignals("a", FINDING_KIND, new Map([["f1", signals]]), fold);
    };
    await record(["s1"]);
    await record(["s1", "s2"]);
    await record(["s1", "s2"]);
    await Promise.all(Array.from({ length: 10 }, () => record(["s2", "s3", "s4"])));
    expect(await chainOf(store)).toEqual([
      ["s2", 2],
      ["s3", 4],
    ]);
  });
}
