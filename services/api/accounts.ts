// Local accounts: names are unique over all tenants, because the tenant comes from the account and not
// from the sign-in. An account is never deleted, only disabled: verdicts and audit entries name its id.
import { randomUUID } from "node:crypto";
import { AppError, isAppError } from "../../config/errors.ts";
import type { Store, Versioned } from "../store/store.ts";
import {
  ACCOUNT_KIND,
  ACCOUNT_NAME_KIND,
  type Account,
  type AccountName,
  SYSTEM_TENANT,
} from "./kinds.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { Role } from "./permissions.ts";
import { hashSecret } from "./secrets.ts";

const ACCOUNTS_MAX = 500;
const ADMINS_LOOKED_AT = 2;
// Far more than the moment between claiming a name and writing its account.
const CLAIM_MS = 60_000;

interface NewAccount {
  readonly tenant: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly passwordChangeDue: boolean;
  readonly createdAt: number;
}

/**
 * Makes an account with an opaque id.
 * @throws AppError HW_EXISTS when the name is taken
 */
export async function createAccount(store: Store, given: NewAccount): Promise<Versioned<Account>> {
  const { password, ...rest } = given;
  const id = randomUUID();
  const passwordHash = await hashPassword(password);
  await claimName(store, given.name, { accountId: id, claimedAt: given.createdAt });
  return store.create(SYSTEM_TENANT, ACCOUNT_KIND, id, { ...rest, passwordHash, disabled: false });
}

/** A name whose account was never written, because the process died in between, is free after a while. */
async function claimName(store: Store, name: string, claim: AccountName): Promise<void> {
  const key = nameKey(name);
  const owner = await store.get(SYSTEM_TENANT, ACCOUNT_NAME_KIND, key);
  if (owner === undefined) {
    await store.create(SYSTEM_TENANT, ACCOUNT_NAME_KIND, key, claim);
    return;
  }
  const { accountId, claimedAt } = owner.document;
  const isLost = (await getAccount(store, accountId)) === undefined;
  if (!isLost || claim.claimedAt < claimedAt + CLAIM_MS) {
    throw new AppError("HW_EXISTS", "the account name is taken");
  }
  await store.replace(SYSTEM_TENANT, ACCOUNT_NAME_KIND, key, claim, owner.version);
}

/** The account with this id, whatever its tenant. */
export function getAccount(store: Store, id: string): Promise<Versioned<Account> | undefined> {
  return store.get(SYSTEM_TENANT, ACCOUNT_KIND, id);
}

/** What a sign-in finds out; `accountId` is known even when the password is wrong, for the audit. */
export interface Credentials {
  readonly account: Versioned<Account> | undefined;
  readonly good: boolean;
}

/** A hash that no password has: unknown names cost as much time as known ones. */
const decoy = hashPassword(crypto.randomUUID());

/** Looks for the account and checks its password, with the same work whether the name exists or not. */
export async function checkCredentials(
  store: Store,
  name: string,
  password: string,
): Promise<Credentials> {
  const owner = await store.get(SYSTEM_TENANT, ACCOUNT_NAME_KIND, nameKey(name));
  const account = await getAccount(store, owner?.document.accountId ?? "unknown");
  const fits = await verifyPassword(password, account?.document.passwordHash ?? (await decoy));
  return { account, good: fits && account !== undefined && !account.document.disabled };
}

/** A tenant's accounts, oldest first. */
export async function listAccounts(
  store: Store,
  tenant: string,
): Promise<readonly Versioned<Account>[]> {
  const page = await store.search(SYSTEM_TENANT, ACCOUNT_KIND, {
    terms: { tenant: [tenant] },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: ACCOUNTS_MAX,
  });
  return page.hits;
}

/** Whether there is no account of any tenant yet. */
export async function hasNoAccount(store: Store): Promise<boolean> {
  const page = await store.search(SYSTEM_TENANT, ACCOUNT_KIND, { sort: [], limit: 1 });
  return page.total === 0;
}

/** Whether this is the tenant's only account that can manage accounts. */
export async function isLastAdmin(store: Store, account: Versioned<Account>): Promise<boolean> {
  if (account.document.role !== "admin" || account.document.disabled) return false;
  const page = await store.search(SYSTEM_TENANT, ACCOUNT_KIND, {
    terms: { tenant: [account.document.tenant], role: ["admin"], disabled: [false] },
    sort: [],
    limit: ADMINS_LOOKED_AT,
  });
  return page.total <= 1;
}

/**
 * Replaces an account.
 * @throws AppError HW_CONFLICT
 */
export function replaceAccount(
  store: Store,
  id: string,
  document: Account,
  version: number,
): Promise<Versioned<Account>> {
  return store.replace(SYSTEM_TENANT, ACCOUNT_KIND, id, document, version);
}

/** Whether creating failed because the name is taken. */
export function isNameTaken(error: unknown): boolean {
  return isAppError(error, "HW_EXISTS");
}

/** Case and Unicode form do not make another name. The key is a hash, so that any name fits. */
export function nameKey(name: string): string {
  return hashSecret(name.normalize("NFKC").trim().toLowerCase());
}
