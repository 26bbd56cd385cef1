// Rows of figures of one tenant, from the ledger that the KPIs are made of: calculated for the months and days
// that a change has touched, or for all there are, by the same code.
import { setImmediate } from "node:timers/promises";
import type { KpiTarget } from "../../../config/kpi.ts";
import type { FigureRow } from "../../store/figure-row.ts";
import type { KpiDocument } from "../../store/kpi.ts";
import type { Store } from "../../store/store.ts";
import type { Alarm } from "../alarm.ts";
import { figuresIn, STANDARD_SCOPES } from "../calculator.ts";
import type { KpiLedger } from "../ledger.ts";
import { type Span, spanOf } from "../period.ts";
import { isWithin } from "../selection.ts";
import { alarmRows } from "./alarm-rows.ts";
import { caseRows, openRows } from "./case-rows.ts";
import { kpiRows } from "./kpi-rows.ts";
import { pagingRows } from "./paging-rows.ts";
import { queueRows } from "./queue-rows.ts";
import { RowBook, type SlotRows } from "./row-book.ts";
import { firstOfQuarter, type Slot, type SlotPart } from "./slots.ts";

const MS = 1000;
/** Ten years back, as the KPIs. */
const DAYS_MAX = 3653;
/** Days that are calculated in one go, before others get their turn. */
const DAYS_AT_ONCE_MAX = 31;
/** Rows of hours are many: older ones are removed. */
export const HOUR_ROWS_DAYS = 400;
const DAY_PARTS = ["alarm", "hour", "day", "paging"] as const satisfies readonly SlotPart[];

/** What is not in the ledger. */
export interface FigureSettings {
  /** In order of their days. */
  readonly targets: readonly KpiTarget[];
  /** Findings of anomaly models that a day may have. */
  readonly anomalyBudget: number;
}

interface TenantFiguresParts {
  readonly store: Store;
  readonly tenant: string;
  readonly settings: FigureSettings;
  readonly isStopped: () => boolean;
}

/** Months by number with their documents, all calculated at one moment. */
export interface WrittenMonths {
  readonly documents: ReadonlyMap<number, readonly KpiDocument[]>;
  /** About which there is anything: before it there are no rows. */
  readonly first: number;
  /** The running month. */
  readonly last: number;
  /** ms UTC. */
  readonly now: number;
}

export class TenantFigures {
  readonly #parts: TenantFiguresParts;
  #book: RowBook | undefined;
  /** Between these there were rows when days were written last. */
  #written: { readonly first: number; readonly last: number } | undefined;

  constructor(parts: TenantFiguresParts) {
    this.#parts = parts;
  }

  /** Writes what rests on months: the sets `kpi` and `case`. */
  async writeMonths(ledger: KpiLedger, months: WrittenMonths): Promise<void> {
    const { documents, first, last, now } = months;
    if (documents.size === 0) return;
    const slots: SlotRows[] = [];
    for (const [month, all] of documents) {
      if (month < first) {
        slots.push(emptySlot("month", month), emptySlot("case", month));
        continue;
      }
      const period = ledger.calendar.periodOf(month);
      const rows = kpiRows(all, "month", period, this.#about);
      slots.push({ slot: { part: "month", number: month }, rows });
      const selection = ledger.select(spanOf(period));
      const cases = caseRows(this.#parts.tenant, selection);
      slots.push({ slot: { part: "case", number: month }, rows: cases });
      if (month === last) slots.push(this.#open(ledger, selection.unrecovered, now));
    }
    for (const quarter of new Set([...documents.keys()].map(firstOfQuarter))) {
      await setImmediate();
      if (quarter < firstOfQuarter(first)) {
        slots.push(emptySlot("quarter", quarter));
        continue;
      }
      const period = ledger.calendar.quarterOf(quarter);
      const figures = figuresIn(ledger, period, STANDARD_SCOPES, now);
      const rows = kpiRows(figures, "quarter", period, this.#about);
      slots.push({ slot: { part: "quarter", number: quarter }, rows });
    }
    await this.#bookOf(ledger).write(slots);
  }

  /**
   * Writes what rests on days: those that were touched, and those that have come since the last time.
   * @param now ms UTC
   */
  async writeDays(ledger: KpiLedger, now: number): Promise<void> {
    const { days } = ledger;
    const today = days.dayOf(Math.floor(now / MS));
    const first = firstDay(ledger, today);
    const { first: before = first, last = first } = this.#written ?? {};
    const touched = new Set(ledger.touchedDays.take(today - DAYS_MAX + 1, today));
    // What was the first day is no longer, or was not yet.
    for (let day = Math.min(first, before); day < Math.max(first, before); day += 1)
      touched.add(day);
    for (let day = last; day <= today; day += 1) touched.add(day);
    // Until all is written it is not known what stands there.
    this.#written = undefined;
    await this.#write(ledger, touched, { first, today, now });
    this.#written = { first, last: today };
  }

  /** Writes all days, and removes the rows of all that the ledger has nothing about. */
  async writeAllDays(ledger: KpiLedger, firstMonth: number, now: number): Promise<void> {
    const { days, calendar } = ledger;
    const today = days.dayOf(Math.floor(now / MS));
    const last = calendar.monthOf(Math.floor(now / MS));
    const first = firstDay(ledger, today);
    ledger.touchedDays.take(today, today);
    const all = Array.from({ length: Math.max(0, today - first + 1) }, (_, index) => first + index);
    await this.#write(ledger, new Set(all), { first, today, now });
    this.#written = { first, last: today };
    await this.#bookOf(ledger).keepOnly(({ part, number }) => {
      if (part === "open") return true;
      if (part === "month" || part === "case") return number >= firstMonth && number <= last;
      if (part === "quarter") return number >= firstOfQuarter(firstMonth) && number <= last;
      const from = part === "hour" ? Math.max(first, today - HOUR_ROWS_DAYS + 1) : first;
      return number >= from && number <= today;
    });
  }

  async #write(
    ledger: KpiLedger,
    wanted: ReadonlySet<number>,
    { first, today, now }: { readonly first: number; readonly today: number; readonly now: number },
  ): Promise<void> {
    for (const run of runsOf([...wanted].sort((a, b) => a - b))) {
      if (this.#parts.isStopped()) return;
      const known = run.filter((day) => day >= first && day <= today);
      const rows = this.#rowsOf(ledger, known, Math.floor(now / MS));
      const slots = DAY_PARTS.flatMap((part) =>
        run.map((number): SlotRows => {
          const isOld = part === "hour" && number <= today - HOUR_ROWS_DAYS;
          return {
            slot: { part, number },
            rows: (isOld ? undefined : rows[part].get(number)) ?? [],
          };
        }),
      );
      await this.#bookOf(ledger).write(slots);
      await setImmediate();
    }
  }

  #rowsOf(
    ledger: KpiLedger,
    run: readonly number[],
    now: number,
  ): Record<(typeof DAY_PARTS)[number], ReadonlyMap<number, readonly FigureRow[]>> {
    const { tenant, settings } = this.#parts;
    const { days } = ledger;
    const [first, last] = [run[0], run.at(-1)];
    const nothing = new Map<number, FigureRow[]>();
    if (first === undefined || last === undefined)
      return { alarm: nothing, hour: nothing, day: nothing, paging: nothing };
    const alarms = alarmsWithin(ledger, { from: days.startOf(first), to: days.startOf(last + 1) });
    const wanted = new Set(run);
    return {
      alarm: alarmRows(tenant, alarms, wanted, days),
      ...queueRows(alarms, { tenant, run, days, now, anomalyBudget: settings.anomalyBudget }),
      paging: pagingRows(tenant, ledger.pagedEntries(), wanted, days),
    };
  }

  #open(
    ledger: KpiLedger,
    unrecovered: Parameters<typeof openRows>[1],
    now: number,
  ): { slot: Slot; rows: readonly FigureRow[] } {
    const at = Math.floor(now / MS);
    const hours = ledger.days.hoursOf(ledger.days.dayOf(at));
    const from = hours.findLast((hour) => hour.from <= at)?.from ?? at;
    const rows = openRows(this.#parts.tenant, unrecovered, at, from);
    return { slot: { part: "open", number: 0 }, rows };
  }

  get #about() {
    const { tenant, settings } = this.#parts;
    return { tenant, targets: settings.targets };
  }

  /** Each ledger of a tenant has the same zone, and so calendars that say the same. */
  #bookOf({ calendar, days }: KpiLedger): RowBook {
    const { store, tenant, isStopped } = this.#parts;
    this.#book ??= new RowBook({
      ...{ store, tenant, isStopped },
      calendars: { months: calendar, days },
    });
    return this.#book;
  }
}

function emptySlot(part: SlotPart, number: number): SlotRows {
  return { slot: { part, number }, rows: [] };
}

/** Of the first alarm or page; what is before it is unknown. Tomorrow's, where there is none. */
function firstDay(ledger: KpiLedger, today: number): number {
  let first = Number.POSITIVE_INFINITY;
  // An implausible time is 0.
  const look = (at: number) => {
    if (at > 0 && at < first) first = at;
  };
  for (const { raisedAt } of ledger.alarmEntries()) look(raisedAt);
  for (const { openings } of ledger.pagedEntries()) for (const { at } of openings) look(at);
  if (!Number.isFinite(first)) return today + 1;
  return Math.min(today + 1, Math.max(ledger.days.dayOf(first), today - DAYS_MAX + 1));
}

/** All to which something happened in a span, or which waited in it. */
function alarmsWithin(ledger: KpiLedger, span: Span): Alarm[] {
  const found: Alarm[] = [];
  for (const alarm of ledger.alarmEntries()) {
    const { raisedAt, judgedAt, acknowledgedAt } = alarm;
    const waited = raisedAt < span.to && (judgedAt === undefined || judgedAt >= span.from);
    const isIn = waited || [raisedAt, judgedAt, acknowledgedAt].some((at) => isWithin(at, span));
    if (isIn) found.push(alarm);
  }
  return found;
}

/** Days that follow each other, at most so many at once. */
function runsOf(days: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1 && run.length < DAYS_AT_ONCE_MAX) run.push(day);
    else runs.push([day]);
  }
  return runs;
}
