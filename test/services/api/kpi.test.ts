// KPIs over the API: the same number by every way, closed dimensions, frozen periods with their revisions.
import { describe, expect, it } from "vitest";
import type { KpiTarget } from "../../../config/kpi.ts";
import { kpiQuery, tuningQuery } from "../../../services/api/kpi-schemas.ts";
import { CAPABILITIES, ROLE_CAPABILITIES } from "../../../services/api/permissions.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { KPI_DIMENSIONS, KPI_PERIOD_KIND } from "../../../services/store/kpi.ts";
import { at, findingOf, impactOf, incidentOf, judged, stated } from "../kpi/incidents.ts";
import { FOREIGN, HOME, openWorld, START, type World } from "./fixture.ts";

const SEPTEMBER = "2026-09";

function solved(id: string, changes: Partial<Incident> = {}): Incident {
  return incidentOf(id, {
    firstCompromise: stated("2026-09-10T07:00"),
    detectedAt: at("2026-09-10T08:00"),
    identifiedAt: at("2026-09-10T09:00"),
    contained: stated("2026-09-10T09:30"),
    recovered: stated("2026-09-10T12:00"),
    impact: impactOf("none"),
    ...changes,
  });
}

const TARGETS = [
  { validFrom: "2026-01-01", recoveryHours: 3 },
  { validFrom: "2026-09-01", reason: "Beschluss", recoveryHours: 4, containedShare: 0.8 },
  { validFrom: "2026-12-01", recoveryHours: 2 },
];

/** A world later than September, with an incident and two alarms of September. */
async function openFilled(targets: readonly KpiTarget[] = []): Promise<World> {
  const world = await openWorld({}, {}, targets);
  world.pass(Math.max(0, at("2026-11-15T12:00") - START));
  await world.store.put(HOME, INCIDENT_KIND, "i1", { ...solved("i1"), tenant: HOME });
  const findings = [
    findingOf("f1", judged("false_positive", "2026-09-11T00:00")),
    findingOf("f2", judged("true_positive", "2026-09-11T00:00")),
  ];
  for (const finding of findings) await world.store.put(HOME, FINDING_KIND, finding.id, finding);
  return world;
}

describe("figures", () => {
  it("come with their definitions, and as MTTD, MTTR and false-positive rate", async () => {
    const { person } = await openFilled();
    const { send } = await person("management");
    const { status, body } = await send("GET", `/kpi?period=${SEPTEMBER}`);
    expect(status).toBe(200);
    expect(body.figures.headline).toEqual({ mttdS: 7200, mttrS: 14_400, falsePositiveRate: 0.5 });
    expect(body.figures.containment).toMatchObject({ n: 1, contained: 1, share: 1 });
    expect(body.falseAlarmText).toBe("1 Fehlalarm, 1 Vorfall (1 je Vorfall)");
    expect(body.definitions.identification).toContain("ersten Kompromittierung");
    expect(body.definitionVersion).toBe(1);
  });

  it("say false alarms without incidents in words, never as 0 or infinity", async () => {
    const { person, store } = await openFilled();
    await store.put(HOME, INCIDENT_KIND, "i1", { ...solved("i1"), tenant: HOME, exercise: true });
    const { send } = await person("isb");
    const { body } = await send("GET", `/kpi?period=${SEPTEMBER}`);
    expect(body.figures.falseAlarms.perIncident).toBeNull();
    expect(body.falseAlarmText).toBe("1 Fehlalarm, 0 Vorfälle");
    expect(body.figures.leftOut).toEqual([{ reason: "exercise", n: 1 }]);
  });

  it.each([
    ["two days of the calendar", "?from=2026-09-10&to=2026-09-11", 1],
    ["the day after", "?from=2026-09-11&to=2026-09-12", 0],
    ["a quarter", "?period=2026-Q3", 1],
    ["a year", "?period=2026", 1],
    ["a severity", `?period=${SEPTEMBER}&severity=high`, 1],
    ["another severity", `?period=${SEPTEMBER}&severity=low`, 0],
    ["a category", `?period=${SEPTEMBER}&category=malicious_code`, 1],
    ["both", `?period=${SEPTEMBER}&severity=high&category=fraud`, 0],
    ["the running month", "", 0],
  ])("are given for %s", async (_, query, n) => {
    const { person } = await openFilled();
    const { send } = await person("analyst");
    const { status, body } = await send("GET", `/kpi${query}`);
    expect([status, body.figures.recovery.n]).toEqual([200, n]);
  });

  it.each([
    ["?period=2026-13", 422],
    ["?period=2026-09-31", 422],
    ["?period=gestern", 422],
    ["?from=2026-09-10", 422],
    ["?from=2026-09-11&to=2026-09-10", 422],
    ["?period=2026&from=2026-09-10&to=2026-09-11", 422],
    ["?severity=schlimm", 422],
    ["?assignee=account-1", 422],
    ["?by=account-1", 422],
    ["?groupBy=analyst", 422],
    ["?actor=account-1", 422],
    ["?tenant=samtgemeinde", 422],
  ])("are refused for %s", async (query, status) => {
    const { person } = await openFilled();
    const { send } = await person("analyst");
    expect((await send("GET", `/kpi${query}`)).status).toBe(status);
  });

  it("can be asked by nothing but severity, category and time", () => {
    expect(KPI_DIMENSIONS).toEqual(["severity", "category", "month"]);
    const asked = ["period", "from", "to"];
    expect(Object.keys(kpiQuery.shape)).toEqual([...asked, "severity", "category"]);
    expect(Object.keys(tuningQuery.shape)).toEqual([...asked, "per"]);
    expect(tuningQuery.shape.per.options).toEqual(["rule", "source"]);
  });

  it("show nothing of another tenant", async () => {
    const { person } = await openFilled();
    const { send } = await person("analyst", FOREIGN);
    const { body } = await send("GET", `/kpi?period=${SEPTEMBER}`);
    expect([body.figures.recovery.n, body.figures.falseAlarms.falseAlarms]).toEqual([0, 0]);
  });

  it("give no text of a finding and no account to those who see figures only", async () => {
    const { person } = await openFilled();
    const { send } = await person("management");
    const paths = [`/kpi?period=${SEPTEMBER}`, "/kpi/months", "/kpi/periods", "/kpi/targets"];
    for (const path of paths) {
      const { status, body } = await send("GET", path);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/Geheim|Verschlüsselte|account-1|rule-1/);
    }
    expect((await send("GET", "/kpi/tuning?per=rule")).status).toBe(403);
  });
});

describe("false alarms by rule and source", () => {
  it.each([
    ["rule", "rule-1"],
    ["source", "dc"],
  ])("are counted by %s for tuning", async (by, name) => {
    const { person } = await openFilled();
    const { send } = await person("analyst");
    const { body } = await send("GET", `/kpi/tuning?per=${by}&period=${SEPTEMBER}`);
    expect(body.rows).toEqual([
      {
        ...{ name, falseAlarms: 1, truePositives: 1, undetermined: 0 },
        ...{ benignTruePositives: 0, duplicates: 0, precision: 0.5 },
      },
    ]);
    const other = await send("GET", `/kpi/tuning?per=${by}&period=2026-08`);
    expect(other.body.rows).toEqual([]);
  });

  it("are never counted by a person", async () => {
    const { person } = await openFilled();
    const { send } = await person("analyst");
    expect((await send("GET", "/kpi/tuning?per=assignee")).status).toBe(422);
  });
});

describe("a published period", () => {
  it("stays as it was, and says what has changed since", async () => {
    const world = await openFilled();
    const { send } = await world.person("admin");
    const first = await send("POST", "/kpi/periods", { period: SEPTEMBER });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ isIntact: true, isRevised: false, differences: [] });
    const unchanged = await send("GET", "/kpi/periods");
    expect(unchanged.body.periods).toEqual([first.body]);

    const late = solved("i1", { recovered: stated("2026-09-10T14:00") });
    await world.store.put(HOME, INCIDENT_KIND, "i1", { ...late, tenant: HOME });
    world.pass(60_000);
    const { body } = await send("GET", "/kpi/periods");
    const [period] = body.periods;
    expect(period).toMatchObject({ isIntact: true, isRevised: true, note: "revidiert" });
    expect(period.hash).toBe(first.body.hash);
    expect(period.figures).toEqual(first.body.figures);
    expect(period.differences).toContainEqual({
      ...{ figure: "all recovery.meanS", published: 14_400, now: 21_600 },
    });
    expect(period.differences).not.toContainEqual(
      expect.objectContaining({ figure: "all identification.meanS" }),
    );
  });

  it("can't be published again, and not before it has ended", async () => {
    const world = await openFilled();
    const { send } = await world.person("admin");
    await send("POST", "/kpi/periods", { period: SEPTEMBER });
    const again = await send("POST", "/kpi/periods", { period: SEPTEMBER });
    expect([again.status, again.body.error.code]).toEqual([409, "HW_EXISTS"]);
    const early = await send("POST", "/kpi/periods", { period: "2026-11" });
    expect([early.status, early.body.error.message]).toEqual([
      422,
      "Der Zeitraum ist noch nicht zu Ende.",
    ]);
  });

  it("is in the audit chain with its hash", async () => {
    const world = await openFilled();
    const { send, id } = await world.person("admin");
    const { body } = await send("POST", "/kpi/periods", { period: SEPTEMBER });
    const entries = await world.store.readAudit(HOME, 1, 100);
    expect(entries.filter(({ action }) => action === "kpi.publish")).toMatchObject([
      { subject: SEPTEMBER, actor: expect.stringContaining(id), payload: { hash: body.hash } },
    ]);
  });

  it("tells when somebody has changed what is stored", async () => {
    const world = await openFilled();
    const { send } = await world.person("admin");
    await send("POST", "/kpi/periods", { period: SEPTEMBER });
    const stored = await world.store.get(HOME, KPI_PERIOD_KIND, SEPTEMBER);
    if (stored === undefined) throw new Error("not published");
    const [all, ...rest] = stored.document.figures;
    if (all === undefined) throw new Error("no figures");
    const better = { ...all.figures.headline, mttrS: 1 };
    const forged = { ...all, figures: { ...all.figures, headline: better } };
    await world.store.put(HOME, KPI_PERIOD_KIND, SEPTEMBER, {
      ...stored.document,
      figures: [forged, ...rest],
    });
    const { body } = await send("GET", "/kpi/periods");
    expect(body.periods[0].isIntact).toBe(false);
  });

  it("is made by administrators alone", async () => {
    const world = await openFilled();
    for (const role of ["analyst", "isb", "management"] as const) {
      const { send } = await world.person(role);
      expect((await send("POST", "/kpi/periods", { period: SEPTEMBER })).status).toBe(403);
    }
    expect(CAPABILITIES).toContain("kpi:write");
    expect(ROLE_CAPABILITIES.admin).toContain("kpi:write");
  });
});

describe("targets", () => {
  it("are told with their history, and which one is in force", async () => {
    const { person } = await openFilled(TARGETS);
    const { send } = await person("management");
    const { status, body } = await send("GET", "/kpi/targets");
    expect(status).toBe(200);
    expect(body).toEqual({ timeZone: "Europe/Berlin", inForce: TARGETS[1], targets: TARGETS });
  });

  it("stand beside each figure, those of the period and not of today", async () => {
    const { person } = await openFilled(TARGETS);
    const { send } = await person("isb");
    const september = await send("GET", `/kpi?period=${SEPTEMBER}`);
    expect(september.body.target).toEqual(TARGETS[1]);
    expect(september.body.targets).toMatchObject({
      recovery: { unit: "seconds", value: 14_400, target: 14_400, state: "met" },
      containment: { unit: "share", value: 1, target: 0.8, state: "met" },
      corrective: { target: null, state: "no_target" },
    });
    const quarter = await send("GET", "/kpi?period=2026-Q3");
    expect(quarter.body.target.validFrom).toBe("2026-01-01");
    expect(quarter.body.targets.recovery).toMatchObject({ target: 10_800, state: "missed" });
  });

  it("are those of the whole tenant alone", async () => {
    const { person } = await openFilled(TARGETS);
    const { send } = await person("isb");
    const { body } = await send("GET", `/kpi?period=${SEPTEMBER}&severity=high`);
    expect(body.targets).toBeNull();
  });

  it("need not be there", async () => {
    const { person } = await openFilled();
    const { send } = await person("isb");
    const { body } = await send("GET", `/kpi?period=${SEPTEMBER}`);
    expect([body.target, body.targets.recovery.state]).toEqual([null, "no_target"]);
    const targets = await send("GET", "/kpi/targets");
    expect(targets.body).toEqual({ timeZone: "Europe/Berlin", inForce: null, targets: [] });
  });
});

describe("definitions", () => {
  it("explain every figure, reason and flag in German", async () => {
    const { person } = await openWorld();
    const { send } = await person("management");
    const { status, body } = await send("GET", "/kpi/definitions");
    expect(status).toBe(200);
    expect(Object.keys(body.definitions)).toEqual(Object.keys(body.names));
    expect(body.excluded.start_unknown).toBe("Beginn unbekannt");
    expect(body.flags.impact_after_containment).toBe("Auswirkung nach der Eindämmung");
    expect(body.scope).toContain("ohne Übungen");
  });
});
