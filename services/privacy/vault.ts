// What the vault keeps is sealed twice over: a clear name with a key of its epoch, the epoch's key with one
// that is derived from the master key, which lies outside of every data base. Epoch keys are random: once
// the sealed key is deleted, neither the master key nor a backup of names gives anything back.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { AppError } from "../../config/errors.ts";
import type { KeyRing } from "./keys.ts";
import type { EpochKey } from "./pseudonym.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A new epoch's random key, sealed for the store (base64). */
export function createEpochKey(ring: KeyRing, tenant: string, epoch: number): string {
  return seal(ring.derive(tenant, "vault"), epochPlace(tenant, epoch), randomBytes(KEY_BYTES));
}

/** @throws AppError HW_DECRYPT_FAILED for another tenant's, another epoch's, or another master key's */
export function openEpochKey(
  ring: KeyRing,
  tenant: string,
  epoch: number,
  sealed: string,
): EpochKey {
  return { epoch, key: open(ring.derive(tenant, "vault"), epochPlace(tenant, epoch), sealed) };
}

/** Seals a clear name (AES-256-GCM); tenant and pseudonym are associated data. */
export function sealName(key: EpochKey, tenant: string, pseudonym: string, name: string): string {
  return seal(vaultKey(key), namePlace(tenant, pseudonym), Buffer.from(name));
}

/** @throws AppError HW_DECRYPT_FAILED when it is another pseudonym's, tenant's or epoch's */
export function openName(key: EpochKey, tenant: string, pseudonym: string, sealed: string): string {
  return open(vaultKey(key), namePlace(tenant, pseudonym), sealed).toString("utf8");
}

function vaultKey({ key }: EpochKey): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "heidewacht/v1", "vault", KEY_BYTES));
}

function epochPlace(tenant: string, epoch: number): string {
  return `epoch\n${tenant}\n${epoch}`;
}

function namePlace(tenant: string, pseudonym: string): string {
  return `identity\n${tenant}\n${pseudonym}`;
}

function seal(key: Buffer, place: string, plain: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
}

function open(key: Buffer, place: string, sealed: string): Buffer {
  try {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([body, decipher.final()]);
  } catch (cause) {
    throw new AppError("HW_DECRYPT_FAILED", "a document of the vault can't be opened", {
      // The first line says what it is, and nothing of whom.
      place: place.slice(0, place.indexOf("\n")),
      mend: "check that the master key file is the one the data was written with",
      cause,
    });
  }
}
