// The page on its way: taken by a sender for a while, then handed over, to be tried again, or given up. Who
// has taken it stands in the finding, so that of several processes one sends it, and after a crash another
// one does when the lease is over. Pure.
import type { FaultKind } from "../channels/channel.ts";
import { type FindingPaging, type PageDelivery, TOLD_KEPT_MAX } from "../store/paging.ts";
import { withDue, withSkipped } from "./paging-state.ts";
import { GIVE_UP_AFTER_MS, isWorthRetry, retryDelayMs } from "./retry.ts";

const FAULT_CHARACTERS_MAX = 300;

/** What a sender says of a page that is due: it goes, or not before a moment (ms UTC). */
export type Turn = { readonly leaseMs: number } | { readonly notBefore: number };

export type Outcome =
  | {
      readonly kind: "handed_over";
      readonly at: number;
      readonly reference: string | undefined;
      /** Findings that it told of beside its own. */
      readonly told?: readonly string[] | undefined;
    }
  | {
      readonly kind: "fault";
      readonly at: number;
      readonly fault: FaultKind | "unknown_contact";
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    };

/** Takes what is due. @returns the same paging when nothing is */
export function takePages(
  paging: FindingPaging,
  now: number,
  turnOf: (page: PageDelivery) => Turn,
): { readonly paging: FindingPaging; readonly taken: readonly PageDelivery[] } {
  const taken: PageDelivery[] = [];
  let isChanged = false;
  const pages = paging.pages.map((page) => {
    const { state, nextAt, dueAt, attempts } = page;
    if (state !== "pending" || (nextAt ?? dueAt) > now) return page;
    const turn = turnOf(page);
    if ("notBefore" in turn) {
      if (turn.notBefore <= now) return page;
      isChanged = true;
      return { ...page, nextAt: turn.notBefore };
    }
    isChanged = true;
    const next = { ...page, attempts: attempts + 1, sentAt: now, nextAt: now + turn.leaseMs };
    taken.push(next);
    return next;
  });
  return { paging: isChanged ? withDue({ ...paging, pages }) : paging, taken };
}

/** Writes down what became of an attempt; the same object when that is known or wanted by nobody. */
export function withOutcome(paging: FindingPaging, id: string, outcome: Outcome): FindingPaging {
  const page = paging.pages.find((one) => one.id === id);
  const isWanted = page?.state === "pending" || page?.state === "dropped";
  if (page === undefined || !isWanted) return paging;
  // It was taken although nobody waits for it any more: who was called must stand here.
  if (page.state === "dropped" && outcome.kind !== "handed_over") return paging;
  const next = afterAttempt(page, outcome);
  const pages = paging.pages.map((one) => (one === page ? next : one));
  return withDue(hastened({ ...paging, pages }, next, outcome.at));
}

function afterAttempt(page: PageDelivery, outcome: Outcome): PageDelivery {
  const { nextAt: _, fault: __, ...rest } = page;
  const { at } = outcome;
  if (outcome.kind === "handed_over") {
    const { reference, told = [] } = outcome;
    const named = reference === undefined ? {} : { reference: reference.slice(0, 200) };
    return {
      ...{ ...rest, state: "handed_over", at, ...named },
      ...(told.length === 0 ? {} : { told: told.slice(0, TOLD_KEPT_MAX) }),
    };
  }
  const fault = `${outcome.fault}: ${outcome.message}`.slice(0, FAULT_CHARACTERS_MAX);
  const isHopeless = outcome.fault === "unknown_contact" || !isWorthRetry(outcome.fault);
  if (isHopeless || at - page.dueAt >= GIVE_UP_AFTER_MS)
    return { ...rest, state: "failed", at, fault };
  const nextAt = at + retryDelayMs(page.id, page.attempts, outcome.retryAfterMs);
  return { ...rest, fault, nextAt };
}

function isOfStep(one: PageDelivery, { opening, round, step }: PageDelivery): boolean {
  return one.opening === opening && one.round === round && one.step === step;
}

/** A step none of whose pages can ever get through is over at once. */
function hastened(paging: FindingPaging, page: PageDelivery, at: number) {
  const { round, step, state } = page;
  const last = paging.pages.at(-1);
  const isPresent = last !== undefined && isOfStep(last, page);
  if (state !== "failed" || !isPresent || paging.state !== "escalating") return paging;
  const own = paging.pages.filter((one) => isOfStep(one, page));
  const hasNext = paging.round === round && paging.step > step;
  if (!hasNext || own.some((one) => one.state !== "failed")) return paging;
  const skipped = withSkipped(paging, { round, step, why: "refused" });
  return { ...paging, skipped, stepAt: Math.min(paging.stepAt ?? at, at) };
}
