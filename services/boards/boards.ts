// The boards for the console: finds a panel's definition and answers its query, from rows of figures or from
// this process's memory of metrics.
import type { Board, MetricQuery } from "../../dashboards/board.ts";
import { isFigureSet, readFigureRows } from "../store/figure-rows.ts";
import type { Store } from "../store/store.ts";
import { figurePanel, type PanelData } from "./figure-panel.ts";
import type { MetricMemory } from "./metric-memory.ts";
import { metricPanel } from "./metric-panel.ts";

export interface BoardsParts {
  readonly boards: readonly Board[];
  readonly store: Store;
  readonly memory: Pick<MetricMemory, "between" | "since" | "leftOut">;
  readonly timeZoneOf: (tenant: string) => string;
}

export interface BoardRange {
  /** ms UTC, half-open [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface BoardPanel extends PanelData {
  readonly timeZone: string;
  /** Of metrics: since when this process remembers them, and how many series found no room. */
  readonly memory?: { readonly since: number | null; readonly leftOut: number };
}

/**
 * @returns undefined where there is no such board or panel
 * @throws AppError HW_REQUEST_INVALID when the range holds more than FIGURE_ROWS_MAX rows
 */
export async function boardPanel(
  { boards, store, memory, timeZoneOf }: BoardsParts,
  tenant: string,
  asked: { readonly board: string; readonly panel: string },
  { from, to }: BoardRange,
): Promise<BoardPanel | undefined> {
  const board = boards.find(({ id }) => id === asked.board);
  const panel = board?.panels.find(({ id }) => id === asked.panel);
  if (panel === undefined) return undefined;
  const { query, target } = panel;
  const timeZone = timeZoneOf(tenant);
  if (query.kind === "metrics") {
    const { since, leftOut } = memory;
    const data = metricPanel(query, memory.between(from, to), tenant);
    return { ...data, timeZone, memory: { since: since ?? null, leftOut } };
  }
  if (!isFigureSet(query.set)) throw new TypeError(`${panel.id}: no set "${query.set}"`);
  const { set, where = {} } = query;
  const rows = await readFigureRows(store, tenant, { set, from, to, where });
  return { ...figurePanel({ query, target: target?.name, rows, from, to, timeZone }), timeZone };
}

/** Names of the metrics that boards ask for. */
export function metricNames(boards: readonly Board[]): ReadonlySet<string> {
  const queries = boards.flatMap(({ panels }) => panels.map(({ query }) => query));
  const metrics = queries.filter((query): query is MetricQuery => query.kind === "metrics");
  return new Set(metrics.flatMap(({ series }) => series.map(({ metric }) => metric)));
}
