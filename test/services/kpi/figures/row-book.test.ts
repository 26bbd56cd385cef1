// What stands in the store after a process has died in the middle, and what is written when nothing changed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { AppError } from "../../../../config/errors.ts";
import { DayCalendar } from "../../../../services/kpi/figures/day-calendar.ts";
import { RowBook } from "../../../../services/kpi/figures/row-book.ts";
import type { Slot } from "../../../../services/kpi/figures/slots.ts";
import { MonthCalendar } from "../../../../services/kpi/period.ts";
import { openEmbeddedStore } from "../../../../services/store/embedded.ts";
import { FIGURE_ROW_KIND, type FigureRow } from "../../../../services/store/figure-row.ts";
import { readFigureRows } from "../../../../services/store/figure-rows.ts";
import type { Store } from "../../../../services/store/store.ts";
import { TENANT } from "../incidents.ts";

const days = new DayCalendar("Europe/Berlin");
const calendars = { months: new MonthCalendar("Europe/Berlin"), days };
const DAY = days.dayOf(Date.UTC(2026, 9, 20) / 1000);

function openStore(): Store {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-row-book-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

/** The same store, which counts writes and refuses them from one on. */
function watched(store: Store, refusedFrom = Number.POSITIVE_INFINITY) {
  const writes = { count: 0 };
  const counted = new Proxy(store, {
    get: (target, name) => {
      // The port's own methods, bound to what they belong to.
      const method = target[name as keyof Store];
      if (typeof method !== "function") return method;
      if (name !== "put" && name !== "remove") return method.bind(target);
      return (...args: unknown[]) => {
        writes.count += 1;
        if (writes.count >= refusedFrom) throw new AppError("HW_UNAVAILABLE", "away");
        return Reflect.apply(method, target, args);
      };
    },
  });
  return { store: counted, writes };
}

const bookOn = (store: Store) =>
  new RowBook({ store, tenant: TENANT, calendars, isStopped: () => false });
const slotOf = (index: number): Slot => ({ part: "alarm", number: DAY + index });
const rowOf = (index: number, name: string, raised: number): FigureRow => ({
  ...{ tenant: TENANT, set: "alarm", at: days.startOf(DAY + index) * 1000 },
  ...{ dimensions: { per: "rule", name }, measures: { raised } },
});
const slots = (...all: readonly (readonly FigureRow[])[]) =>
  all.map((rows, index) => ({ slot: slotOf(index), rows }));
const stored = async (store: Store) =>
  (await readFigureRows(store, TENANT, { set: "alarm", from: 0, to: 4e12 })).map(
    ({ dimensions, measures }) => [dimensions.name, measures.raised],
  );

it("writes what differs, removes what is no longer, and leaves the rest alone", async () => {
  const { store, writes } = watched(openStore());
  const book = bookOn(store);
  await book.write(slots([rowOf(0, "a", 1), rowOf(0, "b", 2)], [rowOf(1, "a", 3)]));
  expect(writes.count).toBe(3);
  await book.write(slots([rowOf(0, "b", 2), rowOf(0, "a", 1)], [rowOf(1, "a", 3)]));
  expect(writes.count).toBe(3);
  await book.write(slots([rowOf(0, "b", 5), rowOf(0, "c", 1)], [rowOf(1, "a", 3)]));
  expect(writes.count).toBe(6);
  expect(await stored(store)).toEqual([
    ["b", 5],
    ["c", 1],
    ["a", 3],
  ]);
  await book.write(slots([], [rowOf(1, "a", 3)]));
  await book.keepOnly(() => false);
  expect(await stored(store)).toEqual([]);
});

it("mends after a death at any write what another process finds", async () => {
  const before = slots(
    [rowOf(0, "a", 1), rowOf(0, "b", 2)],
    [rowOf(1, "a", 3)],
    [rowOf(2, "d", 1)],
  );
  const after = slots([rowOf(0, "b", 4), rowOf(0, "c", 1)], [], [rowOf(2, "d", 1)]);
  for (let death = 1; death <= 4; death += 1) {
    const store = openStore();
    await bookOn(store).write(before);
    const dying = bookOn(watched(store, death).store);
    await expect(dying.write(after)).rejects.toThrow("away");
    const { store: again, writes } = watched(store);
    const next = bookOn(again);
    await next.write(after);
    const mended = writes.count;
    await next.write(after);
    expect([await stored(store), writes.count]).toEqual([
      [
        ["b", 4],
        ["c", 1],
        ["d", 1],
      ],
      mended,
    ]);
  }
});

it("knows after a refused write that it does not know what stands there", async () => {
  const real = openStore();
  const { store } = watched(real, 2);
  const book = bookOn(store);
  const wanted = slots([rowOf(0, "a", 1), rowOf(0, "b", 2)]);
  await expect(book.write(wanted)).rejects.toThrow("away");
  await expect(book.write(wanted)).rejects.toThrow("away");
  await bookOn(real).write(wanted);
  // The same book, of which some writes were refused, finds it as it shall be.
  await book.write(wanted);
  expect(await stored(real)).toHaveLength(2);
});

it("removes rows that lie where a calendar of another zone has put them", async () => {
  const store = openStore();
  const utc = { months: new MonthCalendar("UTC"), days: new DayCalendar("UTC") };
  const old = new RowBook({ store, tenant: TENANT, calendars: utc, isStopped: () => false });
  const at = utc.days.startOf(DAY) * 1000;
  await old.write([{ slot: slotOf(0), rows: [{ ...rowOf(0, "a", 1), at }] }]);
  await bookOn(store).write(slots([rowOf(0, "a", 1)]));
  const { hits } = await store.search(TENANT, FIGURE_ROW_KIND, {
    sort: [{ field: "pointAt", order: "asc" }],
    limit: 10,
  });
  expect(hits.map(({ document }) => document.at)).toEqual([days.startOf(DAY) * 1000]);
});
