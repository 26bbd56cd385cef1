// Faults of the program itself, apart from a store that is away: a finding that can't be worked on is told with
// its id, counted, and tried again ever more rarely, so that it neither stops nor slows any other one.
import type { Logger } from "pino";
import { isAppError, messageOf } from "../../config/errors.ts";
import type { Priority } from "../../config/paging.ts";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;
/** Of what can't wait; shorter than the one who watches the stage forgets that it failed. */
const LONGEST_URGENT_PAUSE_MS = 30_000;
const KEPT_MAX = 1000;
/** Told one by one; beyond, the figures tell how many there are. */
const TOLD_MAX = 20;
const REASON_CHARACTERS_MAX = 300;

/** Whether it is the program that is wrong, and not the store or the disk below it that is away. */
export function isOwnFault(error: unknown): boolean {
  if (isAppError(error)) return error.code === "HW_INTERNAL";
  const isSystem = error instanceof Error && "syscall" in error;
  const isSqlite = error instanceof Error && "errcode" in error;
  return !isSystem && !isSqlite;
}

export interface OwnFaults {
  /** @returns when it is worth to try again, ms UTC */
  failed(tenant: string, finding: string, priority: Priority, error: unknown): number;
  /** What did not stop the work on it: told and counted, and nothing waits. */
  noticed(tenant: string, finding: string, error: unknown): void;
  /** Until when it is left alone, ms UTC; undefined: it is not. */
  heldUntil(tenant: string, finding: string): number | undefined;
  /** Somebody has changed it: it may be well again. */
  changed(tenant: string, finding: string): void;
  well(tenant: string, finding: string): void;
  /** Findings that can't be worked on at this time. */
  stuck(tenant?: string): number;
}

interface Stuck {
  readonly tenant: string;
  readonly faults: number;
  readonly until: number;
}

/** @param now ms UTC; does not jump */
export function createOwnFaults(
  now: () => number,
  onFault: (where: "finding" | "page") => void,
  logger: Logger,
): OwnFaults {
  const stuck = new Map<string, Stuck>();
  const noticed = new Set<string>();
  const keyOf = (tenant: string, finding: string) => `${tenant}\n${finding}`;
  const tell = (tenant: string, finding: string, error: unknown, what: string) => {
    const reason = messageOf(error).slice(0, REASON_CHARACTERS_MAX);
    logger.error({ tenant, finding, reason }, what);
  };
  return {
    failed(tenant, finding, priority, error) {
      const key = keyOf(tenant, finding);
      const known = stuck.get(key);
      onFault("finding");
      if (known === undefined && stuck.size < TOLD_MAX) {
        tell(tenant, finding, error, "a finding can't be paged about: a fault of the program");
      }
      const faults = (known?.faults ?? 0) + 1;
      const longestMs = priority === "p1" ? LONGEST_URGENT_PAUSE_MS : LONGEST_PAUSE_MS;
      const pauseMs = Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.min(faults - 1, 20));
      const until = now() + pauseMs;
      if (known !== undefined || stuck.size < KEPT_MAX) stuck.set(key, { tenant, faults, until });
      return until;
    },
    noticed(tenant, finding, error) {
      onFault("page");
      const key = keyOf(tenant, finding);
      if (noticed.has(key) || noticed.size >= TOLD_MAX) return;
      noticed.add(key);
      tell(tenant, finding, error, "a page can't say all that it should: a fault of the program");
    },
    heldUntil(tenant, finding) {
      const until = stuck.get(keyOf(tenant, finding))?.until;
      return until !== undefined && until > now() ? until : undefined;
    },
    changed(tenant, finding) {
      const key = keyOf(tenant, finding);
      const known = stuck.get(key);
      if (known !== undefined) stuck.set(key, { ...known, until: 0 });
    },
    well(tenant, finding) {
      if (!stuck.delete(keyOf(tenant, finding))) return;
      logger.info({ tenant, finding }, "a finding can be paged about again");
    },
    stuck: (tenant) =>
      [...stuck.values()].filter((one) => tenant === undefined || one.tenant === tenant).length,
  };
}
