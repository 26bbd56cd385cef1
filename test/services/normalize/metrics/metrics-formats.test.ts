// What the formats of metrics read: whose the values are, of what, when; and what they refuse.
import { describe, expect, it } from "vitest";
import { isAppError } from "../../../../config/errors.ts";
import type { Format } from "../../../../services/normalize/format.ts";
import { METRICS_FORMATS } from "../../../../services/normalize/metrics/metrics-formats.ts";
import { createNormalizer } from "../../../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const SAMPLES = readFormatSamples();

function format(id: string): Format {
  const found = METRICS_FORMATS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no format ${id}`);
  return found;
}

function textOf(id: string, line: number): string {
  return SAMPLES.filter((one) => one.format === id)[line - 1]?.text ?? "";
}

const NODE_CPU = 'node_cpu{instance="web01:9100",mode="idle"} 1 1795237210000';

describe("a record of metrics", () => {
  it.each([
    [
      ...["metricbeat", 1, "2026-11-21T05:00:10.123Z"],
      { "host.name": "fs01", "metricset.name": "cpu", "system.cpu.total.norm.pct": 0.0467 },
    ],
    [
      ...["metricbeat", 3, "2026-11-21T05:00:30.500Z"],
      { "host.name": "dc01", "system.network.name": "Ethernet0", "event.kind": "metric" },
    ],
    [
      ...["telegraf", 2, "2026-11-21T05:00:20.000Z"],
      {
        ...{ "host.name": "fs01", "metricset.name": "disk", "metric.labels.path": "/srv/daten" },
        "metric.values.disk.used_percent": 65,
      },
    ],
    [
      ...["telegraf", 3, "2026-11-21T05:00:30.000Z"],
      { "metric.values.http_response.active": 1, "metric.values.http_response.result_code": 0 },
    ],
    [
      ...["prometheus", 2, "2026-11-21T05:00:10.000Z"],
      {
        ...{ "host.name": "fs01", "service.name": "node", "metric.labels.device": "eth0" },
        "metric.values.node_network_receive_bytes_total": 918273645,
      },
    ],
    [
      ...["prometheus", 3, "2026-11-21T05:00:10.123Z"],
      { "host.name": "2001:db8::7", "metric.labels.handler": "/antrag/{id}" },
    ],
    [
      ...["prometheus", 7, "2026-11-21T05:00:20.500Z"],
      { "host.name": "web01", "metric.labels.outcome": 'failed "locked"' },
    ],
    [
      ...["graphite", 1, "2026-11-21T05:00:10.000Z"],
      { "metric.values.kreis.fs01.cpu.percent-user": 12.5, "event.kind": "metric" },
    ],
    [
      ...["graphite", 3, "2026-11-21T05:00:20.000Z"],
      { "host.name": "fs01", "metric.labels.mount": "/srv/daten" },
    ],
    [
      ...["otlp-metrics", 1, "2026-11-21T05:00:10.123Z"],
      {
        ...{ "host.name": "web01", "service.name": "buergerportal", "metric.labels.cpu": "cpu0" },
        "metric.values.system.cpu.utilization": 0.12,
      },
    ],
  ] as const)("of %s (sample %i) has time, host, labels and values", (id, line, time, fields) => {
    const { record, time: read } = parseLine(format(id), textOf(id, line));
    expect(iso(read)).toBe(time);
    expect(format(id).ecs(record)).toMatchObject(fields);
  });

  it("is found by rules under the names of its document", () => {
    const { shape } = format("telegraf");
    const { record } = parseLine(format("telegraf"), textOf("telegraf", 2));
    expect(fieldOf(shape, record, "host.name")).toBe("fs01");
    expect(fieldOf(shape, record, "metric.labels.device")).toBe("sdb1");
    expect(fieldOf(shape, record, "metric.values.disk.used_percent")).toBe(65);
    expect(fieldOf(shape, record, "device")).toBe("sdb1");
  });

  it("keeps no value that is none", () => {
    const { record } = parseLine(format("prometheus"), 'a_b{c="d"} NaN');
    expect(Object.keys(format("prometheus").ecs(record))).not.toContain("metric.values.a_b");
  });

  it("takes no more labels and values than it may", () => {
    const tags = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`t${at}`, "x"]));
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`f${at}`, at]));
    const text = JSON.stringify({ name: "flood", tags, fields, timestamp: 1795237210 });
    const document = format("telegraf").ecs(parseLine(format("telegraf"), text).record);
    expect(Object.keys(document).length).toBeLessThan(600);
  });

  it("can't put a prototype or a field of ours in", () => {
    const text =
      '{"name":"x","timestamp":1,"tags":{"__proto__":"a","constructor":"b"},"fields":{"event.kind":2}}';
    const { record } = parseLine(format("telegraf"), text);
    const document = format("telegraf").ecs(record);
    expect(document).toMatchObject({
      ...{ "event.kind": "metric", "metric.labels.constructor": "b" },
      "metric.values.x.event.kind": 2,
    });
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  });
});

describe("a line of Prometheus", () => {
  it.each([
    [NODE_CPU, true],
    ["node_load1 0.35", true],
    ['up{instance="a:1"} 1 # {trace_id="x"} 0.5', true],
    ["node_load1", false],
    ["gestartet 5", false],
    ['node_cpu{mode="idle} 1', false],
    ["node_cpu{mode=idle} 1", false],
    ["node_load1 zwei", false],
    ["node_load1 0.35 heute", false],
    ["accepted_connection from 10.0.0.1", false],
  ])("%j is one: %s", (line, isOne) => {
    expect(sniffLine(format("prometheus"), line) > 0).toBe(isOne);
  });

  it.each([
    "# HELP node_load1 1m load average.",
    "# TYPE node_load1 gauge",
    "# UNIT a_b b",
    "# EOF",
  ])("that only describes is skipped: %s", (text) => {
    const about = { id: "1", idFromSender: false, source: "prom", ...CONTEXT };
    const result = createNormalizer({ mappings: [] }).normalize({ ...about, text }, "kreis");
    expect(result).toEqual({ skipped: "header" });
  });

  it.each([
    ["without a port", "web01", "web01"],
    ["with a port", "web01.kreis.example:9100", "web01.kreis.example"],
    ["as an address in brackets", "[2001:db8::1]:9100", "2001:db8::1"],
    ["as a bare address", "2001:db8::1", "2001:db8::1"],
  ])("names its host %s", (_, instance, host) => {
    const { record } = parseLine(format("prometheus"), `up{instance="${instance}"} 1`);
    expect(record.host).toBe(host);
  });
});

describe("a line of Graphite", () => {
  it.each([
    ["kreis.fs01.load 0.5 1795237210", true],
    ["load;host=fs01 -1e3 1795237210", true],
    ["load 0.5 1795237210", false],
    ["10.0.0.1 200 1795237210", false],
    ["kreis.fs01.load 0.5", false],
    ["kreis.fs01.load viel 1795237210", false],
    ["kreis.fs01.load 0.5 1795237210 mehr", false],
  ])("%j is one: %s", (line, isOne) => {
    expect(sniffLine(format("graphite"), line) > 0).toBe(isOne);
  });
});

describe("what is no record of its own", () => {
  it.each([
    [
      "a batch of Telegraf",
      "telegraf",
      `{"metrics":[${textOf("telegraf", 1)}]}`,
      /use_batch_format/,
    ],
    ["a whole request of OTLP", "otlp-metrics", '{"resourceMetrics":[]}', /\/v1\/metrics/],
  ])("as %s is refused with what to do", (_, id, text, told) => {
    const about = { id: "1", idFromSender: false, source: "s", ...CONTEXT };
    const result = createNormalizer({ mappings: [] }).normalize({ ...about, text }, "kreis");
    const fault = "fault" in result ? result.fault : undefined;
    expect(isAppError(fault, "HW_PARSE_FAILED")).toBe(true);
    expect(fault?.message).toMatch(told);
    expect(sniffLine(format(id), text)).toBeGreaterThan(0.9);
  });

  it.each([
    ["a log with a message", { message: "failed", metricset: { name: "cpu" } }],
    ["a Windows event", { winlog: { event_id: 1102 }, metricset: { name: "cpu" } }],
    ["a log with its file", { log: { file: { path: "/var/log/x" } }, "metricset.name": "cpu" }],
  ])("as %s is none of Metricbeat's", (_, more) => {
    const text = JSON.stringify({ "@timestamp": "2026-11-21T05:00:00Z", ...more });
    expect(sniffLine(format("metricbeat"), text)).toBe(0);
  });
});

it.each(METRICS_FORMATS.map(({ id }) => id))("%s survives anything", (id) => {
  const own = SAMPLES.filter((one) => one.format === id).map(({ text }) => text);
  survivesAnything(format(id), own);
});
