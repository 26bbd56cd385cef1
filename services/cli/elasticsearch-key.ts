// Makes API keys in Elasticsearch, with the rights of an administrator, and puts them into files.
import { renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Client } from "@elastic/elasticsearch";
import type { NeededPrivileges } from "../elasticsearch/privileges.ts";

/** Makes a role and a key of that name with the same rights. @returns the key as it is sent */
export async function makeKey(
  client: Client,
  name: string,
  { cluster, indices }: NeededPrivileges,
): Promise<string> {
  const rights = {
    cluster: [...cluster],
    indices: indices.map(({ names, privileges }) => {
      return { names: [...names], privileges: [...privileges] };
    }),
  };
  await client.security.putRole({ name, ...rights });
  const made = await client.security.createApiKey({ name, role_descriptors: { [name]: rights } });
  return made.encoded;
}

/** Whole or not at all; services that start meanwhile must not read half of it. */
export function writeKey(path: string, key: string, mode = 0o600): void {
  const draft = join(dirname(path), `.${basename(path)}.new`);
  writeFileSync(draft, `${key}\n`, { mode, flush: true });
  renameSync(draft, path);
}
