// Findings whose first event moves to another day by late signals: how often their detector fires is counted
// where they are, and nowhere else, whatever triage remembers and however its records stand.
import { describe, expect, it } from "vitest";
import type { Signal } from "../../../detectors/detector.ts";
import { DETECTOR_RECORD_KIND } from "../../../services/store/detector-record.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { Store } from "../../../services/store/store.ts";
import { dayOf } from "../../../services/triage/days.ts";
import { HOUR_MS, NOON, runStage, stageSignal } from "./stage.ts";

const TENANT = "kreis";
const DAY_MINUTES = 24 * 60;
const TODAY = dayOf(NOON);

/** Of a rule whose findings last a week; some days from the first noon on. */
function weekly(host: string, days: number): Signal {
  const groupWindowMs = 7 * 24 * HOUR_MS;
  return stageSignal("slow", host, "high", days * DAY_MINUTES, { groupWindowMs });
}

const rarities = (findings: readonly Finding[]) =>
  findings.map(({ scoreParts }) => scoreParts.find(({ key }) => key === "rarity")?.detail);

async function countsOf(store: Store): Promise<readonly (readonly number[])[]> {
  const record = await store.get(TENANT, DETECTOR_RECORD_KIND, "slow");
  return (record?.document.days ?? []).map(({ day, findings }) => [day - TODAY, findings]);
}

/** Five of one day, which are "at most five" as long as none of them counts twice. */
const FIVE = ["h1", "h2", "h3", "h4", "h5"];

describe("a finding that late signals move", () => {
  it.each([
    [1, 0],
    [3, -1],
    [3, -2],
  ])("from day %i to %i counts on that day alone", async (from, to) => {
    const batches = [FIVE.map((host) => weekly(host, from)), [weekly("h1", to)]];
    for (const interrupt of [false, true]) {
      const after = async (store: Store) =>
        expect(await countsOf(store)).toEqual([
          [to, 1],
          [from, 4],
        ]);
      const findings = await runStage(batches, { interrupt, after });
      expect(findings).toEqual(await runStage([batches.flat()]));
      expect(new Set(rarities(findings))).toEqual(new Set(["2", "5"]));
      expect(findings.every(({ leftDays }) => leftDays === undefined)).toBe(true);
    }
  });
});

/** Gives the record of the rule another finding on a day, as a process may have left it that died. */
async function leaveCount(store: Store, day: number): Promise<void> {
  const record = await store.get(TENANT, DETECTOR_RECORD_KIND, "slow");
  if (record === undefined) throw new Error("the rule has no record");
  const { document, version } = record;
  const stale = { day: TODAY + day, findings: 1, subjects: 1 };
  const days = [...document.days, stale].sort((a, b) => a.day - b.day);
  await store.replace(TENANT, DETECTOR_RECORD_KIND, "slow", { ...document, days }, version);
}

describe("a record with a day that has no findings", () => {
  it.each([-2, -1, 1, 2])("is set right when a finding changes beside it (day %i)", async (day) => {
    const all = FIVE.map((host) => weekly(host, 0));
    const batches = [all.slice(0, 4), all.slice(4)];
    const findings = await runStage(batches, {
      between: (store) => leaveCount(store, day),
      after: async (store) => expect(await countsOf(store)).toEqual([[0, 5]]),
    });
    expect(findings).toEqual(await runStage([all]));
    expect(new Set(rarities(findings))).toEqual(new Set(["5"]));
  });

  it("is set right together with findings of later days that were scored by it", async () => {
    const four = FIVE.slice(1).map((host) => weekly(host, 0));
    const later = stageSignal("slow", "h1", "high", 20 * DAY_MINUTES);
    const again = weekly("h2", 0.1);
    let left = 0;
    const findings = await runStage([four, [later], [again]], {
      between: async (store) => {
        left += 1;
        if (left === 1) await leaveCount(store, -1);
      },
    });
    expect(findings).toEqual(await runStage([[...four, later, again]]));
    expect(new Set(rarities(findings))).toEqual(new Set(["5"]));
  });
});
