// The mark of a tenant whose data were made up, all or in part, for a demonstration: screens say so everywhere.
import { SETTING_KIND } from "./kinds.ts";
import type { Store } from "./store.ts";

/** Name of the setting. */
const MARK = "simulated_data";

/**
 * Marks a tenant, for good.
 * @param at ms UTC
 * @throws AppError HW_EXISTS when it is marked already
 */
export async function markSimulated(
  store: Pick<Store, "create">,
  tenant: string,
  at: number,
): Promise<void> {
  const setting = { value: true, changedAt: at, changedBy: "cli" };
  const audit = { at, actor: "cli", action: "setting.simulated_data", subject: MARK, payload: {} };
  await store.create(tenant, SETTING_KIND, MARK, setting, audit);
}

/** Whether a tenant is marked. */
export async function holdsSimulated(store: Pick<Store, "get">, tenant: string): Promise<boolean> {
  const found = await store.get(tenant, SETTING_KIND, MARK);
  return found?.document.value === true;
}
