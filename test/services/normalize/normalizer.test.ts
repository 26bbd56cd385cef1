import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ecsDocument } from "../../../services/normalize/ecs-document.ts";
import { SURE } from "../../../services/normalize/format.ts";
import { detectFormat, FORMATS, type RecentFormats } from "../../../services/normalize/formats.ts";
import { looksLikeJson, parseJsonRecord } from "../../../services/normalize/json-text.ts";
import {
  createNormalizer,
  eventOrThrow,
  RECORD_CHARACTERS_MAX,
  type ReceivedRecord,
} from "../../../services/normalize/normalizer.ts";
import { CONTEXT } from "./format-check.ts";

const ACCESS = '192.0.2.7 - - [21/Nov/2026:05:38:16 +0100] "GET / HTTP/1.1" 200 1';
const SSH = "Nov 21 05:38:16 web01 sshd[1]: Failed password for root from 192.0.2.7 port 22 ssh2";
/** One line of each format that is found out by itself. */
const LINES: Readonly<Record<string, string>> = {
  winlogbeat:
    '{"@timestamp":"2026-11-21T04:38:16Z","winlog":{"event_id":1,"record_id":5,"channel":"a","computer_name":"b"},"ecs":{"version":"8"}}',
  "windows-flat":
    '{"EventID":1,"Channel":"Security","TimeCreated_SystemTime":"2026-11-21T04:38:16Z"}',
  "windows-xml": "<Event><System><EventID>1</EventID><Channel>a</Channel></System></Event>",
  ecs: '{"@timestamp":"2026-11-21T04:38:16Z","ecs":{"version":"8.0.0"},"message":"m"}',
  auditd: "type=SYSCALL msg=audit(1795235896.123:456): pid=1",
  cef: "CEF:0|V|P|1|2|n|3|src=10.0.0.1",
  fortigate:
    'date=2026-11-21 time=05:38:16 devname="f" devid="g" logid="0000000013" type="traffic"',
  "web-access": ACCESS,
  "linux-auth": SSH,
  syslog: "<134>Nov 21 05:38:16 switch01 LINK-3-UPDOWN: changed",
  json: '{"a":1}',
};

function received(text: string, change: Partial<ReceivedRecord> = {}): ReceivedRecord {
  return { id: "r1", idFromSender: false, source: "src", text, ...CONTEXT, ...change };
}

function normalize(text: string, change: Partial<ReceivedRecord> = {}) {
  return createNormalizer({ mappings: [] }).normalize(received(text, change), "kreis");
}

function eventOf(text: string, change: Partial<ReceivedRecord> = {}) {
  return eventOrThrow(normalize(text, change));
}

describe("finding the format", () => {
  it.each(Object.entries(LINES))("knows a line of %s", (id, text) => {
    expect(eventOf(text).format.id).toBe(id);
  });

  it("is never sure of two formats for one line", () => {
    for (const text of Object.values(LINES)) {
      const json = looksLikeJson(text) ? parseJsonRecord(text) : undefined;
      const sure = FORMATS.filter((format) => format.sniff(text, json) >= SURE);
      expect(sure.length, text).toBeLessThanOrEqual(1);
    }
  });

  it("finds the same format whatever the source sent before", () => {
    const any = fc.constantFrom(...Object.values(LINES));
    fc.assert(
      fc.property(any, any, (before, text) => {
        const json = looksLikeJson(text) ? parseJsonRecord(text) : undefined;
        const earlier = looksLikeJson(before) ? parseJsonRecord(before) : undefined;
        const recent: RecentFormats = [];
        detectFormat(before, earlier, recent);
        expect(detectFormat(text, json, recent)?.id).toBe(detectFormat(text, json)?.id);
      }),
    );
  });

  it.each(["", "words that mean nothing", "2026-11-21T04:38:16Z INFO own log", "\u0000\u0001"])(
    "gives %j back as a fault",
    (text) => {
      expect(normalize(text)).toMatchObject({ fault: { code: "HW_PARSE_FAILED" } });
    },
  );

  it.each([
    ["broken JSON", '{"a":', "HW_PARSE_FAILED"],
    ["a record that is too large", "x".repeat(RECORD_CHARACTERS_MAX + 1), "HW_INPUT_TOO_LARGE"],
  ])("gives %s back as a fault", (_what, text, code) => {
    expect(normalize(text)).toMatchObject({ fault: { code } });
  });

  it("takes the configured format, and faults what is not in it", () => {
    expect(eventOf("any words", { format: "plain" }).event.record).toEqual({
      message: "any words",
    });
    expect(eventOf(LINES.winlogbeat ?? "", { format: "json" }).format.id).toBe("json");
    expect(normalize(ACCESS, { format: "auditd" })).toMatchObject({
      fault: { code: "HW_PARSE_FAILED" },
    });
    expect(normalize(ACCESS, { format: "none" })).toMatchObject({
      fault: { code: "HW_CONFIG_INVALID" },
    });
  });

  it("uses configured mappings by their name", () => {
    const mapping = { id: "dms", time: "t", fields: { "user.name": "u" } };
    const normalizer = createNormalizer({ mappings: [mapping] });
    expect(normalizer.formatIds).toContain("dms");
    expect(
      normalizer.normalize(received('{"t":1795235896,"u":"x"}', { format: "dms" }), "kreis"),
    ).toMatchObject({ event: { time: 1_795_235_896_000 }, format: { id: "dms" } });
    expect(() => createNormalizer({ mappings: [mapping, mapping] })).toThrow(
      expect.objectContaining({ code: "HW_CONFIG_INVALID" }),
    );
  });
});

describe("making an event", () => {
  it("keeps tenant, source, text and time of receipt", () => {
    expect(eventOf(SSH).event).toMatchObject({
      tenant: "kreis",
      source: "src",
      text: SSH,
      ingestedAt: CONTEXT.receivedAt,
      time: Date.UTC(2026, 10, 21, 4, 38, 16),
    });
  });

  it.each([
    ["the sender's id first", LINES.winlogbeat ?? "", { idFromSender: true }, "r1"],
    ["then the line's own identity", LINES.winlogbeat ?? "", {}, "src:b/a/5"],
    ["then the id given at receipt", SSH, {}, "r1"],
  ])("takes %s", (_what, text, change, id) => {
    expect(eventOf(text, change).event.id).toBe(id);
  });

  it.each([
    ["none", "{}", CONTEXT.receivedAt, undefined],
    ["one before 1990", '{"time":1000}', CONTEXT.receivedAt, 1_000_000],
    ["one far ahead", '{"time":1900000000}', CONTEXT.receivedAt, 1_900_000_000_000],
    ["one a little ahead", '{"time":1795240000}', 1_795_240_000_000, undefined],
  ])("orders by receipt when the time is %s", (_what, text, time, claimed) => {
    const { event } = eventOf(text);
    expect(event.time).toBe(time);
    expect(event.claimedTime).toBe(claimed);
  });

  it.each([
    ["linux-auth", SSH, { event: { dataset: "system.auth" } }, "web01"],
    ["web-access", ACCESS, { event: { dataset: "nginx.access" } }, "shipper01"],
    ["ecs", "not an access log", { event: { dataset: "nginx.access" } }, undefined],
  ])("reads the line that Filebeat carried as %s", (id, message, fields, host) => {
    const text = JSON.stringify({
      "@timestamp": "2026-11-21T04:00:00Z",
      ecs: { version: "8.0.0" },
      host: { name: "shipper01" },
      log: { offset: 9, file: { path: "/var/log/x" } },
      message,
      ...fields,
    });
    const { event, format } = eventOf(text);
    expect(format.id).toBe(id);
    expect(event.shape).toBe(format.shape);
    expect(event.id).toBe("src:shipper01/var/log/x#/9");
    if (host !== undefined) expect(event.record.host).toBe(host);
  });

  it("faults or parses whatever comes, and nothing else", () => {
    const normalizer = createNormalizer({ mappings: [] });
    const formats = fc.constantFrom(undefined, ...normalizer.formatIds);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), formats, (text, format) => {
        const result = normalizer.normalize(received(text, { format }), "kreis");
        if ("fault" in result) expect(result.fault.code).toBe("HW_PARSE_FAILED");
        else if ("event" in result)
          expect(ecsDocument(result.event, result.format)["event.id"]).toBe("r1");
      }),
      { numRuns: 300 },
    );
  });
});

describe("the ECS document of an event", () => {
  it("carries what Heidewacht knows of it", () => {
    const { event, format } = eventOf(SSH);
    expect(ecsDocument(event, format)).toMatchObject({
      "@timestamp": "2026-11-21T04:38:16.000Z",
      "ecs.version": "8.17.0",
      "event.dataset": "system.auth",
      "event.id": "r1",
      "event.ingested": "2026-11-21T05:00:00.000Z",
      "event.kind": "event",
      "labels.source": "src",
      "organization.id": "kreis",
    });
  });

  it.each(Object.entries(LINES))("has the common fields for %s", (_id, text) => {
    const { event, format } = eventOf(text);
    const document = ecsDocument(event, format);
    for (const name of ["@timestamp", "event.module", "event.dataset", "event.kind"]) {
      expect(document[name], name).toEqual(expect.any(String));
    }
  });

  it("tells of a time that can't be true", () => {
    const { event, format } = eventOf('{"time":1000}');
    expect(ecsDocument(event, format)).toMatchObject({
      "@timestamp": "2026-11-21T05:00:00.000Z",
      "labels.time_implausible": "true",
      "labels.time_claimed": "1970-01-01T00:16:40.000Z",
    });
  });

  it("writes no time that Elasticsearch can't read", () => {
    const { event, format } = eventOf('{"time":99999999999}');
    expect(event.claimedTime).toBe(99_999_999_999_000);
    expect(ecsDocument(event, format)["labels.time_claimed"]).toBe("5138-11-16T09:46:39.000Z");
  });
});
