// Applications that write JSON and that SigmaHQ has rules for: their records reach those rules.
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../../config/log-sources.ts";
import { readRuleFile } from "../../../../detectors/rule-file.ts";
import { createSigmaEngine } from "../../../../detectors/sigma/engine.ts";
import { createNormalizer, eventOrThrow } from "../../../../services/normalize/normalizer.ts";

const normalizer = createNormalizer({ mappings: [] });
const tables = loadLogSources();

function fires(
  logsource: Record<string, string>,
  selection: Record<string, unknown>,
  record: Record<string, unknown>,
): boolean {
  const rule = { title: "R", logsource, detection: { s: selection, condition: "s" } };
  const { rules, faults } = readRuleFile(JSON.stringify(rule), "r.yml");
  expect(faults).toEqual([]);
  const raw = { id: "1", idFromSender: true, source: "test", timeZone: "UTC" };
  const made = normalizer.normalize(
    { ...raw, receivedAt: Date.UTC(2026, 10, 21), text: JSON.stringify(record) },
    "kreis",
  );
  const engine = createSigmaEngine({ rules, logSources: tables });
  return engine.match(eventOrThrow(made).event).length === 1;
}

const CANARY = {
  dst_host: "192.0.2.10",
  dst_port: 21,
  local_time: "2026-11-20 09:00:00.123456",
  logdata: { PASSWORD: "x", USERNAME: "y" },
  logtype: 2000,
  node_id: "opencanary-1",
  src_host: "198.51.100.4",
  src_port: 49635,
};
const ONELOGIN = {
  id: 7,
  created_at: "2026-11-20T09:00:00Z",
  account_id: 44,
  event_type_id: 532,
  actor_user_id: 9,
};
const BITBUCKET = {
  auditType: { action: "Full data export triggered", category: "Data pipeline", level: "ADVANCED" },
  author: { name: "admin", type: "NORMAL" },
  timestamp: { epochSecond: 1_795_168_800, nano: 0 },
  source: "198.51.100.4",
};
const WORKSPACE = {
  insertId: "a",
  logName: "organizations/1/logs/cloudaudit.googleapis.com%2Fdata_access",
  timestamp: "2026-11-20T09:00:00Z",
  protoPayload: {
    serviceName: "login.googleapis.com",
    metadata: { event: [{ eventName: "suspicious_login" }] },
  },
};
const RENAME = {
  "@timestamp": "2026-11-20T09:00:00Z",
  event: {
    dataset: "endpoint.events.file",
    action: "rename",
    category: ["file"],
    module: "endpoint",
  },
  host: { os: { type: "windows" }, name: "pc-7" },
  file: { path: "C:\\a.docx.locked", Ext: { original: { path: "C:\\a.docx" } } },
  ecs: { version: "8.10.0" },
};
const MAC = {
  ...RENAME,
  event: { ...RENAME.event, action: "creation" },
  host: { os: { type: "macos" }, name: "mac-7" },
  file: { path: "/Library/StartupItems/a.plist" },
};

describe("records of", () => {
  it.each<[string, Record<string, string>, Record<string, unknown>, Record<string, unknown>]>([
    ["OpenCanary", { product: "opencanary", category: "application" }, { logtype: 2000 }, CANARY],
    [
      "OneLogin",
      { product: "onelogin", service: "onelogin.events" },
      { event_type_id: 532 },
      ONELOGIN,
    ],
    [
      "Bitbucket",
      { product: "bitbucket", service: "audit" },
      { "auditType.category": "Data pipeline", "auditType.action|contains": "export" },
      BITBUCKET,
    ],
    [
      "Google Workspace",
      { product: "gcp", service: "google_workspace.login" },
      { "protoPayload.serviceName": "login.googleapis.com" },
      WORKSPACE,
    ],
    [
      "Elastic Defend, files renamed",
      { product: "windows", category: "file_rename" },
      { "SourceFilename|endswith": ".docx", "TargetFilename|contains": ".docx." },
      RENAME,
    ],
    [
      "Elastic Defend on macOS",
      { product: "macos", category: "file_event" },
      { "TargetFilename|startswith": "/Library/StartupItems/" },
      MAC,
    ],
  ])("%s reach the rules on them", (_what, logsource, selection, record) => {
    expect(fires(logsource, selection, record)).toBe(true);
  });

  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    [
      "a file that is created is none that is renamed",
      { product: "windows", category: "file_rename" },
      { ...RENAME, event: { ...RENAME.event, action: "creation" } },
    ],
    [
      "another service of Google is no sign-in",
      { product: "gcp", service: "google_workspace.login" },
      { ...WORKSPACE, protoPayload: { serviceName: "storage.googleapis.com" } },
    ],
    [
      "a type of log alone makes no canary",
      { product: "opencanary" },
      { logtype: 2000, message: "x" },
    ],
    ["an event's type alone is not OneLogin's", { product: "onelogin" }, { event_type_id: 5 }],
  ])("%s", (_what, logsource, record) => {
    expect(fires(logsource, { "no.such.field": null }, record)).toBe(false);
  });
});
