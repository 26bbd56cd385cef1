import { describe, expect, it } from "vitest";
import { awsCloudtrail } from "../../../../services/normalize/cloud/aws-cloudtrail.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const LOGIN = JSON.stringify({
  eventVersion: "1.11",
  userIdentity: { type: "IAMUser", userName: "emustermann", accountId: "111122223333" },
  eventTime: "2026-11-21T04:38:16Z",
  eventSource: "signin.amazonaws.com",
  eventName: "ConsoleLogin",
  awsRegion: "eu-central-1",
  sourceIPAddress: "198.51.100.9",
  responseElements: { ConsoleLogin: "Failure" },
  additionalEventData: { MFAUsed: "No" },
  eventID: "e-1",
});

describe("CloudTrail records", () => {
  it.each([
    ["eventName", "ConsoleLogin"],
    ["userIdentity.type", "IAMUser"],
    ["responseElements.ConsoleLogin", "Failure"],
    ["additionalEventData.MFAUsed", "No"],
    ["event.action", "ConsoleLogin"],
    ["source.ip", "198.51.100.9"],
    ["user.name", "emustermann"],
    ["errorCode", undefined],
  ])("give rules %s", (name, expected) => {
    const { record } = parseLine(awsCloudtrail, LOGIN);
    expect(fieldOf(awsCloudtrail.shape, record, name)).toBe(expected);
  });

  it("have time, identity and ECS names", () => {
    expect(sniffLine(awsCloudtrail, LOGIN)).toBe(1);
    const { record, time, identity } = parseLine(awsCloudtrail, LOGIN);
    expect([iso(time), identity]).toEqual(["2026-11-21T04:38:16.000Z", "e-1"]);
    expect(awsCloudtrail.ecs(record)).toMatchObject({
      "event.outcome": "failure",
      "event.category": ["authentication"],
      "cloud.account.id": "111122223333",
      "aws.cloudtrail.additionalEventData.MFAUsed": "No",
    });
  });

  it.each([
    ['{"errorCode":"AccessDenied"}', "failure", undefined],
    ['{"eventSource":"iam.amazonaws.com"}', "success", ["iam"]],
  ])("with %s end in %s", (change, outcome, category) => {
    const line = { ...JSON.parse(LOGIN), eventName: "X", responseElements: null };
    const { record } = parseLine(awsCloudtrail, JSON.stringify({ ...line, ...JSON.parse(change) }));
    const document = awsCloudtrail.ecs(record);
    expect([document["event.outcome"], document["event.category"]]).toEqual([outcome, category]);
  });

  it.each(["{}", '{"eventVersion":"1.0"}', "text", '{"eventSource":"a","awsRegion":"b"}'])(
    "are not %s",
    (line) => {
      expect(sniffLine(awsCloudtrail, line)).toBe(0);
      expect(() => parseLine(awsCloudtrail, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive anything", () => survivesAnything(awsCloudtrail, [LOGIN]));
});
