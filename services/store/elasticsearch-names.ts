// How the store's indices, aliases and documents are called in Elasticsearch. A kind has no hyphen and a
// concrete index a dot, which no tenant has: so each name says exactly whose it is.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { checkTenantName, TENANT_NAME } from "../../config/tenant-name.ts";

const KIND_NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Names of what is no kind of document. */
const RESERVED = new Set(["events", "signals", "audit"]);
/** What Elasticsearch takes as `_id`. */
const ID_BYTES_MAX = 512;
const HASHED = "~";

/** The alias of a kind's documents. @throws AppError HW_REQUEST_INVALID for what is no tenant */
export function kindAlias(prefix: string, kind: string, tenant: string): string {
  assert.match(kind, KIND_NAME);
  assert(!RESERVED.has(kind), `"${kind}" is no name for a kind`);
  return `${prefix}-${kind}-${checkTenantName(tenant)}`;
}

/** The alias of a tenant's audit chain. */
export function auditAlias(prefix: string, tenant: string): string {
  return `${prefix}-audit-${checkTenantName(tenant)}`;
}

/** The tenant of one of the store's aliases; undefined when it is none. */
export function tenantOfAlias(prefix: string, alias: string): string | undefined {
  if (!alias.startsWith(`${prefix}-`)) return undefined;
  const rest = alias.slice(prefix.length + 1);
  const end = rest.indexOf("-");
  const kind = rest.slice(0, Math.max(end, 0));
  const tenant = rest.slice(end + 1);
  const isOurs = KIND_NAME.test(kind) && (!RESERVED.has(kind) || kind === "audit");
  return isOurs && TENANT_NAME.test(tenant) ? tenant : undefined;
}

/** The index number `number` behind an alias. */
export function concreteIndex(alias: string, number: number): string {
  return `${alias}.v${number}`;
}

/** The number of an index behind `alias`; undefined when it is none. */
export function numberOfIndex(alias: string, index: string): number | undefined {
  const rest = index.startsWith(`${alias}.v`) ? index.slice(alias.length + 2) : "";
  return /^\d{1,9}$/.test(rest) ? Number(rest) : undefined;
}

/** The signals of findings that began in this month (UTC). */
export function signalsIndex(prefix: string, tenant: string, month: string): string {
  return `${prefix}-signals-${checkTenantName(tenant)}-${month}`;
}

/** `yyyy.mm` in UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7).replace("-", ".");
}

/** The month of a signals index of exactly this tenant; undefined for any other name. */
export function monthOfSignalsIndex(
  prefix: string,
  tenant: string,
  index: string,
): string | undefined {
  const start = `${prefix}-signals-${tenant}-`;
  const month = index.startsWith(start) ? index.slice(start.length) : "";
  return /^\d{4}\.\d\d$/.test(month) ? month : undefined;
}

/** The `_id` of a document: its id, or a hash of one that Elasticsearch would not take as it is. */
export function documentKey(id: string): string {
  const fits = id !== "" && Buffer.byteLength(id) <= ID_BYTES_MAX && id.isWellFormed();
  return fits && !id.startsWith(HASHED) ? id : `${HASHED}${hashOf([id])}`;
}

/** SHA-256 of a list of texts, base64url. */
export function hashOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/** What documents are ordered by when nothing else tells them apart: unique, and like the id. */
export function orderKey(id: string): string {
  const key = documentKey(id);
  return key === id ? id : `${id.slice(0, 100).toWellFormed()} ${key}`;
}
