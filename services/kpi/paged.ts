// What one finding adds to the figures of paging: when pages were due and what became of them, and when
// somebody accepted. Who was called and who answered stays in the finding.
import type { Priority } from "../../config/paging.ts";
import type { Finding } from "../store/finding.ts";
import type { PageDelivery } from "../store/paging.ts";
import { secondsOf } from "./contribution.ts";

/** Pages that were no longer needed are none. */
type Outcome = Exclude<PageDelivery["state"], "dropped">;

/** One time at which a finding was taken up to be paged; seconds UTC. */
interface PagedOpening {
  /** When its first page was due. */
  readonly at: number;
  /** When the first page beyond its first step was due; undefined: the first step was enough. */
  readonly escalatedAt: number | undefined;
  /** When the first one accepted. */
  readonly acceptedAt: number | undefined;
}

export interface Paged {
  readonly id: string;
  readonly priority: Priority;
  readonly pages: readonly { readonly at: number; readonly outcome: Outcome }[];
  readonly declinedAt: readonly number[];
  readonly openings: readonly PagedOpening[];
}

/** @returns undefined where nobody was called about it */
export function pagedOf({ id, paging }: Finding): Paged | undefined {
  if (paging === undefined) return undefined;
  const due = paging.pages.flatMap((page) => {
    const at = secondsOf(page.dueAt);
    const { state } = page;
    return at === undefined || state === "dropped" ? [] : [{ ...page, at, outcome: state }];
  });
  if (due.length === 0) return undefined;
  const answered = (kind: (typeof paging.answers)[number]["kind"]) =>
    paging.answers.flatMap((one) => (one.kind === kind ? (secondsOf(one.at) ?? []) : []));
  return {
    ...{ id, priority: paging.priority },
    pages: due.map(({ at, outcome }) => ({ at, outcome })),
    declinedAt: answered("declined"),
    openings: openingsOf(due, answered("acknowledged")),
  };
}

function openingsOf(
  due: readonly (PageDelivery & { readonly at: number })[],
  accepted: readonly number[],
): PagedOpening[] {
  const all = [...Map.groupBy(due, ({ opening = 0 }) => opening).values()]
    .map((pages) => ({
      at: earliest(pages) ?? 0,
      escalatedAt: earliest(pages.filter(({ step, round }) => step > 0 || round > 0)),
    }))
    .sort((a, b) => a.at - b.at);
  return all.map((opening, index) => {
    // An answer belongs to the opening that was the present one when it came.
    const end = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const answers = accepted.filter((at) => at >= opening.at && at < end);
    return { ...opening, acceptedAt: answers.length === 0 ? undefined : Math.min(...answers) };
  });
}

function earliest(pages: readonly { readonly at: number }[]): number | undefined {
  return pages.length === 0 ? undefined : Math.min(...pages.map(({ at }) => at));
}

/** Every moment at which it adds something. */
export function momentsOf({ pages, declinedAt, openings }: Paged): number[] {
  const own = openings.flatMap(({ at, escalatedAt, acceptedAt }) => [at, escalatedAt, acceptedAt]);
  const all = [...pages.map(({ at }) => at), ...declinedAt, ...own];
  return all.filter((at) => at !== undefined);
}
