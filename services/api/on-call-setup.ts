// What a tenant has of people, schedules and policies, for the routes; one without paging has nothing.
import type { TenantPaging } from "../../config/paging.ts";
import type { DutyDesk } from "../paging/duty-board.ts";
import type { ApiContext } from "./context.ts";

const TIME_ZONE = "Europe/Berlin";

/** Nothing configured: nobody is paged. */
const NO_PAGING: Pick<TenantPaging, "people" | "schedules" | "policies"> = {
  ...{ people: {}, schedules: {}, policies: {} },
};

/** The tenant's duty as it is configured. */
export function onCallOf({ paging, options }: ApiContext, tenant: string): DutyDesk {
  return {
    tenant,
    timeZone: options.timeZoneOf?.(tenant) ?? TIME_ZONE,
    paging: tenantPaging(paging, tenant) ?? NO_PAGING,
  };
}

/** Undefined where the tenant pages nobody. */
export function tenantPaging(
  paging: ApiContext["paging"],
  tenant: string,
): TenantPaging | undefined {
  const tenants = paging?.config.tenants ?? {};
  return Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
}
