// Tokens for programs: bound to a tenant and to scopes, shown once, stored hashed, always with an end.
import { randomUUID } from "node:crypto";
import type { Store, Versioned } from "../store/store.ts";
import { type StoredToken, SYSTEM_TENANT, TOKEN_KIND } from "./kinds.ts";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";

const TOKENS_MAX = 500;
/** The prefix lets secret scanners recognise a leaked token. */
const TOKEN = /^hwt_([0-9a-f-]{36})_([\w-]{43})$/;

/** Makes a token. @returns it in clear, for this once */
export async function createToken(
  store: Store,
  given: Omit<StoredToken, "secretHash">,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = randomUUID();
  const secret = newSecret();
  await store.create(SYSTEM_TENANT, TOKEN_KIND, id, { ...given, secretHash: hashSecret(secret) });
  return { id, token: `hwt_${id}_${secret}` };
}

/** The token that belongs to what was sent, when it is known and not over. */
export async function findToken(
  store: Store,
  sent: string,
  now: number,
): Promise<Versioned<StoredToken> | undefined> {
  const [, id, secret] = TOKEN.exec(sent) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const found = await store.get(SYSTEM_TENANT, TOKEN_KIND, id);
  if (found === undefined || !isSecret(secret, found.document.secretHash)) return undefined;
  return now < found.document.expiresAt ? found : undefined;
}

/** Whether a token, known by its id, is still there and not over. */
export async function isTokenAlive(store: Store, id: string, now: number): Promise<boolean> {
  const found = await store.get(SYSTEM_TENANT, TOKEN_KIND, id);
  return found !== undefined && now < found.document.expiresAt;
}

/** A tenant's tokens, oldest first. */
export async function listTokens(
  store: Store,
  tenant: string,
): Promise<readonly Versioned<StoredToken>[]> {
  const page = await store.search(SYSTEM_TENANT, TOKEN_KIND, {
    terms: { tenant: [tenant] },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: TOKENS_MAX,
  });
  return page.hits;
}

/** Deletes a token of this tenant. @returns whether there was one */
export async function removeToken(store: Store, tenant: string, id: string): Promise<boolean> {
  const found = await store.get(SYSTEM_TENANT, TOKEN_KIND, id);
  if (found?.document.tenant !== tenant) return false;
  return store.remove(SYSTEM_TENANT, TOKEN_KIND, id);
}
