// Shifts of an invented county under the detectors of the product: told as drift within a day, within the budget
// of findings; and an attack on one machine, which is neither.
import { describe, expect, it } from "vitest";
import type { Activity } from "../../../detectors/anomaly/activity.ts";
import {
  createKeyedAnomalies,
  observationOfActivity,
} from "../../../detectors/anomaly/keyed-anomalies.ts";
import { createLogons } from "../../../detectors/anomaly/logons/logons.ts";
import { createRarity } from "../../../detectors/anomaly/rarity/rarity.ts";
import type { ScoreDrift } from "../../../detectors/anomaly/score-drift.ts";
import { textOfTold } from "../../../detectors/anomaly/told.ts";
import { createVolume } from "../../../detectors/anomaly/volume/volume.ts";
import type { Raised } from "../../../detectors/keyed.ts";
import { drawCounty } from "./behaviour/county-days.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2026, 1, 2);
/** A Thursday, after the weeks of learning. */
const SHIFT = BEGIN + 38 * DAY_MS;
const DAYS = 41;
const BUDGET = 5;
const { activities: QUIET } = drawCounty(1, {
  ...{ accounts: 140, days: DAYS, attackDays: 1, attacksOfKind: 0 },
});

type Change = (activity: Activity) => readonly Activity[];

/** Three programs more, with each first thing that an account does on a day. */
function newSoftware(): Change {
  const seen = new Set<string>();
  return (activity) => {
    if (activity.kind !== "logon" && activity.kind !== "process") return [activity];
    const { account = "", id, time, source, peers } = activity;
    const day = `${Math.floor(time / DAY_MS)}:${account}`;
    if (seen.has(day)) return [activity];
    seen.add(day);
    const started = [0, 1, 2].map((at): Activity => {
      const about = { id: `${id}n${at}`, time: time + at, source, account, peers };
      const host = account.replace("konto", "platz");
      return { ...about, kind: "process", host, process: `agent${at}.exe`, parent: undefined };
    });
    return [activity, ...started];
  };
}

const doubled: Change = (activity) => [
  activity,
  { ...activity, id: `${activity.id}d`, time: activity.time + 1000 },
];
const otherZone: Change = (activity) => [{ ...activity, time: activity.time + 2 * HOUR_MS }];

function changed(change: Change): Activity[] {
  return inOrder(QUIET.flatMap((one) => (one.time < SHIFT ? [one] : change(one))));
}

function inOrder(activities: readonly Activity[]): Activity[] {
  return [...activities].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}

/** One account goes through sixty machines, three nights long. */
function attacked(): Activity[] {
  const attack = Array.from({ length: 180 }, (_, at): Activity => {
    const time = SHIFT + Math.floor(at / 60) * DAY_MS + 2 * HOUR_MS + (at % 60) * 60_000;
    return {
      ...{ kind: "logon", id: `z${at}`, time, source: "county", account: "konto-5" },
      ...{ peers: "kasse", host: `ziel-${at % 60}`, from: "platz-5", succeeded: true },
      ...{ method: "ntlm", country: undefined },
    };
  });
  return inOrder([...QUIET, ...attack]);
}

interface Told {
  readonly notices: readonly Raised[];
  /** Different findings about entities on the day of the shift and on the one after it. */
  readonly findings: readonly ReadonlySet<string>[];
  readonly drifts: readonly ScoreDrift[];
}

function tell(activities: readonly Activity[]): Told {
  const anomalies = createKeyedAnomalies(
    { logons: createLogons(), rarity: createRarity(), volume: createVolume() },
    { findingsPerDay: BUDGET },
  );
  const raised: Raised[] = [];
  for (const activity of activities) {
    raised.push(...anomalies.advance(activity.time));
    raised.push(...anomalies.observe(observationOfActivity(activity)));
  }
  const isNotice = ({ detector }: Raised) => detector.startsWith("anomaly-drift-");
  const findings = [0, 1].map((day) => {
    const from = SHIFT + day * DAY_MS;
    const own = raised.filter((one) => one.time >= from && one.time < from + DAY_MS);
    return new Set(own.filter((one) => !isNotice(one)).map((one) => `${one.detector} ${one.key}`));
  });
  return { notices: raised.filter(isNotice), findings, drifts: anomalies.drifts };
}

describe("a shift of the whole county", () => {
  it.each([
    ["new software on all machines", "rarity", newSoftware()],
    ["twice as much of everything", "volume", doubled],
    ["clocks that are two hours off", "logons", otherZone],
  ])("by %s is told as drift of %s within a day, and no flood", (_, detector, change) => {
    const { notices, findings } = tell(changed(change));
    const told = notices.filter((one) => one.detector === `anomaly-drift-${detector}-scores`);
    expect(told).toHaveLength(1);
    const text = told[0] && textOfTold(told[0], "de");
    expect(text?.matched[0]?.value).toContain(`Detektor „${detector}“ bewertet die letzten`);
    // The picture: of each bin its share before and now.
    expect(text?.matched[1]?.pattern).toMatch(/^bis 1 von 1, zuvor \d+(,\d)?\s%$/);
    expect(text?.matched[1]?.value).toMatch(/^\d+(,\d)?\s%$/);
    expect(told[0]?.time ?? 0).toBeGreaterThanOrEqual(SHIFT);
    expect(told[0]?.time ?? 0).toBeLessThanOrEqual(SHIFT + 1.5 * DAY_MS);
    expect(notices.length).toBeLessThanOrEqual(BUDGET);
    const ofDetector = [...(findings[0] ?? [])].filter((one) => one.includes(`-${detector}-`));
    // That the population has moved may show with the first finding beyond the budget only.
    expect(ofDetector.length).toBeLessThanOrEqual(BUDGET + 1);
    for (const { size } of findings) expect(size).toBeLessThanOrEqual(2 * BUDGET);
  });
});

describe("no shift", () => {
  it("is told of a quiet county", () => {
    const { notices, drifts } = tell(QUIET);
    expect(notices).toEqual([]);
    expect(drifts.map(({ detector }) => detector)).toEqual(["logons", "rarity", "volume"]);
  });

  it("is an attack on one account, and none of its findings is held back", () => {
    const { notices, findings, drifts } = tell(attacked());
    expect(notices).toEqual([]);
    expect([...(findings[0] ?? [])].every((one) => one.endsWith("account:konto-5"))).toBe(true);
    expect(findings[0]?.size).toBeGreaterThanOrEqual(2);
    expect(drifts.every(({ heldTotal }) => heldTotal === 0)).toBe(true);
  });
});
