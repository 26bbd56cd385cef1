// Small changes of a finding's paging that opening, engine and answers share: when something is due next,
// what is dropped at the end, which pages are kept. Pure.
import {
  type FindingPaging,
  PAGES_KEPT_MAX,
  type PageDelivery,
  SKIPPED_KEPT_MAX,
} from "../store/paging.ts";

type Ended = NonNullable<FindingPaging["ended"]>;

/** With `dueAt` as the rest of it says. */
export function withDue(paging: FindingPaging): FindingPaging {
  const { dueAt: _, ...rest } = paging;
  const times = paging.pages.flatMap((page) =>
    page.state === "pending" ? [page.nextAt ?? page.dueAt] : [],
  );
  if (paging.stepAt !== undefined) times.push(paging.stepAt);
  return times.length === 0 ? rest : { ...rest, dueAt: Math.min(...times) };
}

/** Over: nothing begins any more, and what was not sent yet is dropped. */
export function endPaging(paging: FindingPaging, ended: Ended, now: number): FindingPaging {
  const { stepAt: _, ...rest } = paging;
  return withDue({ ...rest, state: "ended", ended, pages: dropPending(paging.pages, now) });
}

/** Pages on their way are dropped too: what becomes of them is not waited for. */
export function dropPending(
  pages: readonly PageDelivery[],
  now: number,
  isMeant: (page: PageDelivery) => boolean = () => true,
): PageDelivery[] {
  return pages.map((page) => {
    if (page.state !== "pending" || !isMeant(page)) return page;
    const { nextAt: _, ...rest } = page;
    return { ...rest, state: "dropped", at: now };
  });
}

/** The oldest that are done go first; of what is still to be sent, only what is beyond the limit. */
export function keepPages(pages: readonly PageDelivery[]): PageDelivery[] {
  const surplus = pages.length - PAGES_KEPT_MAX;
  if (surplus <= 0) return [...pages];
  const done = new Set(pages.filter(({ state }) => state !== "pending").slice(0, surplus));
  return pages.filter((page) => !done.has(page)).slice(-PAGES_KEPT_MAX);
}

export function withSkipped(
  { skipped = [] }: FindingPaging,
  one: NonNullable<FindingPaging["skipped"]>[number],
): NonNullable<FindingPaging["skipped"]> {
  return [...skipped, one].slice(-SKIPPED_KEPT_MAX);
}
