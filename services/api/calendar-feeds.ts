// Addresses under which calendar programs subscribe to a schedule. Those can't sign in, so the address holds
// a secret: bound to one account and one schedule, shown once, stored hashed, good until it is revoked or the
// account is locked.
import { randomUUID } from "node:crypto";
import type { Store, Versioned } from "../store/store.ts";
import { getAccount } from "./accounts.ts";
import { CALENDAR_FEED_KIND, type StoredCalendarFeed, SYSTEM_TENANT } from "./kinds.ts";
import { ROLE_CAPABILITIES } from "./permissions.ts";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";

/** Of one account. */
export const CALENDAR_FEEDS_MAX = 20;
/** The prefix lets secret scanners recognise a leaked one. */
const KEY = /^hwc_([0-9a-f-]{36})_([\w-]{43})$/;

/** Makes one. @returns its key in clear, for this once */
export async function createCalendarFeed(
  store: Store,
  given: Omit<StoredCalendarFeed, "secretHash">,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = randomUUID();
  const secret = newSecret();
  const document = { ...given, secretHash: hashSecret(secret) };
  await store.create(SYSTEM_TENANT, CALENDAR_FEED_KIND, id, document);
  return { id, key: `hwc_${id}_${secret}` };
}

/** What a key opens: undefined when it is not known, or its account may not see who is on duty any more. */
export async function findCalendarFeed(
  store: Store,
  sent: string,
): Promise<StoredCalendarFeed | undefined> {
  const [, id, secret] = KEY.exec(sent) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const found = await store.get(SYSTEM_TENANT, CALENDAR_FEED_KIND, id);
  if (found === undefined || !isSecret(secret, found.document.secretHash)) return undefined;
  const account = await getAccount(store, found.document.account);
  if (account === undefined || account.document.disabled) return undefined;
  if (account.document.tenant !== found.document.tenant) return undefined;
  const may = ROLE_CAPABILITIES[account.document.role].includes("findings:read");
  return may ? found.document : undefined;
}

/** An account's own, oldest first. */
export async function listCalendarFeeds(
  store: Store,
  account: string,
): Promise<readonly Versioned<StoredCalendarFeed>[]> {
  const page = await store.search(SYSTEM_TENANT, CALENDAR_FEED_KIND, {
    terms: { account: [account] },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: CALENDAR_FEEDS_MAX,
  });
  return page.hits;
}

/** Revokes one of this account's. @returns whether there was one */
export async function removeCalendarFeed(
  store: Store,
  account: string,
  id: string,
): Promise<StoredCalendarFeed | undefined> {
  const found = await store.get(SYSTEM_TENANT, CALENDAR_FEED_KIND, id);
  if (found?.document.account !== account) return undefined;
  const removed = await store.remove(SYSTEM_TENANT, CALENDAR_FEED_KIND, id);
  return removed ? found.document : undefined;
}
