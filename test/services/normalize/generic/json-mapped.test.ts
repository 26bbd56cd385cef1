import { describe, expect, it } from "vitest";
import { mappedJson } from "../../../../services/normalize/generic/json-mapped.ts";
import { fieldOf, iso, parseLine, survivesAnything } from "../format-check.ts";

const dms = mappedJson({
  id: "dms-audit",
  time: "meta.when",
  identity: "meta.id",
  fields: {
    "user.name": "actor.login",
    "source.ip": "client",
    "event.action": "a.b",
    "url.path": "no",
  },
  logsource: { product: "dms", service: "audit" },
});
const LINE =
  '{"meta":{"when":"2026-11-21 05:38:16","id":7},"actor":{"login":"mmueller"},"client":"192.0.2.7","a.b":"read","extra":{"x":1}}';

describe("JSON with a configured mapping", () => {
  it("reads time, identity and log source", () => {
    const parsed = parseLine(dms, LINE);
    expect(iso(parsed.time)).toBe("2026-11-21T04:38:16.000Z");
    expect(parsed.identity).toBe("7");
    expect(dms.shape).toMatchObject({
      id: "dms-audit",
      family: "json",
      logsource: { product: "dms", service: "audit" },
    });
  });

  it.each([
    ["user.name", "mmueller"],
    ["event.action", "read"],
    ["actor.login", "mmueller"],
    ["client", "192.0.2.7"],
    ["url.path", undefined],
    ["none", undefined],
  ])("finds %s", (name, expected) => {
    expect(fieldOf(dms.shape, parseLine(dms, LINE).record, name)).toBe(expected);
  });

  it("writes what is mapped under ECS names and the rest under json", () => {
    expect(dms.ecs(parseLine(dms, LINE).record)).toEqual({
      "event.kind": "event",
      "user.name": "mmueller",
      "source.ip": "192.0.2.7",
      "event.action": "read",
      "json.meta.id": 7,
      "json.extra.x": 1,
    });
  });

  it("keeps a value that does not fit its ECS type under the sender's name", () => {
    const { record } = parseLine(dms, '{"client":"unknown"}');
    expect(dms.ecs(record)).toEqual({ "event.kind": "event", "json.client": "unknown" });
  });

  it("refuses text", () => {
    expect(() => parseLine(dms, "text")).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(dms, [LINE]));
});
