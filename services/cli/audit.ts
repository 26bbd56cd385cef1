// `heidewacht audit verify|export`: works on the store itself, so that it depends on no running service. An
// embedded one has to be stopped.
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { pino } from "pino";
import { AppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { lockFolder } from "../folder-lock.ts";
import { openMasterKey } from "../master-key.ts";
import { lastEntry } from "../store/audit-anchor.ts";
import { openEmbeddedStore } from "../store/embedded.ts";
import type { Store } from "../store/store.ts";
import { AUDIT_MESSAGES, type AuditText } from "./audit-messages.ts";
import { readAnchors, type VerifiedChain, verifyChains } from "./audit-verify.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";

const ENTRIES_PER_READ = 1000;

interface Common {
  readonly config?: string;
  readonly data?: string;
  readonly tenant?: string;
}

interface VerifyOptions extends Common {
  readonly anchors: readonly string[];
  readonly json: boolean;
}

/** Adds the commands. */
export function addAuditCommand(program: Command, language: CliLanguage): void {
  const text = AUDIT_MESSAGES[language];
  const { configOption, startData } = CLI_MESSAGES[language];
  const command = program.command("audit").description(text.audit);
  command
    .command("verify")
    .description(text.verify)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .option("--tenant <id>", text.tenantOption)
    .option("--anchors <file>", text.anchorsOption, collect, [])
    .option("--json", "JSON", false)
    .action(async (options: VerifyOptions) => {
      const chains = await verify(options, text);
      const lines = options.json
        ? [JSON.stringify(chains)]
        : chains.flatMap((one) => told(one, text));
      process.stdout.write(lines.map((line) => `${line}\n`).join(""));
      const isBad = chains.some((one) => one.broken !== undefined || one.anchorFault !== undefined);
      if (isBad) process.exitCode = EXIT.found;
    });
  command
    .command("export")
    .description(text.export)
    .requiredOption("--tenant <id>", text.exportTenant)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .action((options: Common & { tenant: string }) =>
      withStore(loadedOf(options), (store) => exportChain(store, options.tenant)),
    );
}

async function verify(options: VerifyOptions, text: AuditText): Promise<VerifiedChain[]> {
  const loaded = loadedOf(options);
  const anchors = readAnchors(options.anchors, text.anchorUnfit);
  const ring = () => {
    const place = absolute(loaded, loaded.config.privacy.masterKeyFile);
    // A key that is made just now has signed nothing.
    if (!existsSync(place)) throw new AppError("HW_INPUT_UNREADABLE", text.noKey, { place });
    return openMasterKey(loaded.config, (path) => absolute(loaded, path)).ring;
  };
  return withStore(loaded, async (store) => {
    const known = await store.tenants();
    // What is anchored and gone altogether has to be told, too.
    const all = [...new Set([...known, ...anchors.map(({ tenant }) => tenant)])].sort();
    const tenants = all.filter(
      (tenant) => options.tenant === undefined || tenant === options.tenant,
    );
    return verifyChains(store, tenants, anchors, ring);
  });
}

async function exportChain(store: Store, tenant: string): Promise<void> {
  if (!(await store.tenants()).includes(tenant))
    throw new AppError("HW_NOT_FOUND", `no such tenant: ${tenant}`, { place: "--tenant" });
  // First, so that what leaves the house tells of it itself, and an export that was cut off is known too.
  const head = await lastEntry(store, tenant);
  await store.appendAudit(tenant, {
    ...{ at: Date.now(), actor: "system", action: "audit.export", subject: tenant },
    payload: { entries: head?.sequence ?? 0 },
  });
  for (let from = 1; ; ) {
    const entries = await store.readAudit(tenant, from, ENTRIES_PER_READ);
    for (const entry of entries) {
      // A reader that is slower than we are.
      if (!process.stdout.write(`${JSON.stringify(entry)}\n`))
        await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
    const last = entries.at(-1);
    if (last === undefined) return;
    from = last.sequence + 1;
  }
}

function told(chain: VerifiedChain, text: AuditText): string[] {
  const { tenant, entries, broken, anchors, anchorFault } = chain;
  const first = broken === undefined ? text.holds(tenant, entries) : text.broken(tenant, broken);
  if (anchorFault !== undefined)
    return [first, text.faults[anchorFault.why](tenant, anchorFault.sequence)];
  return anchors === 0 ? [first] : [first, text.anchors(tenant, anchors)];
}

async function withStore<T>(loaded: LoadedConfig, work: (store: Store) => Promise<T>): Promise<T> {
  const { config } = loaded;
  if (config.store.kind === "embedded") {
    const dataDir = absolute(loaded, config.dataFolder);
    const unlock = lockFolder(dataDir);
    const store = openEmbeddedStore({ dataDir });
    try {
      return await work(store);
    } finally {
      await store.close();
      unlock();
    }
  }
  const { openElasticsearch } = await import("../elasticsearch/connection.ts");
  const { openElasticsearchStore } = await import("../store/elasticsearch.ts");
  const elasticsearch = openElasticsearch(config.store, (path) => absolute(loaded, path));
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  try {
    return await work(store);
  } finally {
    await store.close();
    await elasticsearch.client.close();
  }
}

function loadedOf({ config, data }: Common): LoadedConfig {
  const overrides =
    data === undefined
      ? {}
      : { dataFolder: data, privacy: { masterKeyFile: `${data}/keys/master.key` } };
  return loadConfig(config, process.env, overrides);
}

function absolute({ folder }: LoadedConfig, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function collect(file: string, before: readonly string[]): string[] {
  return [...before, file];
}
