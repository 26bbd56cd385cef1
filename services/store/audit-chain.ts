// The arithmetic of the audit chain: each entry's hash covers the hash of the one before, and the hash
// of its payload instead of the payload, so that a payload can be erased by law and the chain still holds.
import { createHash } from "node:crypto";
import type { AuditEntry, AuditInput } from "./store.ts";

/** `previousHash` of the first entry. */
export const GENESIS_HASH = "0".repeat(64);

/** What an erasure is called in the chain; its subject is the erased sequence number. */
export const ERASE_ACTION = "audit.erase";

/** The fields that an entry's hash covers, in this order. */
export type ChainedFields = Pick<
  AuditEntry,
  "sequence" | "at" | "actor" | "action" | "subject" | "payloadHash" | "previousHash"
>;

/** SHA-256, hexadecimal, of the canonical JSON of the fields as a list. */
export function chainHash(entry: ChainedFields): string {
  const { sequence, at, actor, action, subject, payloadHash, previousHash } = entry;
  return sha256(canonicalJson([sequence, at, actor, action, subject, payloadHash, previousHash]));
}

/**
 * SHA-256, hexadecimal, of salt and canonical JSON. The salt goes when the payload is erased: else a
 * short payload (a name, a yes) could be found again by trying.
 */
export function hashPayload(salt: string, payload: Readonly<Record<string, unknown>>): string {
  return sha256(`${salt}\n${canonicalJson(payload)}`);
}

/** The entry that follows on `previous`. */
export function nextEntry(
  previous: Pick<AuditEntry, "sequence" | "hash"> | undefined,
  input: AuditInput,
  salt: string,
): AuditEntry {
  const { at, actor, action, subject } = input;
  // What is hashed is what will be read back: JSON without undefined, dates as text.
  const payload = JSON.parse(JSON.stringify(input.payload));
  const fields = {
    sequence: (previous?.sequence ?? 0) + 1,
    at,
    actor,
    action,
    subject,
    payloadHash: hashPayload(salt, payload),
    previousHash: previous?.hash ?? GENESIS_HASH,
  };
  return { ...fields, payload, salt, hash: chainHash(fields) };
}

/** Whether an entry follows on `previousHash` at this place and its hashes fit its content. */
export function isChained(entry: AuditEntry, sequence: number, previousHash: string): boolean {
  if (entry.sequence !== sequence || entry.previousHash !== previousHash) return false;
  if (entry.hash !== chainHash(entry)) return false;
  if (entry.payload === undefined) return entry.salt === undefined;
  return entry.salt !== undefined && hashPayload(entry.salt, entry.payload) === entry.payloadHash;
}

/**
 * JSON with sorted keys and without spaces, as in RFC 8785 (which ECMAScript's own number and string
 * forms follow).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
