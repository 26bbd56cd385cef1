// The machines of a directory server as a list: name, organisational unit, operating system, and how much
// they are worth by where they stand in the tree. Asked every so often; a server that is away leaves what it
// gave last, and is waited for only a moment.
import { readFile } from "node:fs/promises";
import { Client, type Entry } from "ldapts";
import type { LdapAssetsConfig } from "../../config/enrichment.ts";
import { AppError, isAppError, messageOf } from "../../config/errors.ts";
import { createAddressTable } from "./address-table.ts";
import type { Asset, AssetList } from "./asset-file.ts";
import type { WatchedFile } from "./watched-file.ts";

const PAGE = 500;
const MACHINES_MAX = 200_000;
const TIMEOUT_MS = 30_000;
/** The other lists are not kept waiting for a slow server. */
const GRACE_MS = 3000;
const RETRY_MS = 60_000;
const MINUTE_MS = 60_000;
const CELL_CHARACTERS_MAX = 200;
const ATTRIBUTES = ["cn", "dNSHostName", "operatingSystem"];

/** @throws AppError HW_INPUT_UNREADABLE when the server is away, refuses, or has no such place */
async function readLdapAssets(
  server: LdapAssetsConfig,
  at: (path: string) => string,
): Promise<AssetList> {
  try {
    const password = (await readFile(at(server.passwordFile), "utf8")).trim();
    const ca = server.caFile === undefined ? undefined : await readFile(at(server.caFile));
    const tlsOptions = ca === undefined ? {} : { ca };
    const isTls = server.url.startsWith("ldaps:");
    const limits = { timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS };
    const client = new Client({ url: server.url, ...limits, ...(isTls ? { tlsOptions } : {}) });
    try {
      if (!isTls && !server.clearText) await client.startTLS(tlsOptions);
      await client.bind(server.bindDn, password);
      const { searchEntries } = await client.search(server.baseDn, {
        ...{ scope: "sub", filter: server.filter, sizeLimit: MACHINES_MAX },
        attributes: server.descriptions ? [...ATTRIBUTES, "description"] : ATTRIBUTES,
        paged: { pageSize: PAGE },
      });
      return listOf(searchEntries, server);
    } finally {
      await client.unbind().catch(() => undefined);
    }
  } catch (cause) {
    throw new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: server.url, cause });
  }
}

export interface LdapAssetsOptions {
  readonly server: LdapAssetsConfig;
  readonly at: (path: string) => string;
  /** ms UTC. */
  readonly now: () => number;
  /** Told once for each time that the server goes away. */
  readonly onFault: (error: AppError) => void;
}

/** The server is asked at the first `refresh`. */
export function watchLdapAssets(options: LdapAssetsOptions): WatchedFile<AssetList> {
  const { server, now } = options;
  let current: AssetList | undefined;
  let running: Promise<void> | undefined;
  let nextAt = 0;
  let isAway = false;
  let isFresh = false;
  const ask = async () => {
    try {
      current = await readLdapAssets(server, options.at);
      nextAt = now() + server.reloadMinutes * MINUTE_MS;
      isAway = false;
      isFresh = true;
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (!isAway) options.onFault(error);
      isAway = true;
      nextAt = now() + RETRY_MS;
    } finally {
      running = undefined;
    }
  };
  return {
    get current() {
      return current;
    },
    async refresh() {
      if (running === undefined && now() >= nextAt) running = ask();
      if (running !== undefined) await soon(running);
      const wasFresh = isFresh;
      isFresh = false;
      return wasFresh;
    },
  };
}

async function soon(running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS);
  });
  await Promise.race([running, grace]);
  clearTimeout(timer);
}

function listOf(entries: readonly Entry[], server: LdapAssetsConfig): AssetList {
  const byName = new Map<string, Asset>();
  for (const entry of entries) {
    const text = (name: string) => {
      const [value] = [entry[name]].flat();
      return typeof value === "string" && value !== "" ? value.slice(0, CELL_CHARACTERS_MAX) : "";
    };
    const name = text("dNSHostName") || text("cn");
    if (name === "") continue;
    const facts = {
      ...{ name, unit: unitOf(entry.dn), criticality: criticalityOf(entry.dn, server.criticality) },
      ...{ role: text("description"), os: text("operatingSystem") },
    };
    const known = Object.entries(facts).filter(([, value]) => value !== "");
    const asset: Asset = Object.fromEntries(known);
    const key = name.toLowerCase();
    byName.set(key, asset);
    byName.set(key.split(".")[0] ?? key, asset);
  }
  return { byAddress: createAddressTable(), byName };
}

/** The innermost organisational unit. */
function unitOf(dn: string): string {
  const unit = partsOf(dn).find((part) => part.toLowerCase().startsWith("ou="));
  return unit?.slice(3, 3 + CELL_CHARACTERS_MAX) ?? "";
}

/** Of the places that it stands under, the innermost counts. */
function criticalityOf(dn: string, rules: LdapAssetsConfig["criticality"]): string {
  const placeOf = (name: string) => `\n${partsOf(name).join("\n").toLowerCase()}`;
  const own = placeOf(dn);
  const fitting = rules
    .map(({ under, value }) => ({ under: placeOf(under), value }))
    .filter(({ under }) => own.endsWith(under))
    .sort((one, other) => other.under.length - one.under.length);
  return fitting[0]?.value ?? "";
}

/** RFC 4514: parts are parted by commas that no backslash stands before; `\,` and `\2C` are the same. */
function partsOf(dn: string): string[] {
  const parts = dn.match(/(?:\\.|[^,\\])+/g) ?? [];
  return parts.map((part) =>
    part
      .trim()
      .replace(/(?:\\[0-9a-f]{2})+/gi, (bytes) =>
        Buffer.from(bytes.replaceAll("\\", ""), "hex").toString("utf8"),
      )
      .replace(/\\(.)/g, "$1"),
  );
}
