// Exceptions and maintenance windows in the running stage: what is hidden and counted, what comes back, and
// that neither order nor batches nor restarts change it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inhibitionSchema } from "../../../config/suppression.ts";
import { EXCEPTION_KIND, type Exception } from "../../../services/store/exception.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { MAINTENANCE_KIND, type Maintenance } from "../../../services/store/maintenance.ts";
import { createQuiet } from "../../../services/triage/quiet.ts";
import {
  exceptionOf,
  findingsIn,
  HOUR_MS,
  maintenanceOf,
  NOON,
  runStage,
  stageSignal,
} from "./stage.ts";

const DAY_MS = 24 * HOUR_MS;
const host = (value: string) => ({ field: "host.name", operator: "equals" as const, value });
const rule = (value: string) => ({ field: "rule", operator: "equals" as const, value });
const needed = {
  ...{ proposedAt: NOON, proposedBy: "acc-1", truePositives: ["f"] },
  needs: ["true_positives" as const],
};

const hiddenBy = (findings: readonly Finding[]) =>
  findings.map(({ detector, exceptedBy = [], maintenanceBy = [] }) => [
    detector.id,
    ...exceptedBy,
    ...maintenanceBy,
  ]);

describe("an exception", () => {
  const signals = [
    stageSignal("r1", "ws1", "low", 5),
    stageSignal("r1", "ws2", "low", 5),
    stageSignal("r2", "ws1", "low", 5),
  ];

  it("hides its own detector's findings that fit, and still counts every signal", async () => {
    const exceptions = [exceptionOf("x1", "r1", [host("ws1")])];
    const findings = await runStage([[...signals, stageSignal("r1", "ws1", "low", 6)]], {
      exceptions,
    });
    expect(hiddenBy(findings).sort()).toEqual([["r1"], ["r1", "x1"], ["r2"]]);
    expect(findings.find((one) => one.exceptedBy !== undefined)?.signalCount).toBe(2);
  });

  const table: [string, Partial<Exception>, boolean][] = [
    ["in force", {}, true],
    ["that waits for a second person", { consent: needed }, false],
    ["that a second person agreed to", { consent: { ...needed, agreedAt: NOON } }, true],
    ["that was withdrawn", { withdrawnAt: NOON }, false],
    ["that had expired when the signal was raised", { until: NOON + 5 * 60_000 }, false],
    ["that expired after the signal was raised", { until: NOON + 5 * 60_000 + 1 }, true],
    ["that began after the signal was raised", { from: NOON + 6 * 60_000 }, false],
  ];
  it.each(table)("%s hides accordingly", async (_title, more, isHidden) => {
    const exceptions = [exceptionOf("x1", "r1", [host("ws1")], more)];
    const findings = await runStage([signals], { exceptions });
    expect(findings.some((one) => one.exceptedBy !== undefined)).toBe(isHidden);
  });

  it("is over for a finding with its first signal after the end", async () => {
    const exceptions = [exceptionOf("x1", "r1", [host("ws1")], { until: NOON + 10 * 60_000 })];
    const late = stageSignal("r1", "ws1", "low", 10);
    const findings = await runStage([signals, [late]], { exceptions });
    expect(findings.every((one) => one.exceptedBy === undefined)).toBe(true);
  });

  it("hides at once what is there when it is made, and gives it back when withdrawn", async () => {
    await runStage([signals], {
      after: async (store) => {
        const quiet = createQuiet(store, []);
        const set = async (more: Partial<Exception>) => {
          const exception = exceptionOf("x1", "r1", [host("ws1")], more);
          await store.put("kreis", EXCEPTION_KIND, "x1", exception);
          await quiet.exceptionChanged("kreis", exception);
          return (await findingsIn(store)).filter((one) => one.exceptedBy !== undefined).length;
        };
        expect(await set({})).toBe(1);
        expect(await set({ withdrawnAt: NOON + DAY_MS })).toBe(0);
      },
    });
  });

  it("keeps its findings from standing above others", async () => {
    const inhibition = inhibitionSchema.parse({
      source: { matchers: [rule("big")] },
      target: { matchers: [rule("small")] },
    });
    const pair = [stageSignal("big", "ws1", "high", 0), stageSignal("small", "ws1", "low", 5)];
    const below = async (exceptions: readonly Exception[]) => {
      const run = { options: { inhibitions: [inhibition] }, exceptions };
      const findings = await runStage([pair], run);
      return findings.filter((one) => one.inhibitedBy !== undefined).length;
    };
    expect(await below([])).toBe(1);
    expect(await below([exceptionOf("x1", "big", [host("ws1")])])).toBe(0);
  });
});

describe("a maintenance window", () => {
  it("hides what fits whatever the detector, and what a turn of a series covers", async () => {
    // Noon of 21 November 2026 in UTC is Saturday, 13:00 in Berlin.
    const turn = { weekday: 6, time: "12:30", durationMinutes: 60 };
    const series = { from: NOON - 30 * DAY_MS, until: NOON + 30 * DAY_MS };
    const maintenance = [
      maintenanceOf("m1", [host("ws1")]),
      maintenanceOf("m2", [host("ws2")], { ...series, repeat: { every: "week", ...turn } }),
    ];
    const signals = [
      stageSignal("r1", "ws1", "low", 5),
      stageSignal("r2", "ws1", "high", 5),
      stageSignal("r3", "ws2", "low", 29),
      stageSignal("r4", "ws2", "low", 30),
    ];
    const findings = await runStage([signals], { maintenance });
    expect(hiddenBy(findings).sort()).toEqual([["r1", "m1"], ["r2", "m1"], ["r3", "m2"], ["r4"]]);
  });

  it("never hides a critical finding on a critical host", async () => {
    const maintenance = [maintenanceOf("m1", [{ ...host("*"), operator: "glob" }, host("dc1")])];
    const signals = [stageSignal("r1", "dc1", "critical", 5), stageSignal("r2", "dc1", "high", 5)];
    const options = { isCriticalHost: (name: string) => name === "dc1" };
    const findings = await runStage([signals], { maintenance, options });
    expect(hiddenBy(findings).sort()).toEqual([["r1"], ["r2", "m1"]]);
  });

  it("keeps hidden what it hid when it ends early, and gives it back when withdrawn", async () => {
    await runStage([[stageSignal("r1", "ws1", "low", 5), stageSignal("r2", "ws1", "low", 15)]], {
      after: async (store) => {
        const quiet = createQuiet(store, []);
        const set = async (more: Partial<Maintenance>) => {
          const window = maintenanceOf("m1", [host("ws1")], more);
          await store.put("kreis", MAINTENANCE_KIND, "m1", window);
          await quiet.maintenanceChanged("kreis", window);
          return (await findingsIn(store)).filter((one) => one.maintenanceBy !== undefined).length;
        };
        expect(await set({})).toBe(2);
        expect(await set({ endedAt: NOON + 10 * 60_000 })).toBe(1);
        expect(await set({ endedAt: NOON })).toBe(0);
      },
    });
  });
});

describe("the set of signals", () => {
  const exceptions = [
    exceptionOf("x1", "r0", [host("h0")]),
    exceptionOf("x2", "r1", [{ field: "source", operator: "equals", value: "s" }], {
      ...{ from: NOON + HOUR_MS / 2, until: NOON + 2 * HOUR_MS },
    }),
  ];
  const maintenance = [maintenanceOf("m1", [host("h1")], { until: NOON + HOUR_MS / 2 })];
  const drawn = fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: -60, max: 150 }),
    ),
    { minLength: 1, maxLength: 12, selector: (one) => one.join() },
  );

  it("gives the same hidden findings in any order, in any batches and through restarts", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(), fc.boolean(), async (given, seed, interrupt) => {
        const signals = given.map(([r, h, n]) => stageSignal(`r${r}`, `h${h}`, "low", n));
        const run = { exceptions, maintenance };
        const whole = await runStage([signals], run);
        const turned = signals.slice(seed % signals.length).concat(signals);
        const cut = 1 + (seed % turned.length);
        const parts = [turned.slice(0, cut).reverse(), turned.slice(cut), turned];
        expect(hiddenBy(await runStage(parts, { ...run, interrupt }))).toEqual(hiddenBy(whole));
      }),
      { numRuns: 12 },
    );
  });
});
