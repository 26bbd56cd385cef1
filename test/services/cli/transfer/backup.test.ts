// Back up, destroy, restore: the same again, row by row.
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backup, restore } from "../../../../services/cli/transfer/backup.ts";
import { openInstallation } from "../../../../services/cli/transfer/installation.ts";
import type { MoveResult } from "../../../../services/cli/transfer/result.ts";
import { startHeidewacht } from "../../../../services/main.ts";
import { parseOutsideJson } from "../../../../services/normalize/json-nesting.ts";
import { FINDING_KIND } from "../../../../services/store/kinds.ts";
import { configIn, fill, newKey, silent, TENANT } from "../../../support/filled-installation.ts";

const EVENTS_TARGET = 3000;
const folder = mkdtempSync(join(tmpdir(), "hw-backup-"));
afterAll(() => rmSync(folder, { recursive: true }));

const key = newKey();
const source = configIn(folder, "quelle", key);
const copy = join(folder, "sicherung");
let made: MoveResult;

function rowsOf(result: MoveResult, name: string): number {
  return result.parts.find((part) => part.name === name && part.source.rows > 0)?.source.rows ?? 0;
}

const talliesOf = ({ parts }: MoveResult) =>
  parts.map(({ tenant, name, target }) => ({ tenant, name, target }));

beforeAll(async () => {
  await fill(source.loaded, EVENTS_TARGET);
  made = await backup(source.loaded, copy, "test");
}, 120_000);

describe("backup", () => {
  it("holds something of everything, equal to what it read", () => {
    expect(made.equal).toBe(true);
    const documents = ["finding", "setting", "account", "account_name", "shipper"];
    for (const name of [...documents, "privacy_epoch", "identity", "audit"]) {
      expect([name, rowsOf(made, name) > 0]).toEqual([name, true]);
    }
    expect(rowsOf(made, "dead-letter")).toBe(5);
    expect(rowsOf(made, "events")).toBeGreaterThan(EVENTS_TARGET / 2);
    expect(rowsOf(made, "baseline-state")).toBeGreaterThan(0);
  });

  it("keeps what is encrypted encrypted", () => {
    const file = readFileSync(join(copy, TENANT, "dead-letter.ndjson.zst"));
    expect(file.includes("versteht")).toBe(false);
    expect(file.length).toBeGreaterThan(100);
  });

  it("is made while the service runs, too", async () => {
    const running = await startHeidewacht(source.loaded, { logger: silent });
    try {
      const live = await backup(source.loaded, join(folder, "laufend"), "test");
      expect(live.equal).toBe(true);
      expect(rowsOf(live, "finding")).toBe(rowsOf(made, "finding"));
    } finally {
      await running.close();
    }
  });

  it("is written down in the audit chain of its tenant, with its number of rows", async () => {
    const { ports, close } = await openInstallation(source.loaded, true);
    const entries = await ports.store.readAudit(TENANT, 1, 1000);
    await close();
    const { id } = parseOutsideJson(readFileSync(join(copy, "manifest.json"), "utf8")) as {
      id: string; // Every manifest has one.
    };
    const rows = made.parts
      .filter(({ tenant }) => tenant === TENANT)
      .reduce((sum, { target }) => sum + target.rows, 0);
    const found = entries.filter(({ action }) => action === "backup.create");
    expect(found[0]).toMatchObject({ actor: "system", subject: id, payload: { rows } });
    expect(found.length).toBeGreaterThanOrEqual(1);
    expect(rowsOf(made, "audit")).toBe((found[0]?.sequence ?? 0) - 1);
  });

  it("tells how much it leaves behind unread", async () => {
    const { loaded } = configIn(folder, "ungelesen", key);
    const { ports, close } = await openInstallation(loaded, true);
    const record = { key: undefined, value: new Uint8Array(1) };
    await ports.bus.publish(TENANT, "raw", [record, record, record]);
    await close();
    const { unread } = await backup(loaded, join(folder, "ohne-ungelesene"), "test");
    expect([made.unread, unread]).toEqual([0, 3]);
  });

  it("refuses a folder that is not empty", async () => {
    await expect(backup(source.loaded, copy, "test")).rejects.toMatchObject({
      code: "HW_PLACE_TAKEN",
    });
  });
});

describe("restore", () => {
  it("gives the same again, so that a signal that comes again still counts once", async () => {
    const target = configIn(folder, "ziel", key);
    const result = await restore(target.loaded, copy);
    expect(result).toMatchObject({ equal: true, brokenChains: [], left: [] });
    expect(talliesOf(result)).toEqual(talliesOf(made));

    const running = await startHeidewacht(target.loaded, { logger: silent });
    try {
      const sort = [{ field: "score", order: "desc" }] as const;
      const { hits } = await running.store.search(TENANT, FINDING_KIND, { sort, limit: 1 });
      const [finding] = hits;
      expect(finding).toBeDefined();
      if (finding === undefined) return;
      const { document, id } = finding;
      const signals = document.evidence.map(({ signalId, time, source: from }) => ({
        ...{ id: signalId, tenant: TENANT, detector: document.detector, time, source: from },
        ...{ raisedAt: time, entities: document.entities, groupKey: document.groupKey },
        ...{ matched: [], events: [] },
      }));
      const changed = await running.store.recordSignals(
        TENANT,
        FINDING_KIND,
        new Map([[id, signals]]),
        () => ({ ...document, signalCount: -1 }),
      );
      expect(changed).toEqual([]);
      expect(await running.store.verifyAudit(TENANT)).toBeUndefined();
    } finally {
      await running.close();
    }
  });

  it.each([
    ["an installation with data", "quelle", key, copy, "HW_PLACE_TAKEN"],
    ["another master key", "fremd", newKey(), copy, "HW_DECRYPT_FAILED"],
    ["a folder without a backup", "leer", key, tmpdir(), "HW_NOT_FOUND"],
  ])("refuses %s", async (_, name, masterKey, from, code) => {
    await expect(restore(configIn(folder, name, masterKey).loaded, from)).rejects.toMatchObject({
      code,
    });
  });

  it.each([
    ["cut off", (file: string) => truncateSync(file, readFileSync(file).length - 20)],
    [
      "changed",
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.writeUInt8(
          bytes.readUInt8(Math.floor(bytes.length / 2)) ^ 1,
          Math.floor(bytes.length / 2),
        );
        writeFileSync(file, bytes);
      },
    ],
    ["gone", (file: string) => rmSync(file)],
  ])("refuses a backup of which a file is %s, before anything is written", async (name, damage) => {
    const from = join(folder, `sicherung-${name}`);
    cpSync(copy, from, { recursive: true });
    damage(join(from, TENANT, "finding.ndjson.zst"));
    const target = configIn(folder, `ziel-${name.replace(" ", "-")}`, key).loaded;
    await expect(restore(target, from)).rejects.toMatchObject({ code: "HW_STORE_CORRUPT" });
    expect((await restore(target, copy)).equal).toBe(true);
  });

  it("goes on with what an earlier try left unfinished, and with nothing else", async () => {
    const target = configIn(folder, "zwei", key).loaded;
    const stop = new Error("killed");
    const parts = made.parts.length;
    let seen = 0;
    const half = () => {
      seen += 1;
      if (seen > parts * 0.75) throw stop;
    };
    await expect(restore(target, copy, half)).rejects.toBe(stop);
    const other = join(folder, "laufend");
    await expect(restore(target, other)).rejects.toMatchObject({ code: "HW_PLACE_TAKEN" });
    const result = await restore(target, copy);
    expect(result.equal).toBe(true);
    expect(talliesOf(result)).toEqual(talliesOf(made));
  });

  it("says in the manifest what each part came to", () => {
    const manifest = parseOutsideJson(readFileSync(join(copy, "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ version: 1, program: "test" });
  });
});
