// Works on one finding: asks the engine, writes what it says from the version that was read, and only then
// sends what was taken. What became of an attempt is kept until it is written, however long the store is away.
import { isAppError } from "../../config/errors.ts";
import type { Priority } from "../../config/paging.ts";
import type { Page } from "../channels/page.ts";
import { advance } from "../paging/engine.ts";
import { makeBarePage, makePage, type PageLinks } from "../paging/make-page.ts";
import { pageCode } from "../paging/page-code.ts";
import { addressOf } from "../paging/receivers.ts";
import { type Outcome, takePages, withOutcome } from "../paging/sending.ts";
import type { PagingSetup } from "../paging/setup.ts";
import type { KeyRing } from "../privacy/keys.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { FindingPaging, PageDelivery } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import type { NotifyMetrics } from "./metrics.ts";
import type { Placing } from "./placing.ts";
import type { Proofs } from "./proofs.ts";
import type { Senders, Sent } from "./senders.ts";
import { gatheredWith, surroundingsFor } from "./surroundings.ts";

const CONFLICT_RETRIES_MAX = 20;
const BUSY_MS = 100;
/** So long the first page of what can't wait is held for what is just being gathered in it. */
const TOGETHER_MS_MAX = 200;

/** Where the page of a person leads to. */
export type LinksOf = (about: {
  readonly tenant: string;
  readonly finding: string;
  readonly page: string;
  readonly person: string | undefined;
  /** ms UTC. */
  readonly now: number;
}) => PageLinks;

export interface WorkParts {
  readonly store: Store;
  readonly placing: Placing;
  readonly senders: Senders;
  readonly proofs: Proofs;
  readonly metrics: NotifyMetrics;
  readonly keys: KeyRing;
  readonly linksOf: LinksOf;
  /** Undefined: the tenant pages nobody. */
  readonly setupOf: (tenant: string, now: number) => Promise<PagingSetup | undefined>;
  /** ms UTC; does not jump. */
  readonly now: () => number;
  /** Told what is to be looked at when. */
  readonly onDue: (tenant: string, id: string, at: number, priority: Priority) => void;
  /** Told when an outcome is to be written: a crash before that has the page sent twice. */
  readonly onOutcome: () => void;
  /** Told of faults of the program that kept no page from going out. */
  readonly onOwnFault: (tenant: string, id: string, error: unknown) => void;
}

export interface Work {
  /** @throws what the store throws when it is away */
  on(tenant: string, id: string): Promise<void>;
  /** Attempts that are on their way. */
  readonly underWay: number;
  /** Writes down what became of attempts, where that was not done yet. @throws as `on` does */
  writeDown(): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

export function createWork(parts: WorkParts): Work {
  const { store, now, onDue } = parts;
  /** Tenant and finding → page → what became of it. */
  const outcomes = new Map<string, Map<string, Outcome>>();
  const sending = new Set<Promise<void>>();
  /** Tenant → what is worked on. */
  const running = new Map<string, Set<Promise<void>>>();
  const note = (tenant: string, { id, paging }: Finding, page: string, outcome: Outcome) => {
    const key = `${tenant}\n${id}`;
    outcomes.set(key, (outcomes.get(key) ?? new Map<string, Outcome>()).set(page, outcome));
    onDue(tenant, id, now(), paging?.priority ?? "p4");
    parts.onOutcome();
  };
  const written = (key: string, pages: Iterable<string>) => {
    const known = outcomes.get(key);
    for (const page of pages) known?.delete(page);
    if (known?.size === 0) outcomes.delete(key);
  };
  const begin = (finding: Finding, page: PageDelivery, setup: PagingSetup) => {
    const isFirst = page.attempts === 1 && finding.paging?.priority === "p1";
    const others = isFirst ? [...(running.get(setup.tenant) ?? [])] : [];
    const job: Promise<void> = within(TOGETHER_MS_MAX, Promise.allSettled(others))
      .then(() => attempt(parts, finding, page, setup))
      .then((outcome) => note(setup.tenant, finding, page.id, outcome))
      .finally(() => {
        parts.senders.free(page);
        sending.delete(job);
      });
    sending.add(job);
  };
  const workOn = async (tenant: string, id: string) => {
    const key = `${tenant}\n${id}`;
    for (let tries = 1; ; tries += 1) {
      const current = await store.get(tenant, FINDING_KIND, id);
      const setup = await parts.setupOf(tenant, now());
      if (current?.document.paging === undefined || setup === undefined) {
        outcomes.delete(key);
        return;
      }
      const known = new Map(outcomes.get(key));
      const done = await step(parts, current.document, known, setup);
      const { finding, taken } = done;
      try {
        if (finding.paging !== current.document.paging) {
          await store.replace(tenant, FINDING_KIND, id, finding, current.version);
          if (finding.paging?.ended !== current.document.paging.ended && finding.paging?.ended) {
            parts.metrics.ended(finding.paging.ended);
          }
        }
      } catch (error) {
        for (const page of taken) parts.senders.free(page);
        if (!isAppError(error, "HW_CONFLICT") || tries >= CONFLICT_RETRIES_MAX) throw error;
        continue;
      }
      written(key, known.keys());
      for (const page of taken) begin(finding, page, setup);
      const { dueAt: at, priority = "p4" } = finding.paging ?? {};
      // Nothing was to be done although it is due: a channel has no place for it yet.
      const isWaiting = finding.paging === current.document.paging;
      if (at !== undefined)
        onDue(tenant, id, Math.max(at, now() + (isWaiting ? BUSY_MS : 0)), priority);
      return;
    }
  };
  const on = async (tenant: string, id: string) => {
    const jobs = running.get(tenant) ?? new Set();
    running.set(tenant, jobs);
    const job = workOn(tenant, id);
    jobs.add(job);
    try {
      await job;
    } finally {
      jobs.delete(job);
    }
  };
  return {
    async writeDown() {
      for (const key of [...outcomes.keys()]) {
        const [tenant = "", id = ""] = key.split("\n");
        await on(tenant, id);
      }
    },
    get underWay() {
      return sending.size;
    },
    async settled() {
      await Promise.all(sending);
    },
    on,
  };
}

/** The finding as it is to be written, and the pages that are to go out then. */
async function step(
  { store, placing, senders, now }: WorkParts,
  before: Finding,
  outcomes: ReadonlyMap<string, Outcome>,
  setup: PagingSetup,
): Promise<{ readonly finding: Finding; readonly taken: readonly PageDelivery[] }> {
  let { paging } = before;
  for (const [page, outcome] of outcomes) {
    if (paging !== undefined) paging = withOutcome(paging, page, outcome);
  }
  if (paging === undefined) return { finding: before, taken: [] };
  const finding: Finding = { ...before, paging };
  const moment = now();
  const around = await surroundingsFor(store, placing, finding, moment, setup);
  const advanced: FindingPaging = advance(finding, moment, setup, around) ?? paging;
  const { paging: next, taken } = takePages(advanced, moment, (page) =>
    senders.turn(page, moment, advanced.priority),
  );
  return { finding: { ...finding, paging: next }, taken };
}

/** One attempt; never rejects. */
async function attempt(
  parts: WorkParts,
  finding: Finding,
  delivery: PageDelivery,
  setup: PagingSetup,
): Promise<Outcome> {
  const { senders, proofs, metrics, now } = parts;
  const { channel, attempts } = delivery;
  const { paging } = finding;
  const address = addressOf(delivery, paging?.policy, setup.paging);
  let sent: Sent;
  let told: readonly string[] = [];
  if (paging === undefined || address === undefined) {
    sent = { kind: "fault", fault: "unknown_contact", message: "not configured any more" };
  } else {
    const made = await pageOf(parts, finding, paging, delivery, setup).catch(() => undefined);
    told = made?.told ?? [];
    sent =
      made === undefined
        ? { kind: "fault", fault: "unreachable", message: "the page could not be made" }
        : await senders.send(channel, {
            ...{ id: delivery.id, page: made.page, to: address.to, attempt: attempts },
          });
  }
  const at = now();
  proofs.attempted(setup.tenant, channel, delivery.id, sent, at);
  if (sent.kind === "handed_over") {
    metrics.handedOver(channel, paging?.priority ?? "p4", at - delivery.dueAt);
  } else {
    metrics.failed(channel, sent.fault, ["refused", "unknown_contact"].includes(sent.fault));
  }
  return sent.kind === "handed_over" ? { ...sent, at, told } : { ...sent, at };
}

/**
 * The page, with what it tells of beside its own finding. What can't be told because of a fault of the program
 * is left out: that somebody is called counts for more.
 * @throws what the store throws when it is away
 */
async function pageOf(
  { store, keys, linksOf, now, onOwnFault }: WorkParts,
  finding: Finding,
  paging: FindingPaging,
  delivery: PageDelivery,
  setup: PagingSetup,
): Promise<{ readonly page: Page; readonly told: readonly string[] }> {
  const { tenant } = setup;
  const { person } = delivery;
  const { gathered, gatheredCount } = await gatheredWith(store, tenant, finding.id);
  const language =
    (person === undefined ? undefined : setup.paging.people[person]?.language) ?? setup.language;
  const about = { tenant, finding: finding.id, page: delivery.id, person, now: now() };
  const parts = {
    ...{ finding, paging, delivery, language, gatheredCount, now: about.now },
    ...{ code: pageCode(keys, tenant, finding.id, paging), links: linksOf(about) },
  };
  const ways = [
    () => ({ page: makePage({ ...parts, gathered }, setup), told: gathered.map(({ id }) => id) }),
    () => ({ page: makePage({ ...parts, gathered: [] }, setup), told: [] }),
  ];
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      onOwnFault(tenant, finding.id, error);
    }
  }
  return { page: makeBarePage({ ...parts, gathered: [] }, setup), told: [] };
}

async function within(msMax: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, msMax);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
