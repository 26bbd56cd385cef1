import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { criContainer, docker } from "../../../../services/normalize/servers/container-log.ts";
import { dockerDaemon } from "../../../../services/normalize/servers/docker-daemon.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function samplesOf(id: string): string[] {
  return readFormatSamples()
    .filter(({ format }) => format === id)
    .map(({ text }) => text);
}

const DOCKER = samplesOf("docker");
const CRI = samplesOf("cri-container");
const DAEMON = samplesOf("docker-daemon");

function formatOf(text: string): string {
  const raw = {
    id: "r",
    idFromSender: false,
    source: "container",
    timeZone: "Europe/Berlin",
    receivedAt: Date.UTC(2026, 10, 21, 5),
    text,
  };
  return eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "kreis")).format.id;
}

describe("container lines", () => {
  it.each([
    [docker, DOCKER[0], "message", "2026-11-21T04:38:16Z INFO  Server started on port 8080"],
    [docker, DOCKER[2], "stream", "stderr"],
    [docker, DOCKER[3], "orchestrator.resource.name", "fach-7c9f"],
    [docker, DOCKER[3], "container.name", "web"],
    [docker, DOCKER[3], "host.name", "node03"],
    [criContainer, CRI[0], "message", "Server started on port 8080"],
    [criContainer, CRI[1], "stream", "stderr"],
    [criContainer, CRI[2], "partial", true],
    [criContainer, CRI[4], "log", ""],
  ])("hold what they carry (%#)", (format, line = "", name, expected) => {
    expect(sniffLine(format, line)).toBeGreaterThanOrEqual(0.9);
    expect(fieldOf(format.shape, parseLine(format, line).record, name)).toBe(expected);
  });

  it.each([
    [docker, DOCKER[0], "2026-11-21T04:38:16.123Z"],
    [criContainer, CRI[0], "2026-11-21T04:38:16.123Z"],
  ])("keep the time of the runtime (%#)", (format, line = "", expected) => {
    expect(iso(parseLine(format, line).time)).toBe(expected);
  });

  it.each([
    [DOCKER[0], "docker"],
    [DOCKER[1], "web-access"],
    [DOCKER[4], "docker"],
    [CRI[0], "cri-container"],
    [CRI[2], "cri-container"],
    [CRI[3], "web-access"],
  ])("are read by the format of what is inside where one is sure (%#)", (line = "", id) => {
    expect(formatOf(line)).toBe(id);
  });

  it("reach the rules for errors of application frameworks", () => {
    const route = routeOf(docker.shape, parseLine(docker, DOCKER[4] ?? "").record);
    expect(route).toMatch(/^jvm\+spring\+.*python.* \/ application \/ $/);
  });

  it("read under ECS names", () => {
    expect(docker.ecs(parseLine(docker, DOCKER[3] ?? "").record)).toEqual({
      "event.kind": "event",
      "event.category": ["process"],
      "container.name": "web",
      "container.stream": "stdout",
      "host.name": "node03",
      "orchestrator.namespace": "fachverfahren",
      "orchestrator.resource.name": "fach-7c9f",
      message: "Anmeldung von emustermann@kreis.example abgelehnt",
    });
  });

  it.each([
    [docker, ""],
    [docker, "{}"],
    [docker, '{"log":"x","stream":"stdout"}'],
    [docker, '{"log":"x","stream":"other","time":"2026-11-21T04:38:16Z"}'],
    [docker, '{"log":1,"stream":"stdout","time":"2026-11-21T04:38:16Z"}'],
    [criContainer, ""],
    [criContainer, "2026-11-21T04:38:16Z stdout X line"],
    [criContainer, "2026-11-21T04:38:16Z out F line"],
    [criContainer, "2026-11-21 04:38:16Z stdout F line"],
  ])("refuse what is none (%#)", (format, line) => {
    expect(sniffLine(format, line)).toBe(0);
    expect(() => parseLine(format, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => {
    survivesAnything(docker, DOCKER);
    survivesAnything(criContainer, CRI);
  });
});

describe("lines of the Docker daemon", () => {
  it.each([
    [0, "msg", "Loading containers: done."],
    [1, "host.name", "node03"],
    [1, "program", "dockerd"],
    [1, "traceID", "9f00"],
    [2, "container.id", "4f2a9c01d7e3"],
    [4, "error.message", "unauthorized: authentication required"],
  ])("hold in sample %i the field %s", (index, name, expected) => {
    const line = DAEMON[index] ?? "";
    expect(sniffLine(dockerDaemon, line)).toBe(0.9);
    expect(fieldOf(dockerDaemon.shape, parseLine(dockerDaemon, line).record, name)).toBe(expected);
  });

  it("take their own time, with its fraction", () => {
    expect(iso(parseLine(dockerDaemon, DAEMON[3] ?? "").time)).toBe("2026-11-21T04:38:19.250Z");
  });

  it.each([
    "",
    'time="x" level=info msg=a',
    "level=info msg=a",
    'time="2026-11-21T04:38:16Z" msg=a',
  ])("refuse %j", (line) => {
    expect(sniffLine(dockerDaemon, line)).toBe(0);
    expect(() => parseLine(dockerDaemon, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(dockerDaemon, DAEMON));
});
