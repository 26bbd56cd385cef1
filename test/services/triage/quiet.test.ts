// Silences and inhibitions in the running stage: what is hidden, what comes back, and that neither order
// nor batches nor restarts change it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Inhibition, inhibitionSchema } from "../../../config/suppression.ts";
import { LEVELS, type Signal } from "../../../detectors/detector.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND, SILENCE_KIND } from "../../../services/store/kinds.ts";
import { compileInhibitions, inhibitorsOf } from "../../../services/triage/inhibition.ts";
import { createQuiet } from "../../../services/triage/quiet.ts";
import { findingsIn, HOUR_MS, NOON, runStage, silenceOf, stageSignal } from "./stage.ts";

const rule = (value: string) => ({ field: "rule", operator: "equals" as const, value });
const level = (value: string) => ({ field: "level", operator: "equals" as const, value });

function inhibition(source: string, target: string, more: object = {}): Inhibition {
  return inhibitionSchema.parse({
    source: { matchers: [rule(source)] },
    target: { matchers: [rule(target)] },
    ...more,
  });
}

const ofRule = (findings: readonly Finding[], id: string) =>
  findings.filter((one) => one.detector.id === id);

describe("a silence", () => {
  it("hides a finding whose latest signal was raised within it, and still counts", async () => {
    const silences = [silenceOf("s1", [rule("r1")])];
    const signals = [
      stageSignal("r1", "ws1", "low", -1),
      stageSignal("r1", "ws1", "low", 5),
      stageSignal("r2", "ws1", "low", 5),
    ];
    const findings = await runStage([signals], { silences });
    expect(ofRule(findings, "r1").map((one) => [one.signalCount, one.silencedBy])).toEqual([
      [1, undefined],
      [1, ["s1"]],
    ]);
    expect(ofRule(findings, "r2")[0]?.silencedBy).toBeUndefined();
  });

  it("is over for a finding with its first signal after the end", async () => {
    const silences = [silenceOf("s1", [rule("r1")], { until: NOON + 10 * 60_000 })];
    const signals = [5, 9, 10].map((n) => stageSignal("r1", "ws1", "low", n));
    expect((await runStage([signals.slice(0, 2)], { silences }))[0]?.silencedBy).toEqual(["s1"]);
    const [finding] = await runStage([signals], { silences });
    expect(finding).toMatchObject({ signalCount: 3 });
    expect(finding?.silencedBy).toBeUndefined();
  });

  it("goes by the time at which a signal was raised, not by the event's", async () => {
    const silences = [silenceOf("s1", [rule("r1")])];
    const late = stageSignal("r1", "ws1", "low", -300, { raisedAt: NOON + 1 });
    const [finding] = await runStage([[late]], { silences });
    expect(finding?.silencedBy).toEqual(["s1"]);
  });

  it("hides at once what is made later, gives back what is withdrawn, and ends early", async () => {
    const signals = [stageSignal("r1", "ws1", "low", 5), stageSignal("r1", "ws2", "low", 15)];
    await runStage([signals], {
      after: async (store) => {
        const quiet = createQuiet(store, []);
        const set = async (silence: ReturnType<typeof silenceOf>) => {
          await store.put("kreis", SILENCE_KIND, "s1", silence);
          await quiet.silenceChanged("kreis", silence);
          return (await findingsIn(store)).filter((one) => one.silencedBy !== undefined).length;
        };
        const silence = silenceOf("s1", [rule("r1")]);
        expect(await set(silence)).toBe(2);
        expect(await set({ ...silence, endedAt: NOON + 10 * 60_000 })).toBe(1);
        expect(await set({ ...silence, endedAt: silence.from })).toBe(0);
      },
    });
  });

  const table: [string, ReturnType<typeof rule>[], boolean][] = [
    ["a rule by its id", [rule("R1")], true],
    ["another rule", [rule("r2")], false],
    ["a level", [level("low")], true],
    ["an entity by value", [{ ...rule("ws1"), field: "entity" }], true],
    ["an entity by type and value", [{ ...rule("host:ws1"), field: "entity" }], true],
    ["a source", [{ ...rule("s"), field: "source" }], true],
    ["a field of the event", [{ ...rule("WS1"), field: "host.name" }], true],
    ["a field that the event lacks", [{ ...rule("ws1"), field: "user.name" }], false],
    ["a name of Object's", [{ ...rule("ws1"), field: "constructor" }], false],
    ["all of several", [rule("r1"), level("low")], true],
    ["not all of several", [rule("r1"), level("high")], false],
  ];
  for (const [title, matchers, isSilenced] of table) {
    it(`${isSilenced ? "fits" : "does not fit"} by ${title}`, async () => {
      const signals = [stageSignal("r1", "ws1", "low", 5)];
      const [finding] = await runStage([signals], { silences: [silenceOf("s1", matchers)] });
      expect(finding?.silencedBy !== undefined).toBe(isSilenced);
    });
  }

  it("knows wildcards", async () => {
    const glob = { field: "host.name", operator: "glob" as const, value: "ws?-*" };
    const signals = ["ws1-a", "ws12-a"].map((host) => stageSignal("r1", host, "low", 5));
    const findings = await runStage([signals], { silences: [silenceOf("s1", [glob])] });
    const hidden = findings.filter((one) => one.silencedBy !== undefined);
    expect(hidden.map((one) => one.entities[0]?.value)).toEqual(["ws1-a"]);
  });
});

describe("an inhibition", () => {
  const options = { inhibitions: [inhibition("big", "small")] };
  const big = stageSignal("big", "ws1", "high", 0);
  const small = stageSignal("small", "ws1", "low", 5);
  const below = async (signals: readonly Signal[], more: object = options) => {
    const findings = await runStage([signals], { options: more });
    return ofRule(findings, "small").map((one) => (one.inhibitedBy ?? []).length);
  };

  it("puts a finding below an open graver one on the same host, within its span", async () => {
    expect(await below([small, big])).toEqual([1]);
    expect(await below([small])).toEqual([0]);
    expect(await below([small, stageSignal("big", "ws2", "high", 0)])).toEqual([0]);
    expect(await below([small, stageSignal("big", "ws1", "informational", 0)])).toEqual([0]);
    expect(await below([small, stageSignal("big", "ws1", "high", -60 * 25)])).toEqual([0]);
    const wide = { inhibitions: [inhibition("big", "small", { within: "2d" })] };
    expect(await below([small, stageSignal("big", "ws1", "high", -60 * 25)], wide)).toEqual([1]);
  });

  it("ends when the source is closed or silenced, and begins anew when it is opened", async () => {
    await runStage([[big, small]], {
      after: async (store) => {
        const quiet = createQuiet(store, compileInhibitions(options.inhibitions));
        const set = async (change: Partial<Finding>) => {
          const [source] = ofRule(await findingsIn(store), "big");
          if (source === undefined) throw new Error("no source");
          await store.put("kreis", FINDING_KIND, source.id, { ...source, ...change });
          await quiet.refresh("kreis", [source.id]);
          return ofRule(await findingsIn(store), "small")[0]?.inhibitedBy?.length ?? 0;
        };
        const verdict = { verdict: "false_positive", reason: "logic", at: 1, by: "a" } as const;
        expect(await set({ status: "closed", verdict })).toBe(0);
        expect(await set({ status: "in_progress" })).toBe(1);
        const silence = silenceOf("s1", [rule("big")]);
        await store.put("kreis", SILENCE_KIND, "s1", silence);
        expect(await set({})).toBe(0);
      },
    });
  });

  it("is gone after a start with a configuration that has none", async () => {
    await runStage([[big, small]], {
      options,
      after: async (store) => {
        expect(ofRule(await findingsIn(store), "small")[0]?.inhibitedBy).toHaveLength(1);
        await createQuiet(store, []).refreshAll("kreis");
        expect(ofRule(await findingsIn(store), "small")[0]?.inhibitedBy).toBeUndefined();
      },
    });
  });

  it("never makes circles: above what is hidden there is always something in the queue", () => {
    const any = { field: "level", operator: "glob" as const, value: "*i*" };
    const rules = compileInhibitions([
      inhibitionSchema.parse({
        source: { matchers: [any] },
        target: { matchers: [any] },
      }),
    ]);
    const drawn = fc.array(
      fc.record({
        level: fc.constantFrom(...LEVELS),
        at: fc.integer({ min: 0, max: 3 }),
        silenced: fc.boolean(),
        closed: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(drawn, (all) => {
        const findings = all.map((one, index) => findingLike(index, one));
        const byId = new Map(findings.map((one) => [one.id, one]));
        for (const start of findings) {
          let above = inhibitorsOf(start, findings, rules);
          let steps = 0;
          while (above[0] !== undefined && steps <= findings.length) {
            const next = byId.get(above[0]);
            if (next === undefined) throw new Error("an unknown finding");
            expect(next.status).not.toBe("closed");
            expect(next.silencedBy).toBeUndefined();
            above = inhibitorsOf(next, findings, rules);
            steps += 1;
          }
          expect(steps).toBeLessThanOrEqual(findings.length);
        }
      }),
    );
  });
});

function findingLike(
  index: number,
  one: { level: Finding["detector"]["level"]; at: number; silenced: boolean; closed: boolean },
): Finding {
  const { detector, ...signal } = stageSignal(`r${index}`, "ws1", one.level, one.at);
  return {
    ...{ id: `f${index}`, tenant: "kreis", groupKey: signal.groupKey, score: 0, scoreParts: [] },
    detector: {
      ...detector,
      ...{ techniques: [], tactics: [], falsePositives: [], references: [], response: [] },
    },
    entities: [...signal.entities],
    ...{ summary: "", verdictHistory: [], signalCount: 1, raisedAt: 0, sources: [], evidence: [] },
    status: one.closed ? "closed" : "new",
    firstEventAt: signal.time,
    lastEventAt: signal.time,
    ...(one.silenced ? { silencedBy: ["s"] } : {}),
  };
}

describe("the set of signals", () => {
  const options = {
    inhibitions: [
      inhibition("r0", "r1"),
      inhibitionSchema.parse({
        source: { matchers: [{ field: "level", operator: "glob", value: "*i*" }] },
        target: { matchers: [level("low")] },
      }),
    ],
    riskThreshold: 12,
  };
  const silences = [
    silenceOf("s1", [rule("r2")], { until: NOON + HOUR_MS / 2 }),
    silenceOf("s2", [{ field: "entity", operator: "equals", value: "h1" }], {
      from: NOON + HOUR_MS,
      until: NOON + 2 * HOUR_MS,
    }),
  ];
  const drawn = fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: -90, max: 200 }),
    ),
    { minLength: 1, maxLength: 14, selector: (one) => one.join() },
  );
  const suppress = { by: ["host.name"], forMs: 4 * HOUR_MS };

  it("gives the same findings, silenced, inhibited and accumulated, in any order and batches", async () => {
    const levels = ["high", "low", "medium", "low", "medium"] as const;
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(), fc.boolean(), async (given, seed, interrupt) => {
        const signals = given.map(([r, h, n]) => {
          const more = r === 3 ? { groupKey: "fields:x", groupWindowMs: suppress.forMs } : {};
          return stageSignal(`r${r}`, `h${h}`, levels[r] ?? "low", n, more);
        });
        const whole = await runStage([signals], { options, silences });
        const shuffled = signals.toSorted((a, b) => order(a, seed) - order(b, seed));
        const cut = 1 + (seed % signals.length);
        const parts = [shuffled.slice(0, cut), shuffled.slice(cut), shuffled];
        expect(await runStage(parts, { options, silences, interrupt })).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });
});

/** A number that depends on the seed and the signal only. */
function order({ id }: Signal, seed: number): number {
  let value = seed;
  for (const character of id) value = (value * 31 + character.charCodeAt(0)) % 1_000_003;
  return value;
}
