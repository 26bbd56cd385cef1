// Gathering: in a storm few pages begin by themselves, the others are told with one of them. Nothing is lost
// by it: what is gathered follows the finding that tells of it, and pages by itself when that one was answered
// or ended before any of its pages told of it. What can't wait is gathered only where it is told at once. Pure.
import type { Priority } from "../../config/paging.ts";
import type { Finding } from "../store/finding.ts";
import { ANSWERS_KEPT_MAX, type FindingPaging } from "../store/paging.ts";
import { isAtLeast } from "./priority.ts";

export const OPENINGS_WINDOW_MS = 3_600_000;
/** A page tells of what was gathered so long before it: until then a search may not see it. */
const SEEN_AFTER_MS = 2000;
/** A `p1` is told with another one whose next page goes out within this. */
const SOON_MS = 10_000;
/** So long that page may take; then the `p1` pages by itself. */
const TELLING_MS = 5000;
/** Beyond the limit a `p1` begins all the same when none has begun for so long. */
const URGENT_APART_MS = 900_000;

/** Where a page that is to begin has its place. */
export type Place =
  | { readonly kind: "leads" }
  /** Told with this finding. */
  | {
      readonly kind: "gathered";
      readonly leader: string;
      /** When that one must have told of it, ms UTC; missing: when it does. */
      readonly toldBy?: number;
    }
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
  /** When its next page goes out, ms UTC; undefined: none does, as far as is known. */
  readonly tellsAt?: number | undefined;
}

/** What began within the last hour. */
export interface Begun {
  /** ms UTC, oldest first. */
  readonly at: number;
  readonly priority: Priority;
}

/**
 * The place of a finding among those that page by themselves.
 *
 * What is at least as urgent, is being called about and belongs to the same proposed incident tells of it;
 * beyond the limit the newest one that is at least as urgent does. What is less urgent than `p1` waits beyond
 * the limit where there is none.
 *
 * A `p1` is told with another one only where the next page of that one goes out at once, or, beyond the limit,
 * where a `p1` has begun of late.
 * @param leaders the oldest first
 * @param now ms UTC
 */
export function placeOf(
  finding: Pick<Finding, "id" | "proposal"> & { readonly priority: Priority },
  openings: readonly Begun[],
  leaders: readonly Leader[],
  limit: number,
  now: number,
): Place {
  const fit = leaders.filter(
    (one) =>
      one.isUnderWay && one.finding !== finding.id && isAtLeast(one.priority, finding.priority),
  );
  const isOwn = ({ proposal }: Leader) => proposal !== undefined && proposal === finding.proposal;
  const isFull = openings.length >= limit;
  if (finding.priority === "p1") return placeOfUrgent(fit, isOwn, isFull, openings, now);
  const leader = fit.findLast(isOwn) ?? (isFull ? fit.at(-1) : undefined);
  if (leader !== undefined) return { kind: "gathered", leader: leader.finding };
  const oldest = openings.at(-limit);
  if (!isFull || oldest === undefined) return { kind: "leads" };
  return { kind: "waits", until: oldest.at + OPENINGS_WINDOW_MS };
}

function placeOfUrgent(
  fit: readonly Leader[],
  isOwn: (leader: Leader) => boolean,
  isFull: boolean,
  openings: readonly Begun[],
  now: number,
): Place {
  const soon = fit.filter(({ tellsAt = Number.POSITIVE_INFINITY }) => tellsAt <= now + SOON_MS);
  const teller = soon.findLast(isOwn) ?? (isFull ? soon.at(-1) : undefined);
  if (teller !== undefined) {
    const toldBy = Math.max(teller.tellsAt ?? now, now) + TELLING_MS;
    return { kind: "gathered", leader: teller.finding, toldBy };
  }
  const newest = fit.at(-1);
  const hasBegun = openings.some(
    ({ at, priority }) => priority === "p1" && at > now - URGENT_APART_MS,
  );
  if (!isFull || newest === undefined || !hasBegun) return { kind: "leads" };
  return { kind: "gathered", leader: newest.finding };
}

/** Whether a finding's paging calls people by itself at this time. */
export function isUnderWay({ state, leads }: FindingPaging): boolean {
  return leads === true && (state === "escalating" || state === "quiet");
}

/** When the next page of a finding goes out, ms UTC; undefined: none that is known of. */
export function tellsAt(paging: FindingPaging): number | undefined {
  const times = paging.pages.flatMap(({ state, sentAt, nextAt, dueAt }) =>
    state === "pending" && sentAt === undefined ? [nextAt ?? dueAt] : [],
  );
  if (isUnderWay(paging) && paging.stepAt !== undefined) times.push(paging.stepAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function gathered(
  paging: FindingPaging,
  { leader, toldBy }: Extract<Place, { kind: "gathered" }>,
  now: number,
): FindingPaging {
  const { stepAt: _, toldBy: __, ...rest } = paging;
  return {
    ...rest,
    ...{ state: "gathered", gatheredIn: leader, gatheredAt: now },
    // What became of the leader is looked at for all that it tells of; one by one only what can't wait.
    ...(toldBy === undefined ? {} : { toldBy, stepAt: toldBy }),
  };
}

/** Whether nothing more comes of a finding that tells of others: what is gathered in it has to go on. */
export function isSettled(leader: FindingPaging | undefined): boolean {
  if (leader === undefined) return true;
  const isComing = ["escalating", "quiet", "digest"].includes(leader.state);
  return !isComing && !(leader.state === "ended" && hasPending(leader));
}

/** What becomes of a gathered one by what has become of the one that tells of it. */
export function followLeader(
  finding: Pick<Finding, "id">,
  paging: FindingPaging,
  now: number,
  leader: FindingPaging | "gone" | undefined,
): FindingPaging {
  if (leader === undefined) return paging;
  const { stepAt, toldBy, ...rest } = paging;
  const isTold = leader !== "gone" && tells(leader, finding, paging);
  if (leader !== "gone") {
    const isAlive = isUnderWay(leader) && isAtLeast(leader.priority, paging.priority);
    const isComing = !isTold && leader.state === "ended" && hasPending(leader);
    if (isAlive || isComing) {
      if (stepAt === undefined && toldBy === undefined) return paging;
      if (isTold || toldBy === undefined) return rest;
      return toldBy > now ? paging : alone(rest, now);
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
  return alone(rest, now);
}

function alone(paging: FindingPaging, now: number): FindingPaging {
  const { gatheredIn: _, gatheredAt: __, leads: ___, ...rest } = paging;
  return { ...rest, state: paging.policy === undefined ? "digest" : "escalating", stepAt: now };
}

/** Whether a page of the leader that was taken has told of a gathered one. */
function tells(
  leader: FindingPaging,
  { id }: Pick<Finding, "id">,
  { gatheredAt = Number.POSITIVE_INFINITY }: FindingPaging,
): boolean {
  const isSeen = (sentAt: number | undefined) =>
    sentAt !== undefined && sentAt >= gatheredAt + SEEN_AFTER_MS;
  return leader.pages.some(
    ({ state, sentAt, told }) =>
      state === "handed_over" && (isSeen(sentAt) || told?.includes(id) === true),
  );
}

function hasPending({ pages }: FindingPaging): boolean {
  return pages.some(({ state }) => state === "pending");
}
