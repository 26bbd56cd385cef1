// Ten thousand drawn histories: the calculator gives what the plain reference gives, and a ledger that
// follows every change gives what one gives that is filled anew.
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../../services/kpi/aggregate.ts";
import { alarmOf } from "../../../services/kpi/alarm.ts";
import { documentsOf, STANDARD_SCOPES } from "../../../services/kpi/calculator.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { KpiLedger } from "../../../services/kpi/ledger.ts";
import { namedPeriod, periodBetween, spanOf } from "../../../services/kpi/period.ts";
import { narrow, select } from "../../../services/kpi/selection.ts";
import type { KpiScope } from "../../../services/store/kpi.ts";
import { comparable } from "./comparable.ts";
import { randomOf, step, type World } from "./histories.ts";
import { TENANT } from "./incidents.ts";
import { reference } from "./reference.ts";

const ZONE = "Europe/Berlin";
const HISTORIES = 10_000;
const STEPS_MAX = 60;
const NOWS = ["2026-10-25T00:45:00Z", "2026-11-21T12:00:00Z", "2027-06-01T00:00:00Z"].map((text) =>
  Date.parse(text),
);
const PERIODS = [
  namedPeriod("2026-10", ZONE),
  namedPeriod("2027-03", ZONE),
  namedPeriod("2026-10-25", ZONE),
  namedPeriod("2027-03-28", ZONE),
  namedPeriod("2026-Q4", ZONE),
  periodBetween("2026-09-15", "2026-11-02", ZONE),
];

function fresh({ incidents, findings }: World): KpiLedger {
  const ledger = new KpiLedger(ZONE);
  for (const incident of incidents.values()) ledger.setIncident(contributionOf(incident));
  for (const finding of findings.values()) ledger.setAlarm(finding.id, alarmOf(finding));
  return ledger;
}

/** All that can be asked, of one ledger. */
function everything(ledger: KpiLedger, now: number) {
  return PERIODS.map((period) => documentsOf(ledger, TENANT, period, STANDARD_SCOPES, now));
}

describe("histories", () => {
  it("give the plain reference's figures, ten thousand times", { timeout: 600_000 }, () => {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const random = randomOf(seed);
      const world: World = { incidents: new Map(), findings: new Map() };
      const live = new KpiLedger(ZONE);
      const steps = 1 + Math.floor(random() * STEPS_MAX);
      for (let index = 0; index < steps; index += 1) {
        const { incidents, findings } = step(world, random);
        for (const one of incidents) live.setIncident(contributionOf(one));
        for (const one of findings) live.setAlarm(one.id, alarmOf(one));
      }
      const draw = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
      const [period, scope, now] = [draw(PERIODS), draw(STANDARD_SCOPES), draw(NOWS)];
      if (period === undefined || scope === undefined || now === undefined) throw new Error();
      const asked: KpiScope = random() < 0.5 ? {} : scope;
      const selection = narrow(live.select(spanOf(period)), asked);
      const figures = figuresOf(selection, {
        ...{ span: spanOf(period), scope: asked },
        now: Math.floor(now / 1000),
      });
      const [incidents, findings] = [[...world.incidents.values()], [...world.findings.values()]];
      const span = [period.from, period.to] as const;
      const plain = reference(incidents, findings, span, now, asked);
      expect({ seed, ...comparable(figures) }).toEqual({ seed, ...plain });
    }
  });

  it("leave a ledger that followed them as one that is filled anew, after every 50th step", () => {
    const random = randomOf(77);
    const world: World = { incidents: new Map(), findings: new Map() };
    const live = new KpiLedger(ZONE);
    let compared = 0;
    for (let index = 1; index <= 2000; index += 1) {
      const { incidents, findings } = step(world, random);
      for (const one of incidents) live.setIncident(contributionOf(one));
      for (const one of findings) live.setAlarm(one.id, alarmOf(one));
      if (index % 50 !== 0) continue;
      const [now = 0] = NOWS.slice(index % 3);
      expect(everything(live, now)).toEqual(everything(fresh(world), now));
      compared += 1;
    }
    expect(compared).toBe(40);
    expect(world.incidents.size).toBeGreaterThan(200);
  });

  it("pick the same by months as by going through all", () => {
    const random = randomOf(5);
    const world: World = { incidents: new Map(), findings: new Map() };
    for (let index = 0; index < 1500; index += 1) step(world, random);
    const ledger = fresh(world);
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
    for (const period of PERIODS) {
      const plain = select(ledger.contributions(), ledger.alarmEntries(), spanOf(period));
      const picked = ledger.select(spanOf(period));
      for (const key of Object.keys(plain)) {
        // Its keys are those of a Selection.
        const name = key as keyof typeof plain;
        const ids = [...picked[name]].sort(byId).map(({ id }) => id);
        expect([name, ids]).toEqual([name, [...plain[name]].sort(byId).map(({ id }) => id)]);
      }
    }
  });

  it("touch every month whose figures they change", () => {
    const random = randomOf(99);
    const world: World = { incidents: new Map(), findings: new Map() };
    const ledger = new KpiLedger(ZONE);
    const now = Date.parse("2027-05-10T00:00:00Z");
    const last = ledger.calendar.monthOf(now / 1000);
    const figures = () =>
      Array.from({ length: 12 }, (_, index) => {
        const period = ledger.calendar.periodOf(last - index);
        return [last - index, documentsOf(ledger, TENANT, period, STANDARD_SCOPES, now)] as const;
      });
    let before = new Map(figures());
    let changes = 0;
    for (let index = 0; index < 150; index += 1) {
      const { incidents, findings } = step(world, random);
      for (const one of incidents) ledger.setIncident(contributionOf(one));
      for (const one of findings) ledger.setAlarm(one.id, alarmOf(one));
      const touched = ledger.takeTouched(last);
      const after = new Map(figures());
      for (const [month, documents] of after) {
        if (JSON.stringify(documents) === JSON.stringify(before.get(month))) continue;
        changes += 1;
        expect(touched).toContain(month);
      }
      before = after;
    }
    expect(changes).toBeGreaterThan(100);
  });
});
