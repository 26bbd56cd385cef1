// The budget and the days over the API: counted by calendar day and detector, changed surroundings apart, and of
// one tenant alone.
import { describe, expect, it } from "vitest";
import { ANOMALY_DRIFT_KIND, type StoredDrift } from "../../../services/store/anomaly-drift.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { addFindings, FOREIGN, findingOf, HOME, openWorld, START } from "./fixture.ts";

const HOUR_MS = 3_600_000;

function anomaly(id: string, detector: string, firstEventAt: number): Finding {
  const usual = findingOf(id);
  return { ...usual, firstEventAt, detector: { ...usual.detector, id: detector, kind: "anomaly" } };
}

describe("the days of the alarm budget", () => {
  it("are counted by detector, changed surroundings apart, rules not at all", async () => {
    const { store, person } = await openWorld({ anomaly: { enabled: true, findingsPerDay: 5 } });
    await addFindings(store, [
      findingOf("rule"),
      anomaly("a", "anomaly-logons-travel", START - HOUR_MS),
      anomaly("b", "anomaly-logons-odd_hour", START - 2 * HOUR_MS),
      anomaly("c", "anomaly-beacon-beacon", START - 2 * HOUR_MS),
      anomaly("d", "anomaly-drift-rarity-new-program", START - 2 * HOUR_MS),
    ]);
    await addFindings(store, [anomaly("e", "anomaly-logons-travel", START)], FOREIGN);
    const { send } = await person("analyst");
    const { body } = await send("GET", "/anomalies/days?days=2");
    const detectors = [
      { detector: "logons", findings: 2 },
      { detector: "beacon", findings: 1 },
    ];
    expect(body).toEqual({
      ...{ enabled: true, findingsPerDay: 5 },
      days: [
        { day: "2026-11-20", findings: 3, detectors, changes: 1 },
        { day: "2026-11-19", findings: 0, detectors: [], changes: 0 },
      ],
    });
  });

  it("begin at midnight in Berlin, also on the night that has 25 hours", async () => {
    const { store, person, pass } = await openWorld();
    const midnight = (utc: string) => Date.parse(utc);
    await addFindings(store, [
      anomaly("before", "anomaly-scan-ports", midnight("2026-10-24T21:59:59.999Z")),
      anomaly("first", "anomaly-scan-ports", midnight("2026-10-24T22:00:00Z")),
      anomaly("last", "anomaly-scan-ports", midnight("2026-10-25T22:59:59.999Z")),
      anomaly("after", "anomaly-scan-ports", midnight("2026-10-25T23:00:00Z")),
    ]);
    pass(midnight("2026-10-26T08:00:00Z") - START);
    const { send } = await person("isb");
    const { days } = (await send("GET", "/anomalies/days?days=3")).body;
    const counts = days.map(({ day, findings }: { day: string; findings: number }) => [
      day,
      findings,
    ]);
    expect(counts).toEqual([
      ["2026-10-26", 1],
      ["2026-10-25", 2],
      ["2026-10-24", 1],
    ]);
  });

  it("are fourteen where nobody says, and told as not looked for where that is so", async () => {
    const { person } = await openWorld();
    const { send } = await person("admin");
    const { body } = await send("GET", "/anomalies/days");
    expect(body.enabled).toBe(false);
    expect(body.days).toHaveLength(14);
  });

  it.each(["0", "32", "1.5", "viele"])("are refused for %s days", async (days) => {
    const { person } = await openWorld();
    const { send } = await person("admin");
    const { error } = (await send("GET", `/anomalies/days?days=${days}`)).body;
    expect(error.code).toBe("HW_REQUEST_INVALID");
  });
});

describe("drift", () => {
  it("is told by detector as the keyed stage last wrote it, of one tenant alone", async () => {
    const { store, person } = await openWorld();
    const drift = (detector: string, changedAt: number): StoredDrift => ({
      ...{ detector, state: "drift", day: START, since: START - 24 * HOUR_MS, changedAt },
      ...{ scores: 80, scoresUsual: 400, psi: 0.4, psiLimit: 0.25, ks: 0.3, ksLimit: 0.2 },
      ...{ bins: [1, 0.1], before: [0.9, 0.1], after: [0.5, 0.5], held: 2, heldTotal: 7 },
    });
    for (const one of [drift("volume", START), drift("rarity", START - 1)])
      await store.put(HOME, ANOMALY_DRIFT_KIND, one.detector, one);
    const { send } = await person("analyst");
    const { body } = await send("GET", "/anomalies/drift");
    expect(body).toEqual({ detectors: [drift("rarity", START - 1), drift("volume", START)] });
    const foreign = await person("analyst", FOREIGN);
    expect((await foreign.send("GET", "/anomalies/drift")).body).toEqual({ detectors: [] });
  });
});
