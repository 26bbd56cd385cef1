// Carries out bulk changes and takes them back, chunk by chunk. Each finding names the job that has changed
// it, so that a chunk which a crash has left half done can be gone through again; the job's document tells
// how far it is and which process works on it.
import { setTimeout as delay } from "node:timers/promises";
import { AppError, isAppError } from "../../config/errors.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import { applyBulk, bulkAction, isAsApplied, restoreBulk, touchedOf } from "./bulk-change.ts";
import {
  BULK_CHUNK_KIND,
  BULK_JOB_KIND,
  type BulkChunk,
  type BulkJob,
  type BulkPass,
  chunkId,
  LEFT_OUT_NAMED_MAX,
} from "./bulk-job.ts";
import { findingEntry } from "./finding-changes.ts";

/** A job without a sign of life for so long is gone on with by another process. */
const ABANDONED_MS = 30_000;
const RETRY_MS = 1000;

export interface BulkParts {
  readonly store: Store;
  readonly clock: () => number;
  /** Brings up to date what depends on these findings; may be asked again after a crash. */
  readonly follow: (tenant: string, ids: readonly string[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface BulkRunner {
  /** Begins to work on a job that is running or being undone; its caller does not wait. */
  start(tenant: string, job: string): void;
  /** Goes on with what nobody works on any more. */
  resume(): Promise<void>;
  /** Stops after the chunk at hand; another start goes on. */
  close(): Promise<void>;
}

export function createBulkRunner(parts: BulkParts): BulkRunner {
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const start = (tenant: string, job: string): void => {
    const key = `${tenant}/${job}`;
    if (running.has(key) || stop.signal.aborted) return;
    const work = runJob(parts, tenant, job, stop.signal)
      .catch(parts.onError)
      .finally(() => running.delete(key));
    running.set(key, work);
  };
  return {
    start,
    async resume() {
      for (const tenant of await parts.store.tenants()) {
        const found = await parts.store.search(tenant, BULK_JOB_KIND, {
          terms: { state: ["running", "undoing"] },
          sort: [{ field: "createdAt", order: "asc" }],
          limit: 100,
        });
        for (const { id, document } of found.hits)
          if (document.beatAt + ABANDONED_MS < parts.clock()) start(tenant, id);
      }
    },
    async close() {
      stop.abort();
      await Promise.allSettled(running.values());
    },
  };
}

async function runJob(
  parts: BulkParts,
  tenant: string,
  id: string,
  stop: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      while (!stop.aborted) if (!(await step(parts, tenant, id))) return;
      return;
    } catch (error) {
      // Another process has gone on with it.
      if (isAppError(error, "HW_CONFLICT")) return;
      if (!isAppError(error, "HW_UNAVAILABLE")) throw error;
      await delay(RETRY_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

/** One chunk further; false when there is nothing more to do. @throws AppError HW_CONFLICT */
async function step(parts: BulkParts, tenant: string, id: string): Promise<boolean> {
  const { store, clock } = parts;
  const present = await store.get(tenant, BULK_JOB_KIND, id);
  const work = present && passOf(present.document);
  if (present === undefined || work === undefined) return false;
  const { name, pass } = work;
  const job = present.document;
  if (pass.position < job.chunks) {
    const chunk = await store.get(tenant, BULK_CHUNK_KIND, chunkId(id, pass.position));
    if (chunk === undefined) throw new AppError("HW_INTERNAL", "a chunk is gone", { place: id });
    const next = await runChunk(store, job, name, pass, chunk.document);
    const beatAt = clock();
    await store.replace(
      tenant,
      BULK_JOB_KIND,
      id,
      { ...job, [name]: next, beatAt },
      present.version,
    );
    return true;
  }
  await parts.follow(tenant, await idsOf(store, job));
  const at = clock();
  const state = name === "apply" ? "done" : "undone";
  const done: BulkJob = { ...job, [name]: { ...pass, finishedAt: at }, state, beatAt: at };
  await store.replace(tenant, BULK_JOB_KIND, id, done, present.version);
  return false;
}

function passOf(job: BulkJob): { name: "apply" | "undo"; pass: BulkPass } | undefined {
  if (job.state === "running" && job.apply !== undefined) return { name: "apply", pass: job.apply };
  if (job.state === "undoing" && job.undo !== undefined) return { name: "undo", pass: job.undo };
  return undefined;
}

type Outcome = "done" | "changed" | "missing";

async function runChunk(
  store: Store,
  job: BulkJob,
  name: "apply" | "undo",
  pass: BulkPass,
  chunk: BulkChunk,
): Promise<BulkPass> {
  const members = new Map(chunk.members.map((member) => [member.id, member]));
  const outcomes = new Map<string, Outcome>();
  const revise = name === "apply" ? applying(job, pass) : undoing(job, pass);
  const ids = [...members.keys()];
  const results = await store.reviseAll(job.tenant, FINDING_KIND, ids, (present) => {
    const member = members.get(present.id);
    if (member === undefined) return undefined;
    const { outcome, revised } = revise(present, member);
    outcomes.set(present.id, outcome);
    return revised;
  });
  const leftOut = { ...pass.leftOut, named: [...pass.leftOut.named] };
  let { done } = pass;
  for (const [at, id] of ids.entries()) {
    const outcome = results[at] === "missing" ? "missing" : (outcomes.get(id) ?? "missing");
    if (outcome === "done") done += 1;
    else {
      leftOut[outcome] += 1;
      if (leftOut.named.length < LEFT_OUT_NAMED_MAX) leftOut.named.push(id);
    }
  }
  return { ...pass, position: pass.position + 1, done, leftOut };
}

type Member = BulkChunk["members"][number];

interface Step {
  readonly outcome: Outcome;
  readonly revised?: {
    readonly document: Finding;
    readonly audit: ReturnType<typeof findingEntry>;
  };
}

function applying(job: BulkJob, by: BulkPass) {
  const action = bulkAction(job.change);
  const more = { bulk: job.id };
  return (present: Versioned<Finding>, member: Member): Step => {
    const { document } = present;
    // Before a crash, by this very chunk.
    if (document.bulkJob === job.id) return { outcome: "done" };
    if (present.version !== member.version) return { outcome: "changed" };
    const next = applyBulk(document, job, by);
    const audit = findingEntry(document, next, { at: by.at, actor: by.actor, action, more });
    return { outcome: "done", revised: { document: next, audit } };
  };
}

function undoing(job: BulkJob, by: BulkPass) {
  const action = "finding.bulk_undo";
  const more = { bulk: job.id };
  const { apply } = job;
  return ({ document, version }: Versioned<Finding>, { before, ...frozen }: Member): Step => {
    if (apply === undefined) return { outcome: "changed" };
    if (!isAsApplied(document, before, job, apply)) {
      // Taken back before a crash: two writes after the frozen state, and as it was.
      const isBack = version > frozen.version + 1 && isSame(touchedOf(document), before);
      return { outcome: isBack ? "done" : "changed" };
    }
    const next = restoreBulk(document, before);
    const audit = findingEntry(document, next, { at: by.at, actor: by.actor, action, more });
    return { outcome: "done", revised: { document: next, audit } };
  };
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
}

async function idsOf(store: Store, job: BulkJob): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < job.chunks; at += 1) {
    const chunk = await store.get(job.tenant, BULK_CHUNK_KIND, chunkId(job.id, at));
    for (const { id } of chunk?.document.members ?? []) ids.push(id);
  }
  return ids;
}
