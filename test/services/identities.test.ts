// The vault of names over the real embedded store: shared by processes, closed to whoever has no key,
// rotated with one overlap, and then destroyed for good.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { openIdentities } from "../../services/identities.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { openEpochKey, openName } from "../../services/privacy/vault.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";
import {
  IDENTITY_KIND,
  IDENTITY_MOVE_KIND,
  PRIVACY_EPOCH_KIND,
} from "../../services/store/identity.ts";

const DAY_MS = 86_400_000;
const SETTINGS = { rotationMs: 90 * DAY_MS, overlapMs: 7 * DAY_MS, leadMs: 0 };
const ring = createKeyRing(Buffer.alloc(32, 7));
const logger = pino({ level: "silent" });
const BY_EPOCH = { sort: [{ field: "epoch", order: "asc" }], limit: 100 } as const;

async function openVault() {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-vault-"));
  const store = openEmbeddedStore({ dataDir });
  const clock = { at: Date.UTC(2026, 0, 1) };
  const now = () => clock.at;
  const tenants = ["kreis", "stadt"];
  const shared = { store, ring, tenants, epochs: SETTINGS, rotates: true, logger, now };
  const open = async () => {
    const identities = await openIdentities(shared);
    onTestFinished(() => identities.close());
    return identities;
  };
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { store, clock, open };
}

describe("the vault", () => {
  it("gives a name back to who has the key, and to no other key, tenant or pseudonym", async () => {
    const { store, open } = await openVault();
    const vault = await open();
    const pseudonym = vault.privacy.pseudonymOf("kreis", "h.petersen");
    await vault.flush("kreis");
    expect(await vault.resolve("kreis", pseudonym)).toBe("h.petersen");
    expect(await vault.resolve("stadt", pseudonym)).toBeUndefined();
    const { document } = (await store.get("kreis", IDENTITY_KIND, pseudonym)) ?? {};
    const epoch = (await store.get("kreis", PRIVACY_EPOCH_KIND, "1"))?.document;
    if (document === undefined || epoch === undefined) throw new Error("nothing was written");
    expect(JSON.stringify([document, epoch])).not.toContain("petersen");
    const key = openEpochKey(ring, "kreis", 1, epoch.sealedKey);
    expect(openName(key, "kreis", pseudonym, document.sealed)).toContain("h.petersen");
    expect(() => openName(key, "kreis", "konto-0000000000", document.sealed)).toThrow();
    expect(() => openName(key, "stadt", pseudonym, document.sealed)).toThrow();
    expect(() => openEpochKey(ring, "stadt", 1, epoch.sealedKey)).toThrow();
    expect(() => openEpochKey(ring, "kreis", 2, epoch.sealedKey)).toThrow();
    const other = createKeyRing(Buffer.alloc(32, 8));
    expect(() => openEpochKey(other, "kreis", 1, epoch.sealedKey)).toThrow();
  });

  it("is shared by processes: same pseudonyms, and names that one saw are found by the other", async () => {
    const { open } = await openVault();
    const [one, other] = [await open(), await open()];
    one.privacy.protectDocument("kreis", { "user.name": "petersenh" });
    await one.flush("kreis");
    await other.round("kreis");
    const document = { message: "Auftrag von petersenh" };
    other.privacy.protectDocument("kreis", document);
    expect(document.message).toBe(`Auftrag von ${one.privacy.pseudonymOf("kreis", "petersenh")}`);
    expect((await open()).names.counts("kreis").seen).toBe(1);
  });

  it("begins with one key, however many begin at once", async () => {
    const { store, open } = await openVault();
    const vaults = await Promise.all([open(), open(), open(), open()]);
    const all = vaults.map(({ privacy }) => privacy.pseudonymOf("kreis", "h.petersen"));
    expect(new Set(all).size).toBe(1);
    const actions = (await store.readAudit("kreis", 0, 100)).map(({ action }) => action);
    expect(actions).toEqual(["privacy.epoch_begin"]);
  });

  it("has other pseudonyms in another installation with the same master key", async () => {
    const [one, other] = await Promise.all([openVault(), openVault()]);
    const of = async ({ open }: typeof one) =>
      (await open()).privacy.pseudonymOf("kreis", "h.petersen");
    expect(await of(one)).not.toBe(await of(other));
  });

  it("gives each tenant other pseudonyms", async () => {
    const { open } = await openVault();
    const { privacy } = await open();
    expect(privacy.pseudonymOf("kreis", "h.petersen")).not.toBe(
      privacy.pseudonymOf("stadt", "h.petersen"),
    );
  });
});

describe("rotation", () => {
  it("links what is seen in the overlap, then destroys key, names and links for good", async () => {
    const { store, clock, open } = await openVault();
    const vault = await open();
    const before = vault.privacy.pseudonymOf("kreis", "h.petersen");
    const unseen = vault.privacy.pseudonymOf("kreis", "k.unseen");
    await vault.flush("kreis");

    clock.at += SETTINGS.rotationMs;
    await vault.round("kreis");
    const after = vault.privacy.pseudonymOf("kreis", "h.petersen");
    expect(after).not.toBe(before);
    await vault.flush("kreis");
    expect((await store.get("kreis", IDENTITY_MOVE_KIND, before))?.document.to).toBe(after);
    expect(await store.get("kreis", IDENTITY_MOVE_KIND, unseen)).toBeUndefined();
    expect(await vault.resolve("kreis", before)).toBe("h.petersen");

    clock.at += SETTINGS.overlapMs;
    await vault.round("kreis");
    expect(await vault.resolve("kreis", before)).toBeUndefined();
    expect(await vault.resolve("kreis", unseen)).toBeUndefined();
    expect(await vault.resolve("kreis", after)).toBe("h.petersen");
    expect(await store.get("kreis", PRIVACY_EPOCH_KIND, "1")).toBeUndefined();
    expect((await store.search("kreis", IDENTITY_MOVE_KIND, BY_EPOCH)).total).toBe(0);
    expect((await store.search("kreis", IDENTITY_KIND, BY_EPOCH)).hits.map(({ id }) => id)).toEqual(
      [after],
    );
    // The master key alone gives none of the old pseudonyms any more: a new process neither.
    const fresh = await open();
    expect(fresh.privacy.pseudonymOf("kreis", "h.petersen")).toBe(after);
    const actions = (await store.readAudit("kreis", 0, 100)).map(({ action }) => action);
    expect(actions).toEqual([
      "privacy.epoch_begin",
      "privacy.epoch_begin",
      "privacy.epoch_destroy",
    ]);
    expect(await store.verifyAudit("kreis")).toBeUndefined();
  });

  it("begins an epoch once, however many processes rotate", async () => {
    const { store, clock, open } = await openVault();
    const vaults = await Promise.all([open(), open(), open()]);
    clock.at += SETTINGS.rotationMs;
    await Promise.all(vaults.map((vault) => vault.round("kreis")));
    for (const vault of vaults) await vault.round("kreis");
    const all = vaults.map(({ privacy }) => privacy.pseudonymOf("kreis", "h.petersen"));
    expect(new Set(all).size).toBe(1);
    const epochs = await store.search("kreis", PRIVACY_EPOCH_KIND, {
      sort: [{ field: "number", order: "asc" }],
      limit: 10,
    });
    expect(epochs.total).toBe(2);
  });
});
