import { describe, expect, it } from "vitest";
import { jsonGeneric } from "../../../../services/normalize/generic/json-generic.ts";
import { fieldOf, iso, parseLine, survivesAnything } from "../format-check.ts";

const MAIL =
  '{"date-time":"2026-11-21T04:38:16.123Z","event-id":"RECEIVE","sender-address":"a@example.org","recipient-address":["b@kreis.example"],"host":"ex01","source":"SMTP","event":{"action":"receive"},"a":{"b":1}}';

describe("JSON that no other format claims", () => {
  it.each([
    [MAIL, "2026-11-21T04:38:16.123Z"],
    ['{"ts":1795235896}', "2026-11-21T04:38:16.000Z"],
    ['{"time":"2026-11-21 05:38:16"}', "2026-11-21T04:38:16.000Z"],
    ['{"time":"later"}', undefined],
    ["{}", undefined],
  ])("reads the time of %.60s", (line, expected) => {
    expect(iso(parseLine(jsonGeneric, line).time)).toBe(expected);
  });

  it("finds the sender's names", () => {
    const { record } = parseLine(jsonGeneric, MAIL);
    expect(fieldOf(jsonGeneric.shape, record, "event-id")).toBe("RECEIVE");
    expect(fieldOf(jsonGeneric.shape, record, "a.b")).toBe(1);
  });

  it("keeps ECS names and puts the rest under json", () => {
    expect(jsonGeneric.ecs(parseLine(jsonGeneric, MAIL).record)).toEqual({
      "event.kind": "event",
      "event.action": "receive",
      "json.event-id": "RECEIVE",
      "json.sender-address": "a@example.org",
      "json.recipient-address": ["b@kreis.example"],
      "json.host": "ex01",
      "json.source": "SMTP",
      "json.a.b": 1,
    });
  });

  it.each(["", "text", "[1]"])("refuses %j", (line) => {
    expect(() => parseLine(jsonGeneric, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each([
    [{ message: "line", host: "web01", source_type: "file", file: "/var/log/auth.log" }, "web01"],
    [{ "@timestamp": 1795235896.5, log: "line\n", stream: "stderr" }, undefined],
  ])("lets the line speak that %j only carries", (record, host) => {
    expect(jsonGeneric.inner?.(record)).toEqual({ text: "line", host });
  });

  it.each([{ message: "line", level: "info" }, { message: "" }, { host: "web01" }, {}])(
    "speaks for itself with %j",
    (record) => expect(jsonGeneric.inner?.(record)).toBeUndefined(),
  );

  it("survives any line", () => survivesAnything(jsonGeneric, [MAIL]));
});
