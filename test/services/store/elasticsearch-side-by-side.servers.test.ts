// What only the store in Elasticsearch promises: several processes side by side, moving to a new layout while
// others read and write, a server that is away, and a key that may do nothing else.
import { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { Elasticsearch } from "../../../services/elasticsearch/connection.ts";
import { neededPrivileges } from "../../../services/elasticsearch/privileges.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Kind, Store } from "../../../services/store/store.ts";
import {
  codeOf,
  exampleFold,
  exampleSignal,
  ids,
  NOTE_KIND,
  note,
  query,
} from "../../contract/store-examples.ts";
import { elasticsearchUrl } from "../../servers/addresses.ts";
import { openCutProxy } from "../../support/cut-proxy.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

const logger = pino({ level: "silent" });
const disposals: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

function place(): Elasticsearch {
  const elasticsearch = connect();
  disposals.push(
    () => cleanUp(elasticsearch.prefix),
    () => elasticsearch.client.close(),
  );
  return elasticsearch;
}

function open(elasticsearch: Elasticsearch, more: { now?: () => number; giveUpMs?: number } = {}) {
  const store = openElasticsearchStore({ elasticsearch, logger, ...more });
  disposals.push(() => store.close());
  return store;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const entry = (subject: string) => ({
  at: 1000,
  actor: "system",
  action: "x",
  subject,
  payload: { subject },
});

const signals = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => exampleSignal(`s${from + at}`));

describe("two stores on the same indices", () => {
  it("count each signal once, and keep what an analyst changes in between", async () => {
    const elasticsearch = place();
    const [one, two] = [open(elasticsearch), open(elasticsearch)];
    const record = (store: Store, from: number, to: number) =>
      store.recordSignals(
        "a",
        FINDING_KIND,
        new Map([
          ["f1", signals(from, to)],
          ["f2", signals(from, to)],
        ]),
        exampleFold,
      );
    const close = async () => {
      for (;;) {
        const now = await one.get("a", FINDING_KIND, "f1");
        if (now === undefined) continue;
        const closed = { ...now.document, status: "closed" as const };
        const code = await codeOf(one.replace("a", FINDING_KIND, "f1", closed, now.version));
        if (code === "no error") return;
        expect(code).toBe("HW_CONFLICT");
      }
    };
    const rounds = Array.from({ length: 10 }, (_, round) => round * 7);
    await Promise.all([
      ...rounds.flatMap((from) => [record(one, from, from + 10), record(two, from, from + 10)]),
      close(),
    ]);
    const f1 = await two.get("a", FINDING_KIND, "f1");
    const f2 = await two.get("a", FINDING_KIND, "f2");
    expect(f1?.document).toMatchObject({ signalCount: 73, status: "closed" });
    expect(f2?.document.signalCount).toBe(73);
    expect(await two.signalIds("a", FINDING_KIND, "f1")).toHaveLength(73);
    expect(await record(two, 0, 73)).toEqual([]);
  });

  it("count the signals of a finding that was removed anew", async () => {
    const store = open(place());
    const record = (from: number, to: number) =>
      store.recordSignals("a", FINDING_KIND, new Map([["f1", signals(from, to)]]), exampleFold);
    await record(0, 3);
    await record(3, 5);
    expect(await store.remove("a", FINDING_KIND, "f1")).toBe(true);
    expect(await store.signalIds("a", FINDING_KIND, "f1")).toEqual([]);
    await record(0, 2);
    expect((await store.get("a", FINDING_KIND, "f1"))?.document.signalCount).toBe(2);
  });

  it("write one audit chain without gap or fork", async () => {
    const elasticsearch = place();
    const stores = [open(elasticsearch), open(elasticsearch)];
    const written = await Promise.all(
      Array.from({ length: 60 }, (_, at) => stores[at % 2]?.appendAudit("a", entry(`f${at}`))),
    );
    const sequences = written.map((one) => one?.sequence ?? 0).sort((x, y) => x - y);
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    for (const store of stores) expect(await store.verifyAudit("a")).toBeUndefined();
  });

  it("tell each other's changes once", async () => {
    const elasticsearch = place();
    const [one, two] = [open(elasticsearch), open(elasticsearch)];
    await one.put("a", NOTE_KIND, "old", note("alt"));
    const seen: string[] = [];
    two.watch("a", NOTE_KIND, ({ document }) => seen.push(document.title));
    await until(async () => {
      await one.put("a", NOTE_KIND, "probe", note("Probe"));
      return seen.includes("Probe");
    });
    seen.length = 0;
    await two.put("a", NOTE_KIND, "own", note("eigenes"));
    await one.put("a", NOTE_KIND, "1", note("fremd 1"));
    await one.put("a", NOTE_KIND, "2", note("fremd 2"));
    await until(() => seen.includes("fremd 2"));
    await one.put("a", NOTE_KIND, "3", note("fremd 3"));
    await until(() => seen.includes("fremd 3"));
    expect(seen.filter((title) => title !== "Probe")).toEqual([
      "eigenes",
      "fremd 1",
      "fremd 2",
      "fremd 3",
    ]);
  });

  it("see a tenant's documents only, though another one's name begins alike", async () => {
    const store = open(place());
    for (const tenant of ["kreis", "kreis-nord", "kreis-2026", "kreis-1"])
      await store.put(tenant, NOTE_KIND, "1", note(tenant));
    const page = await store.search("kreis", NOTE_KIND, query());
    expect(page.hits.map(({ document }) => document.title)).toEqual(["kreis"]);
    expect(await store.tenants()).toEqual(["kreis", "kreis-1", "kreis-2026", "kreis-nord"]);
  });

  it("forget the counted signals of months that are over, of one tenant", async () => {
    let now = Date.UTC(2026, 0, 15);
    const store = open(place(), { now: () => now });
    const record = (tenant: string, from: number, to: number) =>
      store.recordSignals(tenant, FINDING_KIND, new Map([["f1", signals(from, to)]]), exampleFold);
    for (const tenant of ["kreis", "kreis-nord"]) {
      await record(tenant, 0, 1);
      await record(tenant, 1, 2);
    }
    now = Date.UTC(2026, 2, 1);
    expect(await store.retainSignals("kreis", Date.UTC(2026, 0, 31))).toBe(0);
    expect(await store.retainSignals("kreis", now)).toBe(1);
    expect(await store.signalIds("kreis", FINDING_KIND, "f1")).toEqual(["s1"]);
    expect(await store.signalIds("kreis-nord", FINDING_KIND, "f1")).toEqual(["s0", "s1"]);
  });
});

describe("hostile documents", () => {
  it.each([
    ["an id of 5,000 characters", "x".repeat(5000)],
    ["an empty id", ""],
    ["half a character", "a\ud800"],
    ["what our hashed ids look like", "~abc"],
  ])("are kept with %s", async (_name, id) => {
    const store = open(place());
    await store.create("a", NOTE_KIND, id, note("x", { tags: ["y".repeat(50_000)] }));
    expect((await store.get("a", NOTE_KIND, id))?.id).toBe(id);
    const terms = { tag: ["y".repeat(50_000)] };
    expect(ids(await store.search("a", NOTE_KIND, query({ terms })))).toEqual([id]);
    expect(await store.remove("a", NOTE_KIND, id)).toBe(true);
  });

  it("are refused over 10 MB", async () => {
    const store = open(place());
    const large = store.put("a", NOTE_KIND, "1", note("x".repeat(10_000_001)));
    expect(await codeOf(large)).toBe("HW_INPUT_TOO_LARGE");
  });
});

describe("a kind that is indexed in another way", () => {
  interface Thing {
    readonly size: number;
  }
  const first: Kind<Thing> = {
    name: "thing",
    fields: { size: { kind: "number", values: ({ size }) => [size] } },
  };
  const second: Kind<Thing> = {
    name: "thing",
    revision: 2,
    fields: {
      size: { kind: "number", values: ({ size }) => [2 * size] },
      parity: { kind: "keyword", values: ({ size }) => [size % 2 === 0 ? "even" : "odd"] },
    },
  };

  it("moves while others read and write, and nothing is lost", async () => {
    const elasticsearch = place();
    const old = open(elasticsearch);
    await Promise.all(
      Array.from({ length: 1500 }, (_, at) => old.put("a", first, `n${at}`, { size: at })),
    );
    let isDone = false;
    const acknowledged: string[] = [];
    const refusals = new Set<string>();
    const writing = (async () => {
      for (let at = 0; !isDone; at += 1) {
        const code = await codeOf(old.put("a", first, `late${at}`, { size: at }));
        if (code === "no error") acknowledged.push(`late${at}`);
        else refusals.add(code);
      }
    })();
    const reader = open(elasticsearch);
    const reading = (async () => {
      while (!isDone) expect((await reader.get("a", first, "n7"))?.document.size).toBe(7);
    })();
    await until(() => acknowledged.length > 3);
    const fresh = [open(elasticsearch), open(elasticsearch)];
    const found = await Promise.all(
      fresh.map((store) => store.search("a", second, query({ terms: { size: [1400] } }))),
    );
    isDone = true;
    await Promise.all([writing, reading]);
    expect(found.map(ids)).toEqual([["n700"], ["n700"]]);
    const [store] = fresh;
    const page = await store?.search("a", second, query({ limit: 10_000 }));
    expect(page?.hits.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(page?.total).toBe(1500 + acknowledged.length);
    expect([...refusals].filter((code) => code !== "HW_STORE_VERSION")).toEqual([]);
    expect((await store?.get("a", second, "n7"))?.version).toBe(1);
    const indices = await elasticsearch.client.indices.getSettings({
      index: `${elasticsearch.prefix}-*`,
    });
    expect(Object.keys(indices)).toEqual([`${elasticsearch.prefix}-thing-a.v2`]);
    // What the newer one has written is not for the older one.
    expect(await codeOf(open(elasticsearch).get("a", first, "n7"))).toBe("HW_STORE_VERSION");
  });
});

describe("a server that is away", () => {
  it("is waited for, and everything is there once", async () => {
    const proxy = await openCutProxy(elasticsearchUrl());
    disposals.push(proxy.close);
    const direct = place();
    const through = connect(direct.prefix, proxy.url);
    disposals.push(() => through.client.close());
    const store = open(through);
    await store.put("a", NOTE_KIND, "0", note("vorher"));
    let isDone = false;
    const cutting = (async () => {
      for (let round = 0; round < 5; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        proxy.cut();
        await new Promise((resolve) => setTimeout(resolve, 150));
        proxy.restore();
      }
      isDone = true;
    })();
    const codes: string[] = [];
    let written = 0;
    while (!isDone) {
      written += 1;
      codes.push(await codeOf(store.create("a", NOTE_KIND, `n${written}`, note("x"))));
      const batch = signals(written - 1, written + 1);
      const groups = new Map([["f1", batch]]);
      await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
      await store.appendAudit("a", entry(`${written}`));
    }
    await cutting;
    expect(codes.filter((code) => code !== "no error")).toEqual([]);
    expect((await store.search("a", NOTE_KIND, query())).total).toBe(written + 1);
    const finding = await store.get("a", FINDING_KIND, "f1");
    expect(finding?.document.signalCount).toBe(written + 1);
    expect(await store.readAudit("a", 1, 10_000)).toHaveLength(written);
    expect(await store.verifyAudit("a")).toBeUndefined();
  });

  it("is given up in the end", async () => {
    const proxy = await openCutProxy(elasticsearchUrl());
    disposals.push(proxy.close);
    const through = connect("unused", proxy.url);
    disposals.push(() => through.client.close());
    const store = open(through, { giveUpMs: 300 });
    proxy.cut();
    expect(await codeOf(store.get("a", NOTE_KIND, "1"))).toBe("HW_UNAVAILABLE");
    expect(await codeOf(store.put("a", NOTE_KIND, "1", note("x")))).toBe("HW_UNAVAILABLE");
    expect(await codeOf(store.search("a", NOTE_KIND, query()))).toBe("HW_UNAVAILABLE");
  });
});

describe("a key of the least role", () => {
  it("is enough for everything, and for nothing else", async () => {
    const admin = place();
    const { prefix } = admin;
    const role = JSON.parse(JSON.stringify(neededPrivileges(prefix)));
    const key = await admin.client.security.createApiKey({
      name: `${prefix}-key`,
      role_descriptors: { heidewacht: role },
    });
    disposals.push(() => admin.client.security.invalidateApiKey({ ids: [key.id] }));
    const client = new Client({ node: elasticsearchUrl(), auth: { apiKey: key.encoded } });
    disposals.push(() => client.close());
    const store = open({ ...admin, client });
    await useEverything(store);
    const moved = open({ ...admin, client });
    const wider: Kind<{ readonly title: string }> = {
      name: "note",
      revision: 2,
      fields: { title: { kind: "text", values: ({ title }) => [title] } },
    };
    expect((await moved.search("a", wider, query({ text: "drei" }))).total).toBe(1);

    const other = `${connect().prefix}-note-a.v1`;
    disposals.push(() => cleanUp(other.split("-")[0] ?? ""));
    await admin.client.indices.create({ index: other });
    await admin.client.index({ index: other, id: "1", document: {} });
    const refused: (() => Promise<unknown>)[] = [
      () => client.search({ index: other }),
      () => client.get({ index: other, id: "1" }),
      () => client.index({ index: other, id: "2", document: {} }),
      () => client.indices.delete({ index: other }),
      () => client.indices.create({ index: `${other}x` }),
      () => client.indices.getMapping({ index: other }),
      () => client.security.getUser(),
    ];
    for (const request of refused)
      await expect(request()).rejects.toMatchObject({ statusCode: 403 });
  });
});

async function useEverything(store: ReturnType<typeof open>): Promise<void> {
  await store.create("a", NOTE_KIND, "1", note("eins"));
  await store.replace("a", NOTE_KIND, "1", note("zwei"), 1);
  await store.put("a", NOTE_KIND, "2", note("drei", { tags: ["x"] }));
  await store.put("a", NOTE_KIND, "3", note("vier"));
  const page = await store.search("a", NOTE_KIND, query({ limit: 1 }));
  const cursor = page.cursor ?? "";
  expect((await store.search("a", NOTE_KIND, query({ limit: 1, cursor }))).hits).toHaveLength(1);
  expect(await store.count("a", NOTE_KIND, "tag", {})).toEqual([{ value: "x", documents: 1 }]);
  expect(await store.remove("a", NOTE_KIND, "3")).toBe(true);
  const stop = store.watch("a", NOTE_KIND, () => undefined);
  for (const to of [2, 4])
    await store.recordSignals("a", FINDING_KIND, new Map([["f", signals(0, to)]]), exampleFold);
  expect(await store.signalIds("a", FINDING_KIND, "f")).toHaveLength(4);
  await store.remove("a", FINDING_KIND, "f");
  await store.appendAudit("a", entry("1"));
  await store.eraseAuditPayload("a", 1, { at: 1, actor: "dpo", reason: "x" });
  expect(await store.readAudit("a", 1, 10)).toHaveLength(2);
  expect(await store.verifyAudit("a")).toBeUndefined();
  expect(await store.tenants()).toEqual(["a"]);
  expect(await store.retainSignals("a", Date.now() + 40 * 86_400_000)).toBe(1);
  stop();
}
