// Refused changes of findings in the reader's language, and which accounts a finding can be given to.
import { FindingFault } from "../cases/finding-fault.ts";
import type { Store } from "../store/store.ts";
import { getAccount } from "./accounts.ts";
import { ApiFault } from "./faults.ts";

/** @throws ApiFault in place of a FindingFault */
export async function sayRefusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FindingFault)) throw error;
    const { findingCode, rule, place } = error;
    throw new ApiFault(findingCode, {
      text: (m) => m.findingRules[rule],
      ...(place === undefined ? {} : { place }),
    });
  }
}

/** @throws FindingFault HW_REQUEST_INVALID for what is no account of this tenant that can sign in */
export async function checkAssignee(
  store: Store,
  tenant: string,
  assignee: string | null,
): Promise<void> {
  if (assignee === null) return;
  const account = await getAccount(store, assignee);
  if (account === undefined || account.document.tenant !== tenant || account.document.disabled)
    throw new FindingFault("HW_REQUEST_INVALID", "assigneeUnknown", "body/assignee");
}
