import { describe, expect, it } from "vitest";
import { keycloak, keycloakJson } from "../../../../services/normalize/servers/keycloak.ts";
import { kubernetesAudit } from "../../../../services/normalize/servers/kubernetes-audit.ts";
import { nextcloud } from "../../../../services/normalize/servers/nextcloud.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function samplesOf(id: string): string[] {
  return readFormatSamples()
    .filter(({ format }) => format === id)
    .map(({ text }) => text);
}

const NEXTCLOUD = samplesOf("nextcloud");
const KEYCLOAK = samplesOf("keycloak");
const KEYCLOAK_JSON = samplesOf("keycloak-json");
const KUBERNETES = samplesOf("kubernetes-audit");

describe("entries of Nextcloud", () => {
  it.each([
    [0, { action: "login-attempt", account: "emustermann" }],
    [1, { action: "login", outcome: "success", user: "emustermann" }],
    [2, { action: "login", outcome: "failure", account: "emustermann", client_ip: "198.51.100.9" }],
    [3, { action: "file-read", file: "/Bescheide/2026-114.pdf" }],
    [4, { action: "file-renamed", target_file: "/Bescheide/2026-114.pdf.locked" }],
    [5, { action: "file-deleted" }],
    [6, { action: "shared-by-link", file: "/Bescheide/2026-114.pdf" }],
    [7, { action: "account-created", target_user: "emustermann", user: "verwaltung" }],
    [8, { action: "group-member-added", target_user: "emustermann", group: "admin" }],
    [9, { action: "untrusted-domain", client_ip: "198.51.100.9", asked_host: "203.0.113.9" }],
    [10, { action: "console-command", command: "user:resetpassword emustermann" }],
    [11, { message: "No write permission" }],
    [12, { action: "shared", file: "/Haushalt", target_user: "emustermann" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = NEXTCLOUD[index] ?? "";
    expect(sniffLine(nextcloud, line)).toBe(0.95);
    expect(parseLine(nextcloud, line).record).toMatchObject(fields);
  });

  it.each([
    [1, "2026-11-21T04:38:17.000Z"],
    [9, "2026-11-21T04:38:25.000Z"],
  ])("have in sample %i the time %s", (index, expected) => {
    expect(iso(parseLine(nextcloud, NEXTCLOUD[index] ?? "").time)).toBe(expected);
  });

  it("read under ECS names", () => {
    const { record } = parseLine(nextcloud, NEXTCLOUD[2] ?? "");
    expect(nextcloud.ecs(record)).toMatchObject({
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "user.name": "emustermann",
      "source.ip": "198.51.100.9",
      "log.level": "warning",
      "nextcloud.app": "core",
    });
    expect(fieldOf(nextcloud.shape, record, "src_ip")).toBe("198.51.100.9");
    expect(routeOf(nextcloud.shape, record)).toBe("nextcloud / application / audit");
  });

  it.each(["", "plain", "{}", '{"reqId":"x","app":"core","message":"y"}'])("refuse %j", (line) => {
    expect(sniffLine(nextcloud, line)).toBe(0);
    expect(() => parseLine(nextcloud, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(nextcloud, NEXTCLOUD));
});

describe("events of Keycloak", () => {
  it.each([
    [0, { type: "LOGIN", outcome: "success", username: "emustermann", realmName: "kreis" }],
    [1, { type: "LOGIN_ERROR", outcome: "failure", error: "invalid_user_credentials" }],
    [2, { ipAddress: "198.51.100.9", username: "emustermann@kreis.example" }],
    [3, { type: "ADMIN_EVENT", operationType: "CREATE", resourceType: "REALM_ROLE_MAPPING" }],
    [4, { level: "info", threadName: "main" }],
    [5, { host: "sso01", error: "user_temporarily_disabled", loggerName: "org.keycloak.events" }],
    [6, { host: "sso01", type: "LOGIN_ERROR" }],
    [7, { type: "UPDATE_PROFILE", outcome: "success" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = KEYCLOAK[index] ?? "";
    expect(sniffLine(keycloak, line)).toBe(0.95);
    const { record, time } = parseLine(keycloak, line);
    expect(record).toMatchObject(fields);
    expect(record.userId).not.toBe("null");
    expect(iso(time)).toBe(`2026-11-21T04:38:${16 + index}.123Z`);
  });

  it.each([
    [0, "LOGIN_ERROR", "failure", "2026-11-21T04:38:16.759Z", undefined],
    [1, undefined, undefined, "2026-11-21T04:38:17.100Z", undefined],
    [2, "LOGIN", "success", "2026-11-21T04:38:18.123Z", "5e000001-0000-4000-8000-000000000001"],
    [
      3,
      "LOGIN_ERROR",
      "failure",
      "2026-11-21T04:38:19.123Z",
      "5e000001-0000-4000-8000-000000000002",
    ],
    [
      4,
      "ADMIN_EVENT",
      "success",
      "2026-11-21T04:38:20.123Z",
      "5e000001-0000-4000-8000-000000000003",
    ],
  ])("are in the JSON sample %i %s, %s at %s", (index, type, outcome, time, identity) => {
    const line = KEYCLOAK_JSON[index] ?? "";
    expect(sniffLine(keycloakJson, line)).toBe(0.95);
    const parsed = parseLine(keycloakJson, line);
    expect(parsed.record.type).toBe(type);
    expect(parsed.record.outcome).toBe(outcome);
    expect(iso(parsed.time)).toBe(time);
    expect(parsed.identity).toBe(identity);
  });

  it("read under ECS names", () => {
    const { record } = parseLine(keycloak, KEYCLOAK[1] ?? "");
    expect(keycloak.ecs(record)).toMatchObject({
      "event.action": "LOGIN_ERROR",
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "event.reason": "invalid_user_credentials",
      "source.ip": "10.20.0.17",
      "user.name": "emustermann",
      "service.name": "fachportal",
      "keycloak.realmName": "kreis",
    });
    expect(keycloakJson.ecs(parseLine(keycloakJson, KEYCLOAK_JSON[4] ?? "").record)).toMatchObject({
      "event.category": ["iam"],
      "source.ip": "10.20.0.9",
      "keycloak.operationType": "DELETE",
    });
    expect(routeOf(keycloak.shape, record)).toBe("keycloak+jvm / application / events");
  });

  it.each([
    "",
    "plain",
    "2026-11-21 05:38:16,123 INFO  [com.example.App] (main) x",
    'Nov 21 05:38:16 sso01 app[1]: type="LOGIN", realmId="x"',
  ])("are not found in %j", (line) => {
    expect(sniffLine(keycloak, line)).toBe(0);
    expect(() => parseLine(keycloak, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each(["{}", '{"loggerName":"com.example"}', '{"type":"a","realmId":"b"}', "plain"])(
    "are not found as JSON in %j",
    (line) => {
      expect(sniffLine(keycloakJson, line)).toBe(0);
      expect(() => parseLine(keycloakJson, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () => {
    survivesAnything(keycloak, KEYCLOAK);
    survivesAnything(keycloakJson, KEYCLOAK_JSON);
  });
});

describe("audit events of Kubernetes", () => {
  it.each([
    [0, "verb", "create"],
    [0, "objectRef.subresource", "exec"],
    [0, "user.name", "emustermann@kreis.example"],
    [1, "hostPath", ["/"]],
    [1, "capabilities", ["SYS_ADMIN"]],
    [1, "privileged", "true"],
    [3, "apiGroup", "rbac.authorization.k8s.io"],
    [4, "responseStatus.code", 403],
    [4, "sourceIPs", ["198.51.100.9", "10.20.0.2"]],
    [5, "hostPath", ["/run/containerd"]],
    [5, "user.effective.name", "emustermann@kreis.example"],
    [2, "hostPath", undefined],
  ])("hold in sample %i the field %s", (index, name, expected) => {
    const line = KUBERNETES[index] ?? "";
    expect(sniffLine(kubernetesAudit, line)).toBe(1);
    expect(fieldOf(kubernetesAudit.shape, parseLine(kubernetesAudit, line).record, name)).toEqual(
      expected,
    );
  });

  it("read under ECS names", () => {
    const { record, time, identity } = parseLine(kubernetesAudit, KUBERNETES[4] ?? "");
    expect(iso(time)).toBe("2026-11-21T04:38:20.123Z");
    expect(identity).toBe("c0000001-0000-4000-8000-000000000005/ResponseComplete");
    expect(kubernetesAudit.ecs(record)).toMatchObject({
      "event.action": "get",
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "http.response.status_code": 403,
      "orchestrator.resource.type": "nodes",
      "source.ip": "198.51.100.9",
      "url.original": "/api/v1/nodes",
      "user.name": "system:anonymous",
    });
    expect(routeOf(kubernetesAudit.shape, record)).toBe("kubernetes / application / audit");
  });

  it.each([
    "",
    "plain",
    "{}",
    '{"kind":"Event","apiVersion":"v1"}',
    '{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}',
  ])("refuse %j", (line) => {
    expect(sniffLine(kubernetesAudit, line)).toBe(0);
    expect(() => parseLine(kubernetesAudit, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => survivesAnything(kubernetesAudit, KUBERNETES));
});
