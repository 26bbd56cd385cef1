// A site's placeholders, pipelines, statuses and filters in the running service, from the configuration to
// findings.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { encodeRaw } from "../../services/bus/raw-record.ts";
import { decodeSignal } from "../../services/bus/signal-record.ts";
import { startHeidewacht } from "../../services/main.ts";

const TENANT = "kreis";
const PIPELINE = `
transformations:
  - id: names
    type: field_name_mapping
    mapping: { User: konto, Computer: rechner }
  - type: change_logsource
    product: fachverfahren
    rule_conditions: [{ type: processing_item_applied, processing_item_id: names }]
  - type: add_condition
    conditions: { anwendung: register }
finalizers: []
`;
const rule = (id: string, rest: Record<string, unknown> = {}) =>
  stringify({
    title: `Rule ${id}`,
    id,
    level: "high",
    status: "test",
    logsource: { product: "windows" },
    detection: { s: { "User|expand": "%admins%" }, condition: "s" },
    ...rest,
  });
const FILTER = stringify({
  title: "Our jump host",
  logsource: { product: "windows" },
  expires: "2001-01-01",
  filter: { rules: ["rule-1"], s: { Computer: "jump" }, condition: "not s" },
});

function site(pipeline = PIPELINE) {
  const folder = mkdtempSync(join(tmpdir(), "site-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("site.yml", pipeline);
  write("admins.txt", "adm-*\n");
  const old = rule("old", { status: "deprecated" });
  const filter = FILTER.replace("2001", "2999").replace("Computer: jump", "Computer: pc-2");
  write("rules.yml", [rule("rule-1"), old, FILTER, filter].join("---\n"));
  write(
    "heidewacht.yml",
    stringify({
      dataFolder: "data",
      privacy: { masterKeyFile: "master.key" },
      tenants: [{ id: TENANT, name: "Landkreis (Test)" }],
      console: { port: 0 },
      inputs: { http: { port: 0 } },
      mappings: [
        {
          id: "register",
          time: "zeit",
          fields: { "user.name": "konto", "host.name": "rechner" },
          logsource: { product: "fachverfahren" },
        },
      ],
      detection: {
        starterPack: false,
        ruleFolders: ["rules.yml"],
        placeholders: { admins: { file: "admins.txt" } },
        pipelines: ["site.yml"],
      },
    }),
  );
  return loadConfig(join(folder, "heidewacht.yml"), {});
}

it("finds what its rules mean under its own names", async () => {
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => log.push(JSON.parse(line)) });
  const running = await startHeidewacht(site(), { logger });
  onTestFinished(() => running.close());
  const record = (id: string, konto: string, rechner: string, anwendung = "register") => ({
    key: undefined,
    value: encodeRaw({
      id,
      idFromSender: true,
      source: "test",
      format: "register",
      timeZone: "UTC",
      receivedAt: Date.now(),
      text: JSON.stringify({ zeit: "2026-11-21T10:00:00Z", konto, rechner, anwendung }),
    }),
  });
  await running.bus.publish(TENANT, "raw", [
    record("hit", "ADM-7", "pc-1"),
    record("not-admin", "meier", "pc-1"),
    record("excepted", "adm-7", "pc-2"),
    record("exception-over", "adm-7", "jump"),
    record("other-application", "adm-7", "pc-1", "kasse"),
  ]);
  await running.idle(TENANT);
  const hits: string[] = [];
  const consumer = await running.bus.consume([TENANT], {
    topic: "signals",
    group: "test",
    recordsPerBatchMax: 1000,
    lingerMs: 1,
    retryDelayMs: 10,
    handle: async ({ records }) => {
      for (const { value } of records) {
        hits.push(...decodeSignal(value).events.map(({ id }) => id));
      }
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => consumer.close());
  await expect.poll(() => hits.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  expect(hits.sort()).toEqual(["exception-over", "hit"]);
  expect(log).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ msg: "a filter deserves a look", code: "filter-expired" }),
      expect.objectContaining({
        msg: "a part of a pipeline has no meaning here",
        key: "finalizers",
      }),
      expect.objectContaining({ msg: "rules loaded", rules: 1, faults: 0, leftOut: 1 }),
    ]),
  );
});

it("does not start with a faulty pipeline, and says where the fault is", async () => {
  const config = site("transformations: [{ type: nope }]");
  const logger = pino({ level: "silent" });
  await expect(startHeidewacht(config, { logger })).rejects.toMatchObject({
    code: "HW_CONFIG_INVALID",
    message: expect.stringMatching(/site\.yml:1:21 {2}unknown type of transformation "nope"/),
  });
});
