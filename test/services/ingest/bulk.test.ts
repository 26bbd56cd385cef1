import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { Client } from "@elastic/elasticsearch";
import { describe, expect, it } from "vitest";
import { API_KEY, AUTHORIZATION, openTestInput } from "./http-setup.ts";
import { until } from "./memory-bus.ts";

const NDJSON = { "content-type": "application/x-ndjson" };
const DOC = '{"@timestamp":"2026-11-20T08:00:00.000Z","message":"größer 😀"}';
const CREATE = '{"create":{"_index":"winlogbeat-8.19.0"}}';

function post(path: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  return {
    method: "POST" as const,
    url: path,
    payload,
    headers: { ...AUTHORIZATION, ...NDJSON, ...headers },
  };
}

describe("bulk route", () => {
  it("takes documents exactly as sent and answers in order", async () => {
    await using setup = await openTestInput();
    const odd = '{ "b" : 1,  "__proto__": {"x": 1}, "n": 1.0 }';
    const body = `{"index":{"_index":"a","_id":"eigene-id"}}\n${odd}\n{"create":{}}\r\n${DOC}\r\n`;
    const reply = await setup.input.app.inject(post("/vorgabe/_bulk", body));
    expect(reply.statusCode).toBe(200);
    const answer = reply.json();
    expect(answer).toMatchObject({
      errors: false,
      items: [
        { index: { _index: "a", _id: "eigene-id", status: 201, result: "created" } },
        { create: { _index: "vorgabe", status: 201 } },
      ],
    });
    expect(setup.bus.taken.map((one) => ({ ...one, record: one.record.text }))).toEqual([
      { tenant: "kreis", topic: "raw", key: undefined, record: odd },
      { tenant: "kreis", topic: "raw", key: undefined, record: DOC },
    ]);
    expect(setup.bus.taken[0]?.record).toMatchObject({
      id: "eigene-id",
      idFromSender: true,
      source: "domaenencontroller",
      timeZone: "Europe/Berlin",
    });
    expect(setup.bus.taken[1]?.record).toMatchObject({
      id: answer.items[1].create._id,
      idFromSender: false,
    });
    expect(setup.bus.taken[1]?.record.id).toMatch(/^[0-9a-f-]{36}\/1$/);
    expect(await setup.counted("heidewacht_ingest_records_total")).toBe(2);
  });

  it("gives each broken item its own error and takes the others", async () => {
    await using setup = await openTestInput({ recordBytesMax: 2000 });
    const lines = [
      CREATE,
      '{"gut":1}',
      '{"update":{"_id":"1"}}',
      '{"doc":{}}',
      '{"delete":{"_id":"2"}}',
      '{"index":{}}',
      "kein json",
      "gar nichts",
      '{"gehört":"dazu"}',
      CREATE,
      `{"lang":"${"x".repeat(3000)}"}`,
      `{"index":{"_id":"${"i".repeat(513)}"}}`,
      '{"a":1}',
      CREATE,
      '{"gut":2}',
      '{"index":{}}',
    ];
    const reply = await setup.input.app.inject(post("/_bulk", `${lines.join("\n")}\n`));
    expect(reply.statusCode).toBe(200);
    const answer = reply.json();
    expect(answer.errors).toBe(true);
    expect(
      answer.items.map((item: Record<string, { status: number }>) =>
        Object.entries(item).map(([action, result]) => `${action} ${result.status}`),
      ),
    ).toEqual([
      ["create 201"],
      ["update 400"],
      ["delete 400"],
      ["index 400"],
      ["index 400"],
      ["create 413"],
      ["index 400"],
      ["create 201"],
      ["index 400"],
    ]);
    expect(setup.bus.texts()).toEqual(['{"gut":1}', '{"gut":2}']);
    expect(await setup.counted("heidewacht_ingest_rejected_total")).toBe(7);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
  ])("unpacks %s", async (encoding, pack) => {
    await using setup = await openTestInput();
    const body = pack(`${CREATE}\n${DOC}\n`);
    const reply = await setup.input.app.inject(
      post("/_bulk", body, { "content-encoding": encoding }),
    );
    expect(reply.statusCode).toBe(200);
    expect(setup.bus.texts()).toEqual([DOC]);
  });

  it.each([
    ["a gzip bomb", gzipSync(Buffer.alloc(50_000_000)), { "content-encoding": "gzip" }, 413],
    [
      "a zstd bomb",
      zstdCompressSync(Buffer.alloc(50_000_000)),
      { "content-encoding": "zstd" },
      413,
    ],
    ["a body over the limit as sent", Buffer.alloc(300_000, "x"), {}, 413],
    ["damaged gzip", Buffer.from("no gzip at all"), { "content-encoding": "gzip" }, 400],
    [
      "torn gzip",
      gzipSync(`${CREATE}\n${DOC}\n`).subarray(0, 40),
      { "content-encoding": "gzip" },
      400,
    ],
    ["an unknown encoding", Buffer.from("x"), { "content-encoding": "br" }, 400],
    ["an empty body", Buffer.from("\n\n"), {}, 400],
    ["too many items", Buffer.from(`${CREATE}\n${DOC}\n`.repeat(101)), {}, 413],
  ])("refuses %s and takes nothing of it", async (_name, body, headers, status) => {
    await using setup = await openTestInput({
      compressedBytesMax: 200_000,
      bodyBytesMax: 1_000_000,
      recordsPerRequestMax: 100,
    });
    const url = `${setup.input.url}/_bulk`;
    const reply = await fetch(url, {
      method: "POST",
      body: new Uint8Array(body),
      headers: { ...AUTHORIZATION, ...headers },
    });
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ status, error: { type: expect.any(String) } });
    expect(setup.bus.taken).toEqual([]);
    // The server is none the worse for it.
    const good = await fetch(url, {
      method: "POST",
      body: `${CREATE}\n${DOC}\n`,
      headers: AUTHORIZATION,
    });
    expect(good.status).toBe(200);
  });

  it("refuses the whole request with 429 while the bus is full", async () => {
    await using setup = await openTestInput({ retryAfterSeconds: 7 });
    setup.bus.full = true;
    const refused = await setup.input.app.inject(post("/_bulk", `${CREATE}\n${DOC}\n`));
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe("7");
    expect(refused.json().error.type).toBe("es_rejected_execution_exception");
    setup.bus.full = false;
    const taken = await setup.input.app.inject(post("/_bulk", `${CREATE}\n${DOC}\n`));
    expect(taken.statusCode).toBe(200);
    expect(setup.bus.texts()).toEqual([DOC]);
  });

  it("refuses with 429 what would put too many bytes in flight, and gives them back", async () => {
    await using setup = await openTestInput({ bytesInFlightMax: 1500 });
    const large = `${CREATE}\n${JSON.stringify({ text: "x".repeat(2000) })}\n`;
    expect((await setup.input.app.inject(post("/_bulk", large))).statusCode).toBe(429);
    const small = `${CREATE}\n${JSON.stringify({ text: "x".repeat(1000) })}\n`;
    for (let turn = 0; turn < 3; turn++) {
      expect((await setup.input.app.inject(post("/_bulk", small))).statusCode).toBe(200);
    }
  });

  it("limits the requests in a minute", async () => {
    await using setup = await openTestInput({ requestsPerMinuteMax: 2 });
    const codes = [];
    for (let turn = 0; turn < 3; turn++) {
      const reply = await setup.input.app.inject({ url: "/", headers: AUTHORIZATION });
      codes.push(reply.statusCode);
      if (turn === 2) expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
    }
    expect(codes).toEqual([200, 200, 429]);
  });

  it("takes single documents with and without an id", async () => {
    await using setup = await openTestInput();
    const first = await setup.input.app.inject(post("/logs/_doc", DOC));
    expect([first.statusCode, first.json().result]).toEqual([201, "created"]);
    const second = await setup.input.app.inject({ ...post("/logs/_doc/nr-7", DOC), method: "PUT" });
    expect(second.json()).toMatchObject({ _index: "logs", _id: "nr-7" });
    const third = await setup.input.app.inject(post("/logs/_doc", "[1]"));
    expect(third.statusCode).toBe(400);
    expect(setup.bus.taken.map((one) => [one.record.text, one.record.idFromSender])).toEqual([
      [DOC, false],
      [DOC, true],
    ]);
  });
});

describe("recorded shippers", () => {
  it("serves Winlogbeat: probes, setup, bulk with filter_path and gzip", async () => {
    await using setup = await openTestInput();
    const { app } = setup.input;
    const headers = {
      ...AUTHORIZATION,
      "user-agent": "Elastic-Winlogbeat/8.19.0 (windows; amd64)",
      accept: "application/json",
    };
    const root = await app.inject({ url: "/", headers });
    expect(root.json()).toMatchObject({
      version: { number: /^8\./ },
      tagline: "You Know, for Search",
    });
    expect(root.headers["x-elastic-product"]).toBe("Elasticsearch");
    expect((await app.inject({ url: "/_license?human=false", headers })).json()).toMatchObject({
      license: { status: "active", type: "basic" },
    });
    for (const path of [
      "/_ilm/policy/winlogbeat",
      "/_index_template/winlogbeat-8.19.0",
      "/_data_stream/winlogbeat-8.19.0",
      "/_ingest/pipeline/winlogbeat-8.19.0-routing",
    ]) {
      expect((await app.inject({ url: path, headers })).statusCode).toBe(404);
      const put = await app.inject({
        method: "PUT",
        url: path,
        headers: { ...headers, "content-type": "application/json" },
        payload: JSON.stringify({ template: "x".repeat(200_000) }),
      });
      expect([put.statusCode, put.json()]).toEqual([200, { acknowledged: true }]);
    }
    const meta = '{"create":{"_index":"winlogbeat-8.19.0","pipeline":"winlogbeat-8.19.0-routing"}}';
    const reply = await app.inject({
      method: "POST",
      url: "/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status",
      headers: {
        ...headers,
        "content-type": "application/json; charset=UTF-8",
        "content-encoding": "gzip",
      },
      payload: gzipSync(`${meta}\n${DOC}\n${meta}\nkaputt\n`),
    });
    expect(reply.json()).toEqual({
      errors: true,
      items: [
        { create: { status: 201 } },
        {
          create: {
            status: 400,
            error: { type: "document_parsing_exception", reason: "line 4 is no JSON object" },
          },
        },
      ],
    });
  });

  it("serves Fluent Bit, which reads errors before items", async () => {
    await using setup = await openTestInput();
    const line = '{"@timestamp":"2026-11-20T08:00:00.000Z","log":"sshd"}';
    const reply = await setup.input.app.inject({
      method: "POST",
      url: "/_bulk",
      headers: {
        authorization: `Basic ${API_KEY}`,
        "content-type": "application/x-ndjson",
        "user-agent": "Fluent-Bit",
      },
      payload: `{"create":{"_index":"fluent-bit","_type":"_doc"}}\n${line}\n`,
    });
    expect(reply.body).toMatch(/^\{"took":\d+,"errors":false,"items":\[\{"create":\{/);
    expect(setup.bus.texts()).toEqual([line]);
  });

  it("serves Vector: health check, version, zstd, data stream create", async () => {
    await using setup = await openTestInput();
    const headers = { authorization: `Basic ${API_KEY}` };
    const { app } = setup.input;
    expect((await app.inject({ url: "/_cluster/health", headers })).json().status).toBe("green");
    const reply = await app.inject({
      method: "POST",
      url: "/_bulk?timeout=60s",
      headers: { ...headers, ...NDJSON, "content-encoding": "zstd", "accept-encoding": "zstd" },
      payload: zstdCompressSync(
        `{"create":{"_index":"logs-generic-default","_type":"_doc","_id":"abc"}}\n${DOC}\n`,
      ),
    });
    expect(reply.json().items[0].create).toMatchObject({ _id: "abc", status: 201 });
  });

  it("answers sniffing clients with the address by which they came", async () => {
    await using setup = await openTestInput();
    const reply = await fetch(`${setup.input.url}/_nodes/http`, { headers: AUTHORIZATION });
    expect(await reply.json()).toMatchObject({
      nodes: { "heidewacht-ingest": { http: { publish_address: new URL(setup.input.url).host } } },
    });
  });

  it.each([
    ["GET", "/_xpack", 200],
    ["HEAD", "/", 200],
    ["HEAD", "/_template/logstash", 404],
    ["HEAD", "/winlogbeat-8.19.0", 404],
    ["PUT", "/%3Cwinlogbeat-000001%3E", 200],
    ["GET", "/_alias/winlogbeat", 404],
    ["PUT", "/_component_template/logs%40custom", 200],
    ["GET", "/_nodes/ingest", 200],
  ] as const)("answers the probe %s %s with %i", async (method, url, status) => {
    await using setup = await openTestInput();
    const reply = await setup.input.app.inject({ method, url, headers: AUTHORIZATION });
    expect(reply.statusCode).toBe(status);
    expect(reply.headers["x-elastic-product"]).toBe("Elasticsearch");
  });
});

describe("official Elasticsearch client", () => {
  it("ships through its bulk helper, and repeats what was refused", async () => {
    await using setup = await openTestInput({ prefix: "/elastic" });
    const client = new Client({
      node: setup.input.url,
      auth: { apiKey: { id: "dc01", api_key: Buffer.from(API_KEY, "base64").toString().slice(5) } },
      compression: true,
    });
    expect((await client.info()).version.number).toMatch(/^8\./);
    setup.bus.full = true;
    const sending = client.helpers.bulk({
      datasource: Array.from({ length: 2500 }, (_, n) => ({ n, text: `Zeile ${n}` })),
      onDocument: (doc) => ({ create: { _index: "logs", _id: `id-${doc.n}` } }),
      flushBytes: 20_000,
      retries: 50,
      wait: 20,
    });
    await until(async () => (await setup.counted("heidewacht_ingest_rejected_total")) > 0);
    setup.bus.full = false;
    const result = await sending;
    expect(result).toMatchObject({ total: 2500, successful: 2500, failed: 0 });
    const ids = new Set(setup.bus.taken.map((one) => one.record.id));
    expect(ids.size).toBe(2500);
    await client.close();
  });
});

describe("authentication", () => {
  it.each([
    ["nothing", undefined],
    ["a wrong key", `ApiKey ${Buffer.from("dc01:falsch").toString("base64")}`],
    ["an unknown id", `ApiKey ${Buffer.from("dc99:falsch").toString("base64")}`],
    ["another scheme", `Digest ${API_KEY}`],
    ["no base64", "ApiKey ::::"],
    ["a prototype's name", `ApiKey ${Buffer.from("__proto__:x").toString("base64")}`],
    ["a huge header", `ApiKey ${"A".repeat(4000)}`],
  ])("refuses %s as Elasticsearch would", async (_name, authorization) => {
    await using setup = await openTestInput();
    for (const url of ["/", "/_bulk", "/ingest/lines"]) {
      const headers = authorization === undefined ? {} : { authorization };
      const reply = await setup.input.app.inject(
        url === "/" ? { url, headers } : { ...post(url, `${CREATE}\n${DOC}\n`), headers },
      );
      expect(reply.statusCode).toBe(401);
      expect(reply.json()).toMatchObject({ status: 401, error: { type: "security_exception" } });
      expect(reply.headers["www-authenticate"]).toContain("ApiKey");
    }
    expect(setup.bus.taken).toEqual([]);
  });

  it.each(["ApiKey", "apikey", "Bearer", "Basic"])("takes the key as %s", async (scheme) => {
    await using setup = await openTestInput();
    const headers = { authorization: `${scheme} ${API_KEY}` };
    expect((await setup.input.app.inject({ url: "/", headers })).statusCode).toBe(200);
  });
});
