// The backtests of a running service: few at a time, each can be watched and cancelled, and the last
// results are kept in memory until the service ends.
import { randomUUID } from "node:crypto";
import { AppError, isAppError } from "../../config/errors.ts";
import type { BacktestProgress, BacktestResult } from "./result.ts";

export interface JobLimits {
  readonly runningPerTenantMax: number;
  readonly runningMax: number;
  /** Finished ones whose results are kept, per tenant. */
  readonly keptPerTenantMax: number;
}

export const JOB_LIMITS: JobLimits = { runningPerTenantMax: 1, runningMax: 2, keptPerTenantMax: 5 };

/** A backtest as its owner sees it. */
export interface Job {
  readonly id: string;
  /** Title of the rule where it is one. */
  readonly name: string;
  readonly ruleCount: number;
  readonly startedAt: number;
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly progress: BacktestProgress;
  readonly result?: BacktestResult;
  /** Code of the error that ended it. */
  readonly fault?: string;
}

/** Does the work; ends with what it has when `signal` says so. */
export type JobWork = (
  signal: AbortSignal,
  onProgress: (progress: BacktestProgress) => void,
) => Promise<BacktestResult>;

export interface Jobs {
  /** @throws AppError HW_BUSY while as many run as may */
  start(tenant: string, about: Pick<Job, "name" | "ruleCount">, work: JobWork): Job;
  /** Newest first. */
  list(tenant: string): readonly Job[];
  get(tenant: string, id: string): Job | undefined;
  /** Ends a running one, forgets a finished one; says whether there was one. */
  remove(tenant: string, id: string): boolean;
  /** Cancels all and waits for them. */
  close(): Promise<void>;
}

interface Entry {
  job: Job;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export interface JobsOptions {
  readonly limits: JobLimits;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Told of failures that nobody expected. */
  readonly onError: (error: unknown) => void;
}

export function createJobs({ limits, now, onError }: JobsOptions): Jobs {
  // In the order of their start.
  const tenants = new Map<string, Map<string, Entry>>();
  const ofTenant = (tenant: string): Map<string, Entry> => {
    const known = tenants.get(tenant) ?? new Map<string, Entry>();
    tenants.set(tenant, known);
    return known;
  };
  const all = () => [...tenants.values()].flatMap((entries) => [...entries.values()]);
  return {
    start(tenant, about, work) {
      const entries = ofTenant(tenant);
      const own = [...entries.values()].filter(isRunning).length;
      const isFull = own >= limits.runningPerTenantMax;
      if (isFull || all().filter(isRunning).length >= limits.runningMax) {
        throw new AppError("HW_BUSY", "as many backtests are running as may run at once");
      }
      const entry = begin(about, work, now(), onError);
      entries.set(entry.job.id, entry);
      forgetOld(entries, limits.keptPerTenantMax + 1);
      return entry.job;
    },
    list: (tenant) => [...(tenants.get(tenant)?.values() ?? [])].map(({ job }) => job).reverse(),
    get: (tenant, id) => tenants.get(tenant)?.get(id)?.job,
    remove(tenant, id) {
      const entries = tenants.get(tenant);
      const entry = entries?.get(id);
      if (entry === undefined) return false;
      if (isRunning(entry)) entry.stop.abort();
      else entries?.delete(id);
      return true;
    },
    async close() {
      for (const { stop } of all()) stop.abort();
      await Promise.all(all().map(({ done }) => done));
    },
  };
}

function begin(
  about: Pick<Job, "name" | "ruleCount">,
  work: JobWork,
  startedAt: number,
  onError: (error: unknown) => void,
): Entry {
  const stop = new AbortController();
  const progress: BacktestProgress = { events: 0, hits: 0, share: 0 };
  const change = (changed: Partial<Job>): void => {
    entry.job = { ...entry.job, ...changed };
  };
  const run = async (): Promise<void> => {
    try {
      const result = await work(stop.signal, (now) => change({ progress: now }));
      change({ state: result.stopped === "cancelled" ? "cancelled" : "done", result });
    } catch (error) {
      if (stop.signal.aborted) return change({ state: "cancelled" });
      if (!isAppError(error)) onError(error);
      change({ state: "failed", fault: isAppError(error) ? error.code : "HW_INTERNAL" });
    }
  };
  const job: Job = { ...about, id: randomUUID(), startedAt, state: "running", progress };
  // The work begins after whoever asked for it was answered.
  const done = new Promise<void>((resolve) => setImmediate(resolve)).then(run);
  const entry: Entry = { job, stop, done };
  return entry;
}

function isRunning({ job }: Entry): boolean {
  return job.state === "running";
}

function forgetOld(entries: Map<string, Entry>, entriesMax: number): void {
  for (const [id, entry] of entries) {
    if (entries.size <= entriesMax) return;
    if (!isRunning(entry)) entries.delete(id);
  }
}
