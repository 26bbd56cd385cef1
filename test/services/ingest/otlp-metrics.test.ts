// Metrics by OTLP/HTTP: points that belong together become one record, what can't be read is told.
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../config/errors.ts";
import { readOtlpMetrics } from "../../../services/ingest/otlp-metrics.ts";
import { AUTHORIZATION, openTestInput } from "./http-setup.ts";

const JSON_TYPE = { "content-type": "application/json" };
const TIME = "1795237210000000000";
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

function post(payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) {
  return {
    method: "POST" as const,
    url: "/v1/metrics",
    payload,
    headers: { ...AUTHORIZATION, ...headers },
  };
}

function request(metrics: readonly unknown[]) {
  return {
    resourceMetrics: [
      {
        resource: { attributes: [text("host.name", "web01")] },
        scopeMetrics: [{ scope: { name: "cpuscraper" }, metrics }],
      },
    ],
  };
}

// As the collector's otlphttp exporter writes them with `encoding: json`.
const CPU = [text("cpu", "cpu0")];
const METRICS = [
  {
    name: "system.cpu.time",
    unit: "s",
    sum: {
      dataPoints: [
        { attributes: CPU, startTimeUnixNano: "1", timeUnixNano: TIME, asDouble: 4711.5 },
        { attributes: [text("cpu", "cpu1")], timeUnixNano: TIME, asDouble: 4000 },
      ],
      aggregationTemporality: 2,
      isMonotonic: true,
    },
  },
  {
    name: "system.cpu.utilization",
    gauge: { dataPoints: [{ attributes: CPU, timeUnixNano: TIME, asDouble: 0.12 }] },
  },
  {
    name: "http.server.request.duration",
    histogram: {
      dataPoints: [
        {
          ...{ timeUnixNano: TIME, count: "812", sum: 97.3 },
          ...{ bucketCounts: ["800", "12"], explicitBounds: [1] },
        },
      ],
    },
  },
  { name: "system.processes.count", gauge: { dataPoints: [{ timeUnixNano: TIME, asInt: "231" }] } },
];

const SHARED = {
  resource: { attributes: { "host.name": "web01" } },
  scope: { name: "cpuscraper" },
};
const RECORDS = [
  {
    ...{ attributes: { cpu: "cpu0" }, timeUnixNano: TIME },
    metrics: { "system.cpu.time": 4711.5, "system.cpu.utilization": 0.12 },
  },
  { attributes: { cpu: "cpu1" }, timeUnixNano: TIME, metrics: { "system.cpu.time": 4000 } },
  {
    ...{ attributes: {}, timeUnixNano: TIME },
    metrics: {
      "http.server.request.duration.count": 812,
      "http.server.request.duration.sum": 97.3,
      "system.processes.count": 231,
    },
  },
];

function recordsOf(body: string): unknown[] {
  return [...readOtlpMetrics(body)].flatMap(({ records }) => [...records]);
}

describe("metrics by OTLP/HTTP", () => {
  it.each([
    ["as JSON", post(JSON.stringify(request(METRICS)))],
    [
      "compressed",
      post(gzipSync(JSON.stringify(request(METRICS))), {
        ...JSON_TYPE,
        "content-encoding": "gzip",
      }),
    ],
  ])("become a record for all points of the same attributes and time, %s", async (_, message) => {
    await using setup = await openTestInput();
    const answer = await setup.input.app.inject(message);
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    expect(setup.bus.texts().map((one) => JSON.parse(one))).toEqual(
      RECORDS.map((record) => ({ ...SHARED, ...record })),
    );
  });

  it.each([
    ["protobuf", post(Buffer.from([0]), { "content-type": "application/x-protobuf" }), 415],
    ["another type", post("x", { "content-type": "text/plain" }), 415],
    ["no JSON", post("{"), 400],
    ["another request", post('{"resourceMetrics":7}'), 400],
    ["a list", post("[]"), 400],
  ])("are refused as %s", async (_, message, status) => {
    await using setup = await openTestInput();
    expect((await setup.input.app.inject(message)).statusCode).toBe(status);
    expect(setup.bus.taken).toEqual([]);
  });

  it("refuses a point that is nested too deep alone", async () => {
    await using setup = await openTestInput();
    let value: unknown = { stringValue: "x" };
    for (let depth = 0; depth < 40; depth += 1) value = { arrayValue: { values: [value] } };
    const points = [
      { attributes: [{ key: "deep", value }], timeUnixNano: TIME, asDouble: 1 },
      { timeUnixNano: TIME, asDouble: 2 },
    ];
    const answer = await setup.input.app.inject(
      post(JSON.stringify(request([{ name: "a", gauge: { dataPoints: points } }]))),
    );
    expect(answer.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: "1" } });
    expect(setup.bus.texts()).toHaveLength(1);
  });

  it.each([
    ["no value", { flags: 1, asDouble: 0 }],
    ["no number", { asDouble: "NaN" }],
    ["an endless number", { asDouble: "Infinity" }],
    ["an object", { asDouble: {} }],
  ])("leave out a point of %s", (_, point) => {
    const dataPoints = [{ timeUnixNano: TIME, ...point }];
    expect(recordsOf(JSON.stringify(request([{ name: "a", gauge: { dataPoints } }])))).toEqual([]);
  });

  it("can't put a prototype in", () => {
    const dataPoints = [{ timeUnixNano: TIME, asDouble: 1 }];
    const body = JSON.stringify(request([{ name: "__proto__", gauge: { dataPoints } }]));
    expect(recordsOf(body)).toEqual([{ attributes: {}, timeUnixNano: TIME, metrics: {} }]);
  });

  it("begin another record after two hundred metrics", () => {
    const metrics = Array.from({ length: 450 }, (_, at) => {
      return { name: `m${at}`, gauge: { dataPoints: [{ timeUnixNano: TIME, asInt: String(at) }] } };
    });
    const records = recordsOf(JSON.stringify(request(metrics)));
    expect(records).toHaveLength(3);
  });

  it.each(["null", "7", '"x"', '{"resourceMetrics":{}}', '{"resourceMetrics":null}'])(
    "are no %s",
    (body) => {
      let fault: unknown;
      try {
        recordsOf(body);
      } catch (error) {
        fault = error;
      }
      expect(isAppError(fault, "HW_REQUEST_INVALID")).toBe(true);
    },
  );
});
