// Publishes and delivers reports by themselves, when the clock of the configuration says so. What was done of
// a run stands in the store: a run that was missed while nothing ran is made up once, what failed is tried
// again, and what was delivered is not delivered twice.
import { createHash } from "node:crypto";
import { Cron } from "croner";
import type { Logger } from "pino";
import { z } from "zod";
import { isAppError, messageOf } from "../../config/errors.ts";
import type { ReportSchedule } from "../../config/report.ts";
import { canonicalJson } from "../store/audit-chain.ts";
import { SETTING_KIND } from "../store/kinds.ts";
import { type PublishedReport, REPORT_KIND, reportId } from "../store/report.ts";
import type { Store } from "../store/store.ts";

const LOOK_MS = 60_000;
/** After a failure. */
const RETRY_MS = 5 * 60_000;
/** Longer than a run takes; after it another process may take it over. */
const CLAIM_MS = 15 * 60_000;

const progressSchema = z.object({
  /** The last run that is done, or the moment at which the entry was first seen, ms UTC. */
  done: z.number(),
  /** The run that is under way, and what of it is done. */
  run: z.number().optional(),
  /** Place in the chain of the report that it delivers, once that is published. */
  sequence: z.number().optional(),
  isMailed: z.boolean().optional(),
  isFiled: z.boolean().optional(),
  /** Nobody else begins it before, ms UTC. */
  notBefore: z.number().optional(),
});
type Progress = z.infer<typeof progressSchema>;

export interface ScheduleParts {
  readonly store: Store;
  readonly schedules: readonly ReportSchedule[];
  readonly timeZoneOf: (tenant: string) => string;
  /** Publishes, or gives the last revision where nothing has changed. */
  readonly publish: (tenant: string, period: string) => Promise<PublishedReport>;
  readonly mail: (report: PublishedReport, to: readonly string[]) => Promise<void>;
  readonly file: (report: PublishedReport, folder: string) => Promise<void>;
  /** ms UTC. */
  readonly now: () => number;
  readonly logger: Pick<Logger, "info" | "error">;
}

/** Looks every minute, at once for the first time; the result stops that and waits for what is under way. */
export function startSchedule(parts: ScheduleParts): () => Promise<void> {
  if (parts.schedules.length === 0) return async () => undefined;
  let running: Promise<void> | undefined;
  const look = () => {
    running ??= runDue(parts).finally(() => {
      running = undefined;
    });
  };
  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** One round over all entries. A failure of one is told, and keeps none of the others from running. */
export async function runDue(parts: ScheduleParts): Promise<void> {
  for (const schedule of parts.schedules) {
    const { tenant, cron } = schedule;
    try {
      await runIfDue(schedule, parts);
    } catch (error) {
      const reason = messageOf(error);
      parts.logger.error({ tenant, cron, reason }, "a scheduled report failed and comes again");
    }
  }
}

/**
 * The month or quarter before the one that a moment lies in.
 * @param at ms UTC
 */
export function previousPeriod(
  period: ReportSchedule["period"],
  at: number,
  timeZone: string,
): string {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  if (period === "previous_month") return day.subtract({ months: 1 }).toString().slice(0, 7);
  const before = day.subtract({ months: 3 });
  return `${before.year}-Q${Math.ceil(before.month / 3)}`;
}

async function runIfDue(schedule: ReportSchedule, parts: ScheduleParts): Promise<void> {
  const { tenant, cron, period, mail, folder } = schedule;
  const timeZone = parts.timeZoneOf(tenant);
  const state = stateOf(schedule, parts);
  const progress = await state.read();
  const at = parts.now();
  // What lies before the entry was made is not asked for.
  if (progress === undefined) {
    await state.claim({ done: at });
    return;
  }
  const run = lastRun(cron, timeZone, at);
  if (run === undefined || run <= progress.done || at < (progress.notBefore ?? 0)) return;
  const under = progress.run === run ? progress : { done: progress.done };
  let present: Progress = { ...under, run, notBefore: at + CLAIM_MS };
  if (!(await state.claim(present))) return;
  try {
    const report =
      (await begunWith(present, schedule, parts)) ??
      (await parts.publish(tenant, previousPeriod(period, run, timeZone)));
    present = { ...present, sequence: report.sequence };
    if (folder !== undefined && present.isFiled !== true) {
      await parts.file(report, folder);
      present = { ...present, isFiled: true };
      await state.write(present);
    }
    if (mail.length > 0 && present.isMailed !== true) {
      await parts.mail(report, mail);
      present = { ...present, isMailed: true };
      await state.write(present);
    }
    await state.write({ done: run });
    const { sequence, revision } = report;
    parts.logger.info({ tenant, cron, sequence, revision }, "a scheduled report was delivered");
  } catch (error) {
    await state.write({ ...present, notBefore: parts.now() + RETRY_MS });
    throw error;
  }
}

/** What an attempt before has published: all who get the report get the same revision. */
async function begunWith(
  { sequence }: Progress,
  { tenant }: ReportSchedule,
  { store }: ScheduleParts,
): Promise<PublishedReport | undefined> {
  if (sequence === undefined) return undefined;
  return (await store.get(tenant, REPORT_KIND, reportId(sequence)))?.document;
}

/** The last moment at which it should have run; undefined: there was none. */
function lastRun(cron: string, timeZone: string, at: number): number | undefined {
  const job = new Cron(cron, { timezone: timeZone, paused: true, mode: "5-part" });
  return job.previousRuns(1, new Date(at + 1))[0]?.getTime();
}

/** Where an entry of the configuration keeps how far it has come; another entry keeps its own. */
function stateOf(schedule: ReportSchedule, { store, now }: ScheduleParts) {
  const { tenant } = schedule;
  const hash = createHash("sha256").update(canonicalJson(schedule)).digest("hex").slice(0, 16);
  const id = `report.schedule.${hash}`;
  let version: number | undefined;
  const setting = (value: Progress) => ({ value, changedAt: now(), changedBy: "system" });
  const write = async (value: Progress): Promise<void> => {
    const written =
      version === undefined
        ? await store.create(tenant, SETTING_KIND, id, setting(value))
        : await store.replace(tenant, SETTING_KIND, id, setting(value), version);
    version = written.version;
  };
  return {
    async read(): Promise<Progress | undefined> {
      const found = await store.get(tenant, SETTING_KIND, id);
      version = found?.version;
      return found === undefined ? undefined : progressSchema.parse(found.document.value);
    },
    write,
    /** Whether it is ours: another process may have been quicker. */
    async claim(value: Progress): Promise<boolean> {
      try {
        await write(value);
        return true;
      } catch (error) {
        if (isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_EXISTS")) return false;
        throw error;
      }
    },
  };
}
