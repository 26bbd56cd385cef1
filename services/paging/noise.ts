// How many pages there were in a week, and how many of them for nothing: for the report and against the
// budget that a tenant has set. Of the tenant as a whole; no figure is about a person.
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { isoWeek } from "./local-time.ts";
import type { OpeningSetup } from "./setup.ts";

const ROWS_PER_PAGE = 500;
/** Somebody may still be called about what was opened so long before a span. */
const CALLED_FOR_MS = 7 * 24 * 3_600_000;

export interface NoiseOfWeek {
  /** `2026-W48`. */
  readonly week: string;
  /** Times at which somebody was called: however many people and ways, it is one. */
  readonly pages: number;
  /** Findings that somebody was called about. */
  readonly findings: number;
  /** Of these: judged a false alarm. */
  readonly falsePages: number;
  readonly budget: number;
  readonly isOver: boolean;
}

/** The weeks in which somebody was called, oldest first, by the tenant's local time. */
export async function readNoise(
  store: Store,
  tenant: string,
  span: { readonly from: number; readonly until: number },
  setup: OpeningSetup,
): Promise<readonly NoiseOfWeek[]> {
  const weeks: Weeks = new Map();
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      // Opened again after the span, it was called about within it all the same.
      ranges: { pagingRequestedAt: { gte: span.from - CALLED_FOR_MS } },
      sort: [{ field: "pagingRequestedAt", order: "asc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) countPages(document, span, setup.timeZone, weeks);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return noiseOf(weeks, setup);
}

interface Week {
  pages: number;
  readonly findings: Set<string>;
  readonly wrong: Set<string>;
}
type Weeks = Map<string, Week>;

/** Adds the calls about a finding to the weeks in which they were. */
function countPages(
  finding: Finding,
  span: { readonly from: number; readonly until: number },
  timeZone: string,
  weeks: Weeks,
): void {
  const calls = new Map<string, number>();
  for (const { state, dueAt, opening = 0, round, step } of finding.paging?.pages ?? []) {
    if (state !== "handed_over") continue;
    // Contacts of a step that are tried one after the other are one call that goes on.
    const key = `${opening} ${round} ${step}`;
    calls.set(key, Math.min(calls.get(key) ?? Number.POSITIVE_INFINITY, dueAt));
  }
  for (const at of calls.values()) {
    if (at < span.from || at >= span.until) continue;
    const name = isoWeek(at, timeZone);
    const week = weeks.get(name) ?? { pages: 0, findings: new Set(), wrong: new Set() };
    weeks.set(name, week);
    week.pages += 1;
    week.findings.add(finding.id);
    if (finding.verdict?.verdict === "false_positive") week.wrong.add(finding.id);
  }
}

function noiseOf(weeks: Weeks, { paging }: OpeningSetup): NoiseOfWeek[] {
  const budget = paging.noiseBudgetPerWeek;
  return [...weeks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([week, { pages, findings, wrong }]) => ({
      ...{ week, pages, findings: findings.size, falsePages: wrong.size },
      ...{ budget, isOver: pages > budget },
    }));
}
