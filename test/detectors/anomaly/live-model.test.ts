// A detector whose model comes, is put into force and goes while it runs.
import { describe, expect, it } from "vitest";
import type { DnsActivity } from "../../../detectors/anomaly/activity.ts";
import {
  type LiveDga,
  type ModelState,
  whileModelled,
} from "../../../detectors/anomaly/live-model.ts";
import { createDgaDetector } from "../../../detectors/network/dga/dga.ts";

const HOUR_MS = 3_600_000;
const ATTACK_AT = 40;

/** A model that takes names for made that say so; most quiet hosts ask for one such name an hour. */
function modelIn(state: ModelState): { state: ModelState } & LiveDga {
  return {
    state,
    score: (names) => Float64Array.from(names, (n) => (/^made/.test(n) ? 0.95 : 0.1)),
  };
}

function asked(name: string, hour: number, from: string): DnsActivity {
  return {
    ...{ kind: "dns", id: `${name}@${hour}`, time: hour * HOUR_MS, source: "dns", from, name },
    ...{ type: "A", answer: "NXDOMAIN" },
  };
}

function quiet(hour: number): DnsActivity[] {
  return Array.from({ length: 20 }, (_, host) => {
    const kind = host % 4 === 0 ? "made" : "usual";
    return asked(`${kind}${hour}-${host}.com`, hour, `10.0.0.${host}`);
  });
}

const attack = Array.from({ length: 40 }, (_, n) =>
  asked(`made-by-malware${n}.com`, ATTACK_AT, "10.0.0.7"),
);

/** Forty quiet hours and an attack; the model is in these states before and from then on. */
function run(before: ModelState, then: ModelState) {
  const model = modelIn(before);
  const detector = whileModelled(model, createDgaDetector(model));
  const early = Array.from({ length: ATTACK_AT }, (_, hour) => quiet(hour)).flat();
  const said = early.flatMap((one) => detector.observe(one));
  model.state = then;
  const late = [...attack, ...quiet(ATTACK_AT)].flatMap((one) => detector.observe(one));
  return { early: said, late: [...late, ...detector.advance((ATTACK_AT + 1) * HOUR_MS)], detector };
}

describe("a detector with a model that comes and goes", () => {
  it("is heard while the model is in force", () => {
    const { early, late } = run("active", "active");
    expect(early).toEqual([]);
    expect(late.map(({ entity }) => entity.value)).toEqual(["10.0.0.7"]);
  });

  it("has learnt what is usual while the model stood in the shadow", () => {
    expect(run("shadow", "active").late).toEqual(run("active", "active").late);
  });

  it("tells nothing of what a model in the shadow would say", () => {
    expect(run("shadow", "shadow").late).toEqual([]);
  });

  it("looks at nothing without a model, and is silent until it has learnt", () => {
    expect(run("none", "none").detector.keys).toBe(0);
    expect(run("none", "active").late).toEqual([]);
  });

  it("keeps its state while there is no model", () => {
    const { detector } = run("active", "none");
    const pieces = detector.store();
    const model = modelIn("none");
    const restored = whileModelled(model, createDgaDetector(model));
    restored.restore(pieces);
    expect(restored.store()).toEqual(pieces);
    expect([restored.keys, restored.evicted]).toEqual([detector.keys, detector.evicted]);
    expect(restored.keys).toBeGreaterThan(0);
  });
});
