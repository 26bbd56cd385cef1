// The sets `hour` and `day`: what was raised, taken up and judged, and how many alarms waited for a verdict at
// the end. All of the whole tenant: a figure of an hour or a day is never one of who was on duty in it.
import type { FigureRow } from "../../store/figure-row.ts";
import type { Statistics } from "../../store/kpi.ts";
import type { Alarm } from "../alarm.ts";
import { statisticsOf } from "../statistics.ts";
import type { DayCalendar, Hour } from "./day-calendar.ts";
import { present } from "./kpi-rows.ts";
import { type QueueLength, queueLengths } from "./queue-length.ts";

const MS = 1000;

export interface QueueAsked {
  readonly tenant: string;
  /** Days that follow each other, none after today. */
  readonly run: readonly number[];
  readonly days: DayCalendar;
  /** Seconds UTC; what is in the future has no row. */
  readonly now: number;
  /** Findings of models that a day may have. */
  readonly anomalyBudget: number;
}

/** Both sets, by day. */
export function queueRows(alarms: readonly Alarm[], asked: QueueAsked) {
  const { run, days, now } = asked;
  const hours = run.map((day) => days.hoursOf(day).filter(({ from }) => from <= now));
  const all = hours.flat();
  const queue = queueLengths(alarms, all, now);
  const counted = countsOf(alarms, all);
  const tallies = talliesOf(alarms, asked);
  const hourRows = new Map<number, FigureRow[]>();
  const dayRows = new Map<number, FigureRow[]>();
  let at = 0;
  for (const [index, day] of run.entries()) {
    const own = hours[index] ?? [];
    const end = at + own.length;
    const rows = own.map((hour, offset) =>
      hourRow(asked, day, hour, { ...counted[at + offset], ...waiting(queue[at + offset]) }),
    );
    hourRows.set(day, rows);
    const last = queue[end - 1];
    const tally = tallies[index];
    if (last !== undefined && tally !== undefined)
      dayRows.set(day, [dayRow(day, tally, last, asked)]);
    at = end;
  }
  return { hour: hourRows, day: dayRows };
}

function hourRow(
  { tenant, days }: QueueAsked,
  day: number,
  { from, hourOfDay }: Hour,
  measures: Readonly<Record<string, number | undefined>>,
): FigureRow {
  return {
    ...{ tenant, set: "hour", at: from * MS },
    dimensions: { hourOfDay, weekday: days.weekdayOf(day) },
    measures: present(measures),
  };
}

function dayRow(
  day: number,
  { raised, anomalies, acknowledged, judged }: DayTally,
  queue: QueueLength,
  { tenant, days, anomalyBudget }: QueueAsked,
): FigureRow {
  return {
    ...{ tenant, set: "day", at: days.startOf(day) * MS },
    dimensions: {},
    measures: present({
      ...{ raised, judged: judged.count, acknowledged: acknowledged.count },
      ...waiting(queue),
      ...numbers("acknowledge", statisticsOf(acknowledged.waitedS)),
      ...numbers("judge", statisticsOf(judged.waitedS)),
      ...{ anomalies, anomalyBudget },
    }),
  };
}

/** What came to a point on a day, and how long each had waited since it was raised. */
interface Arrivals {
  count: number;
  readonly waitedS: number[];
}

interface DayTally {
  raised: number;
  anomalies: number;
  readonly acknowledged: Arrivals;
  readonly judged: Arrivals;
}

function talliesOf(alarms: readonly Alarm[], { run, days }: QueueAsked): DayTally[] {
  const starts = run.map((day) => days.startOf(day));
  const end = days.startOf((run.at(-1) ?? 0) + 1);
  const tallies = run.map(
    (): DayTally => ({
      ...{ raised: 0, anomalies: 0 },
      acknowledged: { count: 0, waitedS: [] },
      judged: { count: 0, waitedS: [] },
    }),
  );
  const dayOf = (at: number | undefined) =>
    at === undefined || at >= end ? undefined : tallies[lastNotAfter(starts, at)];
  const arrive = (arrivals: Arrivals | undefined, at: number | undefined, since: number) => {
    if (arrivals === undefined || at === undefined) return;
    arrivals.count += 1;
    // A negative duration is a fault of the data: it is counted and is no duration.
    if (at >= since) arrivals.waitedS.push(at - since);
  };
  for (const { raisedAt, judgedAt, acknowledgedAt, isModel } of alarms) {
    const raised = dayOf(raisedAt);
    if (raised !== undefined) {
      raised.raised += 1;
      if (isModel) raised.anomalies += 1;
    }
    arrive(dayOf(acknowledgedAt)?.acknowledged, acknowledgedAt, raisedAt);
    arrive(dayOf(judgedAt)?.judged, judgedAt, raisedAt);
  }
  return tallies;
}

function numbers(prefix: "acknowledge" | "judge", { n, meanS, medianS, p90S }: Statistics) {
  return {
    [`${prefix}N`]: n,
    [`${prefix}MeanS`]: meanS,
    [`${prefix}MedianS`]: medianS,
    [`${prefix}P90S`]: p90S,
  };
}

function waiting(queue: QueueLength | undefined) {
  return { queue: queue?.length, queueOldestS: queue?.oldestS };
}

/** Of each hour; all three are 0 where nothing happened. */
function countsOf(alarms: readonly Alarm[], hours: readonly Hour[]) {
  const starts = hours.map(({ from }) => from);
  const counts = hours.map(() => ({ raised: 0, judged: 0, acknowledged: 0 }));
  const end = hours.at(-1)?.to ?? 0;
  const count = (at: number | undefined, measure: keyof (typeof counts)[number]) => {
    if (at === undefined || at >= end) return;
    const hour = counts[lastNotAfter(starts, at)];
    if (hour !== undefined) hour[measure] += 1;
  };
  for (const { raisedAt, judgedAt, acknowledgedAt } of alarms) {
    count(raisedAt, "raised");
    count(judgedAt, "judged");
    count(acknowledgedAt, "acknowledged");
  }
  return counts;
}

/** Index of the last start that is not after a moment; -1 before all. */
function lastNotAfter(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
