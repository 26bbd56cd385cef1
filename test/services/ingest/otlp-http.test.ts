import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { PbfReader, PbfWriter } from "pbf";
import { describe, expect, it } from "vitest";
import { readOtlpProtobuf } from "../../../services/ingest/otlp-protobuf.ts";
import { readOtlpJson } from "../../../services/ingest/otlp-record.ts";
import { AUTHORIZATION, openTestInput } from "./http-setup.ts";

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF = { "content-type": "application/x-protobuf" };

function post(payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) {
  return {
    method: "POST" as const,
    url: "/v1/logs",
    payload,
    headers: { ...AUTHORIZATION, ...headers },
  };
}

// A request as the collector's otlphttp exporter writes it in JSON.
const REQUEST = {
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: "host.name", value: { stringValue: "web01" } },
          { key: "process.pid", value: { intValue: "4711" } },
        ],
      },
      scopeLogs: [
        {
          scope: { name: "filelog", version: "0.130.0" },
          logRecords: [
            {
              timeUnixNano: "1795238400123456789",
              observedTimeUnixNano: "1795238401000000000",
              severityNumber: 9,
              severityText: "INFO",
              body: { stringValue: "größer" },
              attributes: [
                { key: "log.file.name", value: { stringValue: "auth.log" } },
                { key: "ratio", value: { doubleValue: 0.5 } },
                { key: "ok", value: { boolValue: true } },
                { key: "__proto__", value: { stringValue: "x" } },
              ],
              flags: 1,
              traceId: "5b8efff798038103d269b633813fc60c",
              spanId: "eee19b7ec3c1b174",
            },
            {
              timeUnixNano: "1795238400123456790",
              severityNumber: 17,
              body: {
                kvlistValue: {
                  values: [
                    {
                      key: "list",
                      value: { arrayValue: { values: [{ intValue: "-7" }, { stringValue: "a" }] } },
                    },
                    { key: "bytes", value: { bytesValue: "aGFsbG8=" } },
                  ],
                },
              },
              attributes: [],
              eventName: "ereignis",
            },
          ],
        },
      ],
    },
  ],
};

const SHARED = {
  resource: { attributes: { "host.name": "web01", "process.pid": 4711 } },
  scope: { name: "filelog", version: "0.130.0" },
};
const RECORDS = [
  {
    ...SHARED,
    timeUnixNano: "1795238400123456789",
    observedTimeUnixNano: "1795238401000000000",
    severityNumber: 9,
    severityText: "INFO",
    body: "größer",
    attributes: { "log.file.name": "auth.log", ratio: 0.5, ok: true },
    flags: 1,
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
  },
  {
    ...SHARED,
    timeUnixNano: "1795238400123456790",
    severityNumber: 17,
    body: { list: [-7, "a"], bytes: "aGFsbG8=" },
    attributes: {},
    eventName: "ereignis",
  },
];

type AnyValue = Readonly<Record<string, unknown>>;

// The same request in protobuf. Scope and resource come after the records, which the format allows.
function encode(request: typeof REQUEST): Buffer {
  const pbf = new PbfWriter();
  for (const resourceLogs of request.resourceLogs) {
    message(pbf, 1, (outer) => {
      for (const scopeLogs of resourceLogs.scopeLogs) {
        message(outer, 2, (inner) => {
          for (const record of scopeLogs.logRecords)
            message(inner, 2, (to) => encodeRecord(to, record));
          message(inner, 1, (scope) => {
            text(scope, 1, scopeLogs.scope.name);
            text(scope, 2, scopeLogs.scope.version);
          });
        });
      }
      message(outer, 1, (resource) => {
        for (const pair of resourceLogs.resource.attributes) encodePair(resource, 1, pair);
      });
    });
  }
  return Buffer.from(pbf.finish());
}

function encodeRecord(pbf: PbfWriter, record: AnyValue): void {
  nanoseconds(pbf, 1, record.timeUnixNano);
  nanoseconds(pbf, 11, record.observedTimeUnixNano);
  varint(pbf, 2, record.severityNumber);
  text(pbf, 3, record.severityText);
  message(pbf, 5, (body) => encodeValue(body, record.body as AnyValue));
  for (const pair of record.attributes as never[]) encodePair(pbf, 6, pair);
  if (record.flags !== undefined) {
    pbf.writeTag(8, 5);
    pbf.writeFixed32(Number(record.flags));
  }
  hex(pbf, 9, record.traceId);
  hex(pbf, 10, record.spanId);
  text(pbf, 12, record.eventName);
  text(pbf, 99, "a field of the future");
}

function encodePair(pbf: PbfWriter, tag: number, pair: { key: string; value: AnyValue }): void {
  message(pbf, tag, (to) => {
    text(to, 1, pair.key);
    message(to, 2, (value) => encodeValue(value, pair.value));
  });
}

// The test's own values: `as` says what each kind holds by the protocol.
function encodeValue(pbf: PbfWriter, value: AnyValue): void {
  const [[type, inner] = ["", undefined]] = Object.entries(value);
  if (type === "stringValue") text(pbf, 1, inner);
  if (type === "boolValue") varint(pbf, 2, Number(inner));
  if (type === "intValue") varint(pbf, 3, Number(inner));
  if (type === "doubleValue") {
    pbf.writeTag(4, 1);
    pbf.writeDouble(Number(inner));
  }
  if (type === "arrayValue") {
    message(pbf, 5, (list) => {
      for (const one of (inner as { values: AnyValue[] }).values) {
        message(list, 1, (to) => encodeValue(to, one));
      }
    });
  }
  if (type === "kvlistValue") {
    message(pbf, 6, (list) => {
      for (const pair of (inner as { values: { key: string; value: AnyValue }[] }).values) {
        encodePair(list, 1, pair);
      }
    });
  }
  if (type === "bytesValue") {
    pbf.writeTag(7, 2);
    pbf.writeBytes(Buffer.from(String(inner), "base64"));
  }
}

function message(pbf: PbfWriter, tag: number, write: (inner: PbfWriter) => void): void {
  pbf.writeMessage(tag, (_: unknown, inner: PbfWriter) => write(inner), undefined);
}

function text(pbf: PbfWriter, tag: number, value: unknown): void {
  if (typeof value !== "string") return;
  pbf.writeTag(tag, 2);
  pbf.writeString(value);
}

function varint(pbf: PbfWriter, tag: number, value: unknown): void {
  pbf.writeTag(tag, 0);
  pbf.writeVarint(Number(value));
}

function hex(pbf: PbfWriter, tag: number, value: unknown): void {
  if (typeof value !== "string") return;
  pbf.writeTag(tag, 2);
  pbf.writeBytes(Buffer.from(value, "hex"));
}

function nanoseconds(pbf: PbfWriter, tag: number, value: unknown): void {
  if (typeof value !== "string") return;
  pbf.writeTag(tag, 1);
  pbf.writeFixed32(Number(BigInt(value) & 0xffff_ffffn));
  pbf.writeFixed32(Number(BigInt(value) >> 32n));
}

/** Refused records and message of a protobuf answer. */
function partialSuccess(body: Buffer): Record<number, unknown> {
  const fields: Record<number, unknown> = {};
  new PbfReader(body).readFields((tag, _result, pbf) => {
    if (tag !== 1) return;
    pbf.readMessage((inner) => {
      fields[inner] = inner === 1 ? pbf.readVarint() : pbf.readString();
    }, undefined);
  }, undefined);
  return fields;
}

describe("OTLP over HTTP", () => {
  it.each([
    ["JSON", JSON.stringify(REQUEST), JSON_TYPE, {}],
    ["protobuf", encode(REQUEST), PROTOBUF, {}],
    ["gzip", gzipSync(encode(REQUEST)), PROTOBUF, { "content-encoding": "gzip" }],
  ])("makes one record of each log record: %s", async (_name, body, type, more) => {
    await using setup = await openTestInput();
    const reply = await setup.input.app.inject(post(body, { ...type, ...more }));
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["content-type"]).toContain(type["content-type"]);
    expect(reply.rawPayload.toString()).toBe(type === JSON_TYPE ? "{}" : "");
    expect(setup.bus.texts().map((one) => JSON.parse(one))).toEqual(RECORDS);
    expect(setup.bus.taken[0]?.record).toMatchObject({ source: "domaenencontroller" });
  });

  it("tells how many records it refused and takes the others", async () => {
    await using setup = await openTestInput({ recordBytesMax: 2000 });
    const [first] = REQUEST.resourceLogs;
    let deep: AnyValue = { stringValue: "x" };
    for (let depth = 0; depth < 40; depth++) deep = { arrayValue: { values: [deep] } };
    const long = { timeUnixNano: "1", body: { stringValue: "x".repeat(3000) }, attributes: [] };
    const logRecords = [{ ...long, body: deep }, long, ...(first?.scopeLogs[0]?.logRecords ?? [])];
    const scopeLogs = [{ scope: { name: "a", version: "b" }, logRecords }];
    const request: unknown = { resourceLogs: [{ ...first, scopeLogs }] };
    const json = await setup.input.app.inject(post(JSON.stringify(request)));
    const message = "records over 2000 bytes or nested too deep";
    expect(json.json()).toEqual({
      partialSuccess: { rejectedLogRecords: "2", errorMessage: message },
    });
    // It has the shape of REQUEST, but for the types of its values.
    const binary = await setup.input.app.inject(post(encode(request as typeof REQUEST), PROTOBUF));
    expect(partialSuccess(binary.rawPayload)).toEqual({ 1: 2, 2: message });
    expect(setup.bus.taken.length).toBe(4);
  });

  it.each([
    ["no JSON", "{", JSON_TYPE, 400],
    ["no request", '{"resourceLogs":7}', JSON_TYPE, 400],
    ["damaged protobuf", encode(REQUEST).subarray(0, 200), PROTOBUF, 400],
    ["another type", "x", { "content-type": "text/plain" }, 415],
    ["a body over the limit", `{"a":"${"x".repeat(5000)}"}`, JSON_TYPE, 413],
    ["a wrong key", "{}", { ...JSON_TYPE, authorization: "Bearer eDp5" }, 401],
  ])("refuses %s", async (_name, body, headers, status) => {
    await using setup = await openTestInput({ documentBytesMax: 4000 });
    const reply = await setup.input.app.inject(post(body, headers));
    expect(reply.statusCode).toBe(status);
    if (headers === JSON_TYPE) expect(reply.json()).toMatchObject({ code: 3 });
    expect(setup.bus.taken).toEqual([]);
  });

  it("refuses a small request that would become large", async () => {
    await using setup = await openTestInput({ bodyBytesMax: 100_000 });
    const attributes = [{ key: "a", value: { stringValue: "x".repeat(5000) } }];
    const logRecords = Array.from({ length: 100 }, () => ({}));
    const body = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] };
    const reply = await setup.input.app.inject(post(JSON.stringify(body)));
    expect(reply.statusCode).toBe(413);
  });

  it("refuses a resource over the limit of a record, which costs the other requests no time", async () => {
    await using setup = await openTestInput({ recordBytesMax: 4000 });
    const [first] = REQUEST.resourceLogs;
    const attributes = [{ key: "a", value: { stringValue: "x".repeat(5000) } }];
    const request: unknown = { resourceLogs: [{ ...first, resource: { attributes } }] };
    // It has the shape of REQUEST, but for the types of its values.
    const reply = await setup.input.app.inject(post(encode(request as typeof REQUEST), PROTOBUF));
    expect(reply.statusCode).toBe(413);
  });

  it("leaves the others their turn while a request repeats a long resource for many scopes", async () => {
    await using setup = await openTestInput({ recordBytesMax: 4000 });
    const attributes = [{ key: "a", value: { stringValue: "ä".repeat(2500) } }];
    const scopeLogs = Array.from({ length: 3000 }, () => ({ logRecords: [{}] }));
    const body = { resourceLogs: [{ resource: { attributes }, scopeLogs }] };
    let turns = 0;
    let isDone = false;
    // Turns of the event loop, not of the clock: a fast machine has as many.
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const reply = await setup.input.app.inject(post(JSON.stringify(body)));
    isDone = true;
    expect(reply.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: "3000" } });
    expect(turns).toBeGreaterThan(10);
  });

  it("asks to come again later while the bus is full or the key sends too much", async () => {
    await using setup = await openTestInput({ recordsPerSecondMax: 1 });
    setup.bus.full = true;
    const busy = await setup.input.app.inject(post(encode(REQUEST), PROTOBUF));
    expect([busy.statusCode, busy.headers["retry-after"]]).toEqual([429, "5"]);
    setup.bus.full = false;
    expect((await setup.input.app.inject(post(encode(REQUEST), PROTOBUF))).statusCode).toBe(200);
    const over = await setup.input.app.inject(post(JSON.stringify(REQUEST)));
    expect(over.statusCode).toBe(429);
    expect(over.json()).toMatchObject({ code: 8 });
  });

  it("reads or refuses whatever bytes, and never more than the request", () => {
    const good = encode(REQUEST);
    const spoiled = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 12 }), fc.nat(20))
      .map(([at, put, cut]) => Buffer.concat([good.subarray(0, at), put, good.subarray(at + cut)]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), spoiled), (bytes) => {
        try {
          for (const { records } of readOtlpProtobuf(bytes, 1_000_000))
            JSON.stringify([...records]);
        } catch (error) {
          expect(error).toMatchObject({ code: "HW_REQUEST_INVALID" });
        }
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        const request = {
          resourceLogs: [
            a,
            { resource: b, scopeLogs: [c, { logRecords: [a, { body: b, attributes: [c] }] }] },
          ],
        };
        for (const { records } of readOtlpJson(JSON.stringify(request))) {
          JSON.stringify([...records]);
        }
      }),
    );
  });
});
