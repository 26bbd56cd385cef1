// The switch of a tenant that turns its language model off. It lies in the store, so that one process
// throws it and another one obeys; without a word it is on wherever a model is configured.
import { z } from "zod";
import { SETTING_KIND } from "./kinds.ts";
import type { AuditInput, Store } from "./store.ts";

const SETTING_ID = "llm.switch";
const switchSchema = z.object({ on: z.boolean() });

/** Whether the tenant's model may be asked. */
export async function isLlmOn(store: Store, tenant: string): Promise<boolean> {
  const found = await store.get(tenant, SETTING_KIND, SETTING_ID);
  return found === undefined || (switchSchema.safeParse(found.document.value).data?.on ?? false);
}

/**
 * Throws the switch; the audit entry is part of the write.
 * @throws AppError HW_CONFLICT, HW_EXISTS when somebody else does so at the same time
 */
export async function switchLlm(
  store: Store,
  tenant: string,
  on: boolean,
  by: Pick<AuditInput, "at" | "actor">,
): Promise<void> {
  const before = await store.get(tenant, SETTING_KIND, SETTING_ID);
  const setting = { value: { on }, changedAt: by.at, changedBy: by.actor };
  const payload = { before: before?.document.value ?? { on: true }, after: { on } };
  const audit = { ...by, action: "llm.switch", subject: SETTING_ID, payload };
  if (before === undefined) await store.create(tenant, SETTING_KIND, SETTING_ID, setting, audit);
  else await store.replace(tenant, SETTING_KIND, SETTING_ID, setting, before.version, audit);
}
