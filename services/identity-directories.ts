// Keeps the names of each tenant's directories up to date: files when they change, servers every so often.
// A directory that can't be read leaves the names that it gave last, and is told once.
import type { Logger } from "pino";
import { type AppError, isAppError } from "../config/errors.ts";
import type { PrivacyConfig } from "../config/privacy.ts";
import { watchFile } from "./enrich/watched-file.ts";
import { type DirectoryPerson, readDirectory } from "./privacy/directory.ts";
import { readLdapDirectory } from "./privacy/directory-ldap.ts";
import type { KnownNames } from "./privacy/known-names.ts";

const FILE_BYTES_MAX = 100_000_000;

interface Source {
  readonly tenant: string;
  readonly people: readonly DirectoryPerson[];
  /** Whether there is something new. */
  readonly refresh: () => Promise<boolean>;
}

/** Reads all directories once, then as they change; the result stops it. */
export async function startDirectories(
  config: PrivacyConfig,
  at: (path: string) => string,
  names: KnownNames,
  logger: Logger,
): Promise<() => Promise<void>> {
  const told = (error: AppError) =>
    logger.error({ place: error.place, reason: error.message }, "a directory can't be read");
  const sources = [
    ...config.directories.map((one) => fileSource(one.tenant, at(one.file), told)),
    ...config.ldap.map((one) => ldapSource(one, at, told)),
  ];
  const round = async () => {
    const changed = new Set<string>();
    for (const source of sources) if (await source.refresh()) changed.add(source.tenant);
    for (const tenant of changed) {
      const people = sources.filter((one) => one.tenant === tenant).flatMap((one) => one.people);
      names.setDirectory(tenant, people);
      logger.info({ tenant, people: people.length }, "names of the directory were read");
    }
  };
  await round();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(round);
  }, config.reloadSeconds * 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

function fileSource(tenant: string, path: string, onFault: (error: AppError) => void): Source {
  const file = watchFile({
    path,
    bytesMax: FILE_BYTES_MAX,
    read: (bytes) => readDirectory(bytes.toString("utf8"), path),
    onFault,
  });
  return {
    tenant,
    get people() {
      return file.current ?? [];
    },
    refresh: () => file.refresh(),
  };
}

function ldapSource(
  server: PrivacyConfig["ldap"][number],
  at: (path: string) => string,
  onFault: (error: AppError) => void,
): Source {
  let isAway = false;
  let people: readonly DirectoryPerson[] = [];
  return {
    tenant: server.tenant,
    get people() {
      return people;
    },
    async refresh() {
      try {
        people = await readLdapDirectory(server, at);
        isAway = false;
        return true;
      } catch (error) {
        if (!isAppError(error)) throw error;
        if (!isAway) onFault(error);
        isAway = true;
        return false;
      }
    },
  };
}
