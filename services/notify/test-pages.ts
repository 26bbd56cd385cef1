// Sends test pages: those that somebody asked for, and the one that the calendar asks for each month. What
// became of each contact stays in the store, as the proof that pages get through.
import { isAppError } from "../../config/errors.ts";
import { monthlyMoment } from "../paging/local-time.ts";
import { makeTestPage } from "../paging/make-page.ts";
import { type Receiver, receiversOf } from "../paging/receivers.ts";
import { isWorthRetry, retryDelayMs } from "../paging/retry.ts";
import type { PagingSetup } from "../paging/setup.ts";
import type { Store, Versioned } from "../store/store.ts";
import {
  requestedTestPage,
  TEST_PAGE_KIND,
  type TestPage,
  type TestPageResult,
} from "../store/test-page.ts";
import type { Proofs } from "./proofs.ts";
import type { Senders } from "./senders.ts";

const PAGES_PER_LOOK = 20;
const ATTEMPTS_MAX = 3;
/** Longer than all attempts of a page take. */
const LEASE_MS = 180_000;

export interface TestPageParts {
  readonly store: Store;
  readonly senders: Senders;
  readonly proofs: Proofs;
  readonly setupOf: (tenant: string, now: number) => Promise<PagingSetup | undefined>;
  readonly now: () => number;
  /** Waits without holding up the end of the process. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Writes the monthly request when its moment has come; the month's name keeps it from being written twice. */
export async function requestMonthly(parts: TestPageParts, tenant: string): Promise<void> {
  const now = parts.now();
  const setup = await parts.setupOf(tenant, now);
  const configured = setup?.paging.testPage;
  if (setup === undefined || configured === undefined) return;
  const { month, moment } = monthlyMoment(configured, now, setup.timeZone);
  if (now < moment) return;
  const id = `schedule-${month}`;
  if ((await parts.store.get(tenant, TEST_PAGE_KIND, id)) !== undefined) return;
  const target = { policy: configured.policy };
  const asked = { id, tenant, requestedAt: now, requestedBy: "schedule", target };
  try {
    await parts.store.create(tenant, TEST_PAGE_KIND, id, requestedTestPage(asked));
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
  }
}

/** Sends what is asked for and not sent by another process. */
export async function sendTestPages(parts: TestPageParts, tenant: string): Promise<void> {
  const page = await parts.store.search(tenant, TEST_PAGE_KIND, {
    terms: { state: ["requested", "sending"] },
    sort: [{ field: "requestedAt", order: "asc" }],
    limit: PAGES_PER_LOOK,
  });
  await Promise.all(page.hits.map(({ id }) => sendTestPage(parts, tenant, id)));
}

async function sendTestPage(parts: TestPageParts, tenant: string, id: string): Promise<void> {
  const { store, now } = parts;
  const found = await store.get(tenant, TEST_PAGE_KIND, id);
  const setup = await parts.setupOf(tenant, now());
  if (found === undefined || setup === undefined) return;
  const { document } = found;
  if (document.state === "done" || (document.leaseUntil ?? 0) > now()) return;
  const { receivers, nobody } = testReceivers(document.target, setup, now());
  const results = receivers.map((one) => resultOf(document, one));
  const leased = { ...document, state: "sending", results, nobody, leaseUntil: now() + LEASE_MS };
  const held = await replaced(store, found, { ...leased, state: "sending" });
  if (held === undefined) return;
  const done = await Promise.all(results.map((result) => sendOne(parts, document, result, setup)));
  const { leaseUntil: _, ...rest } = held.document;
  await replaced(store, held, { ...rest, state: "done", results: done, doneAt: now() });
}

interface TestReceivers {
  readonly receivers: readonly Receiver[];
  readonly nobody: string[];
}

function testReceivers(target: TestPage["target"], setup: PagingSetup, now: number): TestReceivers {
  const targets =
    "policy" in target ? (setup.paging.policies[target.policy]?.steps[0]?.to ?? []) : [target];
  const nobody = targets.flatMap((one) => {
    if (receiversOf([one], undefined, setup, now).length > 0) return [];
    if ("schedule" in one) return [`schedule:${one.schedule}`];
    return "person" in one ? [`person:${one.person}`] : [`channel:${one.channel}`];
  });
  return { receivers: receiversOf(targets, undefined, setup, now), nobody };
}

function resultOf({ id }: TestPage, { person, channel, contact }: Receiver): TestPageResult {
  const key = `${id}-${person ?? ""}-${channel}-${contact}`;
  const who = person === undefined ? {} : { person };
  return { id: `test-${key}`, ...who, channel, contact, state: "pending", attempts: 0 };
}

async function sendOne(
  { senders, proofs, now, pause }: TestPageParts,
  request: TestPage,
  result: TestPageResult,
  setup: PagingSetup,
): Promise<TestPageResult> {
  const { person, channel, contact, id } = result;
  const { requestedAt, target } = request;
  const language =
    (person === undefined ? undefined : setup.paging.people[person]?.language) ?? setup.language;
  const page = makeTestPage(setup, { requestedAt, language });
  const to = addressOfTest(target, result, setup);
  for (let attempt = 1; ; attempt += 1) {
    const sent = await senders.send(channel, { id, page, to, attempt });
    const at = now();
    proofs.attempted(setup.tenant, channel, id, sent, at);
    const base = { ...result, attempts: attempt, at };
    if (sent.kind === "handed_over") {
      const { reference } = sent;
      const named = reference === undefined ? {} : { reference };
      return { ...base, state: "handed_over", tookMs: at - requestedAt, ...named };
    }
    const isHopeless = sent.fault === "unknown_contact" || !isWorthRetry(sent.fault);
    if (isHopeless || attempt >= ATTEMPTS_MAX) {
      return { ...base, state: "failed", fault: `${sent.fault}: ${sent.message}`.slice(0, 300) };
    }
    await pause(retryDelayMs(`${id} ${contact}`, attempt, sent.retryAfterMs));
  }
}

function addressOfTest(
  target: TestPage["target"],
  { person, contact }: TestPageResult,
  { paging: { people, policies } }: PagingSetup,
): string | undefined {
  if (person !== undefined) return people[person]?.contacts[contact]?.to;
  if ("channel" in target) return target.to;
  const found = "policy" in target ? policies[target.policy]?.steps[0]?.to[contact] : undefined;
  return found !== undefined && "channel" in found ? found.to : undefined;
}

/** Undefined where another process was quicker. */
async function replaced(
  store: Store,
  { id, version }: Versioned<TestPage>,
  next: TestPage,
): Promise<Versioned<TestPage> | undefined> {
  try {
    return await store.replace(next.tenant, TEST_PAGE_KIND, id, next, version);
  } catch (error) {
    if (isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_NOT_FOUND")) return undefined;
    throw error;
  }
}
