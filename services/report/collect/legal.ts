// Section 7: the time limits of reports to authorities that began in the period, and the reports that people
// wrote down as sent or not required.
import { z } from "zod";
import { LEGAL_CLOCKS } from "../../../config/legal-clocks.ts";
import { type ClockReading, readClocks } from "../../cases/legal-clocks.ts";
import { isIn, type ReportContext } from "../context.ts";
import type { IncidentTaker } from "./incidents.ts";

const ROWS_MAX = 20_000;
const count = z.number().int().min(0);

/** `sent`: there is no number of hours, so it is neither in time nor late. */
export const CLOCK_OUTCOMES = [
  "in_time",
  "late",
  "sent",
  "not_required",
  "running",
  "overdue",
  "undated",
] as const;

const clockRowSchema = z.object({
  incident: z.string(),
  clock: z.enum(LEGAL_CLOCKS),
  outcome: z.enum(CLOCK_OUTCOMES),
  startedAt: z.number(),
  dueAt: z.number().nullable(),
  /** When it was sent or found not to be required. */
  sentAt: z.number().nullable(),
  authority: z.string().nullable(),
});

export const legalSchema = z.object({
  /** What the configuration says that applies; none: no clock runs. */
  clocks: z.array(z.enum(LEGAL_CLOCKS)),
  ndigHours: z.number().nullable(),
  byClock: z.array(
    z.object({
      clock: z.enum(LEGAL_CLOCKS),
      started: count,
      inTime: count,
      late: count,
      sent: count,
      notRequired: count,
      running: count,
      overdue: count,
      undated: count,
    }),
  ),
  rows: z.array(clockRowSchema),
  notListed: count,
});
export type LegalData = z.infer<typeof legalSchema>;

const COLUMN = {
  in_time: "inTime",
  late: "late",
  sent: "sent",
  not_required: "notRequired",
  running: "running",
  overdue: "overdue",
  undated: "undated",
} as const satisfies Record<(typeof CLOCK_OUTCOMES)[number], string>;

export function legalTaker(
  context: ReportContext,
): IncidentTaker & { readonly result: () => LegalData } {
  const { clocks, at } = context;
  const rows: LegalData["rows"] = [];
  let notListed = 0;
  const byClock = clocks.clocks.map((clock) => ({
    clock,
    ...{ started: 0, inTime: 0, late: 0, sent: 0, notRequired: 0, running: 0, overdue: 0 },
    undated: 0,
  }));
  return {
    take(incident) {
      for (const reading of readClocks(incident, clocks, at)) {
        const { clock, startedAt } = reading;
        const counts = byClock.find((one) => one.clock === clock);
        if (startedAt === undefined || counts === undefined || !isIn(startedAt, context)) continue;
        const outcome = outcomeOf(reading);
        counts.started += 1;
        counts[COLUMN[outcome]] += 1;
        if (rows.length < ROWS_MAX) rows.push(rowOf(incident.id, startedAt, outcome, reading));
        else notListed += 1;
      }
    },
    result: () => ({
      clocks: [...clocks.clocks],
      ndigHours: clocks.ndigHours ?? null,
      byClock,
      rows: rows.sort(
        (one, other) =>
          one.startedAt - other.startedAt ||
          (`${one.incident} ${one.clock}` < `${other.incident} ${other.clock}` ? -1 : 1),
      ),
      notListed,
    }),
  };
}

function outcomeOf({ state, dueAt, notification }: ClockReading): (typeof CLOCK_OUTCOMES)[number] {
  if (notification === undefined) {
    if (dueAt === undefined) return "undated";
    return state === "overdue" ? "overdue" : "running";
  }
  if (notification.outcome === "not_required") return "not_required";
  if (dueAt === undefined) return "sent";
  return notification.sentAt <= dueAt ? "in_time" : "late";
}

function rowOf(
  incident: string,
  startedAt: number,
  outcome: (typeof CLOCK_OUTCOMES)[number],
  { clock, dueAt, notification }: ClockReading,
): LegalData["rows"][number] {
  return {
    ...{ incident, clock, outcome, startedAt },
    dueAt: dueAt ?? null,
    sentAt: notification?.sentAt ?? null,
    authority: notification?.authority ?? null,
  };
}
