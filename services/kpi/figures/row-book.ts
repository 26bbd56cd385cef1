// The rows as they stand in the store, slot by slot: only what differs is written, and rows that no longer
// exist are removed. Of each slot a digest is remembered, so that what is the same costs no question.
import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { FIGURE_ROW_KIND, type FigureRow, figureRowId } from "../../store/figure-row.ts";
import type { SearchQuery, Store } from "../../store/store.ts";
import { type Calendars, type Slot, slotKey, slotOf, spanOfSlot } from "./slots.ts";

const ROWS_PER_PAGE = 2000;
/** Writes under way at once; an embedded store puts them into one transaction. */
const WRITES_AT_ONCE_MAX = 500;
const MS = 1000;
/** Of a slot that was being written, when something went wrong, or of which too little is known. */
const UNKNOWN = "";

/** A slot as it shall be. */
export interface SlotRows {
  readonly slot: Slot;
  readonly rows: readonly FigureRow[];
}

interface RowBookParts {
  readonly store: Store;
  readonly tenant: string;
  readonly calendars: Calendars;
  readonly isStopped: () => boolean;
}

type Write = () => Promise<unknown>;
type Digests = Map<string, { readonly slot: Slot; readonly digest: string }>;

export class RowBook {
  readonly #parts: RowBookParts;
  /** By slot; a slot without any row in the store is missing. Undefined before the store was looked through. */
  #digests: Digests | undefined;

  constructor(parts: RowBookParts) {
    this.#parts = parts;
  }

  /** Makes the store hold exactly these rows in these slots. */
  async write(all: readonly SlotRows[]): Promise<void> {
    const digests = this.#digests ?? (await this.#look());
    this.#digests = digests;
    const waiting: Write[] = [];
    const done: (() => void)[] = [];
    const flush = async () => {
      await Promise.all(waiting.splice(0).map((write) => write()));
      for (const tell of done.splice(0)) tell();
      await setImmediate();
    };
    for (const { slot, rows } of all) {
      if (this.#parts.isStopped()) return;
      const key = slotKey(slot);
      const digest = digestOf(rows);
      const before = digests.get(key)?.digest;
      if (before === digest || (before === undefined && rows.length === 0)) continue;
      const stored = before === undefined ? [] : await this.#read(slot);
      // Until it is written nobody knows what stands there.
      digests.set(key, { slot, digest: UNKNOWN });
      waiting.push(...this.#writes(rows, stored));
      done.push(() => {
        if (rows.length === 0) digests.delete(key);
        else digests.set(key, { slot, digest });
      });
      if (waiting.length >= WRITES_AT_ONCE_MAX) await flush();
    }
    await flush();
  }

  /** Removes the rows of all slots but these. */
  async keepOnly(isKept: (slot: Slot) => boolean): Promise<void> {
    const digests = this.#digests ?? (await this.#look());
    this.#digests = digests;
    const gone = [...digests.values()].filter(({ slot }) => !isKept(slot));
    await this.write(gone.map(({ slot }) => ({ slot, rows: [] })));
  }

  #writes(rows: readonly FigureRow[], stored: readonly FigureRow[]): Write[] {
    const { store, tenant } = this.#parts;
    const before = new Map(stored.map((row) => [figureRowId(row), printOf(row)]));
    const writes: Write[] = [];
    for (const row of rows) {
      const id = figureRowId(row);
      const print = before.get(id);
      before.delete(id);
      if (print === printOf(row)) continue;
      writes.push(() => store.put(tenant, FIGURE_ROW_KIND, id, row));
    }
    for (const id of before.keys()) writes.push(() => store.remove(tenant, FIGURE_ROW_KIND, id));
    return writes;
  }

  async #read(slot: Slot): Promise<FigureRow[]> {
    const { calendars } = this.#parts;
    const span = spanOfSlot(slot, calendars);
    const ranges = span && { pointAt: { gte: span.from * MS, lt: span.to * MS } };
    const terms = {
      set: [setOf(slot)],
      ...(slot.part === "open" ? { phase: ["open"] } : {}),
    };
    const key = slotKey(slot);
    const found: FigureRow[] = [];
    await this.#each({ terms, ...(ranges === undefined ? {} : { ranges }) }, (row) => {
      if (slotKey(slotOf(row, calendars)) === key) found.push(row);
    });
    return found;
  }

  /** Digests of all that stands in the store. */
  async #look(): Promise<Digests> {
    const { calendars } = this.#parts;
    const prints = new Map<string, { readonly slot: Slot; readonly prints: string[] }>();
    await this.#each({}, (row) => {
      const slot = slotOf(row, calendars);
      const key = slotKey(slot);
      const known = prints.get(key) ?? { slot, prints: [] };
      prints.set(key, known);
      known.prints.push(`${figureRowId(row)} ${printOf(row)}`);
    });
    return new Map(
      [...prints].map(([key, one]) => [
        key,
        { slot: one.slot, digest: digestOfPrints(one.prints) },
      ]),
    );
  }

  async #each(
    wanted: Pick<SearchQuery, "terms" | "ranges">,
    take: (row: FigureRow) => void,
  ): Promise<void> {
    const { store, tenant, isStopped } = this.#parts;
    let cursor: string | undefined;
    do {
      const page = await store.search(tenant, FIGURE_ROW_KIND, {
        ...wanted,
        ...{ sort: [{ field: "pointAt", order: "asc" }], limit: ROWS_PER_PAGE },
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { document } of page.hits) take(document);
      cursor = page.cursor;
      // An embedded store answers without a pause.
      await setImmediate();
    } while (cursor !== undefined && !isStopped());
  }
}

function setOf({ part }: Slot): string {
  if (part === "month" || part === "quarter") return "kpi";
  return part === "open" ? "case" : part;
}

function digestOf(rows: readonly FigureRow[]): string {
  return digestOfPrints(rows.map((row) => `${figureRowId(row)} ${printOf(row)}`));
}

function digestOfPrints(prints: string[]): string {
  return hash("sha256", prints.sort().join("\n"), "base64url");
}

/** Of the numbers, whatever the order in which they stand. */
function printOf({ measures }: FigureRow): string {
  return Object.keys(measures)
    .sort()
    .map((name) => `${name}=${measures[name]}`)
    .join(" ");
}
