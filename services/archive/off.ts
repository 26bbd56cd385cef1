// No archive: takes every event and keeps none, for installations that may not or need not keep events.
// Hunting, backtests and the evidence of correlations find nothing.
import { AppError } from "../../config/errors.ts";
import { checkTenantName } from "../../config/tenant-name.ts";
import type { Archive } from "./archive.ts";

/** An archive that is always empty; it refuses what others refuse: odd tenant names, use after close. */
export function openNoArchive(): Archive {
  let closed = false;
  const admit = (tenant: string) => {
    checkTenantName(tenant);
    if (closed) throw new AppError("HW_CLOSED", "the archive is closed");
  };
  return {
    append: async (tenant) => admit(tenant),
    async get(tenant) {
      admit(tenant);
      return undefined;
    },
    async search(tenant, _query, signal) {
      admit(tenant);
      signal?.throwIfAborted();
      return { events: [], cursor: undefined };
    },
    // biome-ignore lint/correctness/useYield: nothing is there to give.
    async *scan(tenant, _range, signal) {
      admit(tenant);
      signal.throwIfAborted();
    },
    async statistics(tenant) {
      admit(tenant);
      return { events: 0, bytes: 0, oldest: undefined, newest: undefined };
    },
    async retain(tenant) {
      admit(tenant);
      return { eventsDeleted: 0 };
    },
    async close() {
      closed = true;
    },
  };
}
