// The store in Elasticsearch behind our back: what is tampered with shows, and what a killed process has left
// half done neither counts twice nor breaks the audit chain.
import type { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Elasticsearch } from "../../../services/elasticsearch/connection.ts";
import {
  type ElasticsearchStore,
  openElasticsearchStore,
} from "../../../services/store/elasticsearch.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { AuditEntry } from "../../../services/store/store.ts";
import { killAfter } from "../../contract/crash.ts";
import { codeOf, exampleFold, exampleSignal } from "../../contract/store-examples.ts";
import { elasticsearchUrl } from "../../servers/addresses.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

const logger = pino({ level: "silent" });
let elasticsearch: Elasticsearch;
let store: ElasticsearchStore;

beforeEach(() => {
  elasticsearch = connect();
  store = openElasticsearchStore({ elasticsearch, logger });
});

afterEach(async () => {
  await store.close();
  await elasticsearch.client.close();
  await cleanUp(elasticsearch.prefix);
});

async function appendEntries(count: number): Promise<AuditEntry[]> {
  const written: AuditEntry[] = [];
  for (let at = 1; at <= count; at += 1) {
    const payload = { verdict: "true_positive", points: at };
    const entry = { at, actor: "account-7", action: "finding.verdict", subject: `f${at}`, payload };
    written.push(await store.appendAudit("a", entry));
  }
  return written;
}

interface Stored {
  readonly entry: string;
}

/** Changes an entry's document behind the store's back. */
function changeEntry(change: (source: Stored, entry: AuditEntry) => object, id = "3") {
  return async (client: Client, index: string) => {
    const { _source } = await client.get<Stored>({ index, id });
    if (_source === undefined) throw new Error("no such entry");
    const document = { ..._source, ...change(_source, JSON.parse(_source.entry)) };
    await client.index({ index, id, document });
  };
}

const inEntry = (change: (entry: AuditEntry) => object) =>
  changeEntry((_source, entry) => ({ entry: JSON.stringify({ ...entry, ...change(entry) }) }));

const removed = (id: string) => (client: Client, index: string) => client.delete({ index, id });

describe("the audit chain in Elasticsearch", () => {
  it.each<[string, (client: Client, index: string) => Promise<unknown>, number]>([
    ["a time", changeEntry(() => ({ "@timestamp": 99 })), 3],
    ["an actor", changeEntry(() => ({ actor: "account-8" })), 3],
    ["a subject", changeEntry(() => ({ subject: "f4" })), 3],
    ["a payload", inEntry(() => ({ payload: { verdict: "false_positive" } })), 3],
    ["a salt", inEntry(() => ({ salt: "x" })), 3],
    ["a hash", inEntry(() => ({ hash: "x" })), 3],
    ["a removed payload", inEntry(() => ({ payload: undefined, salt: undefined })), 3],
    ["an entry that is no JSON any more", changeEntry(() => ({ entry: "{" })), 3],
    ["a removed entry", removed("3"), 3],
    ["a removed first entry", removed("1"), 1],
    ["a removed last entry", removed("6"), 6],
    [
      "a head that was moved back",
      async (client, index) => {
        const { _source } = await client.get<Stored>({ index, id: "4" });
        const { sequence, hash } = JSON.parse(_source?.entry ?? "{}");
        const head = { sequence, hash, write: "x", pending: [] };
        await client.index({ index, id: "head", document: { tenant: "a", head } });
      },
      5,
    ],
  ])("shows %s", async (_name, tamper, broken) => {
    await appendEntries(6);
    expect(await store.verifyAudit("a")).toBeUndefined();
    const { client, prefix } = elasticsearch;
    await store.close();
    await tamper(client, `${prefix}-audit-a.v1`);
    store = openElasticsearchStore({ elasticsearch, logger });
    expect(await store.verifyAudit("a")).toBe(broken);
  });

  it("is taken over as it is, with what was erased", async () => {
    await appendEntries(5);
    await store.eraseAuditPayload("a", 2, { at: 9, actor: "dpo", reason: "Art. 17" });
    const entries = await store.readAudit("a", 1, 100);
    await store.restoreAudit("b", entries.slice(0, 4));
    await store.restoreAudit("b", entries);
    expect(await store.readAudit("b", 1, 100)).toEqual(entries);
    expect(await store.verifyAudit("b")).toBeUndefined();
    const forked = entries.map((entry) => ({ ...entry, hash: "0".repeat(64) }));
    expect(await codeOf(store.restoreAudit("b", forked))).toBe("HW_CONFLICT");
    expect(await codeOf(store.restoreAudit("c", entries.slice(2)))).toBe("HW_CONFLICT");
  });

  it("keeps no copy of an erased payload in any document", async () => {
    const payload = { name: "Erika-Mustermann-4711" };
    await store.appendAudit("a", { at: 1, actor: "cli", action: "x", subject: "y", payload });
    await store.eraseAuditPayload("a", 1, { at: 2, actor: "dpo", reason: "Art. 17" });
    const { client, prefix } = elasticsearch;
    await client.indices.refresh({ index: `${prefix}-audit-a.v1` });
    const all = await client.search({ index: `${prefix}-audit-a.v1`, size: 100 });
    expect(all.hits.hits).toHaveLength(3);
    expect(JSON.stringify(all.hits.hits)).not.toContain("Mustermann");
  });
});

describe("kill -9 with Elasticsearch", () => {
  it("counts every signal once and keeps the audit chain whole", async () => {
    const script = new URL("./elasticsearch-crash-child.ts", import.meta.url);
    let first = 0;
    for (const reports of [1, 8, 25, 40]) {
      const args = [elasticsearchUrl(), elasticsearch.prefix, String(first)];
      const acknowledged = await killAfter(script, args, reports);
      const all = await store.readAudit("a", 1, 100_000);
      expect(all.length).toBeGreaterThan(acknowledged);
      expect(await store.verifyAudit("a")).toBeUndefined();
      // The sender repeats from the beginning: what was counted is not counted again.
      first = all.length + 5;
      const signals = Array.from({ length: first }, (_, at) => exampleSignal(`s${at}`));
      await store.recordSignals("a", FINDING_KIND, new Map([["f1", signals]]), exampleFold);
      const finding = await store.get("a", FINDING_KIND, "f1");
      expect(finding?.document.signalCount).toBe(first);
      for (let at = all.length; at < first; at += 1)
        await store.appendAudit("a", { at, actor: "cli", action: "x", subject: "y", payload: {} });
    }
  });
});
