// An installation filled by the simulator: findings with many signals, dead letters, an account, keys,
// silences, settings, and an audit chain with an erased payload.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { stringify } from "yaml";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { createAccount } from "../../services/api/accounts.ts";
import { createShipper } from "../../services/api/shipper-keys.ts";
import { encodeRaw } from "../../services/bus/raw-record.ts";
import { startHeidewacht } from "../../services/main.ts";
import { SOURCES } from "../../services/simulator/record.ts";
import { simulate } from "../../services/simulator/simulate.ts";
import { SETTING_KIND } from "../../services/store/kinds.ts";

export const TENANT = "kreis";
const RECORDS_PER_BATCH = 500;

export const silent = pino({ level: "silent" });

/** Writes a configuration and loads it. */
export function configIn(
  folder: string,
  name: string,
  masterKey: string,
  more: Readonly<Record<string, unknown>> = {},
): { readonly file: string; readonly loaded: LoadedConfig } {
  const file = join(folder, `${name}.yml`);
  writeFileSync(join(folder, `${name}.key`), `${masterKey}\n`, { mode: 0o600 });
  writeFileSync(
    file,
    stringify({
      dataFolder: `data-${name}`,
      privacy: { masterKeyFile: `${name}.key` },
      tenants: [{ id: TENANT, name: "Landkreis (Test)" }],
      console: { port: 0 },
      monitoring: { port: 0 },
      inputs: { http: { enabled: false } },
      detection: { correlation: { latenessSeconds: 3600 } },
      ...more,
    }),
  );
  return { file, loaded: loadConfig(file, {}) };
}

export function newKey(): string {
  return randomBytes(32).toString("hex");
}

/** Lets an installation process some of a simulated day and what people do with it. */
export async function fill(loaded: LoadedConfig, eventsTarget: number): Promise<void> {
  const running = await startHeidewacht(loaded, { logger: silent });
  const { bus, store } = running;
  const options = { seed: "7", day: "2026-03-04", intrusion: true, eventsTarget };
  let batch: Uint8Array[] = [];
  const flush = async () => {
    const records = batch.map((value) => ({ key: undefined, value }));
    await bus.publish(TENANT, "raw", records);
    batch = [];
  };
  for (const { id, source, text, time } of simulate(options).records) {
    const { format } = SOURCES[source];
    const head = { id, idFromSender: true, source, format, timeZone: "Europe/Berlin" };
    batch.push(encodeRaw({ ...head, receivedAt: time, text }));
    if (batch.length >= RECORDS_PER_BATCH) await flush();
  }
  for (let at = 0; at < 5; at += 1) {
    const head = { id: `kaputt/${at}`, idFromSender: true, source: "usv", format: "cef" };
    const text = `\u0001 das versteht niemand ${at}`;
    batch.push(encodeRaw({ ...head, timeZone: "UTC", receivedAt: Date.now(), text }));
  }
  await flush();
  await running.idle(TENANT);
  await createAccount(store, {
    ...{ tenant: TENANT, name: "Jana Weber", role: "admin", password: "ein-langes-Wort-7" },
    ...{ passwordChangeDue: false, createdAt: Date.now() },
  });
  await createShipper(store, {
    ...{ tenant: TENANT, source: "web", timeZone: "UTC", ndigClass: 4 as const },
    ...{ createdAt: Date.now(), createdBy: "system" },
  });
  const setting = { value: { ä: [1, "zwei"] }, changedAt: 1, changedBy: "cli" };
  await store.put(TENANT, SETTING_KIND, "test.setting", setting);
  for (let at = 0; at < 3; at += 1) {
    const entry = { at, actor: "cli", action: "test.note", subject: `${at}` };
    await store.appendAudit(TENANT, { ...entry, payload: { name: `Name ${at}` } });
  }
  const [first] = await store.readAudit(TENANT, 1, 1);
  const by = { at: 9, actor: "cli", reason: "Art. 17" };
  await store.eraseAuditPayload(TENANT, first?.sequence ?? 1, by);
  await running.close();
}
