// What is said of an entity's day while evidence comes to it.
import { describe, expect, it } from "vitest";
import type { Anomaly } from "../../../../detectors/anomaly/anomaly.ts";
import {
  createDayEvidence,
  type DayEvidence,
} from "../../../../detectors/anomaly/behaviour/day-evidence.ts";
import { TAIL_MIN } from "../../../../detectors/anomaly/tail.ts";
import type { Entity } from "../../../../detectors/detector.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 5);
const HOSTS = 40;
const OPTIONS = {
  ...{ tailMax: 1e-3, entitiesMax: 1000, quietMs: 2 * DAY_MS, halfLifeMs: 30 * DAY_MS },
};
const VICTIM: Entity = { type: "host", value: "host-0" };

function add(to: DayEvidence, entity: Entity, surprise: number, time: number): readonly Anomaly[] {
  const driver = { feature: "f", seen: String(time), expected: undefined, against: "own" } as const;
  const seen = { id: `e${time}`, time, source: "s" };
  return to.add(entity, { kind: "k", surprise, driver }, seen);
}

/** Ten days on which each host has a little surprise. */
function learnt(): DayEvidence {
  const evidence = createDayEvidence("d", OPTIONS);
  for (let day = 0; day < 10; day += 1) {
    evidence.roll(BEGIN + day * DAY_MS);
    for (let host = 0; host < HOSTS; host += 1) {
      const entity: Entity = { type: "host", value: `host-${host}` };
      add(evidence, entity, 1 + (host % 4), BEGIN + day * DAY_MS + host);
    }
  }
  evidence.roll(BEGIN + 10 * DAY_MS);
  return evidence;
}

describe("the evidence of a day", () => {
  it("tells later steps though the first was as improbable as can be", () => {
    const evidence = learnt();
    const at = (hour: number) => BEGIN + 10 * DAY_MS + hour * 3_600_000;
    const [first] = add(evidence, VICTIM, 300, at(7));
    expect(first?.tail).toBe(TAIL_MIN);
    const [later] = add(evidence, VICTIM, 9, at(20));
    expect(later?.events.map(({ id }) => id)).toEqual([`e${at(7)}`, `e${at(20)}`]);
  });

  it("keeps what an intruder did, however many names come by after it", () => {
    const evidence = learnt();
    const begin = BEGIN + 10 * DAY_MS;
    const first = add(evidence, VICTIM, 5, begin);
    for (let at = 0; at < 20 * OPTIONS.entitiesMax; at += 1)
      evidence.touch({ type: "account", value: `made-${at}` }, begin + at);
    expect(evidence.keys).toBeLessThanOrEqual(OPTIONS.entitiesMax);
    const [later] = add(evidence, VICTIM, 9, begin + 3_600_000);
    expect(first).toEqual([]);
    expect(later?.events.map(({ id }) => id)).toEqual([`e${begin}`, `e${begin + 3_600_000}`]);
  });

  it("does not repeat itself for every trifle that comes to it", () => {
    const evidence = learnt();
    const at = (minute: number) => BEGIN + 10 * DAY_MS + minute * 60_000;
    add(evidence, VICTIM, 300, at(0));
    let said = 0;
    for (let more = 1; more <= 30; more += 1) said += add(evidence, VICTIM, 0.5, at(more)).length;
    expect(said).toBeLessThanOrEqual(5);
  });
});
