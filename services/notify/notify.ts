// The stage that calls people: finds findings whose paging is due, has the engine advance them, and sends what
// is written down then. All that it knows stands in the store; whatever dies, the next look goes on.
import type { Logger } from "pino";
import { isAppError, messageOf } from "../../config/errors.ts";
import type { Priority, TenantPaging } from "../../config/paging.ts";
import type { CircuitState } from "../llm/circuit.ts";
import { isOver } from "../paging/open.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { TEST_PAGE_KIND } from "../store/test-page.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { isAnswering, listenTo } from "./answering.ts";
import { lookInto, type OnDue, openEscalations, wakeGathered, watchLeaders } from "./looking.ts";
import type { NotifyMetrics, ReadByMetrics } from "./metrics.ts";
import { createOwnFaults, isOwnFault, type OwnFaults } from "./own-faults.ts";
import { createPlacing } from "./placing.ts";
import { createProofs } from "./proofs.ts";
import { createSenders, type OpenChannel } from "./senders.ts";
import { requestMonthly, sendTestPages, type TestPageParts } from "./test-pages.ts";
import { createWork, type WorkParts } from "./work.ts";

const TICK_MS = 100;
/** Changes of this process are told; those of others are found by looking. */
const LOOK_EVERY_MS = 1000;
const CALENDAR_EVERY_MS = 30_000;
const AGAIN_AFTER_MS = 1000;
/** Looks until what is gathered is looked after again. */
const LOOKS_PER_WAKING = 5;
const FAULTS_TOLD_MAX = 20;
/** What is on its way at the end is waited for so long; then its lease brings it back. */
const CLOSE_MS_MAX = 15_000;

export interface NotifyOptions extends Pick<WorkParts, "store" | "setupOf" | "keys" | "linksOf"> {
  /** Tenant → its on-call. */
  readonly paging: ReadonlyMap<string, TenantPaging>;
  readonly channels: ReadonlyMap<string, OpenChannel>;
  /** ms UTC; does not jump. */
  readonly now: () => number;
  /** ms UTC, as those write it who go by the wall clock; left out: the same. */
  readonly wall?: () => number;
  readonly metrics: (about: Omit<ReadByMetrics, "clockAheadMs">) => NotifyMetrics;
  readonly logger: Logger;
  /** Told how the stage gets on: a look that came to its end, and each finding's work. */
  readonly pulse?: NotifyPulse;
  readonly tickMs?: number;
  readonly lookEveryMs?: number;
}

interface NotifyPulse {
  readonly turned: () => void;
  readonly follow: (place: string, work: () => Promise<void>) => Promise<void>;
}

const NO_PULSE: NotifyPulse = { turned: () => undefined, follow: (_place, work) => work() };

export interface NotifyStage {
  /** Looks into the store now; what is due then begins. */
  look(): Promise<void>;
  /** Whether nothing is due and nothing is on its way at this moment. */
  isAtRest(): boolean;
  /** Findings that can't be worked on because of faults of the program. */
  stuck(tenant: string): number;
  /** Waits for what is on its way, within limits. */
  close(): Promise<void>;
}

/** Starts the stage. It never rejects for a store or a channel that is away: it tries again. */
export function startNotify(options: NotifyOptions): NotifyStage {
  const { store, paging, channels, logger, now } = options;
  const { setupOf, pulse = NO_PULSE, tickMs = TICK_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const tenants = [...paging.keys()];
  let open = 0;
  const metrics = options.metrics({
    openEscalations: () => open,
    stuckFindings: () => faults.stuck(),
  });
  const faults = createOwnFaults(now, (where) => metrics.ownFault(where), logger);
  const proofs = createProofs({ store, tenants, channels, now, logger });
  const onCircuit = (channel: string, state: CircuitState) => {
    metrics.circuit(channel, state);
    proofs.circuit(channel, state);
    if (state === "open") logger.warn({ channel }, "a channel does not take pages");
    if (state === "closed") logger.info({ channel }, "a channel takes pages again");
  };
  const senders = createSenders({ channels, now, onCircuit });
  const away = tellStore(metrics, logger, pulse.turned);
  const parts = { ...options, senders, proofs, metrics, placing: createPlacing(store) };
  const { agenda, work } = createDesk(parts, faults, away, pulse);
  const dueNow = (tenant: string) => (id: string, priority: Priority) =>
    agenda.at(tenant, id, now(), priority);
  const due = (tenant: string, finding: Finding) => {
    if (finding.paging === undefined) return;
    const { priority, dueAt = Number.POSITIVE_INFINITY } = finding.paging;
    faults.changed(tenant, finding.id);
    agenda.at(tenant, finding.id, isOver(finding) ? now() : Math.max(dueAt, now()), priority);
    agenda.begin();
  };
  const leaders = watchLeaders(store, dueNow);
  const look = oneAtATime(
    createLook(options, { agenda, dueNow }, (count) => {
      open = count;
      away.answered();
    }),
    away.failed,
  );
  const stop = new AbortController();
  const pages: TestPageParts = {
    ...{ store, senders, proofs, setupOf, now },
    pause: (ms) => pauseFor(ms, stop.signal),
  };
  const tests = startTestPages(pages, tenants, lookEveryMs, away.failed);
  const unwatch = tenants.flatMap((tenant) => [
    store.watch(tenant, FINDING_KIND, ({ document }) => {
      due(tenant, document);
      leaders.saw(tenant, document);
    }),
    store.watch(tenant, TEST_PAGE_KIND, ({ document }) => {
      if (document.state === "requested") tests.run();
    }),
  ]);
  const timers = [setInterval(agenda.begin, tickMs), setInterval(look.run, lookEveryMs)];
  const listening = [...channels].flatMap(([name, { channel }]) =>
    isAnswering(channel)
      ? [listenTo(name, channel, { ...options, metrics, now, logger }, stop.signal)]
      : [],
  );
  look.run();
  return {
    look: look.runToEnd,
    stuck: faults.stuck,
    isAtRest: () => agenda.isAtRest && work.underWay === 0,
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const end of unwatch) end();
      stop.abort();
      senders.drain();
      await Promise.race([
        Promise.all([...listening, look.ended(), work.settled(), tests.close()]),
        new Promise((resolve) => setTimeout(resolve, CLOSE_MS_MAX).unref()),
      ]);
      await agenda.close();
      // What became of the last pages is written down.
      await work.writeDown().catch(away.failed);
      await senders.close();
      await proofs.close();
    },
  };
}

type DeskParts = Omit<WorkParts, "onDue" | "onOutcome" | "onOwnFault">;

/** The work on findings, each at its time. What fails in one of them keeps no other one waiting. */
function createDesk(
  parts: DeskParts,
  faults: OwnFaults,
  away: ReturnType<typeof tellStore>,
  pulse: NotifyPulse,
) {
  const { now } = parts;
  const work = createWork({
    ...parts,
    onDue: (tenant, id, at, priority) => agenda.at(tenant, id, at, priority),
    onOutcome: () => agenda.begin(),
    onOwnFault: faults.noticed,
  });
  const onOne = async (tenant: string, id: string, priority: Priority) => {
    try {
      await work.on(tenant, id);
      faults.well(tenant, id);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      agenda.at(tenant, id, faults.failed(tenant, id, priority, error), priority);
      // As long as nobody is called about what can't wait, the stage does not get on.
      if (priority === "p1") throw error;
    }
  };
  const agenda = createAgenda(now, async (tenant, id, priority) => {
    const heldUntil = faults.heldUntil(tenant, id);
    if (heldUntil !== undefined) return agenda.at(tenant, id, heldUntil, priority);
    try {
      await pulse.follow(`${tenant} ${id}`, () => onOne(tenant, id, priority));
    } catch (error) {
      if (isOwnFault(error)) return;
      // Where many write, one of them has to try again later; the store is there.
      if (!isAppError(error, "HW_CONFLICT")) away.failed(error);
      agenda.at(tenant, id, now() + AGAIN_AFTER_MS, priority);
    }
  });
  return { agenda, work };
}

/** One look at all tenants. @param onEnd told how many findings somebody is called about */
function createLook(
  { store, paging, now, wall = now }: NotifyOptions,
  desk: { readonly agenda: Agenda; readonly dueNow: (tenant: string) => OnDue },
  onEnd: (open: number) => void,
): () => Promise<void> {
  const tenants = [...paging.keys()];
  let looks = 0;
  return async () => {
    const isWaking = looks++ % LOOKS_PER_WAKING === 0;
    await eachTenant(tenants, async (tenant) => {
      const due = desk.dueNow(tenant);
      // What was written with a wall clock that went ahead is found too; when it is due, the engine says.
      await lookInto(store, tenant, Math.max(now(), wall()) + 1, due);
      desk.agenda.begin();
      if (isWaking) await wakeGathered(store, tenant, due);
      desk.agenda.begin();
    });
    onEnd(await openEscalations(store, tenants));
  };
}

/** One that fails keeps no other one waiting. @throws what was the first to fail, at the end */
async function eachTenant(
  tenants: readonly string[],
  work: (tenant: string) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(tenants.map(work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Those that are asked for, and the calendar's. */
function startTestPages(
  parts: TestPageParts,
  tenants: readonly string[],
  lookEveryMs: number,
  onError: (error: unknown) => void,
) {
  const tests = oneAtATime(async () => {
    await eachTenant(tenants, (tenant) => sendTestPages(parts, tenant));
  }, onError);
  const calendar = oneAtATime(async () => {
    await eachTenant(tenants, (tenant) => requestMonthly(parts, tenant));
  }, onError);
  const timers = [
    setInterval(tests.run, lookEveryMs),
    setInterval(calendar.run, CALENDAR_EVERY_MS),
  ];
  for (const one of [tests, calendar]) one.run();
  return {
    run: tests.run,
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([tests.ended(), calendar.ended()]);
    },
  };
}

function tellStore(metrics: NotifyMetrics, logger: Logger, turned: () => void) {
  let isAway = false;
  const told = new Set<string>();
  return {
    failed(error: unknown) {
      if (isOwnFault(error)) {
        const reason = messageOf(error);
        metrics.ownFault("round");
        if (told.has(reason) || told.size >= FAULTS_TOLD_MAX) return;
        told.add(reason);
        logger.error({ err: error }, "a round of paging failed: a fault of the program");
        return;
      }
      metrics.storeAway(true);
      if (!isAway) logger.error({ reason: messageOf(error) }, "paging waits for the store");
      isAway = true;
    },
    answered() {
      metrics.storeAway(false);
      turned();
      if (isAway) logger.info("paging goes on");
      isAway = false;
    },
  };
}

/** Runs again right afterwards when it was asked to meanwhile; never rejects. */
function oneAtATime(work: () => Promise<void>, onError: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let isAsked = false;
  const run = () => {
    isAsked = running !== undefined;
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
        if (isAsked) run();
      });
  };
  const ended = async () => running;
  return {
    run,
    ended,
    async runToEnd() {
      run();
      await ended();
    },
  };
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
