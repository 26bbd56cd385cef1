import { describe, expect, it } from "vitest";
import { fieldReader } from "../../../../detectors/sigma/field-reader.ts";
import { okta } from "../../../../services/normalize/cloud/okta.ts";
import { iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const START = JSON.stringify({
  uuid: "u-1",
  published: "2026-11-21T04:38:16.123Z",
  eventType: "user.session.start",
  severity: "WARN",
  displayMessage: "User login to Okta",
  actor: { alternateId: "erika.mustermann@kreis.example", displayName: "Erika Mustermann" },
  client: { ipAddress: "198.51.100.9", userAgent: { rawUserAgent: "Mozilla/5.0" } },
  outcome: { result: "FAILURE", reason: "INVALID_CREDENTIALS" },
  securityContext: { isProxy: true },
  target: [{ displayName: "Console" }, { displayName: "Admin" }],
});

describe("Okta events", () => {
  it.each([
    ["eventType", "user.session.start"],
    ["outcome.result", "FAILURE"],
    ["securityContext.isProxy", true],
    ["target.displayName", ["Console", "Admin"]],
    ["actor.alternateId", "erika.mustermann@kreis.example"],
    ["source.ip", "198.51.100.9"],
    ["debugContext.debugData.requestUri", undefined],
  ])("give rules %s", (name, expected) => {
    const { record } = parseLine(okta, START);
    expect(fieldReader(okta.shape.locate(name))(record)).toEqual(expected);
  });

  it("have time, identity and ECS names", () => {
    expect(sniffLine(okta, START)).toBe(1);
    const { record, time, identity } = parseLine(okta, START);
    expect([iso(time), identity]).toEqual(["2026-11-21T04:38:16.123Z", "u-1"]);
    expect(okta.ecs(record)).toMatchObject({
      "event.action": "user.session.start",
      "event.outcome": "failure",
      "event.reason": "INVALID_CREDENTIALS",
      "event.category": ["authentication"],
      "user_agent.original": "Mozilla/5.0",
    });
  });

  it.each([
    ["user.lifecycle.create", "SUCCESS", "success", ["iam"]],
    ["policy.evaluate_sign_on", "DENY", "failure", ["authentication"]],
    ["system.log", "UNKNOWN", undefined, undefined],
  ])("of type %s with %s", (eventType, result, outcome, category) => {
    const line = JSON.stringify({ ...JSON.parse(START), eventType, outcome: { result } });
    const document = okta.ecs(parseLine(okta, line).record);
    expect([document["event.outcome"], document["event.category"]]).toEqual([outcome, category]);
  });

  it.each(["{}", '{"eventType":"a","published":"b"}', "text"])("are not %s", (line) => {
    expect(sniffLine(okta, line)).toBe(0);
  });

  it.each(["{}", "text"])("refuse %s", (line) => {
    expect(() => parseLine(okta, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () => survivesAnything(okta, [START]));
});
