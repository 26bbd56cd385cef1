// The schedules that a command of `heidewacht paging` is about, with the overrides that lie in the store. It
// only reads, so it works beside a running service.
import { isAbsolute, join } from "node:path";
import { pino } from "pino";
import { AppError } from "../../config/errors.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { TenantPaging } from "../../config/paging.ts";
import type { Schedule } from "../../config/paging-schedules.ts";
import { type Overrides, readOverrides } from "../paging/duty/overrides.ts";
import type { Span } from "../paging/duty/spans.ts";
import { hasTenantFile } from "../sqlite/sqlite.ts";
import { openEmbeddedStore } from "../store/embedded.ts";
import type { Store } from "../store/store.ts";
import type { PagingCliMessages } from "./paging-messages.ts";

export interface ChosenSchedule {
  readonly tenant: string;
  readonly name: string;
  readonly schedule: Schedule;
  readonly paging: TenantPaging;
  /** Of the schedule, else of the tenant. */
  readonly timeZone: string;
}

/**
 * The schedules that are meant; all where nothing is said.
 * @throws AppError HW_NOT_FOUND
 */
export function chooseSchedules(
  { config }: LoadedConfig,
  wanted: { readonly tenant?: string | undefined; readonly schedule?: string | undefined },
  text: PagingCliMessages,
): ChosenSchedule[] {
  const { tenant, schedule: name } = wanted;
  const tenants = Object.keys(config.paging.tenants);
  if (tenant !== undefined && !tenants.includes(tenant))
    throw notFound(text.tenantUnknown(tenant), "--tenant", tenants, text);
  const all = config.tenants.flatMap(({ id, timeZone }) => {
    const paging = Object.hasOwn(config.paging.tenants, id) ? config.paging.tenants[id] : undefined;
    if (paging === undefined || (tenant !== undefined && tenant !== id)) return [];
    return Object.entries(paging.schedules).map(([one, schedule]) => ({
      ...{ tenant: id, name: one, schedule, paging },
      timeZone: schedule.timeZone ?? timeZone,
    }));
  });
  if (name === undefined) return all;
  const found = all.filter((one) => one.name === name);
  if (found.length > 0) return found;
  const names = [...new Set(all.map((one) => one.name))];
  throw notFound(text.scheduleUnknown(name), "--schedule", names, text);
}

/** An error that says what there is instead. */
export function notFound(
  message: string,
  place: string,
  names: readonly string[],
  text: PagingCliMessages,
): AppError {
  return new AppError("HW_NOT_FOUND", message, { place, mend: text.known(names.join(", ")) });
}

/** Overrides of a tenant that touch a span; none where nothing was stored yet. */
export async function overridesOf(
  loaded: LoadedConfig,
  { tenant, paging }: Pick<ChosenSchedule, "tenant" | "paging">,
  span: Span,
): Promise<Overrides> {
  const { config, folder } = loaded;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  if (config.store.kind === "embedded") {
    const dataDir = at(config.dataFolder);
    if (!hasTenantFile(dataDir, tenant, "store.db")) return new Map();
    return readAndClose(openEmbeddedStore({ dataDir }), tenant, paging, span);
  }
  const { openElasticsearch } = await import("../elasticsearch/connection.ts");
  const { openElasticsearchStore } = await import("../store/elasticsearch.ts");
  const elasticsearch = openElasticsearch(config.store, at);
  const store = openElasticsearchStore({ elasticsearch, logger: pino({ level: "silent" }) });
  try {
    return await readAndClose(store, tenant, paging, span);
  } finally {
    await elasticsearch.client.close();
  }
}

async function readAndClose(store: Store, tenant: string, paging: TenantPaging, span: Span) {
  try {
    return await readOverrides(store, tenant, paging, span);
  } finally {
    await store.close();
  }
}
