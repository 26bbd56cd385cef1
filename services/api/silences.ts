// What the API does with silences: checks their times, tells their state, and previews what they would
// have hidden.
import type { Matcher } from "../../config/matcher.ts";
import { type Finding, wasTruePositive } from "../store/finding.ts";
import { isGravest } from "../store/hiding.ts";
import { movesIn } from "../store/identity-moves.ts";
import { FINDING_KIND, SILENCE_KIND } from "../store/kinds.ts";
import { compileMatchers } from "../store/matching.ts";
import { endOfSilence, latestRaisedAt, type Silence } from "../store/silence.ts";
import type { Store, Versioned } from "../store/store.ts";
import { ApiFault } from "./faults.ts";
import { findingRowOf } from "./finding-search.ts";
import type { SilenceAnswer, SilencePreview, SilenceState } from "./silence-schemas.ts";

const DAY_MS = 86_400_000;
/** Longest silence. Who needs a longer one has a rule to mend. */
const SILENCE_MS_MAX = 30 * DAY_MS;
/** How far back one may begin. */
const BACKDATE_MS_MAX = 7 * DAY_MS;
const PREVIEW_DAYS = [7, 30] as const;
const PREVIEW_FINDINGS_MAX = 20_000;
const ROWS_PER_PAGE = 500;
const ROWS_SHOWN_MAX = 20;

/**
 * The span of a new silence, ms UTC.
 * @throws ApiFault HW_REQUEST_INVALID when it is over, reversed, too long, or begins too far back
 */
export function silenceSpan(
  { from, until }: { readonly from?: number | undefined; readonly until: number },
  now: number,
): { readonly from: number; readonly until: number } {
  const begin = from ?? now;
  const refuse = (place: string, text: "spanReversed" | "silenceOver" | "silenceLong") =>
    new ApiFault("HW_REQUEST_INVALID", { place, text: (m) => m[text] });
  if (until <= begin) throw refuse("body/until", "spanReversed");
  if (until <= now) throw refuse("body/until", "silenceOver");
  if (until - Math.max(begin, now) > SILENCE_MS_MAX) throw refuse("body/until", "silenceLong");
  if (begin < now - BACKDATE_MS_MAX || begin > now + SILENCE_MS_MAX) {
    throw new ApiFault("HW_REQUEST_INVALID", {
      place: "body/from",
      text: (m) => m.silenceBegin,
    });
  }
  return { from: begin, until };
}

/** An early end. @throws ApiFault HW_CONFLICT when it is over already */
export function endSilence(
  silence: Silence,
  by: { readonly at: number; readonly actor: string; readonly withdraw: boolean },
): Silence {
  const isOver = endOfSilence(silence) <= by.at;
  // What has ended by itself can still be withdrawn: what it hid comes back.
  if (isOver && (!by.withdraw || endOfSilence(silence) === silence.from)) {
    throw new ApiFault("HW_CONFLICT", { text: (m) => m.silenceEnded });
  }
  return { ...silence, endedAt: by.withdraw ? silence.from : by.at, endedBy: by.actor };
}

/** A silence as lists show it. */
export function silenceAnswerOf(silence: Silence, now: number, findings: number): SilenceAnswer {
  const { tenant: _tenant, ...rest } = silence;
  return { ...rest, state: stateOf(silence, now), findings };
}

function stateOf(silence: Silence, now: number): SilenceState {
  if (endOfSilence(silence) <= now) return "expired";
  return silence.from > now ? "planned" : "active";
}

/** How many findings each silence hides: id → number. */
export async function hiddenFindings(store: Store, tenant: string): Promise<Map<string, number>> {
  const counted = await store.count(tenant, FINDING_KIND, "silencedBy", {});
  return new Map(counted.map(({ value, documents }) => [value, documents]));
}

/**
 * Newest first.
 * @returns at most `limit`, and whether there are more
 */
export async function listSilences(store: Store, tenant: string, limit: number) {
  const page = await store.search(tenant, SILENCE_KIND, {
    sort: [{ field: "createdAt", order: "desc" }],
    limit,
  });
  return {
    silences: page.hits.map((hit) => hit.document),
    truncated: page.cursor !== undefined,
  };
}

/** Looks through the findings of the last 30 days, newest first. */
export async function previewSilence(
  store: Store,
  tenant: string,
  asked: {
    readonly matchers: readonly Matcher[];
    readonly from: number;
    readonly until: number | undefined;
  },
  now: number,
): Promise<SilencePreview> {
  const values = asked.matchers.map(({ value }) => value);
  const fits = compileMatchers(asked.matchers, await movesIn(store, tenant, values));
  const spans = PREVIEW_DAYS.map((days) => ({
    ...{ days, findings: 0, signals: 0, truePositives: 0, gravest: 0 },
  }));
  const rows: Pick<SilencePreview, "truePositives" | "gravest" | "examples"> = {
    truePositives: [],
    gravest: [],
    examples: [],
  };
  const show = (name: keyof typeof rows, one: Versioned<Finding>) => {
    if (rows[name].length < ROWS_SHOWN_MAX) rows[name].push(findingRowOf(one));
  };
  let leaving = 0;
  const add = (one: Versioned<Finding>) => {
    const { document } = one;
    const at = latestRaisedAt(document);
    const flags = {
      truePositives: wasTruePositive(document) ? 1 : 0,
      gravest: isGravest(document) ? 1 : 0,
    };
    for (const span of spans) {
      if (at < now - span.days * DAY_MS) continue;
      span.findings += 1;
      span.signals += document.signalCount;
      span.truePositives += flags.truePositives;
      span.gravest += flags.gravest;
    }
    show("examples", one);
    if (flags.truePositives === 1) show("truePositives", one);
    if (flags.gravest === 1) show("gravest", one);
    const isIn = asked.from <= at && at < (asked.until ?? Infinity);
    if (isIn && document.status !== "closed") leaving += 1;
  };
  const truncated = await eachFinding(store, tenant, now - 30 * DAY_MS, (one) => {
    if (fits(one.document)) add(one);
  });
  return { spans, leaving, ...rows, truncated };
}

/** @returns whether it stopped before the end */
async function eachFinding(
  store: Store,
  tenant: string,
  since: number,
  visit: (found: Versioned<Finding>) => void,
): Promise<boolean> {
  let cursor: string | undefined;
  for (let read = 0; read < PREVIEW_FINDINGS_MAX; read += ROWS_PER_PAGE) {
    const page = await store.search(tenant, FINDING_KIND, {
      ranges: { latestRaisedAt: { gte: since } },
      sort: [{ field: "latestRaisedAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const hit of page.hits) visit(hit);
    cursor = page.cursor;
    if (cursor === undefined) return false;
  }
  return true;
}
