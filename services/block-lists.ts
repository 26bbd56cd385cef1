// What the API needs of the configuration for block lists: how long entries last, and what is never blocked
// for a tenant, its list of networks included.
import { readFile } from "node:fs/promises";
import { AppError, messageOf } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import type { ApiOptions } from "./api/context.ts";
import { readNetworks } from "./enrich/asset-file.ts";

/** @param at makes paths of the configuration absolute */
export function blockListsOf(
  { blockLists, enrichment }: Config,
  at: (path: string) => string,
): NonNullable<ApiOptions["blockLists"]> {
  return {
    days: blockLists.days,
    async protectedOf(tenant) {
      const configured = blockLists.protected.find((one) => one.tenant === tenant);
      const files = enrichment.networks.filter((one) => one.tenant === tenant);
      const tables = await Promise.all(files.map(({ file }) => networksIn(at(file))));
      return {
        ownNetworks: configured?.ownNetworks ?? [],
        ownDomains: configured?.ownDomains ?? [],
        critical: configured?.critical ?? [],
        ownNetworkOf: (address) =>
          tables.map((table) => table.find(address)).find((name) => name !== undefined),
      };
    },
  };
}

// Read at each time it is needed: rarely, and what was added a minute ago must not be blocked. Without the
// file nobody could say what is our own, so nothing is blocked or served then.
async function networksIn(file: string) {
  try {
    return await readNetworks(await readFile(file, "utf8"), { count: 0, lines: [] });
  } catch (cause) {
    throw new AppError("HW_UNAVAILABLE", messageOf(cause), { place: file, cause });
  }
}
