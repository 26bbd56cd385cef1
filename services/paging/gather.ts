// Gathering: in a storm few pages begin by themselves, the others are told with one of them. Nothing is lost
// by it: what is gathered looks after the finding that tells of it, and pages by itself when that one was
// answered or ended before any of its pages told of it. Pure.
import type { Priority } from "../../config/paging.ts";
import type { Finding } from "../store/finding.ts";
import { ANSWERS_KEPT_MAX, type FindingPaging } from "../store/paging.ts";
import { GATHERED_LOOK_MS } from "./paging-state.ts";
import { isAtLeast } from "./priority.ts";

export const OPENINGS_WINDOW_MS = 3_600_000;
/** A page tells of what was gathered so long before it: until then a search may not see it. */
const SEEN_AFTER_MS = 2000;

/** Where a page that is to begin has its place. */
export type Place =
  | { readonly kind: "leads" }
  /** Told with this finding. */
  | { readonly kind: "gathered"; readonly leader: string }
  /** Nobody tells of it and no more may begin now. */
  | { readonly kind: "waits"; readonly until: number };

/** A finding that pages by itself, as it is now. */
export interface Leader {
  readonly finding: string;
  readonly priority: Priority;
  /** The proposed incident that it belongs to. */
  readonly proposal: string | undefined;
  /** Whether somebody is still being called about it. */
  readonly isUnderWay: boolean;
}

/**
 * The place of a finding among those that page by themselves.
 *
 * What is at least as urgent, is being called about and belongs to the same proposed incident tells of it;
 * beyond the limit the newest one that is at least as urgent does. A `p1` without such a one begins whatever
 * the limit says; what is less urgent waits until it may.
 * @param openings moments at which pages began within the last hour, ms UTC, oldest first
 * @param leaders the oldest first
 */
export function placeOf(
  finding: Pick<Finding, "id" | "proposal"> & { readonly priority: Priority },
  openings: readonly number[],
  leaders: readonly Leader[],
  limit: number,
): Place {
  const fit = leaders.filter(
    (one) =>
      one.isUnderWay && one.finding !== finding.id && isAtLeast(one.priority, finding.priority),
  );
  const own = fit.findLast(
    ({ proposal }) => proposal !== undefined && proposal === finding.proposal,
  );
  const isFull = openings.length >= limit;
  const leader = own ?? (isFull ? fit.at(-1) : undefined);
  if (leader !== undefined) return { kind: "gathered", leader: leader.finding };
  const oldest = openings.at(-limit);
  if (!isFull || finding.priority === "p1" || oldest === undefined) return { kind: "leads" };
  return { kind: "waits", until: oldest + OPENINGS_WINDOW_MS };
}

/** Whether a finding's paging calls people by itself at this time. */
export function isUnderWay({ state, leads }: FindingPaging): boolean {
  return leads === true && (state === "escalating" || state === "quiet");
}

export function gathered(paging: FindingPaging, leader: string, now: number): FindingPaging {
  return {
    ...paging,
    ...{ state: "gathered", gatheredIn: leader, gatheredAt: now, stepAt: now + GATHERED_LOOK_MS },
  };
}

/** What becomes of a gathered one by what has become of the one that tells of it. */
export function followLeader(
  paging: FindingPaging,
  now: number,
  leader: FindingPaging | "gone" | undefined,
): FindingPaging {
  if (leader === undefined) return paging;
  const { stepAt = now, ...rest } = paging;
  const isTold = leader !== "gone" && tells(leader, paging);
  if (leader !== "gone") {
    const isAlive = isUnderWay(leader) && isAtLeast(leader.priority, paging.priority);
    const isComing = !isTold && leader.state === "ended" && hasPending(leader);
    if (isAlive || isComing) {
      return stepAt > now ? paging : { ...rest, stepAt: now + GATHERED_LOOK_MS };
    }
    if (isTold && leader.state === "acknowledged") {
      const given = leader.answers.findLast(({ kind }) => kind === "acknowledged");
      return {
        ...rest,
        state: "acknowledged",
        answers:
          given === undefined ? rest.answers : [...rest.answers, given].slice(-ANSWERS_KEPT_MAX),
      };
    }
    if (isTold) {
      return { ...rest, state: "ended", ended: leader.ended === "digested" ? "digested" : "told" };
    }
  }
  const { gatheredIn: _, gatheredAt: __, leads: ___, ...alone } = rest;
  return { ...alone, state: paging.policy === undefined ? "digest" : "escalating", stepAt: now };
}

/** Whether a page of the leader that was taken has told of a gathered one. */
function tells(leader: FindingPaging, { gatheredAt = Number.POSITIVE_INFINITY }: FindingPaging) {
  return leader.pages.some(
    ({ state, sentAt }) =>
      state === "handed_over" && sentAt !== undefined && sentAt >= gatheredAt + SEEN_AFTER_MS,
  );
}

function hasPending({ pages }: FindingPaging): boolean {
  return pages.some(({ state }) => state === "pending");
}
