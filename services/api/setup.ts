// The first administrator: while there is no account, a start of the service makes a one-time code for its
// log; who can read the log may name the first account.
import type { Store } from "../store/store.ts";
import { hasNoAccount } from "./accounts.ts";
import { SETUP_ID, SETUP_KIND, SYSTEM_TENANT } from "./kinds.ts";
import { hashSecret, isSecret, newCode, plainCode } from "./secrets.ts";

const SETUP_VALID_MS = 24 * 3_600_000;

/**
 * Makes the code of a first start and forgets the one before; to be shown in the log by the caller.
 * @param tenant the tenant that the first administrator belongs to
 * @param now ms UTC
 * @returns undefined when there is an account already
 */
export async function issueSetupCode(
  store: Store,
  tenant: string,
  now: number,
): Promise<string | undefined> {
  if (!(await hasNoAccount(store))) {
    await store.remove(SYSTEM_TENANT, SETUP_KIND, SETUP_ID);
    return undefined;
  }
  const code = newCode();
  await store.put(SYSTEM_TENANT, SETUP_KIND, SETUP_ID, {
    codeHash: hashSecret(plainCode(code)),
    tenant,
    expiresAt: now + SETUP_VALID_MS,
  });
  return code;
}

/**
 * Takes the code: it works once, even for two requests at the same time.
 * @returns the tenant of the first administrator, or undefined when the code does not fit
 */
export async function redeemSetupCode(
  store: Store,
  typed: string,
  now: number,
): Promise<string | undefined> {
  const setup = await store.get(SYSTEM_TENANT, SETUP_KIND, SETUP_ID);
  const fits = isSecret(plainCode(typed), setup?.document.codeHash ?? "");
  if (setup === undefined || !fits || now >= setup.document.expiresAt) return undefined;
  const first = await store.remove(SYSTEM_TENANT, SETUP_KIND, SETUP_ID);
  return first ? setup.document.tenant : undefined;
}

/** Whether the first account is still missing and a code for it is out. */
export async function isSetupOpen(store: Store): Promise<boolean> {
  return (await store.get(SYSTEM_TENANT, SETUP_KIND, SETUP_ID)) !== undefined;
}
