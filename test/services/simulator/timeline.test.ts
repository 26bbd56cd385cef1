// The queue of the simulation.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineDraft } from "../../../services/simulator/emit/draft.ts";
import { createTimeline } from "../../../services/simulator/timeline.ts";

function line(time: number, stream = "s"): LineDraft {
  return { kind: "line", time, source: "web", stream, line: () => "" };
}

describe("timeline", () => {
  it("gives out drafts in the order of time, equal times in the order put in", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), (times) => {
        const timeline = createTimeline();
        times.forEach((time, index) => {
          timeline.emit(line(time, String(index)));
        });
        const drained = [...timeline.drain(41)].map((draft) => [
          draft.time,
          draft.kind === "line" ? Number(draft.stream) : -1,
        ]);
        const expected = times
          .map((time, index) => [time, index])
          .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));
        expect(drained).toEqual(expected);
      }),
    );
  });

  it("runs what is due before it gives out what comes later", () => {
    const timeline = createTimeline();
    timeline.emit(line(20, "later"));
    timeline.at(10, (time) => timeline.emit(line(time + 5, "made")));
    const streams = [...timeline.drain(100)].map((draft) => draft.kind === "line" && draft.stream);
    expect(streams).toEqual(["made", "later"]);
  });

  it("stops at the end", () => {
    const timeline = createTimeline();
    timeline.emit(line(10));
    timeline.emit(line(30));
    expect([...timeline.drain(30)]).toHaveLength(1);
  });

  it("refuses to act in the past", () => {
    const timeline = createTimeline();
    timeline.at(10, () => timeline.emit(line(9)));
    expect(() => [...timeline.drain(20)]).toThrow("past");
  });
});
