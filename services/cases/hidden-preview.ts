// Looks through the findings of the last 30 days for what an exception or a maintenance window would have
// hidden, above all for what was a true positive once.
import type { Matcher } from "../../config/matcher.ts";
import type { Finding } from "../store/finding.ts";
import { isGravest } from "../store/hiding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { compileMatchers } from "../store/matching.ts";
import { latestRaisedAt } from "../store/silence.ts";
import type { Store, Versioned } from "../store/store.ts";
import type { Weighed } from "./consent.ts";

const DAY_MS = 86_400_000;
const PREVIEW_DAYS = 30;
const FINDINGS_MAX = 100_000;
const ROWS_PER_PAGE = 2500;
/** Spans of the 30 days that are read at the same time. */
const SPANS = 4;
const EXAMPLES_MAX = 20;
const TRUE_POSITIVES_MAX = 1000;

export interface HiddenPreview {
  readonly days: number;
  readonly findings: number;
  readonly signals: number;
  /** Open findings that leave the queue at once. */
  readonly leaving: number;
  /** Judged true positive, now or once; the newest first, at most 1,000. */
  readonly truePositives: readonly Versioned<Finding>[];
  /** The newest first. */
  readonly examples: readonly Versioned<Finding>[];
  /** Critical findings among them. */
  readonly critical: number;
  /** There were more findings than were looked at. */
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

/** What would have been hidden in the last 30 days. */
export async function previewHidden(
  store: Store,
  tenant: string,
  ask: PreviewAsk,
  now: number,
): Promise<HiddenPreview> {
  const fits = compileMatchers(ask.matchers);
  const hidden: Versioned<Finding>[] = [];
  const found = { findings: 0, signals: 0, leaving: 0, critical: 0 };
  const truePositives: Versioned<Finding>[] = [];
  const visit = (one: Versioned<Finding>) => {
    const { document } = one;
    if (!fits(document) || (ask.sparesGravest && isGravest(document))) return;
    found.findings += 1;
    found.signals += document.signalCount;
    if (document.detector.level === "critical") found.critical += 1;
    if (document.status !== "closed" && latestRaisedAt(document) >= ask.from) found.leaving += 1;
    if (wasTruePositive(document)) keepNewest(truePositives, one, TRUE_POSITIVES_MAX);
    keepNewest(hidden, one, EXAMPLES_MAX);
  };
  const truncated = await eachFinding(store, tenant, ask.detector, now, visit);
  return {
    days: PREVIEW_DAYS,
    ...found,
    truePositives: newestFirst(truePositives).slice(0, TRUE_POSITIVES_MAX),
    examples: newestFirst(hidden).slice(0, EXAMPLES_MAX),
    truncated,
  };
}

/** What a preview says of the need for a second person. */
export function weigh(preview: HiddenPreview, isCritical: boolean): Weighed {
  return {
    truePositives: preview.truePositives.map(({ id }) => id),
    isCritical,
    truncated: preview.truncated,
  };
}

function wasTruePositive({ verdict, verdictHistory }: Finding): boolean {
  return [verdict, ...verdictHistory].some((one) => one?.verdict === "true_positive");
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

/** @returns whether it stopped before the end */
async function eachFinding(
  store: Store,
  tenant: string,
  detector: string | undefined,
  now: number,
  visit: (found: Versioned<Finding>) => void,
): Promise<boolean> {
  const spanMs = (PREVIEW_DAYS * DAY_MS) / SPANS;
  const terms = detector === undefined ? {} : { terms: { detector: [detector] } };
  const readSpan = async (gte: number, lt: number | undefined): Promise<boolean> => {
    const span = lt === undefined ? { gte } : { gte, lt };
    let cursor: string | undefined;
    for (let read = 0; read < FINDINGS_MAX / SPANS; read += ROWS_PER_PAGE) {
      const page = await store.search(tenant, FINDING_KIND, {
        ...terms,
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
  };
  const first = now - PREVIEW_DAYS * DAY_MS;
  const spans = Array.from({ length: SPANS }, (_, index) => first + index * spanMs);
  const stopped = await Promise.all(spans.map((begin, at) => readSpan(begin, spans[at + 1])));
  return stopped.includes(true);
}
