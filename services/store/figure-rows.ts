// Reads rows of figures out of any store, for whoever shows or prints them: a set, a span of time, and what
// the dimensions must be.
import { AppError } from "../../config/errors.ts";
import {
  FIGURE_DIMENSIONS,
  FIGURE_ROW_KIND,
  FIGURE_SETS,
  type FigureDimension,
  type FigureRow,
  type FigureSet,
} from "./figure-row.ts";
import type { Store } from "./store.ts";

const ROWS_PER_PAGE = 2000;
/** All hours of ten years, or all alarms by fifty rules in as many days. */
const FIGURE_ROWS_MAX = 200_000;

export interface WantedRows {
  readonly set: FigureSet;
  /** ms UTC, half-open [from, to). */
  readonly from: number;
  readonly to: number;
  /** Dimension → value that it must have; `null`: it must be missing. */
  readonly where?: Readonly<Partial<Record<FigureDimension, string | null>>>;
}

/**
 * In the order of their moments.
 * @throws AppError HW_REQUEST_INVALID when there are more than FIGURE_ROWS_MAX
 */
export async function readFigureRows(
  store: Store,
  tenant: string,
  { set, from, to, where = {} }: WantedRows,
): Promise<FigureRow[]> {
  const rows: FigureRow[] = [];
  const { phase } = where;
  const terms = { set: [set], ...(typeof phase === "string" ? { phase: [phase] } : {}) };
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FIGURE_ROW_KIND, {
      terms,
      ranges: { pointAt: { gte: from, lt: to } },
      sort: [{ field: "pointAt", order: "asc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) if (fits(document, where)) rows.push(document);
    if (rows.length > FIGURE_ROWS_MAX) {
      throw new AppError("HW_REQUEST_INVALID", `more than ${FIGURE_ROWS_MAX} rows`, {
        place: set,
        mend: "a shorter span of time",
      });
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}

/** Whether a row has the dimensions that are asked for. */
function fits({ dimensions }: FigureRow, where: NonNullable<WantedRows["where"]>): boolean {
  return FIGURE_DIMENSIONS.every((name) => {
    const wanted = where[name];
    return wanted === undefined || (dimensions[name] ?? null) === wanted;
  });
}

/** Whether there is such a set: a board names it by a plain string. */
export function isFigureSet(name: string): name is FigureSet {
  return Object.hasOwn(FIGURE_SETS, name);
}
