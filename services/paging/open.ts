// Opens the paging of a finding: writes down in its own document that somebody is to be called, and when, so
// that both are durable in one write. What happens then is the engine's.
import type { Finding } from "../store/finding.ts";
import type { FindingPaging } from "../store/paging.ts";
import { quietStates } from "../store/quiet-state.ts";
import { latestRaisedAt } from "../store/silence.ts";
import { nextAtClock } from "./local-time.ts";
import { dropPending, withDue } from "./paging-state.ts";
import { isHigher, priorityOf } from "./priority.ts";
import type { OpeningSetup } from "./setup.ts";

const MINUTE_MS = 60_000;
const NEWS_MS = 24 * 3_600_000;
/** So long its place among the others is waited for: what belongs together is told together. */
export const SETTLE_MS = 500;

/** `openPaging` as triage is given it, with the tenant's set-up and the clock; the same object: nothing to do. */
export type OpenPaging = (finding: Finding, before?: Finding) => Finding;

/**
 * The finding with its paging opened, where it is new, was re-opened, came back into the queue or rose in
 * priority; else the same object. Who is out of the queue or closed is not paged about.
 * @param before as it was stored until now
 */
export function openPaging(
  finding: Finding,
  setup: OpeningSetup | undefined,
  now: number,
  before?: Finding,
): Finding {
  if (setup === undefined || isOver(finding)) return finding;
  const known = finding.paging;
  const priority = priorityOf(finding, setup.paging.scores);
  if (known === undefined && isOldNews(finding, before, now)) return finding;
  // Whoever re-opens a finding by hand looks at it already; what comes back into the queue, nobody has seen.
  const isReopened = before?.status === "closed" || known?.ended === "quieted";
  // What was opened is not taken back: it stays as urgent as it was at its most urgent.
  if (known !== undefined && !isReopened && !isHigher(priority, known.priority)) return finding;
  const paging = opened(
    priority,
    setup,
    now,
    keptOf(known, isReopened ? "reopened" : "risen", now),
  );
  return paging === undefined ? finding : { ...finding, paging };
}

/** Without a signal of late nobody is called because of what is thought of it now. */
function isOldNews(finding: Finding, before: Finding | undefined, now: number): boolean {
  const hasFresh = before === undefined || before.signalCount !== finding.signalCount;
  return !hasFresh && now - latestRaisedAt(finding) > NEWS_MS;
}

/** Whether nobody is to be called about it: closed, or out of the queue. */
export function isOver(finding: Finding): boolean {
  return finding.status === "closed" || !quietStates(finding).includes("none");
}

type Kept = Pick<FindingPaging, "opening" | "pages" | "answers" | "again">;

function keptOf(known: FindingPaging | undefined, again: "reopened" | "risen", now: number): Kept {
  if (known === undefined) return { opening: 0, pages: [], answers: [] };
  const { opening, pages, answers } = known;
  // Nobody is called "again" about what was told to nobody.
  const wasTold = pages.some(({ state }) => state === "handed_over");
  const kept = { opening: opening + 1, pages: dropPending(pages, now), answers };
  return wasTold ? { ...kept, again } : kept;
}

function opened(
  priority: FindingPaging["priority"],
  { paging: { routes, policies, digest }, timeZone }: OpeningSetup,
  now: number,
  kept: Kept,
): FindingPaging | undefined {
  const route = routes[priority];
  const base = { ...kept, priority, requestedAt: now, round: 0, step: 0 };
  if ("digest" in route && digest !== undefined) {
    return withDue({ ...base, state: "digest", stepAt: nextAtClock(digest.at, now, timeZone) });
  }
  const policy = "policy" in route ? policies[route.policy] : undefined;
  if (!("policy" in route) || policy === undefined) return undefined;
  const first = policy.steps[0]?.afterMinutes ?? 0;
  const stepAt = now + Math.max(first * MINUTE_MS, SETTLE_MS);
  return withDue({ ...base, policy: route.policy, state: "escalating", stepAt });
}
