// Which samples documents of metrics give: one name for each series, whatever the order of its labels, and none of
// what never stays.
import { describe, expect, it } from "vitest";
import { samplesOfRow } from "../../../detectors/anomaly/sample-row.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { samplesOf } from "../../../services/detect/samples.ts";
import { unusualOf } from "../../../services/detect/unusual.ts";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../../support/format-samples.ts";

const ABOUT = { id: "e1", time: 1000, source: "monitoring" };

function seen(document: EcsDocument): [string, string, number][] {
  const observation = samplesOf(document, ABOUT);
  return (observation === undefined ? [] : samplesOfRow(observation)).map(
    ({ entity, metric, value }) => [`${entity.type}:${entity.value}`, metric, value],
  );
}

/** Of the sample records of a format: what their documents give. */
function ofSample(format: string, line: number): [string, string, number][] {
  const text = readFormatSamples().filter((one) => one.format === format)[line - 1]?.text ?? "";
  const raw = { id: "1", idFromSender: true, source: "monitoring", timeZone: "UTC", text };
  const parsed = eventOrThrow(
    createNormalizer({ mappings: [] }).normalize({ ...raw, receivedAt: Date.now() }, "kreis"),
  );
  return seen(parsed.format.ecs(parsed.event.record));
}

describe("samples of a document", () => {
  it.each([
    ["metricbeat", 1, ["host:fs01", "system.cpu.total.norm.pct", 0.0467]],
    [
      ...["metricbeat", 2],
      [
        "host:fs01",
        "system.filesystem.used.pct{device_name=/dev/sdb1,mount_point=/srv/daten}",
        0.65,
      ],
    ],
    ["metricbeat", 3, ["host:dc01", "system.network.in.errors{name=Ethernet0}", 0]],
    ["telegraf", 1, ["host:web01", "cpu.usage_idle{cpu=cpu-total}", 92.5]],
    ["prometheus", 1, ["host:web01", "node_load1{service=node}", 0.35]],
    ["prometheus", 5, ["service:monitoring", "node_memory_MemAvailable_bytes", 6442450944]],
    ["graphite", 1, ["service:monitoring", "kreis.fs01.cpu.percent-user", 12.5]],
    ["otlp-metrics", 3, ["host:db01", "postgresql.backends", 17]],
  ] as const)("of %s (sample %i) name host, series and value", (format, line, one) => {
    expect(ofSample(format, line)).toContainEqual(one);
  });

  it("leave out what an ECS document counts of itself", () => {
    const names = ofSample("metricbeat", 1).map(([, metric]) => metric);
    expect(names.filter((name) => !name.startsWith("system."))).toEqual([]);
  });

  it("are none of single processes", () => {
    expect(ofSample("metricbeat", 4)).toEqual([]);
  });

  const labelled = (labels: EcsDocument, name = "a_b") => {
    return { "host.name": "H1", [`metric.values.${name}`]: 1, ...labels };
  };
  const nameOf = (document: EcsDocument) => seen(document)[0]?.[1];

  it("have one name for a series, in whatever order its labels come", () => {
    const one = labelled({ "metric.labels.x": "1", "metric.labels.y": "2" });
    const other = labelled({ "metric.labels.y": "2", "metric.labels.x": "1" });
    expect(nameOf(one)).toBe("a_b{x=1,y=2}");
    expect(nameOf(other)).toBe(nameOf(one));
  });

  it("stay apart where labels are long or many", () => {
    const long = "v".repeat(900);
    const many = (last: string) =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [`metric.labels.l${at}`, at === 19 ? last : "v"]),
      );
    expect(nameOf(labelled({ "metric.labels.x": `${long}1` }))).not.toBe(
      nameOf(labelled({ "metric.labels.x": `${long}2` })),
    );
    expect(nameOf(labelled(many("1")))).not.toBe(nameOf(labelled(many("2"))));
    expect(nameOf(labelled(many("1")))?.length).toBeLessThan(300);
  });

  it.each([
    ["a part of a distribution", labelled({}, "http_seconds_bucket")],
    ["a time of birth", labelled({}, "http_requests_created")],
    ["a label that passes", labelled({ "metric.labels.pid": "4711" })],
    ["texts only", { "host.name": "h1", "metric.labels.x": "1" }],
    ["nothing", {}],
  ])("are none of %s", (_, document) => {
    expect(seen(document)).toEqual([]);
  });

  it("are made of documents of metrics only", () => {
    const document = labelled({});
    expect(unusualOf(document, "metrics", ABOUT)?.value).toBe("samples");
    expect(unusualOf(document, "webserver", ABOUT)).toBeUndefined();
  });
});
