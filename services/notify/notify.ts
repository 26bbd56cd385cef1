// The stage that calls people: finds findings whose paging is due, has the engine advance them, and sends what
// is written down then. All that it knows stands in the store; whatever dies, the next look goes on.
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import type { TenantPaging } from "../../config/paging.ts";
import type { CircuitState } from "../llm/circuit.ts";
import { isOver } from "../paging/open.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { TEST_PAGE_KIND } from "../store/test-page.ts";
import { createAgenda } from "./agenda.ts";
import { isAnswering, listenTo } from "./answering.ts";
import type { NotifyMetrics } from "./metrics.ts";
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
const FINDINGS_PER_PAGE = 500;
const PAGES_PER_LOOK = 20;
/** Gathered findings that are told at once when the one that tells of them was answered. */
const GATHERED_WOKEN_MAX = 500;
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
  readonly metrics: (about: { readonly openEscalations: () => number }) => NotifyMetrics;
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
  /** Waits for what is on its way, within limits. */
  close(): Promise<void>;
}

/** Starts the stage. It never rejects for a store or a channel that is away: it tries again. */
export function startNotify(options: NotifyOptions): NotifyStage {
  const { store, paging, channels, logger, now } = options;
  const { setupOf, pulse = NO_PULSE, tickMs = TICK_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const tenants = [...paging.keys()];
  let open = 0;
  const metrics = options.metrics({ openEscalations: () => open });
  const proofs = createProofs({ store, tenants, channels, now, logger });
  const onCircuit = (channel: string, state: CircuitState) => {
    metrics.circuit(channel, state);
    proofs.circuit(channel, state);
    if (state === "open") logger.warn({ channel }, "a channel does not take pages");
    if (state === "closed") logger.info({ channel }, "a channel takes pages again");
  };
  const senders = createSenders({ channels, now, onCircuit });
  const away = tellStore(metrics, logger, pulse.turned);
  const work = createWork({
    ...{ ...options, senders, proofs, metrics, placing: createPlacing(store) },
    onDue: (tenant, id, at) => agenda.at(tenant, id, at),
    onOutcome: () => agenda.begin(),
  });
  const agenda = createAgenda(now, async (tenant, id) => {
    try {
      await pulse.follow(`${tenant} ${id}`, () => work.on(tenant, id));
    } catch (error) {
      away.failed(error);
      agenda.at(tenant, id, now() + AGAIN_AFTER_MS);
    }
  });
  const due = (tenant: string, finding: Finding) => {
    if (finding.paging === undefined) return;
    const at = isOver(finding) ? 0 : (finding.paging.dueAt ?? Number.POSITIVE_INFINITY);
    agenda.at(tenant, finding.id, Math.max(at, now()));
    agenda.begin();
  };
  const leaders = watchLeaders(store, (tenant, ids) => {
    for (const id of ids) agenda.at(tenant, id, now());
  });
  const look = oneAtATime(async () => {
    await eachTenant(tenants, async (tenant) => {
      await lookInto(options, tenant, (id) => agenda.at(tenant, id, now()));
      agenda.begin();
    });
    open = await openEscalations(store, tenants);
    away.answered();
  }, away.failed);
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

/** One that fails keeps no other one waiting. @throws what was the first to fail, at the end */
async function eachTenant(
  tenants: readonly string[],
  work: (tenant: string) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(tenants.map(work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function lookInto(
  { store, now, wall = now }: NotifyOptions,
  tenant: string,
  due: (id: string) => void,
): Promise<void> {
  // What was written with a wall clock that went ahead is found too; when it is due, the engine says.
  const until = Math.max(now(), wall()) + 1;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_PER_LOOK; page += 1) {
    const found = await store.search(tenant, FINDING_KIND, {
      ranges: { pagingDueAt: { lt: until } },
      sort: [{ field: "pagingDueAt", order: "asc" }],
      limit: FINDINGS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of found.hits) due(id);
    cursor = found.cursor;
    if (cursor === undefined) return;
  }
}

async function openEscalations(store: Store, tenants: readonly string[]): Promise<number> {
  let open = 0;
  for (const tenant of tenants) {
    const terms = { pagingState: ["escalating", "quiet"] };
    open += (await store.search(tenant, FINDING_KIND, { terms, sort: [], limit: 1 })).total;
  }
  return open;
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

/** Wakes what was told with a finding as soon as that one is answered or over. */
function watchLeaders(store: Store, wake: (tenant: string, ids: readonly string[]) => void) {
  const underWay = new Set<string>();
  const wakeAll = async (tenant: string, leader: string) => {
    const page = await store.search(tenant, FINDING_KIND, {
      terms: { pagingGatheredIn: [leader], pagingState: ["gathered"] },
      sort: [],
      limit: GATHERED_WOKEN_MAX,
    });
    wake(
      tenant,
      page.hits.map(({ id }) => id),
    );
  };
  return {
    saw(tenant: string, { id, paging }: Finding) {
      const key = `${tenant}\n${id}`;
      if (paging?.leads === true && ["escalating", "quiet"].includes(paging.state)) {
        underWay.add(key);
      } else if (underWay.delete(key)) {
        // Without it they look by themselves within a minute.
        wakeAll(tenant, id).catch(() => undefined);
      }
    },
  };
}

function tellStore(metrics: NotifyMetrics, logger: Logger, turned: () => void) {
  let isAway = false;
  return {
    failed(error: unknown) {
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
