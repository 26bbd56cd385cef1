// What the API tells of the log sources: those of the configuration and of the shippers' keys, joined with
// what was seen of them. A source that was never heard of is in the list too.
import type { ConfiguredSource } from "../config/sources.ts";
import { listShippers } from "./api/shipper-keys.ts";
import type { SourceAnswer, SourceState } from "./api/source-schemas.ts";
import type { Activity } from "./detect/activity.ts";
import type { SourceReport } from "./detect/source-monitor.ts";
import type { Store } from "./store/store.ts";

/** What is known of a source without having heard of it. */
export type KnownSource = Pick<ConfiguredSource, "source" | "input"> &
  Partial<Pick<ConfiguredSource, "ndigClass" | "dataClass" | "silenceMinutes">>;

/** The tenant's sources by name. */
export async function sourcesOf(
  tenant: string,
  configured: readonly ConfiguredSource[],
  store: Store,
  seen: {
    readonly reports: readonly SourceReport[];
    readonly activity: ReturnType<Activity["sources"]>;
  },
): Promise<SourceAnswer[]> {
  const shippers = await listShippers(store, tenant);
  const known: KnownSource[] = [
    ...configured.filter((one) => one.tenant === tenant),
    ...shippers.map(({ document: { source, ndigClass } }) => ({ source, input: "key", ndigClass })),
  ];
  const rates = new Map(seen.activity.map((one) => [one.name, one.eventsPerSecond]));
  const reports = new Map(seen.reports.map((report) => [report.source, report]));
  const names = new Set([...known.map(({ source }) => source), ...reports.keys()]);
  return [...names]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const bindings = known.filter(({ source }) => source === name);
      return sourceAnswer(name, bindings, reports.get(name), rates.get(name) ?? 0);
    });
}

/** One source; `report` is undefined when nothing ever came from it. */
export function sourceAnswer(
  name: string,
  bindings: readonly KnownSource[],
  report: SourceReport | undefined,
  eventsPerSecond: number,
): SourceAnswer {
  const first = <Key extends "ndigClass" | "dataClass" | "silenceMinutes">(key: Key) =>
    bindings.find((binding) => binding[key] !== undefined)?.[key];
  return {
    name,
    state: stateOf(report),
    inputs: [...new Set(bindings.map(({ input }) => input))],
    ...present({ ndigClass: first("ndigClass"), dataClass: first("dataClass") }),
    isSilenceConfigured: first("silenceMinutes") !== undefined,
    eventsPerSecond,
    records: report?.records ?? 0,
    failed: report?.failed ?? 0,
    usualShare: report?.usualShare ?? 1,
    clock: report?.clock ?? "right",
    formats: counted(report?.formats),
    reasons: counted(report?.reasons),
    hosts: Object.entries(report?.hosts ?? {})
      .map(([host, lastSeenAt]) => ({ name: host, lastSeenAt }))
      .sort((a, b) => a.lastSeenAt - b.lastSeenAt),
    ...(report === undefined ? {} : figuresOf(report)),
  };
}

function figuresOf(report: SourceReport) {
  const { firstSeenAt, lastSeenAt, lastEventAt, usualPerSecond, parseShare } = report;
  const { lagMedianMs, lagMaxMs, skewMs, silenceAfterMs, silentSince } = report;
  return {
    firstSeenAt,
    lastSeenAt,
    ...present({ lastEventAt: lastEventAt ?? undefined, usualPerSecond, parseShare }),
    ...present({ lagMedianMs, lagMaxMs, skewMs, silenceAfterMs, silentSince }),
  };
}

/** The worst word that holds. */
function stateOf(report: SourceReport | undefined): SourceState {
  if (report === undefined) return "never";
  if (report.silentSince !== undefined) return "silent";
  if (report.isShareFallen) return "unreadable";
  if (report.clock !== "right") return "clock";
  return report.silenceAfterMs === undefined ? "learning" : "well";
}

function counted(counts: Readonly<Record<string, number>> = {}) {
  return Object.entries(counts)
    .map(([name, records]) => ({ name, records }))
    .sort((a, b) => b.records - a.records);
}

/** Without the keys that have no value. */
function present<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // Only keys of T are in it, and none of its values is undefined.
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
