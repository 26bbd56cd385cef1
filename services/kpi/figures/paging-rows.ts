// The set `paging`: pages by the day on which they were due and by priority, and how long it took until the
// first one accepted. Of findings and pages; nobody who was called stands in it.
import type { FigureRow } from "../../store/figure-row.ts";
import { momentsOf, type Paged } from "../paged.ts";
import { statisticsOf } from "../statistics.ts";
import type { DayCalendar } from "./day-calendar.ts";
import { present } from "./kpi-rows.ts";

const MS = 1000;

interface Counts {
  findings: number;
  pages: number;
  handedOver: number;
  failed: number;
  declined: number;
  accepted: number;
  escalated: number;
}

interface Day {
  readonly counts: Counts;
  readonly accepted: number[];
}

/** By day; a day and priority without anything has none. */
export function pagingRows(
  tenant: string,
  all: Iterable<Paged>,
  wanted: ReadonlySet<number>,
  days: DayCalendar,
): Map<number, FigureRow[]> {
  const counted = new Map<number, Map<string, Day>>();
  const on = (at: number, priority: string, count: (day: Day) => void) => {
    const number = days.dayOf(at);
    if (!wanted.has(number)) return;
    const priorities = counted.get(number) ?? new Map<string, Day>();
    counted.set(number, priorities);
    const day = priorities.get(priority) ?? emptyDay();
    priorities.set(priority, day);
    count(day);
  };
  for (const paged of all) {
    if (!momentsOf(paged).some((at) => wanted.has(days.dayOf(at)))) continue;
    count(paged, (at, change) => on(at, paged.priority, change));
  }
  return new Map(
    [...counted].map(([number, priorities]) => [
      number,
      [...priorities].map(([priority, { counts, accepted }]): FigureRow => {
        const { n, meanS, medianS, p90S } = statisticsOf(accepted);
        const times = { acceptN: n, acceptMeanS: meanS, acceptMedianS: medianS, acceptP90S: p90S };
        return {
          ...{ tenant, set: "paging", at: days.startOf(number) * MS },
          dimensions: { priority },
          measures: present({ ...counts, ...times }),
        };
      }),
    ]),
  );
}

function count(
  { pages, declinedAt, openings }: Paged,
  on: (at: number, change: (day: Day) => void) => void,
): void {
  for (const { at, outcome } of pages) {
    on(at, ({ counts }) => {
      counts.pages += 1;
      if (outcome === "handed_over") counts.handedOver += 1;
      if (outcome === "failed") counts.failed += 1;
    });
  }
  for (const at of declinedAt) {
    on(at, ({ counts }) => {
      counts.declined += 1;
    });
  }
  for (const { at, escalatedAt, acceptedAt } of openings) {
    on(at, ({ counts }) => {
      counts.findings += 1;
    });
    if (escalatedAt !== undefined) {
      on(escalatedAt, ({ counts }) => {
        counts.escalated += 1;
      });
    }
    if (acceptedAt === undefined) continue;
    on(acceptedAt, ({ counts, accepted }) => {
      counts.accepted += 1;
      accepted.push(acceptedAt - at);
    });
  }
}

function emptyDay(): Day {
  return {
    counts: {
      ...{ findings: 0, pages: 0, handedOver: 0, failed: 0 },
      ...{ declined: 0, accepted: 0, escalated: 0 },
    },
    accepted: [],
  };
}
