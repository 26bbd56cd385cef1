// Looks through the findings of the last 30 days for what an exception or a maintenance window would have
// hidden, above all for what was a true positive once.
import type { Matcher } from "../../config/matcher.ts";
import type { Finding } from "../store/finding.ts";
import { isGravest } from "../store/hiding.ts";
import { movesIn } from "../store/identity-moves.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { compileMatchers } from "../store/matching.ts";
import { latestRaisedAt } from "../store/silence.ts";
import type { Store, Versioned } from "../store/store.ts";
import type { Weighed } from "./consent.ts";

const DAY_MS = 86_400_000;
const PREVIEW_DAYS = 30;
/** Read at most: of true positives, and of each span. */
const FINDINGS_MAX = 20_000;
const ROWS_PER_PAGE = 1000;
/** Nobody waits longer for a count. */
const COUNTING_MS_MAX = 1300;
/** Spans of the 30 days that are read at the same time. */
const SPANS = 4;
const EXAMPLES_MAX = 20;

export interface HiddenPreview {
  readonly days: number;
  readonly findings: number;
  readonly signals: number;
  /** Open findings that leave the queue at once. */
  readonly leaving: number;
  /** Every one judged true positive, now or once; the newest first. */
  readonly truePositives: readonly Versioned<Finding>[];
  /** There were even more than are ever read. */
  readonly moreTruePositives: boolean;
  /** The newest first. */
  readonly examples: readonly Versioned<Finding>[];
  /** Critical findings among them. */
  readonly critical: number;
  /** There are more findings than were counted. */
  readonly truncated: boolean;
}

export interface PreviewAsk {
  /** Only findings of this detector. */
  readonly detector?: string | undefined;
  readonly matchers: readonly Matcher[];
  /** ms UTC; what was raised before stays in the queue. */
  readonly from: number;
  /** Critical findings on critical hosts are never hidden. */
  readonly sparesGravest: boolean;
}

/**
 * What would have been hidden in the last 30 days. True positives are looked up by themselves, so that every
 * one is named however many findings there are; the others are counted as long as COUNTING_MS_MAX allows.
 */
export async function previewHidden(
  store: Store,
  tenant: string,
  ask: PreviewAsk,
  now: number,
): Promise<HiddenPreview> {
  const values = ask.matchers.map(({ value }) => value);
  const matches = compileMatchers(ask.matchers, await movesIn(store, tenant, values));
  const fits = (finding: Finding) => matches(finding) && !(ask.sparesGravest && isGravest(finding));
  const detector = ask.detector === undefined ? {} : { detector: [ask.detector] };
  const since = now - PREVIEW_DAYS * DAY_MS;
  const counting = performance.now() + COUNTING_MS_MAX;

  const truePositives: Versioned<Finding>[] = [];
  const real = { terms: { ...detector, wasTruePositive: [true] }, since, until: Infinity };
  const moreTruePositives = await eachFinding(store, tenant, real, Infinity, (one) => {
    if (fits(one.document)) truePositives.push(one);
  });

  const examples: Versioned<Finding>[] = [];
  const found = { findings: 0, signals: 0, leaving: 0, critical: 0 };
  const count = (one: Versioned<Finding>) => {
    const { document } = one;
    if (!fits(document)) return;
    found.findings += 1;
    found.signals += document.signalCount;
    if (document.detector.level === "critical") found.critical += 1;
    if (document.status !== "closed" && latestRaisedAt(document) >= ask.from) found.leaving += 1;
    keepNewest(examples, one, EXAMPLES_MAX);
  };
  const spanMs = (PREVIEW_DAYS * DAY_MS) / SPANS;
  const stopped = await Promise.all(
    Array.from({ length: SPANS }, (_, at) => {
      const until = at === SPANS - 1 ? Infinity : since + (at + 1) * spanMs;
      const span = { terms: detector, since: since + at * spanMs, until };
      return eachFinding(store, tenant, span, counting, count);
    }),
  );
  return {
    days: PREVIEW_DAYS,
    ...found,
    truePositives: newestFirst(truePositives),
    moreTruePositives,
    examples: newestFirst(examples).slice(0, EXAMPLES_MAX),
    truncated: stopped.includes(true),
  };
}

/** Whether a detector had critical findings in the last 30 days. */
export async function wasCritical(
  store: Store,
  tenant: string,
  detector: string,
  now: number,
): Promise<boolean> {
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { detector: [detector], level: ["critical"] },
    ranges: { latestRaisedAt: { gte: now - PREVIEW_DAYS * DAY_MS } },
    sort: [],
    limit: 1,
  });
  return page.total > 0;
}

/** What a preview says of the need for a second person. */
export function weigh(preview: HiddenPreview, isCritical: boolean): Weighed {
  return {
    truePositives: preview.truePositives.map(({ id }) => id),
    isCritical,
    isIncomplete: preview.moreTruePositives,
  };
}

// Spans are read side by side, so what comes is not in order; twice as many are kept between two sortings.
function keepNewest(kept: Versioned<Finding>[], one: Versioned<Finding>, max: number): void {
  kept.push(one);
  if (kept.length >= 2 * max) kept.splice(0, kept.length, ...newestFirst(kept).slice(0, max));
}

function newestFirst(findings: readonly Versioned<Finding>[]): Versioned<Finding>[] {
  return findings.toSorted(
    (a, b) =>
      latestRaisedAt(b.document) - latestRaisedAt(a.document) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

interface FindingSpan {
  readonly terms: Readonly<Record<string, readonly (string | boolean)[]>>;
  /** ms UTC; half-open. */
  readonly since: number;
  readonly until: number;
}

/**
 * @param deadline of `performance.now`; looked at between pages
 * @returns whether it stopped before the end
 */
async function eachFinding(
  store: Store,
  tenant: string,
  { terms, since, until }: FindingSpan,
  deadline: number,
  visit: (found: Versioned<Finding>) => void,
): Promise<boolean> {
  const span = until === Infinity ? { gte: since } : { gte: since, lt: until };
  let cursor: string | undefined;
  for (let read = 0; read < FINDINGS_MAX; read += ROWS_PER_PAGE) {
    if (performance.now() >= deadline) return true;
    const page = await store.search(tenant, FINDING_KIND, {
      terms,
      ranges: { latestRaisedAt: span },
      sort: [{ field: "latestRaisedAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    page.hits.forEach(visit);
    cursor = page.cursor;
    if (cursor === undefined) return false;
  }
  return true;
}
