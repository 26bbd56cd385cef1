// Keyed pseudonyms: the same account gives the same name within a tenant (so that correlation works),
// another one in every other tenant, and nobody without the key can compute it.
import { createHmac } from "node:crypto";
import type { AccountClass } from "./accounts.ts";
import type { KeyRing } from "./keys.ts";

// Prefix by class, German because analysts read it: konto-…, admin-…, dienst-…
const PREFIX: Readonly<Record<"service" | "admin" | "user", string>> = {
  service: "dienst",
  admin: "admin",
  user: "konto",
};
// 50 bits in base32 (no vowels that make words, nothing to confuse): by the birthday bound a tenant with
// 100,000 accounts has a chance of 5e-6 that two share a pseudonym.
const ALPHABET = "0123456789bcdfghjkmnpqrstvwxyzel";
const SYMBOLS = 10;
const CACHE_MAX = 200_000;

export interface Pseudonyms {
  /** Pseudonym of a name; upper and lower case are the same name. Classes that stay readable don't come here. */
  of(tenant: string, name: string, accountClass: "service" | "admin" | "user"): string;
}

export function createPseudonyms(keys: KeyRing): Pseudonyms {
  const caches = new Map<string, Map<string, string>>();
  return {
    of(tenant, name, accountClass) {
      let cache = caches.get(tenant);
      if (cache === undefined) {
        cache = new Map();
        caches.set(tenant, cache);
      }
      const normal = name.normalize("NFC").toLowerCase();
      const known = cache.get(normal);
      if (known !== undefined) return known;
      if (cache.size >= CACHE_MAX) cache.clear();
      const pseudonym = `${PREFIX[accountClass]}-${token(keys.derive(tenant, "pseudonym"), normal)}`;
      cache.set(normal, pseudonym);
      return pseudonym;
    },
  };
}

function token(key: Buffer, text: string): string {
  const mac = createHmac("sha256", key).update(text).digest();
  let bits = 0n;
  for (let index = 0; index < 8; index += 1) bits = (bits << 8n) | BigInt(mac[index] ?? 0);
  let out = "";
  for (let index = 0; index < SYMBOLS; index += 1) {
    out += ALPHABET[Number(bits & 31n)] ?? "";
    bits >>= 5n;
  }
  return out;
}

/** Whether a text is a pseudonym made here; it is not replaced again. */
export function isPseudonym(text: string): boolean {
  return /^(?:konto|admin|dienst)-[0-9a-z]{10}$/.test(text);
}

/** The classes that get pseudonyms. */
export function needsPseudonym(
  accountClass: AccountClass,
): accountClass is "service" | "admin" | "user" {
  return accountClass === "service" || accountClass === "admin" || accountClass === "user";
}
