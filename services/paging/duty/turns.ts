// Whose turn it is in a layer: people one after the other, each for a number of calendar days, so that turns
// change at the same time on the clock, also over a change of clocks.
import type { Layer } from "../../../config/paging-schedules.ts";
import type { Span } from "./spans.ts";

const DAY_MS = 86_400_000;

/** A span with the one person who has it. */
export interface Shift extends Span {
  /** Configured name. */
  readonly person: string;
}

/** The turns that a layer gives within a span, cut to it. Before it begins nobody has one. */
export function turnsWithin(layer: Layer, span: Span, timeZone: string): Shift[] {
  const begins = Temporal.PlainDateTime.from(layer.begins, { overflow: "reject" });
  const beginOf = (turn: number) =>
    begins.add({ days: turn * layer.turnDays }).toZonedDateTime(timeZone).epochMilliseconds;
  const found: Shift[] = [];
  // Days are 25 hours long at most: the turn before the one that is estimated has begun.
  const days = (span.from - beginOf(0)) / DAY_MS;
  let turn = Math.max(0, Math.floor(days / layer.turnDays) - 1);
  let from = beginOf(turn);
  while (from < span.until) {
    const until = beginOf(turn + 1);
    const person = layer.people[turn % layer.people.length];
    if (until > span.from && person !== undefined) {
      found.push({
        from: Math.max(from, span.from),
        until: Math.min(until, span.until),
        person,
      });
    }
    turn += 1;
    from = until;
  }
  return found;
}
