// Sends stored reports of a suspicion wherever they are to go, and tries again until they are taken. What is
// pending stands in the documents, so that a restart forgets nothing; a lease keeps several processes
// from sending the same report at the same time.
import type { Logger } from "pino";
import { isAppError, messageOf } from "../../config/errors.ts";
import type { Store, Versioned } from "../store/store.ts";
import {
  SUSPICION_CHANNELS,
  SUSPICION_KIND,
  type Suspicion,
  type SuspicionChannel,
} from "../store/suspicion.ts";
import type { OutgoingReport } from "./suspicion-report-mail.ts";
import type { SuspicionLanguage } from "./suspicion-report-messages.ts";
import { suspicionText } from "./suspicion-report-text.ts";

const LOOK_EVERY_MS = 5000;
const REPORTS_PER_LOOK = 20;
/** Longer than all tries of one report can take. */
const LEASE_MS = 90_000;
const WAIT_FIRST_MS = 30_000;
const WAIT_LONGEST_MS = 6 * 3_600_000;
/** About a month of tries. */
const ATTEMPTS_MAX = 120;

type SuspicionChannels = Readonly<
  Partial<Record<SuspicionChannel, (report: OutgoingReport) => Promise<void>>>
>;

export interface SuspicionSenderOptions {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly channels: SuspicionChannels;
  readonly language: SuspicionLanguage;
  /** Takes identities out of what people wrote. */
  readonly protect: (tenant: string, text: string) => string;
  /** ms UTC. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly lookEveryMs?: number;
}

/** Starts sending; the result ends it and waits for the report at hand. */
export function startSuspicionSender(options: SuspicionSenderOptions): () => Promise<void> {
  const { tenants, logger } = options;
  const isFailing = new Map<SuspicionChannel, boolean>();
  let isClosed = false;
  let running: Promise<void> = Promise.resolve();
  let isStoreAway = false;
  const tell = (channel: SuspicionChannel, error: unknown) => {
    const failed = error !== undefined;
    if ((isFailing.get(channel) ?? false) === failed) return;
    isFailing.set(channel, failed);
    if (failed) logger.warn({ channel, reason: messageOf(error) }, "reports can't be sent");
    else logger.info({ channel }, "reports are sent again");
  };
  const look = async () => {
    try {
      for (const tenant of tenants) {
        for (const one of await pendingOf(options, tenant)) {
          if (isClosed) return;
          await deliver(options, tenant, one, tell);
        }
      }
      isStoreAway = false;
    } catch (error) {
      if (!isStoreAway) logger.warn({ reason: messageOf(error) }, "reports to send can't be read");
      isStoreAway = true;
    }
  };
  const tick = () => {
    running = running.then(() => (isClosed ? undefined : look()));
  };
  const timer = setInterval(tick, options.lookEveryMs ?? LOOK_EVERY_MS);
  tick();
  return async () => {
    isClosed = true;
    clearInterval(timer);
    await running;
  };
}

async function pendingOf(
  { store, now }: SuspicionSenderOptions,
  tenant: string,
): Promise<readonly Versioned<Suspicion>[]> {
  const page = await store.search(tenant, SUSPICION_KIND, {
    terms: { pending: [true] },
    ranges: { nextAt: { lt: now() + 1 } },
    sort: [{ field: "nextAt", order: "asc" }],
    limit: REPORTS_PER_LOOK,
  });
  return page.hits;
}

async function deliver(
  options: SuspicionSenderOptions,
  tenant: string,
  found: Versioned<Suspicion>,
  tell: (channel: SuspicionChannel, error: unknown) => void,
): Promise<void> {
  const { channels, now, language, protect } = options;
  const leased = await replaced(options, tenant, found, { nextAt: now() + LEASE_MS });
  // Another process was quicker.
  if (leased === undefined) return;
  const { document } = leased;
  const report = {
    id: document.id,
    ...suspicionText(document, language, (text) => protect(tenant, text)),
  };
  const delivered = { ...document.delivered };
  let hasFailed = false;
  for (const channel of SUSPICION_CHANNELS) {
    const send = channels[channel];
    if (send === undefined || delivered[channel] !== undefined) continue;
    try {
      await send(report);
      delivered[channel] = now();
      tell(channel, undefined);
    } catch (error) {
      hasFailed = true;
      tell(channel, error);
    }
  }
  const attempts = document.attempts + 1;
  const isOver = !hasFailed || attempts >= ATTEMPTS_MAX;
  const after = { delivered, attempts, pending: !isOver, nextAt: now() + waitMs(attempts) };
  const isTaken = Object.keys(delivered).length > Object.keys(document.delivered).length;
  const payload = { before: document.delivered, after: delivered };
  const audit = { at: now(), actor: "system", action: "suspicion.sent", subject: document.id };
  await replaced(options, tenant, leased, after, isTaken ? { ...audit, payload } : undefined);
  if (isOver && hasFailed) {
    options.logger.error({ report: document.id, attempts }, "a report was given up");
  }
}

/** Undefined where somebody else has written meanwhile. */
async function replaced(
  { store }: SuspicionSenderOptions,
  tenant: string,
  { id, version, document }: Versioned<Suspicion>,
  change: Partial<Suspicion>,
  audit?: Parameters<Store["replace"]>[5],
): Promise<Versioned<Suspicion> | undefined> {
  try {
    const next = { ...document, ...change };
    return await store.replace(tenant, SUSPICION_KIND, id, next, version, audit);
  } catch (error) {
    if (isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_NOT_FOUND")) return undefined;
    throw error;
  }
}

/** Doubling, from half a minute to six hours. */
function waitMs(attempts: number): number {
  return Math.min(WAIT_FIRST_MS * 2 ** (attempts - 1), WAIT_LONGEST_MS);
}
