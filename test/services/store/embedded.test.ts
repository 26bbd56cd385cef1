// The embedded store keeps the contract of every store, and what only it promises: tampering with the
// file shows, newer files are refused, a changed kind is indexed anew.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import type { Kind, Store } from "../../../services/store/store.ts";
import { killAfter } from "../../contract/crash.ts";
import { describeStoreContract } from "../../contract/store.ts";
import { exampleFold, exampleSignal } from "../../contract/store-examples.ts";

const folders: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "hw-store-"));
  folders.push(path);
  return path;
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

describeStoreContract("the embedded store", async () => {
  const dataDir = folder();
  const store = openEmbeddedStore({ dataDir });
  return {
    store,
    reopen: async () => openEmbeddedStore({ dataDir }),
    dispose: () => store.close(),
  };
});

/** Changes the file behind the store's back. */
function tamper(dataDir: string, sql: string): void {
  const database = new DatabaseSync(join(dataDir, "a", "store.db"));
  database.exec(sql);
  database.close();
}

async function withAudit(dataDir: string, entries: number): Promise<Store> {
  const store = openEmbeddedStore({ dataDir });
  for (let index = 1; index <= entries; index += 1)
    await store.appendAudit("a", {
      at: index,
      actor: "account-7",
      action: "finding.verdict",
      subject: `f${index}`,
      payload: { verdict: "true_positive", points: index },
    });
  return store;
}

describe("the audit chain", () => {
  it.each([
    ["a time", "UPDATE audit SET at = at + 1 WHERE sequence = 3", 3],
    ["an actor", "UPDATE audit SET actor = 'account-8' WHERE sequence = 3", 3],
    ["an action", "UPDATE audit SET action = 'finding.verdicu' WHERE sequence = 3", 3],
    ["a subject", "UPDATE audit SET subject = 'f4' WHERE sequence = 3", 3],
    ["a payload", `UPDATE audit SET payload = replace(payload, '3', '4') WHERE sequence = 3`, 3],
    ["a payload that is no JSON any more", "UPDATE audit SET payload = '{' WHERE sequence = 3", 3],
    ["a salt", "UPDATE audit SET salt = 'x' WHERE sequence = 3", 3],
    ["a payload hash", "UPDATE audit SET payload_hash = 'x' WHERE sequence = 3", 3],
    ["a hash", "UPDATE audit SET hash = 'x' WHERE sequence = 3", 3],
    ["a removed entry", "DELETE FROM audit WHERE sequence = 3", 3],
    ["a removed last entry", "DELETE FROM audit WHERE sequence = 6", 6],
    ["a removed first entry", "DELETE FROM audit WHERE sequence = 1", 1],
    ["a removed payload", "UPDATE audit SET payload = NULL, salt = NULL WHERE sequence = 3", 3],
    [
      "swapped entries",
      "UPDATE audit SET sequence = -3 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = -3",
      3,
    ],
    [
      "a head that was moved back",
      "UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit WHERE sequence = 4)",
      5,
    ],
  ])("shows %s", async (_name, sql, broken) => {
    const dataDir = folder();
    const store = await withAudit(dataDir, 6);
    expect(await store.verifyAudit("a")).toBeUndefined();
    tamper(dataDir, sql);
    expect(await store.verifyAudit("a")).toBe(broken);
    await store.close();
  });
});

describe("the file", () => {
  it("is refused when a newer version wrote it", async () => {
    const dataDir = folder();
    await (await withAudit(dataDir, 1)).close();
    tamper(dataDir, "PRAGMA user_version = 1000");
    const store = openEmbeddedStore({ dataDir });
    await expect(store.readAudit("a", 1, 1)).rejects.toMatchObject({ code: "HW_STORE_VERSION" });
  });

  it("leaves nothing of an erased payload behind once it is closed", async () => {
    const dataDir = folder();
    const store = openEmbeddedStore({ dataDir });
    const payload = { name: "Erika-Mustermann-4711" };
    const entry = { at: 1, actor: "cli", action: "x", subject: "y", payload };
    await store.appendAudit("a", entry);
    await store.eraseAuditPayload("a", 1, { at: 2, actor: "dpo", reason: "Art. 17" });
    await store.close();
    for (const name of readdirSync(join(dataDir, "a")))
      expect(readFileSync(join(dataDir, "a", name)).toString("latin1")).not.toContain("Mustermann");
  });
});

describe("a kind", () => {
  interface Thing {
    readonly size: number;
    readonly name: string;
  }
  const first: Kind<Thing> = {
    name: "thing",
    fields: { size: { kind: "number", values: (thing) => [thing.size] } },
  };

  it("is indexed anew when its fields or its revision change", async () => {
    const dataDir = folder();
    const sizes = async (kind: Kind<Thing>, size: number) => {
      const store = openEmbeddedStore({ dataDir });
      const page = await store.search("a", kind, { terms: { size: [size] }, sort: [], limit: 10 });
      const text = await store.search("a", kind, { text: "schlange", sort: [], limit: 10 });
      await store.close();
      return [page.total, text.total];
    };
    const store = openEmbeddedStore({ dataDir });
    await store.put("a", first, "1", { size: 3, name: "Warteschlange Schlange" });
    await store.close();
    expect(await sizes(first, 3)).toEqual([1, 0]);
    const wider: Kind<Thing> = {
      ...first,
      fields: { ...first.fields, name: { kind: "text", values: (thing) => [thing.name] } },
    };
    expect(await sizes(wider, 3)).toEqual([1, 1]);
    const doubled: Kind<Thing> = {
      name: "thing",
      revision: 2,
      fields: { ...wider.fields, size: { kind: "number", values: (thing) => [2 * thing.size] } },
    };
    expect(await sizes(doubled, 3)).toEqual([0, 1]);
    expect(await sizes(doubled, 6)).toEqual([1, 1]);
  });
});

describe("kill -9", () => {
  it("counts every signal once and keeps the audit chain whole", async () => {
    const dataDir = folder();
    const script = new URL("./crash-child.ts", import.meta.url);
    let first = 0;
    for (const reports of [1, 30, 100]) {
      const acknowledged = await killAfter(script, [dataDir, String(first)], reports);
      const store = openEmbeddedStore({ dataDir });
      const all = await store.readAudit("a", 1, 100_000);
      expect(all.length).toBeGreaterThan(acknowledged);
      expect(await store.verifyAudit("a")).toBeUndefined();
      // The sender repeats from the beginning: what was counted is not counted again.
      first = all.length + 5;
      const signals = Array.from({ length: first }, (_, index) => exampleSignal(`s${index}`));
      const groups = new Map([["f1", signals]]);
      await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
      const finding = await store.get("a", FINDING_KIND, "f1");
      expect(finding?.document.signalCount).toBe(first);
      while ((await store.readAudit("a", first, 1)).length === 0)
        await store.appendAudit("a", {
          at: 1,
          actor: "cli",
          action: "x",
          subject: "y",
          payload: {},
        });
      await store.close();
    }
  });
});
