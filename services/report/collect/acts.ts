// What the program itself did and wrote into the audit chain: how often in the period, and the entry that
// shows it last. Some acts are written down only since a release that knows how to: where there is no entry
// of them, nothing is known, and that is never told as 0.
import { z } from "zod";
import type { AuditEntry } from "../../store/store.ts";
import { isIn, type ReportContext } from "../context.ts";

const count = z.number().int();

export const actSchema = z.object({
  n: count,
  /** When it was done last, and the number of the audit entry that says so. */
  last: z.object({ at: z.number(), entry: count }).nullable(),
});
export type Act = z.infer<typeof actSchema>;

/** Told of audit entries since the beginning of the period, also of those after its end. */
export interface AuditTaker {
  take(entry: AuditEntry): void;
}

/** Counts acts by their action. */
export function actsTaker(context: ReportContext): AuditTaker & {
  readonly act: (action: string) => Act;
  /** Null where there is no entry. */
  readonly known: (action: string) => Act | null;
  /** The sum of a number of their payloads. */
  readonly sum: (action: string, field: string) => number;
  /** The payload of the last one. */
  readonly payload: (action: string) => AuditEntry["payload"];
} {
  const acts = new Map<string, AuditEntry[]>();
  const of = (action: string) => acts.get(action) ?? [];
  const act = (action: string): Act => {
    const all = of(action);
    const last = all.at(-1);
    return {
      n: all.length,
      last: last === undefined ? null : { at: last.at, entry: last.sequence },
    };
  };
  return {
    take(entry) {
      if (!KEPT.has(entry.action) || !isIn(entry.at, context)) return;
      const all = acts.get(entry.action);
      if (all === undefined) acts.set(entry.action, [entry]);
      else all.push(entry);
    },
    act,
    known: (action) => (of(action).length === 0 ? null : act(action)),
    sum: (action, field) =>
      of(action).reduce((sum, { payload }) => sum + numberIn(payload, field), 0),
    payload: (action) => of(action).at(-1)?.payload,
  };
}

export const ACTS = {
  erased: "audit.erase",
  keysDestroyed: "privacy.epoch_destroy",
  eventsDeleted: "retention.delete",
  reports: "report.export",
  auditExports: "audit.export",
  backups: "backup.create",
  ruleTests: "rules.test",
} as const;
const KEPT: ReadonlySet<string> = new Set(Object.values(ACTS));

/** 0 where an erased or foreign payload has none. */
export function numberIn(payload: AuditEntry["payload"], field: string): number {
  const value = payload?.[field];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
