import { describe, expect, it } from "vitest";
import { otlp } from "../../../../services/normalize/cloud/otlp.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const SAMPLES = readFormatSamples()
  .filter(({ format }) => format === "otlp")
  .map(({ text }) => text);
const [PORTAL = "", SSH = "", WINDOWS = "", STRUCTURED = ""] = SAMPLES;

function normalized(text: string) {
  const raw = { id: "1", idFromSender: false, source: "s", ...CONTEXT, text };
  return eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "kreis"));
}

function otlpLine(parts: Record<string, unknown>): string {
  return JSON.stringify({ resource: {}, scope: {}, timeUnixNano: "1795235896000000000", ...parts });
}

describe("OTLP records", () => {
  it.each([
    [PORTAL, "host.name", "web01"],
    [PORTAL, "user.name", "emustermann"],
    [PORTAL, "source.ip", "10.20.1.15"],
    [PORTAL, "client.address", "10.20.1.15"],
    [PORTAL, "http.response.status_code", 401],
    [PORTAL, "message", "Anmeldung fehlgeschlagen"],
    [PORTAL, "log.level", "WARN"],
    [PORTAL, "trace.id", "5b8efff798038103d269b633813fc60c"],
    [PORTAL, "orchestrator.resource.name", "buergerportal-7d9f"],
    [STRUCTURED, "vorgang", "A-17"],
    [STRUCTURED, "otlp.vorgang", "A-17"],
    [STRUCTURED, "error.message", "Verbindung abgelehnt"],
    [STRUCTURED, "event.action", "akte.lesen"],
  ])("%.0sfind %s", (line, name, expected) => {
    expect(sniffLine(otlp, line)).toBeGreaterThan(0.9);
    expect(fieldOf(otlp.shape, parseLine(otlp, line).record, name)).toBe(expected);
  });

  it("write ECS names and keep the rest", () => {
    const { record, time } = parseLine(otlp, PORTAL);
    expect(iso(time)).toBe("2026-11-21T04:38:16.123Z");
    expect(otlp.ecs(record)).toEqual({
      "event.kind": "event",
      "host.name": "web01",
      "host.os.type": "linux",
      "service.name": "buergerportal",
      "service.version": "4.2.1",
      "orchestrator.resource.name": "buergerportal-7d9f",
      "log.logger": "kreis.portal.Anmeldung",
      "log.level": "warn",
      "user.name": "emustermann",
      "client.address": "10.20.1.15",
      "source.ip": "10.20.1.15",
      "http.request.method": "POST",
      "http.response.status_code": 401,
      "url.path": "/anmelden",
      "user_agent.original": "Mozilla/5.0",
      "trace.id": "5b8efff798038103d269b633813fc60c",
      "span.id": "eee19b7ec3c1b174",
      message: "Anmeldung fehlgeschlagen",
    });
  });

  it("keep values apart that have one name in resource, attributes and body", () => {
    const line = otlpLine({
      severityNumber: 18,
      resource: { attributes: { ort: "Ressource", "service.name": "a" } },
      attributes: { ort: "Attribut" },
      body: { ort: "Körper" },
    });
    const { record } = parseLine(otlp, line);
    expect(fieldOf(otlp.shape, record, "ort")).toBe("Attribut");
    expect(otlp.ecs(record)).toEqual({
      "event.kind": "event",
      "service.name": "a",
      "log.level": "error",
      "otlp.ort": "Attribut",
      "otlp.resource.ort": "Ressource",
      "otlp.body.ort": "Körper",
    });
  });

  it.each([
    ["a line of a file", SSH, "linux-auth", "web02"],
    ["a Windows event", WINDOWS, "windows-flat", "dc01.kreis.example"],
    [
      "a Windows event with its data as an object",
      otlpLine({
        body: {
          channel: "Security",
          computer: "dc02",
          event_id: { id: 4624 },
          provider: { name: "Microsoft-Windows-Security-Auditing" },
          event_data: { TargetUserName: "emustermann" },
        },
      }),
      "windows-flat",
      "dc02",
    ],
    [
      "a journal entry",
      otlpLine({
        resource: { attributes: { "host.name": "srv1" } },
        body: { MESSAGE: "ein Satz", _BOOT_ID: "b", _HOSTNAME: "srv1", PRIORITY: "6" },
      }),
      "journald",
      "srv1",
    ],
    ["an application's own sentence", PORTAL, "otlp", "web01"],
    [
      "a known line of no file",
      otlpLine({ body: "CEF:0|V|P|1|1|x|5|src=10.1.2.3" }),
      "cef",
      undefined,
    ],
  ])("hand %s to its format", (_name, line, format, host) => {
    const { event, format: found } = normalized(line);
    expect(found.id).toBe(format);
    expect(iso(event.time)?.slice(0, 13)).toBe("2026-11-21T04");
    const name = fieldOf(event.shape, event.record, "host.name");
    expect(name ?? event.record.host).toBe(host);
  });

  it("bring Windows events to the rules of Windows", () => {
    const { event } = normalized(WINDOWS);
    expect(fieldOf(event.shape, event.record, "TargetUserName")).toBe("emustermann");
    expect(fieldOf(event.shape, event.record, "EventID")).toBe(4625);
    expect(routeOf(event.shape, event.record)).toBe("windows /  / security");
  });

  it.each([
    [
      { timeUnixNano: "0", observedTimeUnixNano: "1795235896000000000" },
      "2026-11-21T04:38:16.000Z",
    ],
    [{ timeUnixNano: undefined }, undefined],
    [{ timeUnixNano: "morgen" }, undefined],
  ])("take the observed time where the record has none: %j", (parts, expected) => {
    expect(iso(parseLine(otlp, otlpLine(parts)).time)).toBe(expected);
  });

  it("know the identity that the collector gave", () => {
    const line = otlpLine({ attributes: { "log.record.uid": "01J" } });
    expect(parseLine(otlp, line).identity).toBe("01J");
  });

  it("reach the web server rules by their service", () => {
    const attributes = { "service.name": "nginx" };
    const line = otlpLine({ resource: { attributes }, body: "Satz" });
    expect(routeOf(otlp.shape, parseLine(otlp, line).record)).toBe(" / webserver / nginx");
  });

  it.each(['{"resource":{},"body":"a"}', '{"scope":{},"resource":"x","body":1}', "kein JSON"])(
    "refuse %s",
    (line) => {
      expect(sniffLine(otlp, line)).toBe(0);
      expect(() => parseLine(otlp, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive anything", () => survivesAnything(otlp, SAMPLES));
});
