// Gaps of log sources in hours: silences that were told of and are over, out of the audit chain, and those
// that last, out of the state of the sources. What is shorter than the pause from which on a source counts
// as silent is no gap, nor is the time in which the program itself stood still.
import { z } from "zod";
import type { AuditEntry } from "../../store/store.ts";
import { endOf, type ReportContext, type ReportSource } from "../context.ts";
import { type AuditTaker, numberIn } from "./acts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const GAPS_LISTED_MAX = 5000;

const count = z.number().int();

export const gapsSchema = z.object({
  /** Sources with gaps, by name. */
  bySource: z.array(
    z.object({ source: z.string(), gaps: count, hours: z.number(), longestHours: z.number() }),
  ),
  /** By their begin; hours count within the period. */
  rows: z.array(
    z.object({
      source: z.string(),
      /** The last record before. */
      from: z.number(),
      /** The first one after; null: not before the end of the period. */
      until: z.number().nullable(),
      hours: z.number(),
      /** The audit entry that says so; null while it lasts. */
      entry: count.nullable(),
    }),
  ),
  notListed: count,
});
export type GapsData = z.infer<typeof gapsSchema>;

interface Gap {
  readonly source: string;
  readonly from: number;
  readonly until: number;
  readonly entry: number | null;
}

export function gapsTaker(context: ReportContext): AuditTaker & {
  readonly result: (sources: readonly ReportSource[]) => GapsData;
} {
  // By source and begin: what was told twice is one gap.
  const gaps = new Map<string, Gap>();
  const add = (gap: Gap) => {
    const key = `${gap.source} ${gap.from}`;
    if (gap.from < endOf(context) && gap.until > context.period.from && !gaps.has(key))
      gaps.set(key, gap);
  };
  return {
    take(entry) {
      const gap = gapOf(entry);
      if (gap !== undefined) add(gap);
    },
    result(sources) {
      for (const { name: source, silentSince } of sources) {
        if (silentSince !== undefined)
          add({ source, from: silentSince, until: Number.POSITIVE_INFINITY, entry: null });
      }
      return dataOf([...gaps.values()], context);
    },
  };
}

/** Undefined for other entries, and for those that don't say how long it was. */
function gapOf({ action, at, sequence, payload }: AuditEntry): Gap | undefined {
  if (action !== "source.resumed" || typeof payload?.source !== "string") return undefined;
  const until = numberIn(payload, "resumedAt") || at;
  // Older entries know the length alone.
  const from =
    numberIn(payload, "lastReceivedAt") || until - numberIn(payload, "silentMinutes") * MINUTE_MS;
  return from < until ? { source: payload.source, from, until, entry: sequence } : undefined;
}

function dataOf(gaps: Gap[], context: ReportContext): GapsData {
  const end = endOf(context);
  const hoursOf = ({ from, until }: Gap) =>
    (Math.min(until, end) - Math.max(from, context.period.from)) / HOUR_MS;
  gaps.sort((one, other) => one.from - other.from || (one.source < other.source ? -1 : 1));
  const bySource = Map.groupBy(gaps, ({ source }) => source);
  return {
    bySource: [...bySource]
      .map(([source, own]) => ({
        ...{ source, gaps: own.length },
        hours: own.reduce((sum, gap) => sum + hoursOf(gap), 0),
        longestHours: Math.max(...own.map(hoursOf)),
      }))
      .sort((one, other) => (one.source < other.source ? -1 : 1)),
    rows: gaps.slice(0, GAPS_LISTED_MAX).map((gap) => ({
      ...{ source: gap.source, from: gap.from },
      until: gap.until < end ? gap.until : null,
      hours: hoursOf(gap),
      entry: gap.until < end ? gap.entry : null,
    })),
    notListed: Math.max(0, gaps.length - GAPS_LISTED_MAX),
  };
}
