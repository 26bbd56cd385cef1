// The incidents and alarms that a span of time asks for, picked out of all there are. The ledger picks the
// same by its months; this is the plain way, and what both are narrowed by.
import type { KpiScope } from "../store/kpi.ts";
import type { Alarm } from "./alarm.ts";
import type { Contribution, RequiredAction } from "./contribution.ts";
import type { Span } from "./period.ts";

/** What figures are made of; nothing in it has an order. */
export interface Selection {
  /** Left out of all KPIs, declared in the span. */
  readonly leftOut: readonly Contribution[];
  /** By cohort: anchors that lie in the span. */
  readonly identified: readonly Contribution[];
  readonly completed: readonly Contribution[];
  readonly recovered: readonly Contribution[];
  /** Identified before the span's end, and not recovered (with required actions not all done) by then. */
  readonly unrecovered: readonly Contribution[];
  readonly uncorrected: readonly Contribution[];
  /** With a required action that was done or fell due in the span. */
  readonly acting: readonly Contribution[];
  /** Judged in the span. */
  readonly judged: readonly Alarm[];
  /** Shown before the span's end and not judged by then. */
  readonly unjudged: readonly Alarm[];
}

export const isWithin = (at: number | undefined, { from, to }: Span): at is number =>
  at !== undefined && at >= from && at < to;

/** Whether it was known by the end and its end had not come. */
export function isOpenAt(
  identifiedAt: number | undefined,
  endedAt: number | undefined,
  { to }: Span,
): boolean {
  if (identifiedAt === undefined || identifiedAt >= to) return false;
  return endedAt === undefined || endedAt >= to;
}

/** Times of a required action that a span can ask for. */
export function timesOf({ dueAt, completedAt }: RequiredAction): number[] {
  return [dueAt, completedAt].filter((time) => time !== undefined);
}

/** Goes through all. */
export function select(
  contributions: Iterable<Contribution>,
  alarms: Iterable<Alarm>,
  span: Span,
): Selection {
  const all = [...contributions];
  const counted = all.filter(({ leftOut }) => leftOut === undefined);
  const raised = [...alarms];
  return {
    leftOut: all.filter((one) => one.leftOut !== undefined && isWithin(one.declaredAt, span)),
    identified: counted.filter((one) => isWithin(one.identifiedAt, span)),
    completed: counted.filter((one) => isWithin(one.completedAt, span)),
    recovered: counted.filter((one) => isWithin(one.recoveredAt, span)),
    unrecovered: counted.filter((one) => isOpenAt(one.identifiedAt, one.recoveredAt, span)),
    uncorrected: counted.filter(
      (one) => one.actions.length > 0 && isOpenAt(one.identifiedAt, one.completedAt, span),
    ),
    acting: counted.filter(({ actions }) =>
      actions.some((action) => timesOf(action).some((time) => isWithin(time, span))),
    ),
    judged: raised.filter(({ judgedAt }) => isWithin(judgedAt, span)),
    unjudged: raised.filter(({ raisedAt, judgedAt }) => isOpenAt(raisedAt, judgedAt, span)),
  };
}

/** Only what has this severity and category. Alarms have no category: by category there are none. */
export function narrow(selection: Selection, { severity, category }: KpiScope): Selection {
  if (severity === undefined && category === undefined) return selection;
  const incidents = (all: readonly Contribution[]) =>
    all.filter(
      (one) =>
        (severity === undefined || one.severity === severity) &&
        (category === undefined || one.category === category),
    );
  const alarms = (all: readonly Alarm[]) =>
    category === undefined ? all.filter(({ level }) => level === severity) : [];
  return {
    leftOut: incidents(selection.leftOut),
    identified: incidents(selection.identified),
    completed: incidents(selection.completed),
    recovered: incidents(selection.recovered),
    unrecovered: incidents(selection.unrecovered),
    uncorrected: incidents(selection.uncorrected),
    acting: incidents(selection.acting),
    judged: alarms(selection.judged),
    unjudged: alarms(selection.unjudged),
  };
}
