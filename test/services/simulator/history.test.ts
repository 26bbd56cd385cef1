// The weeks before the simulated day: the same for the same seed, in the order of time, with the rhythm and the
// changes that a county's weeks have.
import { describe, expect, it } from "vitest";
import { isDayOff } from "../../../detectors/anomaly/calendar.ts";
import { buildCounty } from "../../../services/simulator/county/county.ts";
import { workforceOf } from "../../../services/simulator/history/workforce.ts";
import type { SimulatedRecord } from "../../../services/simulator/record.ts";
import { type SimulationOptions, simulate } from "../../../services/simulator/simulate.ts";

const DAY_MS = 86_400_000;
/** A Wednesday; two weeks and a patch day before it. */
const OPTIONS: SimulationOptions = {
  ...{ seed: "weeks", day: "2026-03-18", staffAccounts: 40, historyDays: 15, intrusion: true },
};

const weeks = (() => {
  const simulation = simulate(OPTIONS);
  return { simulation, records: [...simulation.records] };
})();

/** Records by days before the day of the intrusion. */
function byDay(records: readonly SimulatedRecord[]): Map<number, SimulatedRecord[]> {
  const days = new Map<number, SimulatedRecord[]>();
  for (const record of records) {
    const back = Math.floor((record.time - weeks.simulation.dayStart) / DAY_MS);
    const day = days.get(back);
    if (day === undefined) days.set(back, [record]);
    else day.push(record);
  }
  return days;
}

describe("a county's weeks", () => {
  it("are the same for the same seed, in the order of time, each record with an id of its own", () => {
    const again = simulate(OPTIONS).records;
    let last = 0;
    for (const { id, time, text } of weeks.records) {
      const same = again.next().value;
      expect([same?.id, same?.time, same?.text]).toEqual([id, time, text]);
      expect(time).toBeGreaterThanOrEqual(last);
      last = time;
    }
    expect(again.next().done).toBe(true);
    expect(new Set(weeks.records.map(({ id }) => id)).size).toBe(weeks.records.length);
  });

  it("have an intrusion on the last day only, with all of its steps", () => {
    const days = byDay(weeks.records);
    for (const [back, records] of days)
      expect(records.some(({ step }) => step !== undefined)).toBe(back === 0);
    expect(days.size).toBe(16);
    expect(weeks.simulation.truth().steps).toHaveLength(17);
  });

  it("rest at weekends, though machines go on", () => {
    const mails = (records: readonly SimulatedRecord[] = []) =>
      records.filter(({ text }) => text.includes("Originating")).length;
    const sent = { off: [0], working: [0] };
    for (const [back, records] of byDay(weeks.records)) {
      const isOff = isDayOff(weeks.simulation.dayStart + (back + 0.5) * DAY_MS);
      sent[isOff ? "off" : "working"].push(mails(records));
      expect(records.length, `day ${back}`).toBeGreaterThan(500);
    }
    expect(Math.max(...sent.off) * 2).toBeLessThan(Math.max(...sent.working));
  });

  it("bring new software and the monthly patches on Tuesdays", () => {
    const days = new Map(
      [...byDay(weeks.records)].map(([back, records]) => [
        back,
        {
          patched: records.filter(({ text }) => text.includes("TrustedInstaller.exe")).length,
          installed: records.filter(({ text }) => /pakete\$\S*(?<!_24\.3)\.msi/.test(text)).length,
        },
      ]),
    );
    // The tenth of March is the month's second Tuesday.
    const patched = [...days].filter(([, { patched }]) => patched > 0).map(([back]) => back);
    expect(patched).toContain(-8);
    const most = [...days].sort((a, b) => b[1].installed - a[1].installed)[0]?.[0] ?? 0;
    expect(new Date(weeks.simulation.dayStart + (most + 0.5) * DAY_MS).getUTCDay()).toBe(2);
  });
});

describe("the people of a county", () => {
  const county = buildCounty("people", 300);
  const first = 20_500;
  const days = Array.from({ length: 60 }, (_, at) =>
    workforceOf(county, { number: first + at, isOff: false }),
  );

  it("are mostly at work, and some of them away for weeks", () => {
    const absent = new Map<string, number>();
    for (const { present, county: today } of days) {
      expect(present.length / today.staff.length).toBeGreaterThan(0.6);
      expect(present.length / today.staff.length).toBeLessThan(0.95);
      const here = new Set(present.map(({ account }) => account.name));
      for (const { account } of today.staff)
        if (!here.has(account.name)) absent.set(account.name, (absent.get(account.name) ?? 0) + 1);
    }
    expect([...absent.values()].filter((count) => count >= 14).length).toBeGreaterThan(10);
  });

  it("come and go, and get new machines, without two on one machine", () => {
    const [begin, end] = [days[0], days.at(-1)];
    const hosts = new Map(
      begin?.county.staff.map(({ account, host }) => [account.name, host.name]),
    );
    const now = end?.county.staff ?? [];
    expect(now.some(({ account }) => !hosts.has(account.name))).toBe(true);
    const isOther = ({ account, host }: (typeof now)[number]) =>
      hosts.has(account.name) && hosts.get(account.name) !== host.name;
    expect(now.filter(isOther).length).toBeGreaterThan(2);
    for (const part of ["name", "ip", "sid"] as const)
      expect(new Set(now.map(({ host }) => host[part])).size, part).toBe(now.length);
  });

  it("nobody is taken twice for the IT department, whose accounts stay", () => {
    for (const { county: today } of days)
      for (const { staff } of today.administrators) expect(today.staff).toContain(staff);
  });
});
