// Swapping a duty: somebody takes it for a time, or gives it back. Each change is written together with its
// audit entry; nothing is deleted, so that who was on duty when stays known.
import { randomUUID } from "node:crypto";
import type { TenantPaging } from "../../config/paging.ts";
import { DUTY_OVERRIDE_KIND, type DutyOverride, endOfOverride } from "../store/duty-override.ts";
import type { Store } from "../store/store.ts";
import { type OverrideFault, overrideFaults } from "./duty/overrides.ts";

/** Who swaps, and when, ms UTC. */
export interface SwapBy {
  readonly at: number;
  readonly actor: string;
}

export type WantedOverride = Pick<
  DutyOverride,
  "schedule" | "person" | "from" | "until" | "reason"
>;

/** Puts somebody on duty for a time. @returns the override, or what is wrong with it */
export async function makeOverride(
  store: Store,
  tenant: string,
  wanted: WantedOverride,
  config: Pick<TenantPaging, "people" | "schedules">,
  by: SwapBy,
): Promise<DutyOverride | readonly OverrideFault[]> {
  const faults = overrideFaults(wanted, config, by.at);
  if (faults.length > 0) return faults;
  const id = randomUUID();
  const made: DutyOverride = { id, tenant, ...wanted, createdAt: by.at, createdBy: by.actor };
  await store.create(tenant, DUTY_OVERRIDE_KIND, id, made, {
    ...{ at: by.at, actor: by.actor, action: "on_call.swap", subject: id },
    payload: { ...wanted },
  });
  return made;
}

/**
 * Ends an override now; one that has not begun counts as never made.
 * @returns undefined when there is none, `over` when it has ended already
 * @throws AppError HW_CONFLICT when somebody else was quicker
 */
export async function endOverride(
  store: Store,
  tenant: string,
  id: string,
  by: SwapBy,
): Promise<DutyOverride | "over" | undefined> {
  const present = await store.get(tenant, DUTY_OVERRIDE_KIND, id);
  if (present === undefined) return undefined;
  const { document, version } = present;
  if (document.endedOn !== undefined || endOfOverride(document) <= by.at) return "over";
  const endedAt = Math.max(document.from, by.at);
  const ended: DutyOverride = { ...document, endedAt, endedOn: by.at, endedBy: by.actor };
  const { schedule, person, from, until } = document;
  await store.replace(tenant, DUTY_OVERRIDE_KIND, id, ended, version, {
    ...{ at: by.at, actor: by.actor, action: "on_call.swap_end", subject: id },
    payload: { schedule, person, from, until, endedAt },
  });
  return ended;
}
