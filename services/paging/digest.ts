// The digest: what can wait is told once a day, all in one page. One of its findings stands for the others and
// carries the page; the others are gathered in it, and looked after as in a storm. Pure.
import type { Finding } from "../store/finding.ts";
import type { FindingPaging } from "../store/paging.ts";
import { gathered, type Place } from "./gather.ts";
import { nextAtClock } from "./local-time.ts";
import { withSkipped } from "./paging-state.ts";
import { pendingPage, receiversOf } from "./receivers.ts";
import type { PagingSetup } from "./setup.ts";

/** So long others join a digest that has begun. */
export const DIGEST_OPEN_MS = 8000;
/** Its page goes out when all of them are seen by a search. */
const DIGEST_DELAY_MS = 12_000;

export function advanceDigest(
  finding: Finding,
  paging: FindingPaging,
  now: number,
  setup: PagingSetup,
  place: Place | undefined,
): FindingPaging {
  if ((paging.stepAt ?? 0) > now || place === undefined) return paging;
  if (place.kind === "gathered") return gathered(paging, place, now);
  if (place.kind === "waits") return { ...paging, stepAt: place.until };
  const { digest } = setup.paging;
  const receivers = receiversOf(digest?.to ?? [], paging.priority, setup, now);
  const { stepAt: _, ...rest } = paging;
  if (digest === undefined) return { ...rest, state: "ended", ended: "not_routed" };
  if (receivers.length === 0) {
    const skipped = withSkipped(paging, { round: paging.round, step: 0, why: "nobody" });
    // Another opening: what was begun for nobody is no place of this one any more.
    const opening = paging.opening + 1;
    return { ...paging, opening, skipped, stepAt: nextAtClock(digest.at, now, setup.timeZone) };
  }
  const about = { tenant: finding.tenant, finding: finding.id, paging };
  const pages = receivers.map((one) => pendingPage(about, one, now + DIGEST_DELAY_MS));
  return {
    ...rest,
    ...{ state: "ended", ended: "digested", leads: true },
    pages: [...paging.pages, ...pages],
  };
}
