import { describe, expect, it } from "vitest";
import { splunkHec } from "../../../../services/normalize/cloud/splunk-hec.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const SAMPLES = readFormatSamples()
  .filter(({ format }) => format === "splunk-hec")
  .map(({ text }) => text);
const [SSH = "", DOCKER = "", PLAIN = "", OBJECT = "", WINDOWS = ""] = SAMPLES;

function normalized(text: string) {
  const raw = { id: "1", idFromSender: false, source: "s", ...CONTEXT, text };
  return eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "kreis"));
}

describe("HEC envelopes", () => {
  it.each([
    [PLAIN, "host.name", "srv3"],
    [PLAIN, "message", "Sicherung beendet"],
    [PLAIN, "standort", "Lüneburg"],
    [OBJECT, "action", "deny"],
    [OBJECT, "client.ip", "10.20.1.15"],
    [OBJECT, "splunk-hec.user", "emustermann"],
    [OBJECT, "sourcetype", "fgt_log"],
    [DOCKER, "tag", "akte/3f2a"],
    [DOCKER, "host.ip", undefined],
  ])("%.0sfind %s", (line, name, expected) => {
    expect(sniffLine(splunkHec, line)).toBeGreaterThan(0.9);
    expect(fieldOf(splunkHec.shape, parseLine(splunkHec, line).record, name)).toBe(expected);
  });

  it("write ECS names and keep the rest", () => {
    expect(splunkHec.ecs(parseLine(splunkHec, DOCKER).record)).toEqual({
      "event.kind": "event",
      "event.module": "splunk-hec",
      "event.dataset": "docker",
      "host.name": "docker01",
      message: "Anmeldung abgelehnt: user=emustermann",
      "splunk-hec.source": "fachverfahren",
      "splunk-hec.event.line": "Anmeldung abgelehnt: user=emustermann",
      "splunk-hec.event.source": "stdout",
      "splunk-hec.event.tag": "akte/3f2a",
    });
    expect(splunkHec.ecs(parseLine(splunkHec, PLAIN).record)).toMatchObject({
      "splunk-hec.fields.standort": "Lüneburg",
      "splunk-hec.fields.dauer": ["17"],
    });
  });

  it.each([
    [SSH, "linux-auth", "2026-11-21T04:38:16.000Z"],
    [WINDOWS, "windows-flat", "2026-11-21T04:38:20.000Z"],
    [PLAIN, "splunk-hec", "2026-11-21T04:38:18.000Z"],
    [DOCKER, "splunk-hec", "2026-11-21T04:38:17.500Z"],
    [
      '{"time":1795235896,"host":"a","event":{"EventID":4624,"Channel":"Security","Computer":"dc"}}',
      "windows-flat",
      "2026-11-21T04:38:16.000Z",
    ],
    [
      '{"time":1795235896,"host":"a","event":{"line":"CEF:0|V|P|1|1|x|5|src=10.1.2.3","tag":"t"}}',
      "cef",
      "2026-11-21T04:38:16.000Z",
    ],
  ])("%.0shand their event to %s where it is a known line", (line, format, time) => {
    const { event, format: found } = normalized(line);
    expect([found.id, iso(event.time)]).toEqual([format, time]);
  });

  it("reach rules by their sourcetype", () => {
    const line = '{"host":"a","sourcetype":"access_combined","event":"Satz"}';
    expect(routeOf(splunkHec.shape, parseLine(splunkHec, line).record)).toBe(" / webserver / ");
  });

  it.each([
    '{"event":"a","ts":1,"level":"info"}',
    '{"event":""}',
    '{"time":1,"host":"a"}',
    '{"event":7}',
    "event",
  ])("refuse %s", (line) => {
    expect(sniffLine(splunkHec, line)).toBe(0);
  });

  it.each(['{"event":""}', '{"host":"a"}', "event"])("don't parse %s", (line) => {
    expect(() => parseLine(splunkHec, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () => survivesAnything(splunkHec, SAMPLES));
});
