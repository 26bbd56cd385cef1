// What every store must do, whatever it is made of. The embedded one and the Elasticsearch one run this
// suite unchanged; `open` gives an empty store, `reopen` a second one on the same data while the first was
// never closed (as after a crash).
import { afterEach, describe, expect, it } from "vitest";
import { FINDING_KIND } from "../../services/store/kinds.ts";
import type { FoldSignals, Store } from "../../services/store/store.ts";

import { describeAuditedWrites } from "./store-audit.ts";
import {
  codeOf,
  exampleFold,
  exampleSignal,
  ids,
  NOTE_KIND,
  note,
  query,
  type StoreUnderTest,
} from "./store-examples.ts";
import { describeSearch, describeText } from "./store-search.ts";

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
    describeAuditedWrites(fresh);
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
