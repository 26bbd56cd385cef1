// What the routes of exceptions, maintenance windows and block lists share: who acts, and how a refusal
// reaches them.
import type { Actor } from "../cases/consent.ts";
import { ProposalFault } from "../cases/proposal-fault.ts";
import { PROPOSAL_MESSAGES } from "../cases/proposal-messages.ts";
import { getAccount } from "./accounts.ts";
import type { ApiContext } from "./context.ts";
import { ApiFault } from "./faults.ts";
import type { Principal } from "./guard.ts";
import { SYSTEM_TENANT, TOKEN_KIND } from "./kinds.ts";

/** Who acts. A program acts for the account that made its token: nobody is two persons with one. */
export async function actorOf(
  { store, clock }: Pick<ApiContext, "store" | "clock">,
  { actor, session }: Principal,
): Promise<Actor> {
  const at = clock();
  if (session !== undefined) return { at, actor, account: actor, isPerson: true };
  const token = await store.get(SYSTEM_TENANT, TOKEN_KIND, actor);
  return { at, actor, account: token?.document.createdBy ?? actor, isPerson: false };
}

/** @throws ApiFault what is refused, with its sentence in the installation's language */
export async function refusable<T>(context: ApiContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProposalFault)) throw error;
    const { proposalCode, place, text } = error;
    const { language } = context.options;
    throw new ApiFault(proposalCode, {
      ...(place === undefined ? {} : { place }),
      ...(text === undefined ? {} : { text: () => text(PROPOSAL_MESSAGES[language]) }),
    });
  }
}

/** @throws ProposalFault HW_REQUEST_INVALID when the owner is no account of the tenant */
export async function checkOwner(
  { store }: ApiContext,
  tenant: string,
  owner: string | undefined,
): Promise<void> {
  if (owner === undefined) return;
  const account = await getAccount(store, owner);
  if (account?.document.tenant === tenant) return;
  throw new ProposalFault("HW_REQUEST_INVALID", (m) => m.ownerUnknown, "body/owner");
}
