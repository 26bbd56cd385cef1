// Properties of duty over two years with changed clocks: what one part says agrees with all others, and with
// a plain evaluator.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uncoveredSpans } from "../../../../services/paging/duty/coverage.ts";
import { handoversWithin, nextHandover } from "../../../../services/paging/duty/handover.ts";
import { onDuty } from "../../../../services/paging/duty/on-duty.ts";
import { shiftsOf } from "../../../../services/paging/duty/shifts.ts";
import {
  BERLIN,
  drawnInstant,
  drawnOverrides,
  drawnSchedule,
  plainCounts,
  plainPerson,
  YEARS,
} from "./drawn-schedules.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const drawnSpan = fc
  .tuple(drawnInstant, fc.integer({ min: 1, max: 60 }))
  .map(([from, days]) => ({ from, until: from + days * DAY_MS }));

describe("shifts", () => {
  it("tile the span together with what nobody covers, without gap or overlap", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnSpan, (schedule, overrides, span) => {
        const shifts = shiftsOf(schedule, overrides, span, BERLIN);
        const open = uncoveredSpans({ ...schedule, uncovered: [] }, overrides, span, BERLIN);
        const tiles = [...shifts, ...open].sort((left, right) => left.from - right.from);
        let at = span.from;
        for (const { from, until } of tiles) {
          expect(from).toBe(at);
          expect(until).toBeGreaterThan(from);
          at = until;
        }
        expect(at).toBe(span.until);
      }),
      { numRuns: 150 },
    );
  });

  it("change hands at each boundary", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnSpan, (schedule, overrides, span) => {
        const shifts = shiftsOf(schedule, overrides, span, BERLIN);
        for (const [index, { from, person }] of shifts.entries()) {
          const before = shifts[index - 1];
          if (before?.until === from) expect(before.person).not.toBe(person);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("name whom a plain evaluator finds at any instant", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnInstant, (schedule, overrides, at) => {
        const found = onDuty(schedule, overrides, at, BERLIN);
        expect(found?.person).toBe(plainPerson(schedule, overrides, at));
      }),
      { numRuns: 400 },
    );
  });

  it("are what onDuty gives, over two years with their nights of changed clocks", () => {
    fc.assert(
      fc.property(
        drawnSchedule,
        drawnOverrides,
        fc.array(drawnInstant, { minLength: 5, maxLength: 5 }),
        (schedule, overrides, instants) => {
          const shifts = shiftsOf(schedule, overrides, YEARS, BERLIN);
          for (const at of instants) {
            if (at >= YEARS.until) continue;
            const holds = shifts.find(({ from, until }) => from <= at && at < until);
            const found = onDuty(schedule, overrides, at, BERLIN);
            expect(found?.person).toBe(holds?.person);
            if (found === undefined || holds === undefined) continue;
            const clipped = (one: number) => Math.min(Math.max(one, YEARS.from), YEARS.until);
            const farMs = 400 * DAY_MS;
            expect(clipped(found.from)).toBe(Math.max(holds.from, clipped(at - farMs)));
            expect(clipped(found.until)).toBe(Math.min(holds.until, clipped(at + farMs)));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("uncovered spans", () => {
  it("are those that are found minute by minute over a month with changed clocks", () => {
    const months = [
      { from: Date.UTC(2026, 9, 10), until: Date.UTC(2026, 10, 9) },
      { from: Date.UTC(2027, 2, 10), until: Date.UTC(2027, 3, 9) },
    ];
    fc.assert(
      fc.property(
        drawnSchedule,
        drawnOverrides,
        fc.constantFrom(...months),
        (drawn, overrides, month) => {
          const found = uncoveredSpans(drawn, overrides, month, BERLIN);
          const open = new Set<number>();
          for (const { from, until } of found) {
            expect([from % MINUTE_MS, until % MINUTE_MS]).toEqual([0, 0]);
            for (let at = from; at < until; at += MINUTE_MS) open.add(at);
          }
          const zone = drawn.timeZone ?? BERLIN;
          const wrong: number[] = [];
          for (let at = month.from; at < month.until; at += MINUTE_MS) {
            const isOpen =
              plainPerson(drawn, overrides, at) === undefined &&
              !plainCounts(drawn.uncovered, at, zone);
            if (isOpen !== open.has(at)) wrong.push(at);
          }
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe("handovers", () => {
  it("are where the person changes, and the next one is the first", () => {
    fc.assert(
      fc.property(drawnSchedule, drawnOverrides, drawnSpan, (schedule, overrides, span) => {
        const all = handoversWithin(schedule, overrides, span, BERLIN);
        for (const { at, from, to } of all) {
          expect(from).not.toBe(to);
          expect(from).toBe(plainPerson(schedule, overrides, at - 1));
          expect(to).toBe(plainPerson(schedule, overrides, at));
        }
        const [first] = all;
        if (first !== undefined)
          expect(nextHandover(schedule, overrides, span.from, BERLIN)).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });
});
