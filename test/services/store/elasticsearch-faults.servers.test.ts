// The store in Elasticsearch where answers get lost, writes come late, indices are closed by a full disk, views
// of lists are gone, and a move to a new layout is given up by whoever began it.
import { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { BulkWriter } from "../../../services/elasticsearch/bulk.ts";
import type { Elasticsearch } from "../../../services/elasticsearch/connection.ts";
import { createIndex, findIndex } from "../../../services/elasticsearch/indices.ts";
import { Retry } from "../../../services/elasticsearch/retry.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { migrateKind } from "../../../services/store/elasticsearch-migration.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Kind, Store } from "../../../services/store/store.ts";
import {
  exampleFold,
  exampleSignal,
  ids,
  NOTE_KIND,
  note,
  query,
} from "../../contract/store-examples.ts";
import { ELASTIC_USER, elasticsearchUrl } from "../../servers/addresses.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { openFaultProxy } from "../../support/fault-proxy.ts";

const silent = pino({ level: "silent" });
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

function open(elasticsearch: Elasticsearch, logger: Pick<pino.Logger, "info" | "warn"> = silent) {
  const store = openElasticsearchStore({ elasticsearch, logger });
  disposals.push(() => store.close());
  return store;
}

/** A store whose requests go through a proxy, and one that goes by itself. */
async function openTwo() {
  const direct = place();
  const proxy = await openFaultProxy(elasticsearchUrl());
  disposals.push(proxy.close);
  const node = proxy.url;
  // Short, so that a request that is kept back is soon given up and sent again.
  const client = new Client({ node, auth: ELASTIC_USER, maxRetries: 0, requestTimeout: 2000 });
  disposals.push(() => client.close());
  return { proxy, direct, one: open({ ...direct, client }), two: open(direct) };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const entry = (subject: string) => ({
  at: 1000,
  actor: "system",
  action: "x",
  subject,
  payload: { subject },
});

function record(store: Store, ...signals: readonly string[]) {
  const groups = new Map([["f1", signals.map((id) => exampleSignal(id))]]);
  return store.recordSignals("a", FINDING_KIND, groups, exampleFold);
}

describe("an answer that is lost while another store goes on", () => {
  it("does not append an audit entry again", async () => {
    const { proxy, one, two } = await openTwo();
    await one.appendAudit("a", entry("first"));
    const caught = proxy.swallowAnswer("second");
    const appending = one.appendAudit("a", entry("second"));
    await caught;
    await two.appendAudit("a", entry("third"));
    proxy.release();
    expect((await appending).sequence).toBe(2);
    const subjects = (await two.readAudit("a", 1, 10)).map(({ subject }) => subject);
    expect(subjects).toEqual(["first", "second", "third"]);
    expect(await two.verifyAudit("a")).toBeUndefined();
  });

  it("does not count a signal again, and keeps the verdict in between", async () => {
    const { proxy, one, two } = await openTwo();
    await record(one, "s1");
    const caught = proxy.swallowAnswer("s2-caught");
    const recording = record(one, "s2-caught", "s3");
    await caught;
    await record(two, "s3", "s4");
    const now = await two.get("a", FINDING_KIND, "f1");
    if (now === undefined) throw new Error("no finding");
    const closed = { ...now.document, status: "closed" as const };
    await two.replace("a", FINDING_KIND, "f1", closed, now.version);
    proxy.release();
    await recording;
    const finding = await two.get("a", FINDING_KIND, "f1");
    expect(finding?.document).toMatchObject({ signalCount: 4, status: "closed" });
    expect(await two.signalIds("a", FINDING_KIND, "f1")).toEqual(["s1", "s2-caught", "s3", "s4"]);
  });

  it("does not make a document that was created exist already", async () => {
    const { proxy, one } = await openTwo();
    await one.put("a", NOTE_KIND, "0", note("before"));
    const caught = proxy.swallowAnswer("caught");
    const creating = one.create("a", NOTE_KIND, "1", note("caught"));
    await caught;
    proxy.release();
    expect((await creating).version).toBe(1);
  });
});

describe("a write that arrives long after it was given up", () => {
  it("changes no finding and no verdict any more", async () => {
    const { proxy, direct, one, two } = await openTwo();
    await record(one, "s1");
    const caught = proxy.hold("s2-late");
    const recording = record(one, "s2-late");
    await caught;
    // Sent again after its time was over, and done.
    await recording;
    await record(two, "s3");
    const now = await two.get("a", FINDING_KIND, "f1");
    if (now === undefined) throw new Error("no finding");
    const closed = { ...now.document, status: "closed" as const };
    await two.replace("a", FINDING_KIND, "f1", closed, now.version);
    const index = `${direct.prefix}-${FINDING_KIND.name}-a`;
    const conflicts = async () => {
      const { indices } = await direct.client.nodes
        .stats({ metric: "indices" })
        .then(({ nodes }) => Object.values(nodes)[0] ?? {});
      return indices?.indexing?.index_failed ?? 0;
    };
    const before = await conflicts();
    proxy.release();
    await until(async () => (await conflicts()) > before);
    expect(await findIndex(direct.client, index)).toBeDefined();
    const finding = await two.get("a", FINDING_KIND, "f1");
    expect(finding?.document).toMatchObject({ signalCount: 3, status: "closed" });
  });
});

describe("indices that a full disk closes for writing", () => {
  it("are waited for; nothing is lost, and it is logged once", async () => {
    const elasticsearch = place();
    const lines: string[] = [];
    const log = (...args: unknown[]) => void lines.push(String(args.at(-1)));
    const store = open(elasticsearch, { info: log, warn: log });
    await record(store, "s1");
    const { client, prefix } = elasticsearch;
    const index = `${prefix}-${FINDING_KIND.name}-a.v1`;
    const block = (on: true | null) =>
      client.indices.putSettings({
        index,
        settings: { "index.blocks.read_only_allow_delete": on },
      });
    await block(true);
    const recording = record(store, "s2");
    const isRefused = async () => {
      const stats = await client.get({ index, id: "f1" });
      return stats.found && lines.length > 0;
    };
    await until(isRefused);
    expect((await store.get("a", FINDING_KIND, "f1"))?.document.signalCount).toBe(1);
    await block(null);
    await recording;
    expect((await store.get("a", FINDING_KIND, "f1"))?.document.signalCount).toBe(2);
    expect(lines).toEqual(["Elasticsearch is away, waiting for it", "Elasticsearch is back"]);
  });
});

describe("the view of a list", () => {
  const openContexts = async ({ client, prefix }: Elasticsearch) => {
    const stats = await client.indices.stats({ index: `${prefix}-note-a`, metric: "search" });
    return stats._all.total?.search?.open_contexts ?? 0;
  };

  async function fill(store: Store, count: number): Promise<string[]> {
    const names = Array.from({ length: count }, (_, at) => `n${String(at).padStart(3, "0")}`);
    await Promise.all(names.map((id) => store.put("a", NOTE_KIND, id, note(id))));
    return names;
  }

  it("is made anew when it is gone, and each document comes once", async () => {
    const elasticsearch = place();
    const store = open(elasticsearch);
    const names = await fill(store, 12);
    const found: string[] = [];
    let cursor: string | undefined;
    for (let page = 1; page === 1 || cursor !== undefined; page += 1) {
      const more = cursor === undefined ? {} : { cursor };
      const read = await store.search("a", NOTE_KIND, query({ limit: 4, ...more }));
      found.push(...ids(read));
      cursor = read.cursor;
      if (page !== 2) continue;
      const index = `${elasticsearch.prefix}-note-a.v1`;
      // Loses every view of it, as a restart does.
      await elasticsearch.client.indices.close({ index });
      await elasticsearch.client.indices.open({ index });
    }
    expect(found.sort()).toEqual(names);
  });

  it("is closed behind the last page, and with the store", async () => {
    const elasticsearch = place();
    const store = open(elasticsearch);
    await fill(store, 10);
    const first = await store.search("a", NOTE_KIND, query({ limit: 4 }));
    const next = { limit: 4, ...(first.cursor === undefined ? {} : { cursor: first.cursor }) };
    const second = await store.search("a", NOTE_KIND, query(next));
    expect(second.cursor).toBeDefined();
    expect(await openContexts(elasticsearch)).toBe(1);
    const last = { limit: 4, ...(second.cursor === undefined ? {} : { cursor: second.cursor }) };
    await store.search("a", NOTE_KIND, query(last));
    await until(async () => (await openContexts(elasticsearch)) === 0);
    await store.search("a", NOTE_KIND, query(next));
    expect(await openContexts(elasticsearch)).toBe(1);
    await store.close();
    await until(async () => (await openContexts(elasticsearch)) === 0);
  });
});

describe("a move to a new layout", () => {
  interface Thing {
    readonly size: number;
  }
  const thing = (revision: number): Kind<Thing> => ({
    name: "thing",
    revision,
    fields: { size: { kind: "number", values: ({ size }) => [revision * size] } },
  });

  async function begin() {
    const elasticsearch = place();
    const old = open(elasticsearch);
    await Promise.all(
      Array.from({ length: 700 }, (_, at) => old.put("a", thing(1), `n${at}`, { size: at })),
    );
    const { client, prefix } = elasticsearch;
    const alias = `${prefix}-thing-a`;
    const live = await findIndex(client, alias);
    if (live === undefined) throw new Error("no index");
    return { elasticsearch, client, alias, live };
  }

  function move(client: Client, alias: string, givenUpMs: number) {
    const retry = new Retry({ logger: silent });
    disposals.push(async () => retry.close());
    const bulk = new BulkWriter({ client, retry });
    return { client, bulk, alias, kind: thing(2), settings: {}, givenUpMs };
  }

  async function expectMoved({ elasticsearch }: { elasticsearch: Elasticsearch }, index: string) {
    const { client, prefix } = elasticsearch;
    const names = Object.keys(await client.indices.getSettings({ index: `${prefix}-*` }));
    expect(names).toEqual([`${prefix}-thing-a.${index}`]);
    const store = open(elasticsearch);
    const page = await store.search("a", thing(2), query({ limit: 1000 }));
    expect(page.total).toBe(700);
    await store.put("a", thing(2), "n700", { size: 700 });
  }

  it("is done anew by the next one when the first one died in it", async () => {
    const parts = await begin();
    const { client, alias, live } = parts;
    // As far as a killed process may have come.
    await createIndex(client, { index: `${alias}.v2`, mappings: { dynamic: false } });
    await client.indices.addBlock({ index: live.index, block: "write" });
    await client.index({ index: `${alias}.v2`, id: "n1", document: { tenant: "a" } });
    await migrateKind(move(client, alias, 500), live);
    await expectMoved(parts, "v3");
  });

  it.each(["before it copies", "before it switches"])(
    "is taken over from one that stops %s and goes on later",
    async (moment) => {
      const parts = await begin();
      const { client, alias, live } = parts;
      const proxy = await openFaultProxy(elasticsearchUrl());
      disposals.push(proxy.close);
      const slow = new Client({ node: proxy.url, auth: ELASTIC_USER, maxRetries: 0 });
      disposals.push(() => slow.close());
      const caught = proxy.hold(moment === "before it copies" ? "_bulk" : "_aliases");
      const first = migrateKind(move(slow, alias, 60_000), live);
      await caught;
      await migrateKind(move(client, alias, 500), live);
      proxy.release();
      await first;
      await expectMoved(parts, "v3");
    },
  );
});
