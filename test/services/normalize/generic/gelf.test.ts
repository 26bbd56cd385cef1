import { describe, expect, it } from "vitest";
import { gelf } from "../../../../services/normalize/generic/gelf.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";
import { CONTEXT, fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LINE =
  '{"version":"1.1","host":"app01","short_message":"Anmeldung","full_message":"Anmeldung\\nfehlgeschlagen","timestamp":1795235896.25,"level":4,"_user":"mmueller","_src_ip":"10.1.2.3","_x":{"y":1},"_http_status":"401"}';

describe("GELF messages", () => {
  it.each([
    ["host.name", "app01"],
    ["message", "Anmeldung\nfehlgeschlagen"],
    ["user.name", "mmueller"],
    ["user", "mmueller"],
    ["_user", "mmueller"],
    ["gelf.src_ip", "10.1.2.3"],
    ["source.ip", "10.1.2.3"],
    ["level", 4],
    ["url.path", undefined],
  ])("finds %s", (name, expected) => {
    expect(sniffLine(gelf, LINE)).toBe(1);
    expect(fieldOf(gelf.shape, parseLine(gelf, LINE).record, name)).toBe(expected);
  });

  it.each([
    ["1795235896.25", "2026-11-21T04:38:16.250Z"],
    ['"1795235896.25"', "2026-11-21T04:38:16.250Z"],
    ["1795235896250", "2026-11-21T04:38:16.250Z"],
    ["null", undefined],
    ['"now"', undefined],
  ])("reads the time %s", (timestamp, expected) => {
    const line = `{"version":"1.1","host":"a","short_message":"b","timestamp":${timestamp}}`;
    expect(iso(parseLine(gelf, line).time)).toBe(expected);
  });

  it("writes ECS names", () => {
    expect(gelf.ecs(parseLine(gelf, LINE).record)).toEqual({
      "event.kind": "event",
      "event.module": "gelf",
      "host.name": "app01",
      "user.name": "mmueller",
      "source.ip": "10.1.2.3",
      "http.response.status_code": 401,
      "log.level": "warning",
      message: "Anmeldung\nfehlgeschlagen",
      "gelf.short_message": "Anmeldung",
      "gelf.x.y": 1,
    });
  });

  it("hands the line of another program on, with the host that sent it", () => {
    const line = JSON.stringify({
      version: "1.1",
      host: "relay",
      short_message: "CEF:0|V|P|1|100|Malware|8|src=10.1.2.3",
      timestamp: 1795235896,
    });
    const raw = {
      id: "1",
      idFromSender: false,
      source: "s",
      timeZone: CONTEXT.timeZone,
      receivedAt: CONTEXT.receivedAt,
      text: line,
    };
    const { event, format } = eventOrThrow(createNormalizer({ mappings: [] }).normalize(raw, "t"));
    expect(format.id).toBe("cef");
    expect(event.record).toMatchObject({ src: "10.1.2.3", host: "relay" });
    expect(iso(event.time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it.each(["", "text", "{}", '{"host":"a"}', '{"host":1,"short_message":"b"}'])(
    "refuses %j",
    (line) => {
      expect(sniffLine(gelf, line)).toBe(0);
      expect(() => parseLine(gelf, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survives any line", () => survivesAnything(gelf, [LINE]));
});
