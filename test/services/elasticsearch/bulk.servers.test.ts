// Bulk requests on the real server: each operation has its own result, and what passes is waited for.
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BulkWriter } from "../../../services/elasticsearch/bulk.ts";
import type { Elasticsearch } from "../../../services/elasticsearch/connection.ts";
import { createIndex } from "../../../services/elasticsearch/indices.ts";
import { Retry } from "../../../services/elasticsearch/retry.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

let elasticsearch: Elasticsearch;
let retry: Retry;
let bulk: BulkWriter;
let index: string;

beforeEach(async () => {
  elasticsearch = connect();
  const { client, prefix } = elasticsearch;
  retry = new Retry({ logger: pino({ level: "silent" }) });
  bulk = new BulkWriter({ client, retry });
  index = `${prefix}-bulk`;
  const mappings = { properties: { count: { type: "long" as const } } };
  expect(await createIndex(client, { index, mappings })).toBe(true);
  expect(await createIndex(client, { index, mappings })).toBe(false);
});

afterEach(async () => {
  retry.close();
  await elasticsearch.client.close();
  await cleanUp(elasticsearch.prefix);
});

const create = (id: string, source: object) =>
  ({ action: "create", index, id, source: JSON.stringify(source) }) as const;

it("gives each operation its own result, in order", async () => {
  const [first] = await bulk.write([create("1", { count: 1 })]);
  expect(first).toMatchObject({ ok: true });
  const stale = { sequenceNumber: 99, primaryTerm: 1 };
  const results = await bulk.write([
    create("1", { count: 2 }),
    create("2", { count: "many" }),
    create("3", { count: 3 }),
    { ...create("1", { count: 4 }), action: "index", onlyIf: stale },
    { action: "delete", index, id: "none" },
  ]);
  expect(results.map((one) => (one.ok ? "ok" : [one.status, one.type]))).toEqual([
    [409, "version_conflict_engine_exception"],
    [400, "document_parsing_exception"],
    "ok",
    [409, "version_conflict_engine_exception"],
    [404, "not_found"],
  ]);
});

it("sends more than fits into one request", async () => {
  const text = "x".repeat(100_000);
  const many = Array.from({ length: 150 }, (_, at) => create(`n${at}`, { text }));
  const results = await Promise.all([bulk.write(many.slice(0, 80)), bulk.write(many.slice(80))]);
  expect(results.flat().filter((one) => one.ok)).toHaveLength(150);
});

it("waits for an index that is closed for writing", async () => {
  const { client } = elasticsearch;
  await client.indices.addBlock({ index, block: "write" });
  let isWritten = false;
  const writing = bulk.write([create("1", { count: 1 })]).then((results) => {
    isWritten = true;
    return results;
  });
  await client.indices.refresh({ index });
  expect(isWritten).toBe(false);
  await client.indices.putSettings({ index, settings: { "index.blocks.write": null } });
  expect(await writing).toMatchObject([{ ok: true }]);
});
