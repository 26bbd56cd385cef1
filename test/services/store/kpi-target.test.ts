// Targets of the KPIs: what meets them, what misses them, and what only seems to.
import { describe, expect, it } from "vitest";
import type { KpiTarget } from "../../../config/kpi.ts";
import { documentsOf } from "../../../services/kpi/calculator.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { KpiLedger } from "../../../services/kpi/ledger.ts";
import { namedPeriod } from "../../../services/kpi/period.ts";
import type { Incident } from "../../../services/store/incident.ts";
import type { KpiFigures } from "../../../services/store/kpi.ts";
import { checkTargets, targetOfPeriod } from "../../../services/store/kpi-target.ts";
import { at, impactOf, incidentOf, stated } from "../kpi/incidents.ts";

const ZONE = "Europe/Berlin";

function figuresOf(incidents: readonly Incident[]): KpiFigures {
  const ledger = new KpiLedger(ZONE);
  for (const incident of incidents) ledger.setIncident(contributionOf(incident));
  const period = namedPeriod("2026-10", ZONE);
  const [document] = documentsOf(ledger, "t", period, [{}], at("2026-11-15T12:00"));
  if (document === undefined) throw new Error("no figures");
  return document.figures;
}

/** Detected at 8, recovered after four hours without damage. */
const solved = incidentOf("i1", {
  ...{ detectedAt: at("2026-10-10T08:00"), identifiedAt: at("2026-10-10T08:00") },
  ...{ contained: stated("2026-10-10T08:30"), recovered: stated("2026-10-10T12:00") },
  impact: impactOf("none"),
});
/** Since the first of October. */
const open = incidentOf("i2", {
  detectedAt: at("2026-10-01T08:00"),
  identifiedAt: at("2026-10-01T08:00"),
});

describe("a target", () => {
  it.each<[string, Partial<KpiTarget>, object]>([
    ["is met to the second", { recoveryHours: 4 }, { recovery: { state: "met", target: 14_400 } }],
    ["is missed by a second", { recoveryHours: 14_399 / 3600 }, { recovery: { state: "missed" } }],
    ["is met by exactly the share", { containedShare: 1 }, { containment: { state: "met" } }],
    [
      "of no false alarm is met",
      { falseAlarmsPerIncident: 1 },
      { falseAlarms: { value: 0, state: "met" } },
    ],
    [
      "has nothing to measure",
      { correctiveHours: 1 },
      { corrective: { value: null, state: "no_value" } },
    ],
    ["is not there", {}, { recovery: { target: null, state: "no_target" } }],
  ])("%s", (_, target, expected) => {
    const checks = checkTargets(figuresOf([solved]), { validFrom: "2026-01-01", ...target });
    expect(checks).toMatchObject(expected);
  });

  it("is at risk when open incidents alone would miss it", () => {
    const target = { validFrom: "2026-01-01", recoveryHours: 4 };
    expect(checkTargets(figuresOf([solved, open]), target).recovery.state).toBe("at_risk");
    expect(checkTargets(figuresOf([solved]), target).recovery.state).toBe("met");
  });

  it("that was missed is not called at risk", () => {
    const target = { validFrom: "2026-01-01", recoveryHours: 1 };
    expect(checkTargets(figuresOf([solved, open]), target).recovery.state).toBe("missed");
  });
});

describe("the target of a period", () => {
  const targets = [{ validFrom: "2026-01-01" }, { validFrom: "2026-10-01" }];
  it.each([
    ["2025-12", undefined],
    ["2026-01", "2026-01-01"],
    ["2026-09", "2026-01-01"],
    ["2026-10", "2026-10-01"],
    ["2026-Q3", "2026-01-01"],
    ["2026", "2026-01-01"],
  ])("%s is the one in force when it began", (name, day) => {
    expect(targetOfPeriod(targets, namedPeriod(name, ZONE))?.validFrom).toBe(day);
  });
});
