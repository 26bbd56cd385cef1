// The master key and what is derived from it. The key lies in a file of its own (or a mounted secret),
// never in a data base; every tenant and purpose gets a key that can't be turned into another's.
import { hkdfSync, randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../config/errors.ts";

const KEY_BYTES = 32;

/** What a derived key is for; one purpose's key says nothing of another's. */
type KeyPurpose = "pseudonym" | "seal" | "witness" | "vault" | "anchor" | "page_link" | "page_code";

export interface KeyRing {
  /** 32 bytes for one tenant and purpose (HKDF-SHA-256, RFC 5869). */
  derive(tenant: string, purpose: KeyPurpose): Buffer;
}

/** Derives keys from a master key of 32 bytes. */
export function createKeyRing(master: Uint8Array): KeyRing {
  if (master.length !== KEY_BYTES) {
    throw new AppError("HW_CONFIG_INVALID", `the master key has ${master.length} bytes, not 32`, {
      place: "privacy.masterKeyFile",
      mend: "write 64 hexadecimal digits into the file, e.g. from: openssl rand -hex 32",
    });
  }
  const derived = new Map<string, Buffer>();
  return {
    derive(tenant, purpose) {
      const label = `${purpose}/${tenant}`;
      const known = derived.get(label);
      if (known !== undefined) return known;
      const key = Buffer.from(hkdfSync("sha256", master, "heidewacht/v1", label, KEY_BYTES));
      derived.set(label, key);
      return key;
    },
  };
}

/**
 * Reads the master key (64 hexadecimal digits); makes one, readable by its owner only, where the file
 * does not exist yet. `created` tells the caller to ask for a backup.
 */
export function loadMasterKey(path: string): { readonly key: Buffer; readonly created: boolean } {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const key = randomBytes(KEY_BYTES);
    writeWhole(path, `${key.toString("hex")}\n`);
    return { key, created: true };
  }
  const text = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new AppError("HW_CONFIG_INVALID", "the master key file does not hold 64 hex digits", {
      place: path,
      mend: "restore the file from its backup; without it sealed data stays closed",
    });
  }
  return { key: Buffer.from(text, "hex"), created: false };
}

// All of it or nothing, and durable: what is sealed with a key that a crash has lost stays closed.
function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
