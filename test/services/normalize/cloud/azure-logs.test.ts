import { describe, expect, it } from "vitest";
import { fieldReader } from "../../../../detectors/sigma/field-reader.ts";
import { azureLogs } from "../../../../services/normalize/cloud/azure-logs.ts";
import { iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const EXPORTED = JSON.stringify({
  time: "2026-11-21T04:38:16.1234567Z",
  operationName: "Sign-in activity",
  category: "SignInLogs",
  resultType: "50126",
  callerIpAddress: "198.51.100.9",
  properties: {
    userPrincipalName: "erika.mustermann@kreis.example",
    userAgent: "azurehound/v2.1.5",
    conditionalAccessStatus: "notApplied",
    authenticationRequirement: "singleFactorAuthentication",
    deviceDetail: { trustType: "" },
  },
});
const ANALYTICS = JSON.stringify({
  TimeGenerated: "2026-11-21T04:40:16Z",
  Type: "SigninLogs",
  ResultType: "0",
  IPAddress: "192.0.2.7",
  AuthenticationRequirement: "singleFactorAuthentication",
  RiskState: "atRisk",
});
const AUDIT = JSON.stringify({
  id: "d-1",
  activityDateTime: "2026-11-21T04:43:16Z",
  activityDisplayName: "Update user",
  result: "success",
  loggedByService: "Core Directory",
  initiatedBy: { user: { userPrincipalName: "erika.mustermann@kreis.example" } },
  targetResources: [
    {
      modifiedProperties: [{ displayName: "StrongAuthenticationRequirement", newValue: "State:0" }],
    },
    { modifiedProperties: [{ displayName: "Other", newValue: "x" }] },
  ],
});
const RISK = JSON.stringify({
  id: "r-1",
  riskEventType: "anomalousToken",
  detectedDateTime: "2026-11-21T04:42:16Z",
});

const ROW = JSON.stringify({
  TimeGenerated: "2026-11-21T04:44:16Z",
  OperationName: "Update application",
  LoggedByService: "Core Directory",
  Result: "success",
  InitiatedBy: '{"user":{"userPrincipalName":"erika.mustermann@kreis.example"}}',
  TargetResources: '[{"modifiedProperties":[{"displayName":"RequiredResourceAccess"}]}]',
  DeviceDetail: "{broken",
});
const FLOW = JSON.stringify({
  TimeGenerated: "2026-11-21T04:45:16Z",
  Type: "VMConnection",
  SourceIp: "10.1.2.6",
  DestinationPort: 8080,
});

function ruleField(line: string, name: string): unknown {
  return fieldReader(azureLogs.shape.locate(name))(parseLine(azureLogs, line).record);
}

describe("logs of Entra ID and Azure", () => {
  it.each([
    [EXPORTED, "ResultType", "50126"],
    [EXPORTED, "userAgent", "azurehound/v2.1.5"],
    [EXPORTED, "AuthenticationRequirement", "singleFactorAuthentication"],
    [EXPORTED, "conditionalAccessStatus", "notApplied"],
    [EXPORTED, "Status", "Failure"],
    [EXPORTED, "DeviceDetail.trusttype", ""],
    [ANALYTICS, "Status", "Success"],
    [ANALYTICS, "RiskState", "atRisk"],
    [AUDIT, "properties.message", "Update user"],
    [AUDIT, "Status", "success"],
    [
      AUDIT,
      "TargetResources.ModifiedProperties.DisplayName",
      ["StrongAuthenticationRequirement", "Other"],
    ],
    [RISK, "riskEventType", "anomalousToken"],
    [ROW, "TargetResources.modifiedProperties.displayName", ["RequiredResourceAccess"]],
    [ROW, "DeviceDetail", "{broken"],
    [FLOW, "DestinationPort", 8080],
    [RISK, "Status", undefined],
  ])("%.40s… gives rules %s", (line, name, expected) => {
    expect(ruleField(line, name)).toEqual(expected);
  });

  it.each([
    [EXPORTED, "2026-11-21T04:38:16.123Z", "azure.signinlogs", "failure", "198.51.100.9"],
    [ANALYTICS, "2026-11-21T04:40:16.000Z", "azure.signinlogs", "success", "192.0.2.7"],
    [AUDIT, "2026-11-21T04:43:16.000Z", "azure.auditlogs", "success", undefined],
    [ROW, "2026-11-21T04:44:16.000Z", "azure.auditlogs", "success", undefined],
    [FLOW, "2026-11-21T04:45:16.000Z", "azure.vmconnection", undefined, "10.1.2.6"],
    [RISK, "2026-11-21T04:42:16.000Z", "azure.identity_protection", undefined, undefined],
  ])("%.40s… is of its time and kind", (line, at, dataset, outcome, ip) => {
    expect(sniffLine(azureLogs, line)).toBeGreaterThanOrEqual(0.9);
    const { record, time } = parseLine(azureLogs, line);
    expect(iso(time)).toBe(at);
    const document = azureLogs.ecs(record);
    expect(document["event.dataset"]).toBe(dataset);
    expect(document["event.outcome"]).toBe(outcome);
    expect(document["source.ip"]).toBe(ip);
    expect(document["azure.logKind"]).toBeUndefined();
  });

  it.each([
    "{}",
    '{"category":"SignInLogs"}',
    '{"category":"Sport","time":"2026-11-21T04:38:16Z"}',
    '{"category":"constructor","time":"2026-11-21T04:38:16Z"}',
    "text",
  ])("%s is none", (line) => {
    expect(sniffLine(azureLogs, line)).toBe(0);
    expect(() => parseLine(azureLogs, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive anything", () =>
    survivesAnything(azureLogs, [EXPORTED, ANALYTICS, AUDIT, RISK, ROW, FLOW]));
});
