// A change and its audit entry are one write in Elasticsearch, too, which has no transactions: whatever
// happens between the two, the entry is in the chain once, and before anybody reads it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pino } from "pino";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ElasticsearchStore,
  openElasticsearchStore,
} from "../../../services/store/elasticsearch.ts";
import { chainOf, noted } from "../../contract/store-audit.ts";
import { codeOf, NOTE_KIND, note } from "../../contract/store-examples.ts";
import { elasticsearchUrl, ownPrefix } from "../../servers/addresses.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";

const logger = pino({ level: "silent" });
const { client } = connect();
const opened: ElasticsearchStore[] = [];
let prefix = "";

beforeEach(() => {
  prefix = ownPrefix();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await cleanUp(prefix);
});
afterAll(() => client.close());

function open(giveUpMs?: number): ElasticsearchStore {
  const patience = giveUpMs === undefined ? {} : { giveUpMs };
  const store = openElasticsearchStore({ elasticsearch: connect(prefix), logger, ...patience });
  opened.push(store);
  return store;
}

/** Lets the chain take nothing, as if the process had died before it came to that. */
async function closeChain(isClosed: boolean): Promise<void> {
  await client.indices.putSettings({
    index: `${prefix}-audit-a`,
    settings: { "index.blocks.write": isClosed },
  });
}

describe("an entry that did not get into the chain", () => {
  it("lies with its document and is appended once, whoever comes next", async () => {
    const store = open(300);
    const { version } = await store.create("a", NOTE_KIND, "1", note("x"), noted("1", "x"));
    await closeChain(true);
    const failing = store.replace("a", NOTE_KIND, "1", note("y"), version, noted("1", "y"));
    expect(await codeOf(failing)).toBe("HW_UNAVAILABLE");
    const present = await store.get("a", NOTE_KIND, "1");
    expect(present?.document.title).toBe("y");
    await closeChain(false);
    const others = [open(), open(), open()];
    const chains = await Promise.all(others.map((other) => chainOf(other)));
    const expected = [
      ["1", "x"],
      ["1", "y"],
    ];
    expect(chains).toEqual([expected, expected, expected]);
    const found = await client.search({
      index: `${prefix}-note-a`,
      query: { term: { unsettled: true } },
    });
    expect(found.hits.hits).toEqual([]);
  });

  it("goes with the next write of the document, in the order of the writes", async () => {
    const store = open(300);
    const { version } = await store.create("a", NOTE_KIND, "1", note("x"), noted("1", "x"));
    await closeChain(true);
    const failing = store.replace("a", NOTE_KIND, "1", note("y"), version, noted("1", "y"));
    expect(await codeOf(failing)).toBe("HW_UNAVAILABLE");
    await closeChain(false);
    const present = await store.get("a", NOTE_KIND, "1");
    const now = present?.version ?? 0;
    await store.replace("a", NOTE_KIND, "1", note("z"), now, noted("1", "z"));
    expect((await store.readAudit("a", 1, 9)).map(({ payload }) => payload?.after)).toEqual([
      ...["x", "y", "z"],
    ]);
    expect(await chainOf(open())).toHaveLength(3);
  });

  it("is in the chain before its document is removed", async () => {
    const store = open(300);
    await store.create("a", NOTE_KIND, "1", note("x"), noted("1", "x"));
    await closeChain(true);
    const failing = store.create("a", NOTE_KIND, "2", note("y"), noted("2", "y"));
    expect(await codeOf(failing)).toBe("HW_UNAVAILABLE");
    await closeChain(false);
    expect(await open().remove("a", NOTE_KIND, "2")).toBe(true);
    expect(await chainOf(open())).toHaveLength(2);
  });

  it("leaves no copy of a payload that is erased by law", async () => {
    const store = open(300);
    await store.create("a", NOTE_KIND, "1", note("x"), noted("1", "geheim"));
    await store.eraseAuditPayload("a", 1, { at: 2, actor: "dpo", reason: "Art. 17 DSGVO" });
    await client.indices.refresh({ index: `${prefix}-note-a` });
    const found = await client.search({ index: `${prefix}-note-a` });
    expect(JSON.stringify(found.hits.hits)).not.toContain("geheim");
  });
});

describe("kill -9 while documents and entries are written", () => {
  it("leaves exactly one entry for each version of each document", async () => {
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(
        process.execPath,
        [
          new URL("elasticsearch-audited-child.ts", import.meta.url).pathname,
          elasticsearchUrl(),
          prefix,
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, 40 + 37 * round));
      child.kill("SIGKILL");
      await once(child, "exit");
      const store = open();
      const chain = await chainOf(store);
      for (let at = 0; at < 20; at += 1) {
        const present = await store.get("a", NOTE_KIND, `n${at}`);
        const versions = chain.filter(([subject]) => subject === `n${at}`).map(([, one]) => one);
        const count = present?.version ?? 0;
        expect(count).toBeGreaterThan(0);
        expect(present?.document.points).toBe(count);
        expect(versions).toEqual(Array.from({ length: count }, (_, one) => one + 1));
      }
    }
  });
});
