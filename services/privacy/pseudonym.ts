// Keyed pseudonyms: the same account gives the same name within a tenant (so that correlation works),
// another one in every other tenant, and nobody without the key can compute it.
import { createHmac } from "node:crypto";
import { type AccountClass, accountClass } from "./accounts.ts";
import { fold } from "./fold.ts";
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

/** A key of pseudonyms, good for one tenant and one epoch. */
export interface EpochKey {
  /** Rises by one with each rotation; 0: derived from the master key, where nothing is kept. */
  readonly epoch: number;
  readonly key: Buffer;
}

/** The key of the epoch before, and from when until when both overlap, milliseconds since 1970 UTC. */
interface EndingKey extends EpochKey {
  readonly begin: number;
  readonly end: number;
}

export interface PseudonymKeys {
  current(tenant: string): EpochKey;
  /** Of the epoch before, while both overlap. */
  previous(tenant: string): EndingKey | undefined;
}

/** Keys that need no store: the same as long as the master key is. */
export function derivedKeys(keys: KeyRing): PseudonymKeys {
  return {
    current: (tenant) => ({ epoch: 0, key: keys.derive(tenant, "pseudonym") }),
    previous: () => undefined,
  };
}

/** A name whose pseudonym this process makes for the first time. Clear text: for the vault alone. */
export interface FirstSight {
  readonly tenant: string;
  readonly epoch: number;
  readonly pseudonym: string;
  readonly name: string;
  /** The same name's pseudonym of the epoch before, while both overlap. */
  readonly previous: string | undefined;
}

export interface Pseudonyms {
  /** Pseudonym of a name; all its spellings are the same name. Classes that stay readable don't come here. */
  of(tenant: string, name: string, givenClass: PersonalClass): string;
  /** Token of the group that a pseudonym's account belongs to, of those that were made here. */
  group(tenant: string, pseudonym: string): string | undefined;
  /** Pseudonyms and groups of the present epoch that were made here → what they were in the one before. */
  former(tenant: string): ReadonlyMap<string, string>;
}

type PersonalClass = "service" | "admin" | "user";

export interface PseudonymOptions {
  readonly keys: PseudonymKeys;
  /** Canonical name of a spelling, where a directory knows it. */
  readonly canonicalOf: (tenant: string, name: string) => string | undefined;
  /** Rises when names may have another canonical name. */
  readonly generation: (tenant: string) => number;
  readonly onFirstSight: (sight: FirstSight) => void;
  /** Group of a canonical name, where a directory knows it. */
  readonly groupOf?: ((tenant: string, canonical: string) => string | undefined) | undefined;
}

interface TenantCache {
  readonly epoch: number;
  readonly generation: number;
  readonly pseudonyms: Map<string, string>;
  /** Pseudonym or token of a group → the one of the epoch before. */
  readonly former: Map<string, string>;
  /** Pseudonym → token of its account's group. */
  readonly groups: Map<string, string>;
}

const GROUP_PREFIX = "gruppe";
const NO_PSEUDONYMS: ReadonlyMap<string, string> = new Map();

export function createPseudonyms(options: PseudonymOptions): Pseudonyms {
  const caches = new Map<string, TenantCache>();
  return {
    of(tenant, name, givenClass) {
      const { epoch, key } = options.keys.current(tenant);
      const generation = options.generation(tenant);
      let cache = caches.get(tenant);
      if (cache?.epoch !== epoch || cache.generation !== generation) {
        const empty = { pseudonyms: new Map(), former: new Map(), groups: new Map() };
        cache = { epoch, generation, ...empty };
        caches.set(tenant, cache);
      }
      const { pseudonyms } = cache;
      const known = pseudonyms.get(name);
      if (known !== undefined) return known;
      if (pseudonyms.size >= CACHE_MAX) pseudonyms.clear();
      const folded = fold(name.trim());
      const canonical = options.canonicalOf(tenant, name) ?? folded;
      // Who has a canonical account has that one's class, too: one person, one pseudonym.
      const shownClass = canonical === folded ? givenClass : personalClass(canonical);
      const withKey = (one: Buffer) => `${PREFIX[shownClass]}-${token(one, canonical)}`;
      const pseudonym = withKey(key);
      pseudonyms.set(name, pseudonym);
      const before = options.keys.previous(tenant);
      const previous = before === undefined ? undefined : withKey(before.key);
      // What texts are remembered as outlives the pseudonyms that were made for them.
      if (cache.former.size >= 2 * CACHE_MAX) cache.former.clear();
      if (previous !== undefined) cache.former.set(pseudonym, previous);
      const group = options.groupOf?.(tenant, canonical);
      if (cache.groups.size >= 2 * CACHE_MAX) cache.groups.clear();
      if (group !== undefined) {
        const present = groupToken(key, group);
        cache.groups.set(pseudonym, present);
        if (before !== undefined) cache.former.set(present, groupToken(before.key, group));
      }
      options.onFirstSight({ tenant, epoch, pseudonym, name, previous });
      return pseudonym;
    },
    group: (tenant, pseudonym) => caches.get(tenant)?.groups.get(pseudonym),
    former: (tenant) => caches.get(tenant)?.former ?? NO_PSEUDONYMS,
  };
}

// The line break parts it from names of accounts, which have none.
function groupToken(key: Buffer, group: string): string {
  return `${GROUP_PREFIX}-${token(key, `${GROUP_PREFIX}\n${group}`)}`;
}

function personalClass(name: string): PersonalClass {
  const known = accountClass(name);
  return needsPseudonym(known) ? known : "user";
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

/** Whether a text is a pseudonym made here, which is not replaced again: a name with an a, i, o or u is none. */
export function isPseudonym(text: string): boolean {
  return /^(?:konto|admin|dienst)-[0-9b-hj-np-tv-z]{10}$/.test(text);
}

/** The classes that get pseudonyms. */
export function needsPseudonym(
  accountClass: AccountClass,
): accountClass is "service" | "admin" | "user" {
  return accountClass === "service" || accountClass === "admin" || accountClass === "user";
}
