// Encrypts what must rest on disk in clear text: the raw topic, the dead-letter, original lines.
// AES-256-GCM with a key per tenant: version byte, 12 bytes nonce, 16 bytes tag, ciphertext.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../../config/errors.ts";
import type { KeyRing } from "./keys.ts";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

export interface TenantSealer {
  seal(tenant: string, plain: Uint8Array): Uint8Array;
  /** @throws AppError HW_DECRYPT_FAILED for damaged bytes, another tenant's, or another key's. */
  open(tenant: string, sealed: Uint8Array): Uint8Array;
}

/** Seals and opens bytes with keys of the ring. */
export function createSealer(keys: KeyRing): TenantSealer {
  return {
    seal(tenant, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", keys.derive(tenant, "seal"), nonce);
      const body = cipher.update(plain);
      const rest = cipher.final();
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body, rest]);
    },
    open(tenant, sealed) {
      try {
        if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new Error("unknown head");
        const decipher = createDecipheriv(
          "aes-256-gcm",
          keys.derive(tenant, "seal"),
          sealed.subarray(1, 1 + NONCE_BYTES),
        );
        decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new AppError("HW_DECRYPT_FAILED", "sealed bytes can't be opened", {
          place: `tenant ${tenant}`,
          mend: "check that the master key file is the one the data was written with",
          cause,
        });
      }
    },
  };
}
