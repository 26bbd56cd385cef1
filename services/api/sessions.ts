// Sessions of people: an opaque random secret in a cookie, its hash in the store, an idle and an absolute
// end. A session is looked up for every request, so that ending it or disabling its account works at once.
import { isAppError } from "../../config/errors.ts";
import type { Store, Versioned } from "../store/store.ts";
import { SESSION_KIND, type StoredSession, SYSTEM_TENANT } from "./kinds.ts";
import { hashSecret, newSecret } from "./secrets.ts";

// The time of last use is written at most this often: reading a page is not a write.
const SEEN_STEP_MS = 60_000;
const SWEEP_SESSIONS_MAX = 200;

export interface SessionLimits {
  readonly sessionIdleMs: number;
  readonly sessionAbsoluteMs: number;
}

/** Opens a session; the secret goes into the cookie and is kept nowhere. */
export async function openSession(
  store: Store,
  owner: { readonly accountId: string; readonly tenant: string },
  now: number,
  limits: SessionLimits,
): Promise<{ readonly secret: string; readonly id: string; readonly session: StoredSession }> {
  await sweep(store, now);
  const secret = newSecret();
  const id = hashSecret(secret);
  const session = {
    ...owner,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + limits.sessionAbsoluteMs,
  };
  await store.create(SYSTEM_TENANT, SESSION_KIND, id, session);
  return { secret, id, session };
}

/** The live session with this id (the hash of its secret). */
export async function findSession(
  store: Store,
  id: string,
  now: number,
  limits: SessionLimits,
): Promise<Versioned<StoredSession> | undefined> {
  const found = await store.get(SYSTEM_TENANT, SESSION_KIND, id);
  if (found === undefined) return undefined;
  const { lastSeenAt, expiresAt } = found.document;
  if (now < expiresAt && now < lastSeenAt + limits.sessionIdleMs) return found;
  await endSession(store, id);
  return undefined;
}

/** Notes that the session was used by its owner. */
export async function touchSession(
  store: Store,
  found: Versioned<StoredSession>,
  now: number,
): Promise<void> {
  if (now < found.document.lastSeenAt + SEEN_STEP_MS) return;
  try {
    const seen = { ...found.document, lastSeenAt: now };
    await store.replace(SYSTEM_TENANT, SESSION_KIND, found.id, seen, found.version);
  } catch (error) {
    // Another request of the same session noted it first, or signed out; both are fine.
    if (!isAppError(error, "HW_CONFLICT") && !isAppError(error, "HW_NOT_FOUND")) throw error;
  }
}

/** Ends a session; nothing happens when it is over already. */
export async function endSession(store: Store, id: string): Promise<void> {
  await store.remove(SYSTEM_TENANT, SESSION_KIND, id);
}

/** Ends all sessions of an account. @returns their ids */
export async function endSessionsOf(store: Store, accountId: string): Promise<readonly string[]> {
  const ended: string[] = [];
  for (;;) {
    const page = await store.search(SYSTEM_TENANT, SESSION_KIND, {
      terms: { accountId: [accountId] },
      sort: [],
      limit: SWEEP_SESSIONS_MAX,
    });
    if (page.hits.length === 0) return ended;
    for (const hit of page.hits) {
      await endSession(store, hit.id);
      ended.push(hit.id);
    }
  }
}

/** Deletes what is over and was never signed out of. */
async function sweep(store: Store, now: number): Promise<void> {
  const over = await store.search(SYSTEM_TENANT, SESSION_KIND, {
    ranges: { expiresAt: { lt: now } },
    sort: [],
    limit: SWEEP_SESSIONS_MAX,
  });
  for (const hit of over.hits) await endSession(store, hit.id);
}
