// The stage that asks the language model about open findings, the first of the queue first, and writes
// down what it says beside them. Findings, their order and whatever pages people never wait for it and
// never see it: it reads findings and writes annotations.
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import { LEVELS, type Level, levelRank } from "../../detectors/detector.ts";
import type { ExplainParts } from "../llm/explain-case.ts";
import { ANNOTATION_KIND, type Annotation } from "../store/annotation.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { quietStates } from "../store/quiet-state.ts";
import type { Store, Versioned } from "../store/store.ts";
import { contentHashOf } from "./case-of-finding.ts";
import { answerRequest, explainFinding, type Outcome } from "./jobs.ts";
import type { LlmMetrics } from "./metrics.ts";
import { forgetOld } from "./retention.ts";
import { createWaiting, type Waiting } from "./waiting.ts";

const TICK_MS = 250;
/** Changes are told; what was missed all the same is found by looking. */
const LOOK_EVERY_MS = 300_000;
const FORGET_EVERY_MS = 3_600_000;
const FINDINGS_PER_LOOK = 500;
const REQUESTS_PER_LOOK = 100;
const FAILURES_MAX = 5;
const AGAIN_AFTER_MS = 30_000;
const LATER_AFTER_MS = 5000;
const DONE_REMEMBERED_MAX = 20_000;
const OPEN = ["new", "in_progress"];

export interface ExplainOptions {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly parts: ExplainParts;
  readonly minLevel: Level;
  readonly debounceMs: number;
  readonly concurrencyMax: number;
  readonly keepDays: number;
  /** IANA zone in which a tenant tells times. */
  readonly timeZoneOf: (tenant: string) => string;
  /** ms UTC. */
  readonly now: () => number;
  readonly metrics: (waiting: () => number) => LlmMetrics;
  /** Called at each turn of its loop. */
  readonly onTurn?: () => void;
  readonly logger: Logger;
}

export interface ExplainStage {
  /** Breaks off what runs and waits until it has ended. */
  close(): Promise<void>;
}

/** Starts the stage. It never rejects for a store or a model that is away: it tries again. */
export function startExplain(options: ExplainOptions): ExplainStage {
  const { store, tenants, logger, now } = options;
  const waiting = createWaiting(options.debounceMs);
  const metrics = options.metrics(() => waiting.size);
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const done = new Map<string, string>();
  const offer = (tenant: string, changed: Versioned<Finding>) => {
    const { id, document } = changed;
    const one = { tenant, kind: "finding" as const, id, score: document.score };
    if (!isAsked(document, options.minLevel)) waiting.drop(one);
    else if (done.get(`${tenant}/${id}`) !== contentHashOf(document)) waiting.offer(one, now());
  };
  const offerRequest = (tenant: string, { id, document }: Versioned<Annotation>) => {
    if (document.state === "requested") {
      waiting.offer({ tenant, kind: "request", id, score: 0 }, now());
    }
  };
  const work = async (one: Waiting) => {
    const outcome = await runOne(one, options, metrics, stop.signal);
    if (stop.signal.aborted) return;
    if (outcome.kind === "done" && outcome.contentHash !== undefined) {
      if (done.size >= DONE_REMEMBERED_MAX) done.clear();
      done.set(`${one.tenant}/${one.id}`, outcome.contentHash);
    }
    const next = comesAgain(one, outcome, now());
    if (next !== undefined) waiting.again(next);
  };
  const pump = () => {
    metrics.circuit(options.parts.client.circuit !== "closed");
    while (!stop.signal.aborted && running.size < options.concurrencyMax) {
      const one = waiting.take(now());
      if (one === undefined) return;
      const job: Promise<void> = work(one).finally(() => {
        running.delete(job);
        pump();
      });
      running.add(job);
    }
  };
  const look = everyNow("findings to explain can't be read", logger, async () => {
    for (const tenant of tenants) {
      for (const hit of await openFindings(store, tenant, options.minLevel)) offer(tenant, hit);
      for (const hit of await openRequests(store, tenant)) offerRequest(tenant, hit);
    }
  });
  const forget = everyNow("old annotations can't be deleted", logger, async () => {
    for (const tenant of tenants) await forgetOld(store, tenant, options.keepDays, now());
  });
  const unwatch = tenants.flatMap((tenant) => [
    store.watch(tenant, FINDING_KIND, (changed) => offer(tenant, changed)),
    store.watch(tenant, ANNOTATION_KIND, (changed) => offerRequest(tenant, changed)),
  ]);
  const timers = [
    setInterval(() => {
      pump();
      options.onTurn?.();
    }, TICK_MS),
    setInterval(look.run, LOOK_EVERY_MS),
    setInterval(forget.run, FORGET_EVERY_MS),
  ];
  look.run();
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const end of unwatch) end();
      stop.abort();
      await Promise.all([...running, look.ended(), forget.ended()]);
    },
  };
}

function isAsked(finding: Finding, minLevel: Level): boolean {
  return (
    OPEN.includes(finding.status) &&
    quietStates(finding).includes("none") &&
    levelRank(finding.detector.level) >= levelRank(minLevel)
  );
}

async function runOne(
  one: Waiting,
  options: ExplainOptions,
  metrics: LlmMetrics,
  stop: AbortSignal,
): Promise<Outcome> {
  try {
    return one.kind === "finding"
      ? await explainFinding(one, options, metrics, stop)
      : await answerRequest(one, options, metrics, stop);
  } catch (error) {
    if (!stop.aborted) {
      const { tenant, kind } = one;
      options.logger.warn({ tenant, kind, reason: messageOf(error) }, "an explanation failed");
    }
    return { kind: "failed" };
  }
}

/** `later`: it was not its fault, and counts as no failure. */
function comesAgain(one: Waiting, outcome: Outcome, now: number): Waiting | undefined {
  if (outcome.kind === "done") return undefined;
  if (outcome.kind === "later") return { ...one, dueAt: now + LATER_AFTER_MS };
  const failures = one.failures + 1;
  if (failures >= FAILURES_MAX) return undefined;
  return { ...one, failures, dueAt: now + AGAIN_AFTER_MS * 2 ** one.failures };
}

async function openFindings(store: Store, tenant: string, minLevel: Level) {
  const level = LEVELS.filter((one) => levelRank(one) >= levelRank(minLevel));
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { status: OPEN, quiet: ["none"], level },
    sort: [{ field: "score", order: "desc" }],
    limit: FINDINGS_PER_LOOK,
  });
  return page.hits;
}

async function openRequests(store: Store, tenant: string) {
  const page = await store.search(tenant, ANNOTATION_KIND, {
    terms: { state: ["requested"] },
    sort: [{ field: "createdAt", order: "asc" }],
    limit: REQUESTS_PER_LOOK,
  });
  return page.hits;
}

/** One after the other, told once when it fails; the next time comes anyway. */
function everyNow(failed: string, logger: Logger, task: () => Promise<void>) {
  let ended = Promise.resolve();
  let isFailing = false;
  const once = async () => {
    try {
      await task();
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ reason: messageOf(error) }, failed);
      isFailing = true;
    }
  };
  return {
    run: () => {
      ended = ended.then(once);
    },
    ended: () => ended,
  };
}
