// Who is on duty in a span of time: the layers of a schedule one over the other, the last one on top, and
// overrides over them all.
import type { Layer, Schedule } from "../../../config/paging-schedules.ts";
import { type DutyOverride, endOfOverride } from "../../store/duty-override.ts";
import { hoursWithin } from "./hours.ts";
import { painted, type Span, within } from "./spans.ts";
import { type Shift, turnsWithin } from "./turns.ts";

/** What an override says of one schedule. */
export type Override = Pick<
  DutyOverride,
  "id" | "person" | "from" | "until" | "createdAt" | "endedAt" | "endedOn"
>;

/**
 * Shifts within a span, in order, joined where the same person goes on. What is left out is covered by nobody.
 * @param overrides those of this schedule, in any order
 * @param timeZone of the tenant; the schedule's own one goes before it
 */
export function shiftsOf(
  schedule: Schedule,
  overrides: readonly Override[],
  span: Span,
  timeZone: string,
): Shift[] {
  const shifts: Shift[] = [];
  for (const piece of piecesOf(schedule, overrides, span, timeZone)) {
    const last = shifts.at(-1);
    if (last?.person === piece.person && last.until === piece.from)
      shifts.splice(-1, 1, { ...last, until: piece.until });
    else shifts.push(piece);
  }
  return shifts;
}

/** The same before joining: each piece is of one turn or one override, so its ends lie near to each other. */
export function piecesOf(
  schedule: Schedule,
  overrides: readonly Override[],
  span: Span,
  timeZone: string,
): Shift[] {
  const zone = schedule.timeZone ?? timeZone;
  const byLayers = schedule.layers.reduce<Shift[]>(
    (below, layer) => painted(below, layerWithin(layer, span, zone)),
    [],
  );
  return overrides
    .toSorted((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1))
    .reduce<Shift[]>((below, override) => painted(below, overrideWithin(override, span)), byLayers);
}

/** What a layer would give if it stood alone. */
export function layerWithin(layer: Layer, span: Span, timeZone: string): Shift[] {
  const turns = turnsWithin(layer, span, timeZone);
  return layer.hours === undefined
    ? turns
    : within(turns, hoursWithin(layer.hours, span, timeZone));
}

function overrideWithin(override: Override, span: Span): Shift[] {
  const from = Math.max(override.from, span.from);
  const until = Math.min(endOfOverride(override), span.until);
  return from < until ? [{ from, until, person: override.person }] : [];
}
