// Reads the people of a directory server over LDAP, page by page: the same names as an export has.
import { readFile } from "node:fs/promises";
import { Client, type Entry } from "ldapts";
import { AppError, messageOf } from "../../config/errors.ts";
import type { PrivacyConfig } from "../../config/privacy.ts";
import { DIRECTORY_PEOPLE_MAX, type DirectoryPerson } from "./directory.ts";

const PAGE = 500;
const TIMEOUT_MS = 30_000;
const ATTRIBUTES = [
  "sAMAccountName",
  "uid",
  "userPrincipalName",
  "mail",
  "givenName",
  "sn",
  "displayName",
  "department",
];
const UNIT = /^\s*OU=/i;

/** @throws AppError HW_INPUT_UNREADABLE when the server is away, refuses, or has no such place */
export async function readLdapDirectory(
  server: PrivacyConfig["ldap"][number],
  at: (path: string) => string,
): Promise<DirectoryPerson[]> {
  const place = server.url;
  try {
    const password = (await readFile(at(server.passwordFile), "utf8")).trim();
    const ca = server.caFile === undefined ? undefined : await readFile(at(server.caFile));
    const tls = server.url.startsWith("ldaps:") && ca !== undefined ? { tlsOptions: { ca } } : {};
    const client = new Client({
      url: server.url,
      timeout: TIMEOUT_MS,
      connectTimeout: TIMEOUT_MS,
      ...tls,
    });
    try {
      await client.bind(server.bindDn, password);
      const { searchEntries } = await client.search(server.baseDn, {
        scope: "sub",
        filter: server.filter,
        attributes: ATTRIBUTES,
        paged: { pageSize: PAGE },
        sizeLimit: DIRECTORY_PEOPLE_MAX,
      });
      return searchEntries.map(personOf);
    } finally {
      await client.unbind().catch(() => undefined);
    }
  } catch (cause) {
    throw new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place, cause });
  }
}

function personOf(entry: Entry): DirectoryPerson {
  const text = (name: string) => {
    const [value] = [entry[name]].flat();
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    account: text("sAMAccountName") ?? text("uid"),
    upn: text("userPrincipalName"),
    mail: text("mail"),
    givenName: text("givenName"),
    surname: text("sn"),
    displayName: text("displayName"),
    group: text("department") ?? unitOf(entry.dn),
  };
}

/** The path of organisational units of a distinguished name; a comma in one of them only parts it. */
function unitOf(name: string): string | undefined {
  const units = name.split(",").filter((part) => UNIT.test(part));
  return units.length === 0 ? undefined : units.join(",");
}
