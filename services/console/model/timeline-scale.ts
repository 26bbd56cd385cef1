// Where signals lie on the timeline picture: one row a source, positions as shares of the span.
import type { Finding } from "../../store/finding.ts";

export interface TimelineRow {
  readonly source: string;
  /** Positions 0–1, in order, with how many signals fall on the same place. */
  readonly ticks: readonly { readonly at: number; readonly count: number }[];
}

/** Shorter spans are drawn as this one: two signals of one millisecond do not lie far apart. */
export const TIMELINE_SPAN_MS_MIN = 1000;
/** Places along the line; signals nearer than one place share a tick. */
const PLACES = 120;

/** Rows of ticks for a finding's evidence; a span of zero puts everything at the start. */
export function timelineRows(
  evidence: readonly Pick<Finding["evidence"][number], "time" | "source">[],
  from: number,
  to: number,
): TimelineRow[] {
  const rows = new Map<string, Map<number, number>>();
  for (const { time, source } of evidence) {
    const span = Math.max(TIMELINE_SPAN_MS_MIN, to - from);
    const share = Math.min(1, Math.max(0, (time - from) / span));
    const place = Math.round(share * PLACES);
    const ticks = rows.get(source) ?? new Map<number, number>();
    ticks.set(place, (ticks.get(place) ?? 0) + 1);
    rows.set(source, ticks);
  }
  return [...rows].map(([source, ticks]) => ({
    source,
    ticks: [...ticks]
      .sort(([a], [b]) => a - b)
      .map(([place, count]) => ({ at: place / PLACES, count })),
  }));
}
