// From a keyed detector's hit to a signal: evidence that the bus takes whatever stands in it, and the
// grouping that a suppression asks for.
import { describe, expect, it } from "vitest";
import type { DetectorInfo, MatchedField } from "../../../detectors/detector.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { Raised } from "../../../detectors/keyed.ts";
import { signalOfRaised } from "../../../services/baseline/raised-signal.ts";
import { RECORD_BYTES_MAX } from "../../../services/bus/bus.ts";
import { encodeSignal } from "../../../services/bus/signal-record.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const DETECTOR: DetectorInfo = {
  id: "guessing",
  kind: "correlation",
  title: "Kennwort wird geraten",
  description: "",
  level: "high",
  status: "test",
  ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [], origin: "t" },
};

function raisedOf(group: readonly string[], events: number): Raised {
  return {
    detector: "guessing",
    ...{ key: "key", group, time: 1000 + events, from: 1000, value: events, count: events },
    events: Array.from({ length: events }, (_, at) => ({ id: `e${at}`, time: 1000 + at, rule: 0 })),
    source: "dc",
  };
}

function matchedOf(group: readonly string[]): MatchedField[] {
  return group.map((value, at) => {
    return { field: `Field${at}`, value, operator: "group-by", pattern: "" };
  });
}

function signalWith(
  group: readonly string[],
  events: number,
  document: EcsDocument,
  detector = DETECTOR,
) {
  const text = { detector, matched: matchedOf(group) };
  return signalOfRaised("kreis", raisedOf(group, events), text, async () => document, 5000);
}

describe("a signal of a keyed detector", () => {
  it("stays small enough for the bus, whatever stands in events and groups", async () => {
    const long = '"'.repeat(1024 * 1024);
    const signal = await signalWith([long, long], 20, { "user.name": "a", message: long });
    expect(encodeSignal(signal).length).toBeLessThan(RECORD_BYTES_MAX / 2);
    expect(signal.events.map(({ id }) => id)).toHaveLength(20);
    expect(signal.groupKey.length).toBeLessThan(400);
    const other = await signalWith([long, `${long}x`], 20, {});
    expect(other.groupKey).not.toBe(signal.groupKey);
  });

  it("carries the documents of all events where they are as long as usual", async () => {
    const signal = await signalWith(["a"], 20, { message: "x".repeat(20_000) });
    expect(signal.events.filter(({ document }) => "message" in document)).toHaveLength(20);
  });

  it("of a model is about whom the model says, even where it rests on no event", async () => {
    const entity = { type: "host", value: "fs01" } as const;
    const told = { anomaly: exampleAnomaly({ kind: "silence", entity, events: [] }) };
    const raised = { ...raisedOf(["fs01"], 0), told };
    const text = { detector: { ...DETECTOR, kind: "anomaly" }, matched: [] } as const;
    const signal = await signalOfRaised("kreis", raised, text, async () => undefined, 5000);
    expect([signal.groupKey, signal.entities]).toEqual(["host:fs01", [entity]]);
  });

  const suppressions: [string, readonly string[], string | undefined][] = [
    ["a field of the group", ["Field1"], 'fields:[["Field1"],["198.51.100.7"]]'],
    ["a field of the first event", ["host.name"], 'fields:[["host.name"],["dc1"]]'],
    ["nothing that is there", ["Field1", "other"], undefined],
  ];
  it.each(suppressions)("is grouped as a suppression asks: %s", async (_, by, expected) => {
    const suppressed = { ...DETECTOR, suppress: { by: [...by], forMs: 60_000 } };
    const group = ["KONTO", "198.51.100.7"];
    const signal = await signalWith(group, 2, { "host.name": "DC1" }, suppressed);
    expect([signal.groupKey, signal.groupWindowMs]).toEqual(
      expected === undefined ? ["group:KONTO, 198.51.100.7", undefined] : [expected, 60_000],
    );
  });
});
