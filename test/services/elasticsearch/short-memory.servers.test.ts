// Bulk requests to a real server that is short of memory and takes no long request: less is sent at a time,
// and nothing is lost.
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@elastic/elasticsearch";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BulkWriter } from "../../../services/elasticsearch/bulk.ts";
import { createIndex } from "../../../services/elasticsearch/indices.ts";
import { Retry } from "../../../services/elasticsearch/retry.ts";
import { ELASTIC_USER } from "../../servers/addresses.ts";

const script = join(import.meta.dirname, "../../servers/elasticsearch.sh");
const SETTINGS = "indexing_pressure.memory.limit: 1mb\nhttp.max_content_length: 2mb";
let folder: string;
let client: Client;
let retry: Retry;
let bulk: BulkWriter;

function server(verb: "fresh" | "kill") {
  const DOWNLOADS = join(tmpdir(), "heidewacht-servers/elasticsearch");
  const env = { ...process.env, DOWNLOADS, ES_SETTINGS: SETTINGS };
  // Its output must not be a pipe: the server would keep it open.
  const line = '"$0" "$1" "$2" 19870 > "$2/start.log" 2>&1';
  return promisify(execFile)("bash", ["-c", line, script, verb, folder], { env });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "heidewacht-short-"));
  chmodSync(folder, 0o755);
  await server("fresh");
  const port = readFileSync(join(folder, "port"), "utf8").trim();
  client = new Client({ node: `http://127.0.0.1:${port}`, auth: ELASTIC_USER, maxRetries: 0 });
  retry = new Retry({ logger: pino({ level: "silent" }) });
  bulk = new BulkWriter({ client, retry });
  await createIndex(client, { index: "short", mappings: { dynamic: false } });
});

afterAll(async () => {
  retry?.close();
  await client?.close();
  await server("kill");
  rmSync(folder, { recursive: true, force: true });
});

const document = (id: string, chars: number) =>
  ({
    action: "create",
    index: "short",
    id,
    source: JSON.stringify({ text: "x".repeat(chars) }),
  }) as const;

it("sends everything in requests that the server can take", async () => {
  const writers = ["a", "b", "c"].map((name) =>
    bulk.write(Array.from({ length: 60 }, (_, at) => document(`${name}${at}`, 80_000))),
  );
  const results = (await Promise.all(writers)).flat();
  expect(results.filter((one) => !one.ok)).toEqual([]);
  await client.indices.refresh({ index: "short" });
  expect((await client.count({ index: "short" })).count).toBe(180);
});

it("says so of a document that no request can hold, and writes the others", async () => {
  const results = await bulk.write([
    document("x1", 10),
    document("x2", 3_000_000),
    document("x3", 10),
  ]);
  expect(results.map((one) => (one.ok ? "ok" : one.type))).toEqual([
    "ok",
    "request_too_large",
    "ok",
  ]);
});
