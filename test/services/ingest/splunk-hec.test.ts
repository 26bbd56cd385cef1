import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { API_KEY, openTestInput } from "./http-setup.ts";

const KEY = { authorization: `Splunk ${API_KEY}` };
const CHANNEL = { "x-splunk-request-channel": "a1b2c3d4-0000-4000-8000-000000000001" };

function post(path: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const url = `/services/collector${path}`;
  return { method: "POST" as const, url, payload, headers: { ...KEY, ...headers } };
}

const EVENT = '{"time":1795238400.123,"host":"web01","sourcetype":"syslog","event":"größer"}';
const OBJECT = '{"event":{"a":1},"fields":{"ort":["Lüneburg"]},"time":"1795238400"}';

describe("Splunk HEC", () => {
  it.each([
    ["one after the other", EVENT + OBJECT],
    ["with line feeds", `${EVENT}\n\n${OBJECT}\r\n`],
    ["as a list", `[${EVENT},${OBJECT}]`],
  ])("takes events %s, exactly as sent", async (_name, body) => {
    await using setup = await openTestInput();
    for (const path of ["", "/event", "/event/1.0"]) {
      const reply = await setup.input.app.inject(post(path, body));
      expect([reply.statusCode, reply.json()]).toEqual([200, { text: "Success", code: 0 }]);
    }
    expect(setup.bus.texts()).toEqual([EVENT, OBJECT, EVENT, OBJECT, EVENT, OBJECT]);
    expect(setup.bus.taken[0]?.record).toMatchObject({ source: "domaenencontroller" });
  });

  it("takes compressed bodies, and puts what the query says into the envelope", async () => {
    await using setup = await openTestInput();
    const body = gzipSync('{"event":"a"}{"event":"b","host":"eigener"}');
    const gzip = { "content-encoding": "gzip" };
    await setup.input.app.inject(post("?host=vorgabe&sourcetype=cisco:asa", body, gzip));
    expect(setup.bus.texts().map((text) => JSON.parse(text))).toEqual([
      { host: "vorgabe", sourcetype: "cisco:asa", event: "a" },
      { host: "eigener", sourcetype: "cisco:asa", event: "b" },
    ]);
  });

  it("takes raw lines, in an envelope where the query says more of them", async () => {
    await using setup = await openTestInput();
    await setup.input.app.inject(post("/raw", "eins\r\n\nzwei"));
    await setup.input.app.inject(post("/raw/1.0?host=web01&sourcetype=syslog", "drei\n"));
    expect(setup.bus.texts()).toEqual([
      "eins",
      "zwei",
      '{"host":"web01","sourcetype":"syslog","event":"drei"}',
    ]);
  });

  it.each([
    ["no data", "", 400, { code: 5, text: "No data" }],
    ["no JSON", "{x}", 400, { code: 6, "invalid-event-number": 0 }],
    ["an unfinished object", `${EVENT}{"event":"a"`, 400, { code: 6, "invalid-event-number": 1 }],
    ["no object", "7", 400, { code: 6 }],
    ["no event", `${EVENT}{"host":"a"}`, 400, { code: 12, "invalid-event-number": 1 }],
    ["an empty event", '{"event":""}', 400, { code: 13 }],
    ["nested fields", '{"event":"a","fields":{"a":{"b":1}}}', 400, { code: 15 }],
    ["a time that is none", '{"event":"a","time":"gestern"}', 400, { code: 6 }],
    ["a long event", `{"event":"${"x".repeat(3000)}"}`, 413, { code: 27 }],
  ])("answers %s with the collector's code", async (_name, body, status, expected) => {
    await using setup = await openTestInput({ recordBytesMax: 2000 });
    const reply = await setup.input.app.inject(post("/event", `${body}`));
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject(expected);
    // What stands before the fault is taken, nothing after it.
    expect(setup.bus.texts()).toEqual(body.startsWith(EVENT) ? [EVENT] : []);
  });

  it.each([
    ["no key", {}, 401, 2],
    ["another scheme", { authorization: "Digest abc" }, 401, 3],
    ["a wrong key", { authorization: "Splunk ZGMwMTp4" }, 403, 4],
    ["a token of another shape", { authorization: "Splunk 11111111-2222" }, 403, 4],
  ])("refuses %s", async (_name, headers, status, code) => {
    await using setup = await openTestInput();
    const url = "/services/collector/event";
    const reply = await setup.input.app.inject({ method: "POST", url, payload: EVENT, headers });
    expect([reply.statusCode, reply.json().code]).toEqual([status, code]);
  });

  it("takes the key in clear as id.key", async () => {
    await using setup = await openTestInput();
    const headers = { authorization: "Splunk dc01.s3cret-Key:with-colon" };
    const reply = await setup.input.app.inject(post("", EVENT, headers));
    expect(reply.statusCode).toBe(200);
  });

  it("answers the questions that shippers ask first", async () => {
    await using setup = await openTestInput();
    const health = await setup.input.app.inject({
      method: "GET",
      url: "/services/collector/health/1.0",
      headers: KEY,
    });
    expect([health.statusCode, health.json()]).toEqual([200, { text: "HEC is healthy", code: 17 }]);
    const docker = await setup.input.app.inject({
      method: "OPTIONS",
      url: "/services/collector/event/1.0",
      headers: KEY,
    });
    expect(docker.statusCode).toBe(200);
  });

  it("refuses a small request that its query would make large", async () => {
    await using setup = await openTestInput({ bodyBytesMax: 100_000 });
    const path = `?host=${"x".repeat(5000)}`;
    const reply = await setup.input.app.inject(
      post(path, EVENT.repeat(3) + '{"event":1}'.repeat(50)),
    );
    expect([reply.statusCode, reply.json().code]).toEqual([413, 27]);
    expect(setup.bus.taken).toEqual([]);
  });

  it("says it is busy while the bus is full, and that the rate is exceeded", async () => {
    await using setup = await openTestInput({ recordsPerSecondMax: 1 });
    setup.bus.full = true;
    const busy = await setup.input.app.inject(post("", EVENT));
    expect([busy.statusCode, busy.json()]).toEqual([503, { text: "Server is busy", code: 9 }]);
    setup.bus.full = false;
    expect((await setup.input.app.inject(post("", EVENT + EVENT))).statusCode).toBe(200);
    const over = await setup.input.app.inject(post("", EVENT));
    expect([over.statusCode, over.json().code, over.headers["retry-after"]]).toEqual([429, 9, "5"]);
  });

  it("acknowledges what it gave an id, and nothing else", async () => {
    await using setup = await openTestInput();
    const ids = [];
    for (let count = 0; count < 2; count++) {
      ids.push((await setup.input.app.inject(post("", EVENT, CHANNEL))).json().ackId);
    }
    expect(ids).toEqual([0, 1]);
    const asked = JSON.stringify({ acks: [0, 1, 2] });
    const told = await setup.input.app.inject(post("/ack", asked, CHANNEL));
    expect(told.json()).toEqual({ acks: { 0: true, 1: true, 2: false } });
    const other = await setup.input.app.inject(post("/ack?channel=andere", asked));
    expect(other.json()).toEqual({ acks: { 0: false, 1: false, 2: false } });
    const none = await setup.input.app.inject(post("/ack", asked));
    expect(none.json()).toMatchObject({ code: 10 });
    const odd = await setup.input.app.inject(post("/ack?channel=a/b", asked));
    expect(odd.json()).toMatchObject({ code: 11 });
    const wrong = await setup.input.app.inject(post("/ack", '{"acks":["1"]}', CHANNEL));
    expect(wrong.json()).toMatchObject({ code: 6 });
  });
});
