// The engine: what a finding's paging comes to at a moment. Pure and without a clock; the stage `notify` asks
// it, writes what it says, and sends what is pending then. Asked twice, it says the same.
import type { Policy } from "../../config/paging.ts";
import type { Finding } from "../store/finding.ts";
import type { FindingPaging } from "../store/paging.ts";
import { AT_ONCE, actionMark } from "./answers.ts";
import { advanceDigest } from "./digest.ts";
import { followLeader, gathered, type Place } from "./gather.ts";
import { quietUntil } from "./local-time.ts";
import { isOver } from "./open.ts";
import { endPaging, keepPages, withDue, withSkipped } from "./paging-state.ts";
import { pendingPage, receiversOf } from "./receivers.ts";
import type { PagingSetup } from "./setup.ts";

const MINUTE_MS = 60_000;
/** A step that begins later than this moves those after it: people get their time to answer. */
const LATE_MS = 5000;
/** What reached nobody is begun again for so long; then it is old. */
const UNHEARD_MS_MAX = 7 * 24 * 3_600_000;
/** Nobody stands behind any of them: more are not gone through at once. */
const STEPS_AT_ONCE_MAX = 25;

/** What lies outside of the finding; each part is needed only where `asks` names it. */
export interface Surroundings {
  readonly place?: Place | undefined;
  /** Paging of the finding that tells of this one; `gone`: there is none any more. */
  readonly leader?: FindingPaging | "gone" | undefined;
  /** When it was commented on last, ms UTC; 0: never. */
  readonly commentedAt?: number | undefined;
}

/** What `advance` needs to know to go on at a moment; undefined: nothing. */
export function asks(
  finding: Finding,
  now: number,
  setup: PagingSetup,
): keyof Surroundings | undefined {
  const { paging } = finding;
  if (paging === undefined || isOver(finding)) return undefined;
  const { state, priority, leads } = paging;
  if (state === "gathered") return "leader";
  const isDue = (rebased(paging, now).stepAt ?? Number.POSITIVE_INFINITY) <= now;
  if (!isDue) return undefined;
  if (state === "acknowledged") return paging.stepAt === AT_ONCE ? undefined : "commentedAt";
  if (state === "digest") return "place";
  const isQuiet = quietUntil(setup.paging, priority, now, setup.timeZone) !== undefined;
  return state !== "ended" && leads === undefined && !isQuiet ? "place" : undefined;
}

/** The next state; the same object when there is nothing to be done at this moment. */
export function advance(
  finding: Finding,
  now: number,
  setup: PagingSetup,
  around: Surroundings,
): FindingPaging | undefined {
  const { paging } = finding;
  if (paging === undefined) return undefined;
  if (isOver(finding)) return ended(finding, paging, now);
  const next = stepOn(finding, rebased(paging, now), now, setup, around);
  const held = holdWhileQuiet(next, now, setup);
  return held === paging ? paging : withDue({ ...held, pages: keepPages(held.pages) });
}

function stepOn(
  finding: Finding,
  paging: FindingPaging,
  now: number,
  setup: PagingSetup,
  around: Surroundings,
): FindingPaging {
  const { state } = paging;
  if (state === "acknowledged") return watchAction(finding, paging, now, setup, around);
  if (state === "gathered") return followLeader(finding, paging, now, around.leader);
  if (state === "digest") return advanceDigest(finding, paging, now, setup, around.place);
  if (state === "ended") return paging;
  return escalate(finding, paging, now, setup, around.place);
}

/** Of what stands for others, a digest is told all the same: it is about more than this finding. */
function ended(finding: Finding, paging: FindingPaging, now: number): FindingPaging {
  const hasPending = paging.pages.some((page) => page.state === "pending");
  const goesOn = paging.state !== "ended" || (paging.ended === "exhausted" && hasPending);
  if (!goesOn) return paging;
  return endPaging(paging, finding.status === "closed" ? "closed" : "quieted", now);
}

function escalate(
  finding: Finding,
  paging: FindingPaging,
  now: number,
  setup: PagingSetup,
  place: Place | undefined,
): FindingPaging {
  const isDue = ({ state, stepAt }: FindingPaging) =>
    (state === "escalating" || state === "quiet") && (stepAt ?? 0) <= now;
  if (!isDue(paging)) return paging;
  const quiet = quietUntil(setup.paging, paging.priority, now, setup.timeZone);
  if (quiet !== undefined) return { ...paging, state: "quiet", stepAt: quiet };
  if (paging.leads === undefined) {
    if (place === undefined) return paging;
    if (place.kind === "gathered") return gathered(paging, place, now);
    if (place.kind === "waits") return { ...paging, state: "escalating", stepAt: place.until };
  }
  let next: FindingPaging = { ...paging, state: "escalating", leads: true };
  for (let steps = 0; steps < STEPS_AT_ONCE_MAX && isDue(next); steps += 1) {
    next = beginStep(finding, next, now, setup);
  }
  return next;
}

function beginStep(
  finding: Finding,
  before: FindingPaging,
  now: number,
  setup: PagingSetup,
): FindingPaging {
  const named = namedPolicy(before, setup);
  if (named === undefined) return endPaging(before, "not_routed", now);
  const { policy } = named;
  // Another policy is followed from its beginning, and its pages are none of those of the one before.
  const isOther = before.policy !== named.name && before.pages.length > 0;
  const paging = isOther ? { ...before, opening: before.opening + 1, round: 0, step: 0 } : before;
  const { round, step, priority, stepAt = now } = paging;
  if (round > policy.repeats) {
    const { stepAt: _, ...rest } = paging;
    if (!isUnheard(paging, now)) return { ...rest, state: "ended", ended: "exhausted" };
    const isOnItsWay = paging.pages.some((page) => page.state === "pending");
    if (isOnItsWay) return { ...paging, stepAt: now + policy.repeatAfterMinutes * MINUTE_MS };
  }
  const begunAt = now - stepAt <= LATE_MS ? stepAt : now;
  const receivers = receiversOf(policy.steps[step]?.to ?? [], priority, setup, now);
  const current = { ...paging, policy: named.name };
  const about = { tenant: finding.tenant, finding: finding.id, paging: current };
  const pages = receivers.map((one) => pendingPage(about, one, begunAt));
  const following = positionAfter(policy, { round, step }, begunAt);
  if (pages.length > 0) return { ...current, pages: [...paging.pages, ...pages], ...following };
  // Whoever stands behind the next one is called at once; a round without anybody waits for the next round.
  const isInRound = following.round === round;
  return {
    ...current,
    ...following,
    ...(isInRound ? { stepAt: now } : {}),
    skipped: withSkipped(paging, { round, step, why: "nobody" }),
  };
}

/** Whether no page has reached anybody: then what was to be repeated so often has not begun to be told. */
function isUnheard({ pages, opening, requestedAt }: FindingPaging, now: number): boolean {
  const isHeard = pages.some(
    (page) => (page.opening ?? 0) === opening && page.state === "handed_over",
  );
  return !isHeard && now - requestedAt < UNHEARD_MS_MAX;
}

/** The policy by its name; where it is configured no more, the one of the priority. */
function namedPolicy(
  { policy, priority }: FindingPaging,
  { paging: { policies, routes } }: PagingSetup,
) {
  const route = routes[priority];
  const names = [policy, "policy" in route ? route.policy : undefined];
  for (const name of names) {
    const found = name === undefined ? undefined : policies[name];
    if (name !== undefined && found !== undefined) return { name, policy: found };
  }
  return undefined;
}

function positionAfter(
  { steps, repeatAfterMinutes }: Policy,
  { round, step }: Pick<FindingPaging, "round" | "step">,
  begunAt: number,
): Required<Pick<FindingPaging, "round" | "step" | "stepAt">> {
  const next = steps[step + 1];
  return next === undefined
    ? { round: round + 1, step: 0, stepAt: begunAt + repeatAfterMinutes * MINUTE_MS }
    : { round, step: step + 1, stepAt: begunAt + next.afterMinutes * MINUTE_MS };
}

// Acknowledged and forgotten: who was called says "I have it", and nothing happens.
function watchAction(
  finding: Finding,
  paging: FindingPaging,
  now: number,
  setup: PagingSetup,
  { commentedAt }: Surroundings,
): FindingPaging {
  const { stepAt, mark, answers, opening, priority, gatheredIn } = paging;
  if (stepAt === undefined) return paging;
  const { stepAt: _, ...atRest } = paging;
  if (mark !== actionMark(finding)) return atRest;
  const minutes = namedPolicy(paging, setup)?.policy.actionWithinMinutes ?? 0;
  if (priority !== "p1" || minutes === 0 || gatheredIn !== undefined) return atRest;
  if (stepAt === AT_ONCE) return { ...paging, stepAt: now + minutes * MINUTE_MS };
  if (stepAt > now || commentedAt === undefined) return paging;
  const acknowledgedAt = answers.findLast(({ kind }) => kind === "acknowledged")?.at ?? 0;
  if (commentedAt > acknowledgedAt) return atRest;
  const { mark: __, ...rest } = atRest;
  const again: FindingPaging = {
    ...rest,
    ...{ state: "escalating", again: "no_action", opening: opening + 1, requestedAt: now },
    ...{ round: 0, step: 0, stepAt: now, leads: true },
  };
  return escalate(finding, again, now, setup, undefined);
}

/** Pages that would go out within quiet hours go out at their end; a digest has its own time. */
function holdWhileQuiet(paging: FindingPaging, now: number, setup: PagingSetup): FindingPaging {
  if (paging.policy === undefined) return paging;
  const isReady = ({ state, nextAt, dueAt }: FindingPaging["pages"][number]) =>
    state === "pending" && (nextAt ?? dueAt) <= now;
  if (!paging.pages.some(isReady)) return paging;
  const end = quietUntil(setup.paging, paging.priority, now, setup.timeZone);
  if (end === undefined) return paging;
  const pages = paging.pages.map((page) => (isReady(page) ? { ...page, nextAt: end } : page));
  return { ...paging, pages };
}

/**
 * An opening that was written with a clock that goes ahead of ours: what counts is how long after it the
 * first step begins.
 */
function rebased(paging: FindingPaging, now: number): FindingPaging {
  const { state, leads, requestedAt, stepAt, round, step } = paging;
  const isFresh = state === "escalating" && leads === undefined && round + step === 0;
  if (!isFresh || stepAt === undefined || requestedAt <= now + LATE_MS) return paging;
  return { ...paging, requestedAt: now, stepAt: now + (stepAt - requestedAt) };
}
