// The tenant's accounts, for its administrators. No route here or elsewhere counts, times or compares what
// an account did: accounts are for signing in.
import type { Versioned } from "../../store/store.ts";
import {
  type AccountAnswer,
  type AccountPatch,
  accountAnswer,
  accountBody,
  accountList,
  accountPatch,
} from "../account-schemas.ts";
import {
  createAccount,
  getAccount,
  isLastAdmin,
  isNameTaken,
  listAccounts,
  replaceAccount,
} from "../accounts.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import type { Account } from "../kinds.ts";
import { hashPassword } from "../password.ts";
import { idParams } from "../schemas.ts";
import { endSessionsOf } from "../sessions.ts";

/** Registers `/accounts`. */
export function registerAccountRoutes(api: Api, context: ApiContext): void {
  api.get("/accounts", { schema: { response: answers(accountList) } }, async (request) => {
    const accounts = await listAccounts(context.store, principalOf(request).tenant);
    return { accounts: accounts.map(answerOf) };
  });

  const creating = { body: accountBody, response: answers(accountAnswer) };
  api.post("/accounts", { schema: creating }, async (request) => {
    const principal = principalOf(request);
    const account = await createAccount(context.store, {
      ...request.body,
      tenant: principal.tenant,
      passwordChangeDue: true,
      createdAt: context.clock(),
    }).catch((error: unknown) => {
      if (isNameTaken(error)) throw new ApiFault("HW_EXISTS", { text: (m) => m.nameTaken });
      throw error;
    });
    const { role } = account.document;
    await recordAudit(context, principal, "account.create", account.id, { role });
    return answerOf(account);
  });

  const patching = { params: idParams, body: accountPatch, response: answers(accountAnswer) };
  api.patch("/accounts/:id", { schema: patching }, async (request) => {
    const principal = principalOf(request);
    const present = await getAccount(context.store, request.params.id);
    if (present?.document.tenant !== principal.tenant) throw new ApiFault("HW_NOT_FOUND");
    if (present.id === principal.actor) {
      throw new ApiFault("HW_CONFLICT", { text: (m) => m.ownAccount });
    }
    const changed = await patched(present.document, request.body);
    if (losesAdmin(present.document, changed) && (await isLastAdmin(context.store, present))) {
      throw new ApiFault("HW_CONFLICT", { text: (m) => m.lastAdmin });
    }
    const { version } = request.body;
    const account = await replaceAccount(context.store, present.id, changed, version);
    if (changed.disabled || request.body.password !== undefined) {
      context.streams.closeSessions(await endSessionsOf(context.store, present.id));
    }
    await recordAudit(context, principal, "account.change", account.id, {
      before: auditOf(present.document),
      after: auditOf(account.document),
      passwordSet: request.body.password !== undefined,
    });
    return answerOf(account);
  });
}

async function patched(account: Account, patch: AccountPatch): Promise<Account> {
  const { role, disabled, password } = patch;
  return {
    ...account,
    ...(role === undefined ? {} : { role }),
    ...(disabled === undefined ? {} : { disabled }),
    ...(password === undefined
      ? {}
      : { passwordHash: await hashPassword(password), passwordChangeDue: true }),
  };
}

function losesAdmin(before: Account, after: Account): boolean {
  return before.role === "admin" && (after.role !== "admin" || after.disabled);
}

function auditOf(account: Account): Readonly<Record<string, unknown>> {
  return { role: account.role, disabled: account.disabled };
}

function answerOf({ id, version, document }: Versioned<Account>): AccountAnswer {
  const { name, role, disabled, passwordChangeDue, createdAt } = document;
  return { id, version, name, role, disabled, passwordChangeDue, createdAt };
}
