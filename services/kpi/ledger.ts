// What all incidents and alarms of a tenant add, kept by the months of their anchors: a change moves one
// entry, and a figure reads the months that it is about. It remembers which months a change has touched.
import { isDeepStrictEqual } from "node:util";
import { type Alarm, isSameAlarm, isSameJudged } from "./alarm.ts";
import type { Contribution } from "./contribution.ts";
import { DayCalendar } from "./figures/day-calendar.ts";
import { TouchedDays } from "./figures/touched-days.ts";
import { Interned } from "./interned.ts";
import type { Paged } from "./paged.ts";
import { MonthCalendar, type Span } from "./period.ts";
import { isOpenAt, isWithin, type Selection, timesOf } from "./selection.ts";

/** Entries by month and id. */
class Months<Entry extends { readonly id: string }> {
  readonly #months = new Map<number, Map<string, Entry>>();

  add(month: number, entry: Entry): void {
    let entries = this.#months.get(month);
    if (entries === undefined) {
      entries = new Map();
      this.#months.set(month, entries);
    }
    entries.set(entry.id, entry);
  }

  remove(month: number, id: string): void {
    const entries = this.#months.get(month);
    entries?.delete(id);
    if (entries?.size === 0) this.#months.delete(month);
  }

  /** Of these months, both included, where `holds` is true. */
  within(first: number, last: number, holds: (entry: Entry) => boolean): Entry[] {
    const found: Entry[] = [];
    for (const [month, entries] of this.#months) {
      if (month < first || month > last) continue;
      for (const entry of entries.values()) if (holds(entry)) found.push(entry);
    }
    return found;
  }

  numbers(): Iterable<number> {
    return this.#months.keys();
  }
}

export class KpiLedger {
  readonly calendar: MonthCalendar;
  readonly days: DayCalendar;
  /** Days whose rows of figures may be others than when this was asked last. */
  readonly touchedDays: TouchedDays;
  readonly #contributions = new Map<string, Contribution>();
  readonly #alarms = new Map<string, Alarm>();
  readonly #paged = new Map<string, Paged>();
  readonly #leftOut = new Months<Contribution>();
  readonly #identified = new Months<Contribution>();
  readonly #completed = new Months<Contribution>();
  readonly #recovered = new Months<Contribution>();
  readonly #acting = new Months<Contribution>();
  readonly #judged = new Months<Alarm>();
  /** Without an end so far. */
  readonly #unrecovered = new Map<string, Contribution>();
  readonly #uncorrected = new Map<string, Contribution>();
  readonly #unjudged = new Map<string, Alarm>();
  readonly #interned = new Interned();
  readonly #touched = new Set<number>();
  /** All months from here on are touched: something is open since then. */
  #touchedSince = Number.POSITIVE_INFINITY;

  constructor(timeZone: string) {
    this.calendar = new MonthCalendar(timeZone);
    this.days = new DayCalendar(timeZone);
    this.touchedDays = new TouchedDays(this.days);
  }

  get incidents(): number {
    return this.#contributions.size;
  }

  get alarms(): number {
    return this.#alarms.size;
  }

  contributions(): Iterable<Contribution> {
    return this.#contributions.values();
  }

  alarmEntries(): Iterable<Alarm> {
    return this.#alarms.values();
  }

  pagedEntries(): Iterable<Paged> {
    return this.#paged.values();
  }

  /** Puts what an incident adds in the place of what it added before. */
  setIncident(contribution: Contribution): void {
    this.removeIncident(contribution.id);
    this.#contributions.set(contribution.id, contribution);
    this.#fileIncident(contribution, true);
    this.#touchIncident(contribution);
  }

  removeIncident(id: string): void {
    const before = this.#contributions.get(id);
    if (before === undefined) return;
    this.#contributions.delete(id);
    this.#fileIncident(before, false);
    this.#touchIncident(before);
  }

  /** Puts an alarm in the place of what this finding was before; undefined: it is none. */
  setAlarm(id: string, alarm: Alarm | undefined): void {
    const before = this.#alarms.get(id);
    // Most changes of a finding, a further signal for one, change nothing here.
    if (isSameAlarm(before, alarm)) return;
    const isJudgedAnew = !isSameJudged(before, alarm);
    this.touchedDays.touchAlarm(before, alarm);
    if (before !== undefined) {
      this.#alarms.delete(id);
      if (before.judgedAt === undefined) this.#unjudged.delete(id);
      else this.#judged.remove(this.calendar.monthOf(before.judgedAt), id);
      if (isJudgedAnew) this.#touchAlarm(before);
    }
    if (alarm === undefined) return;
    const { rule, title, sources } = alarm;
    // Of many alarms few differ in these.
    const kept = {
      ...alarm,
      rule: this.#interned.word(rule),
      title: title === undefined ? undefined : this.#interned.word(title),
      sources: this.#interned.words(sources),
    };
    this.#alarms.set(id, kept);
    if (kept.judgedAt === undefined) this.#unjudged.set(id, kept);
    else this.#judged.add(this.calendar.monthOf(kept.judgedAt), kept);
    if (isJudgedAnew) this.#touchAlarm(kept);
  }

  /** Puts what a finding adds to paging in the place of what it added before; undefined: nothing. */
  setPaged(id: string, paged: Paged | undefined): void {
    const before = this.#paged.get(id);
    if (isDeepStrictEqual(before, paged)) return;
    this.touchedDays.touchPaged(before);
    this.touchedDays.touchPaged(paged);
    if (paged === undefined) this.#paged.delete(id);
    else this.#paged.set(id, paged);
  }

  /** What a span asks for, the same as `select` over everything. */
  select(span: Span): Selection {
    const first = this.calendar.monthOf(span.from);
    const last = this.calendar.monthOf(span.to - 1);
    const endless = Number.POSITIVE_INFINITY;
    const unrecovered = (one: Contribution) => isOpenAt(one.identifiedAt, one.recoveredAt, span);
    const uncorrected = (one: Contribution) => isOpenAt(one.identifiedAt, one.completedAt, span);
    const unjudged = (alarm: Alarm) => isOpenAt(alarm.raisedAt, alarm.judgedAt, span);
    const acting = this.#acting.within(first, last, ({ actions }) =>
      actions.some((action) => timesOf(action).some((time) => isWithin(time, span))),
    );
    return {
      leftOut: this.#leftOut.within(first, last, (one) => isWithin(one.declaredAt, span)),
      identified: this.#identified.within(first, last, (one) => isWithin(one.identifiedAt, span)),
      completed: this.#completed.within(first, last, (one) => isWithin(one.completedAt, span)),
      recovered: this.#recovered.within(first, last, (one) => isWithin(one.recoveredAt, span)),
      unrecovered: [
        ...[...this.#unrecovered.values()].filter(unrecovered),
        ...this.#recovered.within(last, endless, unrecovered),
      ],
      uncorrected: [
        ...[...this.#uncorrected.values()].filter(uncorrected),
        ...this.#completed.within(last, endless, uncorrected),
      ],
      // Filed under every month in which one of its actions has a time.
      acting: [...new Set(acting)],
      judged: this.#judged.within(first, last, ({ judgedAt }) => isWithin(judgedAt, span)),
      unjudged: [
        ...[...this.#unjudged.values()].filter(unjudged),
        ...this.#judged.within(last, endless, unjudged),
      ],
    };
  }

  /** The first month about which there is anything; undefined without any. */
  firstMonth(): number | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const months of this.#incidentMonths) {
      for (const month of months.numbers()) first = Math.min(first, month);
    }
    // An alarm that was judged later was open in the months before.
    let raised = Number.POSITIVE_INFINITY;
    for (const { raisedAt } of this.#alarms.values()) {
      // An implausible time is 0.
      if (raisedAt > 0) raised = Math.min(raised, raisedAt);
    }
    if (Number.isFinite(raised)) first = Math.min(first, this.calendar.monthOf(raised));
    return Number.isFinite(first) ? first : undefined;
  }

  get #incidentMonths(): readonly Months<Contribution>[] {
    return [this.#leftOut, this.#identified, this.#completed, this.#recovered, this.#acting];
  }

  /**
   * Months whose figures may be others than when this was asked last, ascending, none after `last`. The
   * month after a touched one is touched too: its trend compares both.
   */
  takeTouched(last: number): number[] {
    const months = new Set<number>();
    for (const month of this.#touched) if (month <= last) months.add(month);
    for (let month = this.#touchedSince; month <= last; month += 1) months.add(month);
    this.#touched.clear();
    this.#touchedSince = Number.POSITIVE_INFINITY;
    return [...months].sort((a, b) => a - b);
  }

  #fileIncident(one: Contribution, isAdded: boolean): void {
    const file = (months: Months<Contribution>, at: number | undefined) => {
      if (at === undefined) return;
      const month = this.calendar.monthOf(at);
      if (isAdded) months.add(month, one);
      else months.remove(month, one.id);
    };
    const keep = (open: Map<string, Contribution>, isOpen: boolean) => {
      if (isAdded && isOpen) open.set(one.id, one);
      else open.delete(one.id);
    };
    if (one.leftOut !== undefined) {
      file(this.#leftOut, one.declaredAt);
      return;
    }
    file(this.#identified, one.identifiedAt);
    file(this.#recovered, one.recoveredAt);
    file(this.#completed, one.completedAt);
    for (const at of one.actions.flatMap(timesOf)) file(this.#acting, at);
    keep(this.#unrecovered, one.recoveredAt === undefined);
    keep(this.#uncorrected, one.completedAt === undefined && one.actions.length > 0);
  }

  #touchIncident(one: Contribution): void {
    const { identifiedAt, recoveredAt, completedAt, declaredAt } = one;
    if (one.leftOut !== undefined) {
      this.#touch(declaredAt);
      return;
    }
    for (const at of [identifiedAt, recoveredAt, completedAt, ...one.actions.flatMap(timesOf)]) {
      if (at !== undefined) this.#touch(at);
    }
    if (identifiedAt === undefined) return;
    const isUncorrected = completedAt === undefined && one.actions.length > 0;
    const isOpen = recoveredAt === undefined || isUncorrected;
    this.#touchRange(identifiedAt, isOpen ? undefined : Math.max(recoveredAt, completedAt ?? 0));
  }

  #touchAlarm({ raisedAt, judgedAt }: Alarm): void {
    this.#touchRange(raisedAt, judgedAt);
    if (judgedAt !== undefined) this.#touch(judgedAt);
  }

  #touch(at: number): void {
    const month = this.calendar.monthOf(at);
    this.#touched.add(month).add(month + 1);
  }

  /** All months at whose end it was open. */
  #touchRange(from: number, to: number | undefined): void {
    const first = this.calendar.monthOf(from);
    if (to === undefined) {
      this.#touchedSince = Math.min(this.#touchedSince, first);
      return;
    }
    const last = this.calendar.monthOf(to);
    for (let month = first; month <= last; month += 1) this.#touched.add(month);
  }
}
