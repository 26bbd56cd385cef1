import { describe, expect, it } from "vitest";
import { ciscoDuo } from "../../../../services/normalize/network/cisco-duo.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const RECORD = {
  txid: "340a23e3-23f3-23c1-87dc-1491a23dfdbb",
  event_type: "authentication",
  factor: "not_available",
  result: "success",
  reason: "bypass_user",
  alias: "mustermann.erika",
  isotimestamp: "2026-11-21T04:38:16.351000+00:00",
  timestamp: 1795235896,
  user: { name: "emustermann", key: "DU3" },
  access_device: { ip: "198.51.100.9" },
  auth_device: { name: "Diensthandy" },
};
const LINE = JSON.stringify(RECORD);
const { isotimestamp: _iso, ...withoutIso } = RECORD;

describe("Duo records", () => {
  it.each([
    ["user.name", "emustermann"],
    ["reason", "bypass_user"],
    ["event_type", "authentication"],
    ["source.ip", "198.51.100.9"],
    ["access_device.ip", "198.51.100.9"],
  ])("have the field %s", (name, expected) => {
    expect(sniffLine(ciscoDuo, LINE)).toBe(1);
    expect(fieldOf(ciscoDuo.shape, parseLine(ciscoDuo, LINE).record, name)).toBe(expected);
  });

  it.each([
    [LINE, "2026-11-21T04:38:16.351Z"],
    [JSON.stringify(withoutIso), "2026-11-21T04:38:16.000Z"],
  ])("have a time and an identity", (line, expected) => {
    const parsed = parseLine(ciscoDuo, line);
    expect(iso(parsed.time)).toBe(expected);
    expect(parsed.identity).toBe(RECORD.txid);
  });

  it("write ECS names, and names of persons where they are known for such", () => {
    const document = ciscoDuo.ecs(parseLine(ciscoDuo, LINE).record);
    expect(document).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "success",
      "event.reason": "bypass_user",
      "source.ip": "198.51.100.9",
      "user.name": "emustermann",
      "cisco-duo.alias.account": "mustermann.erika",
      "cisco-duo.auth_device.displayname": "Diensthandy",
    });
    expect(document).not.toHaveProperty("cisco-duo.alias");
    expect(document).not.toHaveProperty("cisco-duo.user.name");
  });

  it.each([
    {},
    { txid: "1", event_type: "authentication", result: "success" },
    { ...RECORD, txid: 1 },
    { ...RECORD, result: undefined },
  ])("are not %j", (record) => {
    const line = JSON.stringify(record);
    expect(sniffLine(ciscoDuo, line)).toBe(0);
    expect(() => parseLine(ciscoDuo, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survives any line", () => survivesAnything(ciscoDuo, [LINE]));
});
