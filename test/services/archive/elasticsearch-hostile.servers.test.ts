// What the archive in Elasticsearch goes through beyond the contract: hostile names and values, processes
// side by side, deleted indices, refused documents, cut connections.
import { createServer, connect as dial, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { Archive, ArchivedEvent } from "../../../services/archive/archive.ts";
import { eventMatcher } from "../../../services/archive/query.ts";
import { elasticsearchUrl } from "../../servers/addresses.ts";
import { openTestArchives } from "./elasticsearch-archives.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY_MS = 24 * 3_600_000;
const SPAN = { from: NOON - DAY_MS, to: NOON + DAY_MS, order: "oldest" } as const;

function event(id: string, document: EcsDocument = {}, more: Partial<ArchivedEvent> = {}) {
  return { id, time: NOON, source: "s", dataClass: "security", document, ...more };
}

function append(archive: Archive, tenant: string, events: readonly ArchivedEvent[]) {
  const position = { stream: "raw/0", firstOffset: 0, lastOffset: events.length - 1 };
  return archive.append(
    tenant,
    position,
    events.map((one, offset) => ({ offset, event: one })),
  );
}

async function idsOf(archive: Archive, tenant: string, more: object = {}): Promise<string[]> {
  const page = await archive.search(tenant, { ...SPAN, limit: 1000, ...more });
  return page.events.map(({ id }) => id);
}

describe("the archive in Elasticsearch", () => {
  let archives = openTestArchives();
  const dayOf = (tenant: string) => `${archives.prefix}-events-${tenant}-security-2026.11.21`;
  const openAt = (now: number, more = {}) => archives.open({ now: () => now, ...more });
  afterEach(async () => {
    await archives.destroy();
    archives = openTestArchives();
  });

  it("keeps its mapping whatever senders call their fields", async () => {
    const archive = openAt(NOON);
    await append(archive, "kreis", [event("first", { "host.name": "dc01" })]);
    const index = dayOf("kreis");
    const before = await archives.admin.indices.getMapping({ index });
    const odd = ["", ".", "a..b", "host", "archive", "archive.words", "tenant", "_id", "__proto__"];
    const strange = event("odd", Object.fromEntries(odd.map((name) => [name, `wert ${name}`])));
    const names = Array.from({ length: 10_000 }, (_, at) =>
      event(`e${at}`, { [`feld.${at}.${"x".repeat(at % 50)}`]: `wert${at}` }),
    );
    await append(archive, "kreis", [...names, strange]);
    expect(await archives.admin.indices.getMapping({ index })).toEqual(before);
    expect((await archive.statistics("kreis")).events).toBe(10_002);
    expect(await idsOf(archive, "kreis", { text: "wert9999" })).toEqual(["e9999"]);
    expect(await archive.get("kreis", "odd", NOON)).toEqual(strange);
    expect(await idsOf(archive, "kreis", { terms: { archive: "wert archive" } })).toEqual(["odd"]);
  });

  it.each<[string, EcsDocument, string]>([
    ["a text for an address", { "source.ip": "kein Adresse" }, "kein adresse"],
    ["a text for a number", { "source.port": "https" }, "https"],
    ["a number beyond all", { "source.bytes": 1e300 }, "1e+300"],
    ["a yes for an address", { "source.ip": true }, "true"],
    ["a yes for a time", { "event.start": false }, "false"],
    ["a number for a name", { "user.name": 4711 }, "4711"],
    ["a list with one that fits", { "host.ip": ["10.0.0.1", "?"] }, "10.0.0.1"],
    ["half a character", { "user.name": "a\ud800b", message: "x\udfff" }, "x"],
    ["a long text", { "process.command_line": "x".repeat(40_000) }, "xxx"],
    ["a text of one long word and more", { message: `${"A1".repeat(300)} ende` }, "a1a1 ende"],
    ["very many words", { message: Array.from({ length: 3000 }, (_, at) => at).join(" ") }, "2999"],
  ])("keeps and finds %s", async (_, document, text) => {
    const archive = openAt(NOON);
    const odd = event("odd", document);
    await append(archive, "kreis", [odd, event("other", { message: "nichts" })]);
    expect((await archive.search("kreis", { ...SPAN, limit: 5, text })).events).toEqual([odd]);
  });

  it("keeps an event once that two processes write at once, and every id that there can be", async () => {
    const [one, other] = [openAt(NOON), openAt(NOON)];
    const long = "ü".repeat(400);
    const ids = [
      ...Array.from({ length: 300 }, (_, at) => `e${at}`),
      "",
      long,
      `${long}x`,
      "\ud800",
    ];
    const events = ids.map((id) => event(id));
    await Promise.all([append(one, "kreis", events), append(other, "kreis", events.toReversed())]);
    expect((await openAt(NOON).statistics("kreis")).events).toBe(ids.length);
    for (const id of ["", long, `${long}x`, "\ud800"])
      expect(await one.get("kreis", id, NOON)).toEqual(event(id));
  });

  it("keeps tenants apart whose names begin alike", async () => {
    const archive = openAt(NOON);
    await append(archive, "kreis", [event("k"), event("kn", {}, { dataClass: "nord-security" })]);
    await append(archive, "kreis-nord", [event("n")]);
    expect(await idsOf(archive, "kreis")).toEqual(["k", "kn"]);
    expect(await idsOf(archive, "kreis-nord")).toEqual(["n"]);
    const rules = { daysByClass: {}, daysDefault: 1, bytesMax: 1e12 };
    expect(await archive.retain("kreis", NOON + 9 * DAY_MS, rules)).toEqual({ eventsDeleted: 2 });
    expect(await idsOf(archive, "kreis-nord")).toEqual(["n"]);
  });

  it("makes few indices of times that are very old or in the future, and finds their events", async () => {
    const archive = openAt(NOON);
    const old = Array.from({ length: 500 }, (_, at) =>
      event(`o${at}`, {}, { time: NOON - (500 + 10 * at) * DAY_MS }),
    );
    const future = Array.from({ length: 500 }, (_, at) =>
      event(`f${at}`, {}, { time: NOON + (2 + 10 * at) * DAY_MS, dataClass: "eigene" }),
    );
    await append(archive, "kreis", [...old, ...future]);
    const indices = await archives.admin.indices.getAlias({
      name: `${archives.prefix}-events-kreis`,
    });
    expect(Object.keys(indices).length).toBe(2);
    for (const one of [old[3], future[7]])
      expect(await archive.get("kreis", one?.id ?? "", one?.time ?? 0)).toEqual(one);
  });

  it("makes an index anew that somebody deleted, with the tenant's alias", async () => {
    const archive = openAt(NOON);
    await append(archive, "kreis", [event("before")]);
    await archives.admin.indices.delete({ index: dayOf("kreis") });
    await append(archive, "kreis", [event("after")]);
    expect(await idsOf(archive, "kreis")).toEqual(["after"]);
  });

  it("hands over what Elasticsearch refuses, once, and keeps the rest", async () => {
    const refused: string[] = [];
    const archive = openAt(NOON, {
      deadLetter: async (tenant: string, { id }: ArchivedEvent, reason: string) => {
        refused.push(`${tenant} ${id} ${reason.split(":", 1)[0]}`);
      },
    });
    // Somebody made the index before us, with another idea of it.
    await archives.admin.indices.create({
      index: dayOf("kreis"),
      settings: { number_of_replicas: 0 },
      mappings: {
        properties: {
          tenant: { type: "keyword" },
          archive: { properties: { time: { type: "double" }, source: { type: "long" } } },
        },
      },
    });
    await append(archive, "kreis", [
      event("good", {}, { source: "1" }),
      event("bad", {}, { source: "kein" }),
      event("elsewhere", {}, { time: NOON - DAY_MS }),
    ]);
    expect(refused).toEqual(["kreis bad document_parsing_exception"]);
    expect(await archive.get("kreis", "good", NOON)).toBeDefined();
    expect(await archive.get("kreis", "elsewhere", NOON - DAY_MS)).toBeDefined();
  });

  it("loses nothing and doubles nothing over connections that are cut", async () => {
    const proxy = await cuttingProxy(elasticsearchUrl());
    try {
      const archive = openAt(NOON, { node: proxy.url });
      const batches = Array.from({ length: 30 }, (_, batch) =>
        Array.from({ length: 100 }, (__, at) => event(`${batch}/${at}`, { message: `${batch}` })),
      );
      for (const batch of batches) await append(archive, "kreis", batch);
      expect(proxy.cuts()).toBeGreaterThan(3);
      expect((await archive.statistics("kreis")).events).toBe(3000);
      const range = { from: NOON, to: NOON + 1 };
      const scanned = new Set<string>();
      for await (const { id } of archive.scan("kreis", range, new AbortController().signal))
        scanned.add(id);
      expect(scanned.size).toBe(3000);
    } finally {
      await proxy.close();
    }
  });

  it("answers every search as the matching of the embedded archive does", async () => {
    const archive = openAt(NOON);
    const piece = fc.constantFrom(
      ...'Ä ß a B ab 10.0.0.1 : - _ . , / \\ " * ? Σ İ 😀 \u00a0 c:\\x 7'.split(" "),
      " ",
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    const value = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.integer(), fc.boolean());
    const field = fc.constantFrom("host.name", "message", "odd.field");
    const documents = fc.sample(fc.dictionary(field, value), { numRuns: 400, seed: 6 });
    const events = documents.map((document, at) =>
      event(`e${String(at).padStart(3, "0")}`, { ...document }),
    );
    await append(archive, "kreis", events);
    const query = fc.oneof(
      fc.record({ text }),
      fc.record({ terms: fc.dictionary(field, text, { minKeys: 1 }) }),
    );
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const matches = eventMatcher({ ...SPAN, ...asked });
        const wanted = events.filter(matches).map(({ id }) => id);
        expect(await idsOf(archive, "kreis", asked)).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });
});

/** Passes bytes on to a server and cuts connections: after some answers' beginning, on a fixed course. */
async function cuttingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let chunks = 0;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = dial(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (bytes: Buffer) => {
      chunks += 1;
      if (chunks % 5 !== 0) return void client.write(bytes);
      cuts += 1;
      // The work is done, its answer is lost half-way.
      client.write(bytes.subarray(0, bytes.length / 2), () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
