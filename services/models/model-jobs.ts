// Changes of models that somebody asks for: training and judging run in the background, one at a time, beside
// detection; tenants take turns. Promoting and going back are one write each.
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { AppError, isAppError } from "../../config/errors.ts";
import { MODEL_KIND, type Model, type ModelName } from "../store/model.ts";
import { changeModel, trainedModel } from "./change-model.ts";
import { promoted, rolledBack, versionIn } from "./register.ts";
import { evaluateModel, type TrainingParts, trainModel } from "./train.ts";

/** Of each tenant. */
const JOBS_KEPT = 20;

interface Job {
  readonly id: string;
  readonly model: ModelName;
  readonly kind: "train" | "evaluate";
  /** ms UTC; while it waits for those of other tenants, when it was asked for. */
  readonly startedAt: number;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** The version that was trained or judged. */
  readonly version?: number;
  /** Code of the error that ended it, and where that happened. */
  readonly fault?: string;
  readonly place?: string;
}

export interface ModelJobs {
  /** Latest first. */
  jobs(tenant: string): readonly Job[];
  /** @throws AppError HW_BUSY while another one of the tenant waits or runs */
  train(
    tenant: string,
    name: ModelName,
    ask: { readonly days: number; readonly seed: number; readonly isFresh?: boolean },
    actor: string,
  ): Job;
  /** @throws AppError HW_BUSY, HW_NOT_FOUND without the version */
  evaluate(
    tenant: string,
    name: ModelName,
    ask: { readonly days: number; readonly version?: number | undefined },
    actor: string,
  ): Promise<Job>;
  /** Without a version the one in the shadow. @throws AppError HW_NOT_FOUND, HW_CONFLICT when it is active */
  promote(
    tenant: string,
    name: ModelName,
    version: number | undefined,
    actor: string,
  ): Promise<Model>;
  /**
   * @param version the one that is meant to be active then; undefined: whichever it is
   * @throws AppError HW_NOT_FOUND, HW_CONFLICT without a version to go back to, or with another one
   */
  rollback(
    tenant: string,
    name: ModelName,
    version: number | undefined,
    actor: string,
  ): Promise<Model>;
  /** Ends one that waits or runs; it is `cancelled` soon after. Says whether it did. */
  cancel(tenant: string, id: string): boolean;
  /** Ends what runs, and waits for that. */
  close(): Promise<void>;
}

export interface ModelJobsParts extends TrainingParts {
  readonly logger: Pick<Logger, "info" | "error">;
}

export function createModelJobs(parts: ModelJobsParts): ModelJobs {
  const { store, now } = parts;
  const runner = createRunner(parts);
  return {
    jobs: runner.jobs,
    cancel: runner.cancel,
    close: runner.close,
    train: (tenant, name, ask, actor) =>
      runner.start(tenant, { model: name, kind: "train" }, (signal) =>
        trainModel(parts, { tenant, name, ...ask, actor }, signal),
      ),
    async evaluate(tenant, name, { days, version: asked }, actor) {
      const model = trainedModel((await store.get(tenant, MODEL_KIND, name))?.document);
      const version = asked ?? (versionIn(model, "shadow") ?? versionIn(model, "active"))?.version;
      if (version === undefined || !model.versions.some((one) => one.version === version))
        throw new AppError("HW_NOT_FOUND", "no such version of the model");
      return runner.start(tenant, { model: name, kind: "evaluate" }, (signal) =>
        evaluateModel(parts, { tenant, name, days, version, actor }, signal),
      );
    },
    async promote(tenant, name, version, actor) {
      const by = { at: now(), actor };
      const { after } = await changeModel({
        ...{ store, tenant, name, action: "model.promote", ...by },
        next: (present) => promoted(trainedModel(present), version, by),
      });
      return after;
    },
    async rollback(tenant, name, version, actor) {
      const by = { at: now(), actor };
      const { after } = await changeModel({
        ...{ store, tenant, name, action: "model.rollback", ...by },
        next: (present) => rolledBack(trainedModel(present), by, version),
      });
      return after;
    },
  };
}

interface Entry {
  readonly tenant: string;
  job: Job;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * One job at a time: it needs a core of its own. Each tenant has one that waits or runs, and they come in the order
 * in which they were asked for: whoever trains again and again has one turn beside each of the others.
 */
function createRunner({ logger, now }: Pick<ModelJobsParts, "logger" | "now">) {
  const entries: Entry[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const run = async (entry: Entry, work: (signal: AbortSignal) => Promise<number>) => {
    const { tenant, stop } = entry;
    if (stop.signal.aborted) {
      entry.job = { ...entry.job, state: "cancelled" };
      return;
    }
    entry.job = { ...entry.job, state: "running", startedAt: now() };
    try {
      const version = await work(stop.signal);
      entry.job = { ...entry.job, state: "done", version };
      logger.info({ tenant, ...entry.job }, "a model is ready");
    } catch (error) {
      const { code: fault, place } = isAppError(error)
        ? error
        : { code: "HW_INTERNAL", place: undefined };
      entry.job = stop.signal.aborted
        ? { ...entry.job, state: "cancelled" }
        : { ...entry.job, state: "failed", fault, ...(place === undefined ? {} : { place }) };
      if (!stop.signal.aborted)
        logger.error({ err: error, tenant, ...entry.job }, "a model failed");
    }
  };
  const end = (entry: Entry) => {
    entry.stop.abort();
    if (entry.job.state === "waiting") entry.job = { ...entry.job, state: "cancelled" };
  };
  const forget = (tenant: string) => {
    const own = entries.filter((entry) => entry.tenant === tenant && !isOpen(entry));
    const [oldest] = own.length < JOBS_KEPT ? [] : own;
    if (oldest !== undefined) entries.splice(entries.indexOf(oldest), 1);
  };
  return {
    jobs: (tenant: string) =>
      entries.flatMap((entry) => (entry.tenant === tenant ? [entry.job] : [])).reverse(),
    start(
      tenant: string,
      about: Pick<Job, "model" | "kind">,
      work: (signal: AbortSignal) => Promise<number>,
    ): Job {
      if (entries.some((entry) => entry.tenant === tenant && isOpen(entry)))
        throw new AppError("HW_BUSY", "another model is trained or judged");
      forget(tenant);
      const state = entries.some(isOpen) ? "waiting" : "running";
      const job: Job = { id: randomUUID(), ...about, startedAt: now(), state };
      // The work begins after whoever asked for it was answered.
      const begun = new Promise<void>((resolve) => setImmediate(resolve));
      const entry: Entry = {
        ...{ tenant, job, stop: new AbortController() },
        done: Promise.all([last, begun]).then(() => run(entry, work)),
      };
      last = entry.done;
      entries.push(entry);
      return job;
    },
    cancel(tenant: string, id: string): boolean {
      const found = entries.find(
        (entry) => entry.tenant === tenant && entry.job.id === id && isOpen(entry),
      );
      if (found !== undefined) end(found);
      return found !== undefined;
    },
    async close() {
      for (const entry of entries) end(entry);
      await last;
    },
  };
}

function isOpen({ job: { state } }: Entry): boolean {
  return state === "waiting" || state === "running";
}
