// Section 11: corrective actions that are open at the end of the period, and how many were done in it.
// Whether somebody is named for one is told, never who.
import { z } from "zod";
import type { Incident } from "../../store/incident.ts";
import { endOf, isIn, type ReportContext } from "../context.ts";
import { type IncidentTaker, leftOutOf } from "./incidents.ts";

const ACTIONS_LISTED_MAX = 5000;
const count = z.number().int().min(0);

const openActionSchema = z.object({
  incident: z.string(),
  action: z.string(),
  title: z.string(),
  required: z.boolean(),
  createdAt: z.number(),
  dueAt: z.number().nullable(),
  isOverdue: z.boolean(),
  isAssigned: z.boolean(),
});

export const measuresSchema = z.object({
  completed: count,
  cancelled: count,
  /** The longest due first, then those without a day. */
  open: z.array(openActionSchema),
  notListed: count,
  overdue: count,
});
export type MeasuresData = z.infer<typeof measuresSchema>;

export function measuresTaker(
  context: ReportContext,
): IncidentTaker & { readonly result: () => MeasuresData } {
  const open: MeasuresData["open"] = [];
  let [completed, cancelled, notListed, overdue] = [0, 0, 0, 0];
  const end = endOf(context);
  return {
    take(incident) {
      if (leftOutOf(incident) !== null) return;
      for (const action of incident.actions) {
        if (isIn(action.completedAt, context)) completed += 1;
        if (isIn(action.cancelledAt, context)) cancelled += 1;
        if (!isOpenAt(action, end)) continue;
        const row = rowOf(incident.id, action, end);
        if (row.isOverdue) overdue += 1;
        if (open.length < ACTIONS_LISTED_MAX) open.push(row);
        else notListed += 1;
      }
    },
    result: () => ({ completed, cancelled, open: open.sort(byDue), notListed, overdue }),
  };
}

type Action = Incident["actions"][number];

function isOpenAt({ createdAt, completedAt, cancelledAt }: Action, end: number): boolean {
  return createdAt < end && (completedAt ?? end) >= end && (cancelledAt ?? end) >= end;
}

function rowOf(incident: string, action: Action, end: number): MeasuresData["open"][number] {
  const { id, title, required, createdAt, dueAt, assignee } = action;
  return {
    ...{ incident, action: id, title, required, createdAt },
    dueAt: dueAt ?? null,
    isOverdue: dueAt !== undefined && dueAt < end,
    isAssigned: assignee !== undefined,
  };
}

function byDue(one: MeasuresData["open"][number], other: MeasuresData["open"][number]): number {
  const [left, right] = [one, other].map(({ dueAt }) => dueAt ?? Number.MAX_SAFE_INTEGER);
  return (
    (left ?? 0) - (right ?? 0) ||
    (`${one.incident} ${one.action}` < `${other.incident} ${other.action}` ? -1 : 1)
  );
}
