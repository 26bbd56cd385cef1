// A whole Heidewacht on loopback for tests that restart it: its configuration with a shipper's key for
// each source, as a file for a process of its own and as the tests' own copy.
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { SOURCES } from "../../services/simulator/record.ts";

export const TENANT = "kreis";
/** A source whose configured format fits nothing that it sends. */
export const BROKEN_SOURCE = "usv";

/** What the tests need to run one installation and to ship to it. */
export interface Installation {
  readonly folder: string;
  readonly configFile: string;
  readonly inputUrl: string;
  /** `id:key` of a source's shipper. */
  readonly keyOf: (source: string) => string;
}

/**
 * Writes the configuration of an installation into its folder.
 * @param ports of console and input; 0 takes any that is free
 * @param masterKey 64 hexadecimal digits; for the same pseudonyms in two installations see epochs.ts
 */
export function writeInstallation(
  folder: string,
  ports: { readonly console: number; readonly input: number },
  masterKey: string,
): Installation {
  const secrets = new Map<string, string>();
  const keys = [...Object.keys(SOURCES), BROKEN_SOURCE].map((source) => {
    const secret = randomBytes(24).toString("base64url");
    secrets.set(source, `${source}-shipper:${secret}`);
    const sha256 = createHash("sha256").update(secret).digest("hex");
    const format = source === BROKEN_SOURCE ? { format: "cef" } : {};
    return { id: `${source}-shipper`, sha256, tenant: TENANT, source, ...format };
  });
  const configFile = join(folder, "heidewacht.yml");
  writeFileSync(join(folder, "master.key"), `${masterKey}\n`, { mode: 0o600 });
  writeFileSync(
    configFile,
    stringify({
      dataFolder: "data",
      privacy: { masterKeyFile: "master.key" },
      tenants: [{ id: TENANT, name: "Landkreis (Test)", criticalHosts: ["dc*", "fs*"] }],
      console: { host: "127.0.0.1", port: ports.console },
      // Hours are shipped within seconds, sources one after the other: nothing of it is late.
      detection: { correlation: { latenessSeconds: 3600 } },
      inputs: {
        http: { host: "127.0.0.1", port: ports.input, keys, requestsPerMinuteMax: 1_000_000 },
      },
    }),
  );
  const inputUrl = `http://127.0.0.1:${ports.input}`;
  return { folder, configFile, inputUrl, keyOf: (source) => secrets.get(source) ?? "" };
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
