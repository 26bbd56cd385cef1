import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@elastic/elasticsearch";
import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsOf } from "../../support/awkward-lines.ts";
import {
  KEY,
  openShipperIngest,
  parseAll,
  type ShipperIngest,
} from "../../support/shipper-ingest.ts";
import { fetchShippers, runShipper, shipperFolder } from "../../support/shippers.ts";

const LINES = awkwardLines(4000, 200_000);
const FULL_MS = 2000;

beforeAll(fetchShippers);

/** Sends the lines of a file; resolves to how many were acknowledged. */
type Send = (url: string, file: string) => Promise<number>;

const python =
  (helper: string): Send =>
  async (url, file) =>
    Number(await runShipper("python-bulk", [url, KEY.id, KEY.key, file, helper]));

const go: Send = async (url, file) => {
  const [done, failed] = (await runShipper("go-bulk", [url, `${KEY.id}:${KEY.key}`, file]))
    .trim()
    .split(" ");
  expect(failed).toBe("0");
  return Number(done);
};

const npm: Send = async (url) => {
  const client = new Client({
    node: url,
    auth: { apiKey: { id: KEY.id, api_key: KEY.key } },
    compression: true,
  });
  const result = await client.helpers.bulk({
    datasource: LINES.map((message, number) => ({ number, message })),
    onDocument: ({ number, message }) => [
      { create: { _index: "logs", _id: `js-${number}` } },
      { "@timestamp": "2026-11-21T04:38:16Z", message },
    ],
    flushBytes: 200_000,
    retries: 100,
    wait: 100,
  });
  await client.close();
  expect(result.failed).toBe(0);
  return result.successful;
};

const CLIENTS: readonly (readonly [string, string, Send])[] = [
  ["npm @elastic/elasticsearch helpers.bulk", "js", npm],
  ["PyPI elasticsearch helpers.bulk", "py", python("bulk")],
  ["PyPI elasticsearch helpers.streaming_bulk", "py", python("streaming_bulk")],
  ["Go esutil.BulkIndexer", "go", go],
];

describe("official Elasticsearch clients", () => {
  it.each(CLIENTS)(
    "%s: every document is acknowledged and arrives once, whole, with its id",
    async (...client) => {
      const [, prefix, send] = client;
      await using ingest = await openShipperIngest();
      using folder = shipperFolder();
      const file = folder.write("lines.txt", `${LINES.join("\n")}\n`);
      expect(await send(ingest.url, file)).toBe(LINES.length);
      await ingest.arrived(LINES.length);
      check(ingest, prefix);
    },
  );

  it.each(CLIENTS)(
    "%s: what a full queue refuses is repeated, and nothing is lost",
    async (...client) => {
      const [, prefix, send] = client;
      await using ingest = await openShipperIngest({}, { retryAfterSeconds: 1 }, 1_000_000);
      using folder = shipperFolder();
      const file = folder.write("lines.txt", `${LINES.join("\n")}\n`);
      const full = ingest.fill();
      const sending = send(ingest.url, file);
      await full;
      await sleep(FULL_MS);
      ingest.drain();
      expect(await sending).toBe(LINES.length);
      await ingest.arrived(LINES.length);
      check(ingest, prefix);
    },
  );
});

function check({ records }: ShipperIngest, prefix: string): void {
  const byId = new Map(records.map((one) => [one.id, one]));
  expect(records.length).toBe(LINES.length);
  const ordered = LINES.map((_, number) => byId.get(`${prefix}-${number}`));
  const events = parseAll(ordered.filter((one) => one !== undefined));
  expect(
    faultsOf(
      events.map(({ record }) => String(record.message)),
      LINES,
    ),
  ).toEqual([]);
  expect(events.map(({ record }) => record.message)[17]).toBe(LINES[17]);
}
