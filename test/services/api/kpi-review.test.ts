// What the management page asks of the API: a period beside the one before it, in figures and sentences, and
// the anonymous incidents behind it. Who sees figures only gets no name of a rule and no text of a finding.
import { describe, expect, it } from "vitest";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { SIMULATED_TAG } from "../../../services/store/simulated.ts";
import { at, findingOf, impactOf, incidentOf, judged, stated } from "../kpi/incidents.ts";
import { FOREIGN, HOME, openWorld, START, type World } from "./fixture.ts";

const TARGETS = [{ validFrom: "2026-01-01", recoveryHours: 4 }];

/** Recovered so many hours after it was detected and identified, on the tenth of the month. */
function solved(
  id: string,
  month: string,
  hours: number,
  changes: Partial<Incident> = {},
): Incident {
  const start = `2026-${month}-10T08:00`;
  const end = new Date(at(start) + hours * 3_600_000).toISOString().slice(0, 16);
  return incidentOf(id, {
    ...{ tenant: HOME, detectedAt: at(start), identifiedAt: at(start), contained: stated(start) },
    ...{ recovered: stated(end), impact: impactOf("none"), ...changes },
  });
}

/** Five usual incidents in August and September, one that took long, one that is open; false alarms. */
async function openFilled(
  changes: Partial<Incident> = {},
  providers: Parameters<typeof openWorld>[1] = {},
): Promise<World> {
  const world = await openWorld({}, providers, TARGETS);
  world.pass(Math.max(0, at("2026-11-15T12:00") - START));
  const { recovered: _, ...open } = solved("open", "09", 1);
  const incidents = [
    ...["a", "b", "c", "d", "e"].flatMap((id) => [
      solved(`8${id}`, "08", 4),
      solved(`9${id}`, "09", 4),
    ]),
    solved("slow", "09", 64, { severity: "critical", ...changes }),
    open,
  ];
  for (const one of incidents) await world.store.put(HOME, INCIDENT_KIND, one.id, one);
  for (const n of Array.from({ length: 20 }, (_one, index) => index)) {
    const finding = findingOf(`f${n}`, {
      ...judged("false_positive", "2026-09-11T00:00"),
      tenant: HOME,
    });
    await world.store.put(HOME, FINDING_KIND, finding.id, finding);
  }
  return world;
}

describe("the review of a period", () => {
  it("says in both languages what has changed and why", async () => {
    const { person } = await openFilled();
    const { send } = await person("isb");
    const { status, body } = await send("GET", "/kpi/review?period=2026-09");
    expect(status).toBe(200);
    expect(body).toMatchObject({ isRunning: false, before: { name: "2026-08" } });
    expect(body.sentences.de[0]).toContain(
      "von 4 h auf 14 h (n = 6, davor 5), was ein einziger Vorfall erklärt (slow,",
    );
    expect(body.sentences.de[1]).toContain(
      "überwiegend wegen der Regel „rule-1“ (20 Fehlalarme, davor 0)",
    );
    expect(body.sentences.de[2]).toContain(
      "verfehlt ist K3 (14 h statt höchstens 4 h); offen ist 1 Vorfall (open)",
    );
    expect(body.sentences.en[0]).toContain("rose from 4 h to 14 h");
    expect(body.figures.recovery.meanS).toBe(50_400);
    expect(body.figuresBefore.recovery.meanS).toBe(14_400);
  });

  it("names a rule by its title where it is loaded", async () => {
    const { detector } = findingOf("f1");
    const rule = {
      ...{ ...detector, title: "Viele Fehlversuche" },
      ...{ hits: 0, filteredBy: [], isSilenced: false },
    };
    const rules = () => ({
      ...{ rules: [rule], faults: [], leftOut: [], notes: [], costs: [], processes: [] },
    });
    const { send } = await (await openFilled({}, { rules })).person("isb");
    const { body } = await send("GET", "/kpi/review?period=2026-09");
    expect(body.sentences.de[1]).toContain("wegen der Regel „Viele Fehlversuche“ (20 Fehlalarme");
  });

  it("gives the same figures as the KPIs themselves", async () => {
    const { person } = await openFilled();
    const { send } = await person("isb");
    const review = await send("GET", "/kpi/review?period=2026-Q3");
    const kpi = await send("GET", "/kpi?period=2026-Q3");
    expect(review.body.figures).toEqual(kpi.body.figures);
    expect(review.body.targets).toEqual(kpi.body.targets);
    expect(review.body.target).toEqual(TARGETS[0]);
  });

  it.each([
    ["2026-09", 12, "2025-10"],
    ["2026-Q3", 12, "2023-Q4"],
    ["2026", 5, "2022"],
    ["2026-09-10", 0, undefined],
  ])("of %s draws %i periods", async (period, count, first) => {
    const { person } = await openFilled();
    const { send } = await person("management");
    const { body } = await send("GET", `/kpi/review?period=${period}`);
    expect([body.series.length, body.series[0]?.period.name]).toEqual([count, first]);
    if (count > 0) {
      expect(body.series.at(-1)).toMatchObject({
        period: { name: period },
        recovery: { n: body.figures.recovery.n, value: body.figures.recovery.meanS },
      });
    }
  });

  it("gives who sees figures only no name of a rule", async () => {
    const { person } = await openFilled();
    const { send } = await person("management");
    const { body } = await send("GET", "/kpi/review?period=2026-09");
    expect(body.sentences.de[1]).toContain("wegen einer einzigen Regel (20 Fehlalarme, davor 0)");
    expect(JSON.stringify(body)).not.toMatch(/Geheim|Verschlüsselte|account-1|rule-1/);
  });

  it("gives none in the short form of a report either", async () => {
    const { person } = await openFilled();
    await (await person("isb")).send("POST", "/reports", { period: "2026-09" });
    const { send } = await person("management");
    const { status, body } = await send("GET", "/reports/1/summary/html");
    expect(status).toBe(200);
    expect(body).toContain("wegen einer einzigen Regel (20 Fehlalarme, davor 0)");
    expect(body).not.toMatch(/Geheim|Verschlüsselte|account-1|rule-1/);
  });

  it("tells what was made up for a demonstration", async () => {
    const { person, store } = await openFilled({ tags: [SIMULATED_TAG] });
    const { send } = await person("management");
    const tagged = findingOf("made-up", {
      ...{ tenant: HOME, tags: [SIMULATED_TAG], raisedAt: at("2026-09-12T00:00") },
    });
    await store.put(HOME, FINDING_KIND, "made-up", tagged);
    const september = await send("GET", "/kpi/review?period=2026-09");
    expect(september.body.simulated).toEqual({ incidents: 1, findings: 1 });
    const august = await send("GET", "/kpi/review?period=2026-08");
    expect(august.body.simulated).toEqual({ incidents: 0, findings: 0 });
  });

  it.each(["?period=gestern", "?severity=high", "?period=2026-09&by=account-1"])(
    "is refused for %s",
    async (query) => {
      const { person } = await openFilled();
      const { send } = await person("isb");
      expect((await send("GET", `/kpi/review${query}`)).status).toBe(422);
    },
  );
});

describe("the incidents behind the figures", () => {
  it("have durations and no names, the worst first", async () => {
    const { person } = await openFilled({ tags: [SIMULATED_TAG] });
    const { send } = await person("management");
    const { status, body } = await send("GET", "/kpi/incidents?period=2026-09");
    expect([status, body.total]).toEqual([200, 7]);
    expect(body.incidents.slice(0, 2)).toEqual([
      {
        ...{ id: "open", severity: "high", category: "malicious_code", wasReopened: false },
        ...{ correctiveS: null, identificationS: null, recoveryS: null, containment: null },
        ...{ openS: (at("2026-09-30T22:00") - at("2026-09-10T08:00")) / 1000, isSimulated: false },
      },
      {
        ...{ id: "slow", severity: "critical", category: "malicious_code", wasReopened: false },
        ...{ correctiveS: null, identificationS: null, recoveryS: 230_400, openS: null },
        ...{ containment: "contained", isSimulated: true },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/Verschlüsselte|account-1/);
  });

  it("are those that the mean was made of", async () => {
    const { person } = await openFilled();
    const { send } = await person("isb");
    const { body } = await send("GET", "/kpi/incidents?period=2026-09");
    const seconds = body.incidents.flatMap(
      ({ recoveryS }: { recoveryS: number | null }) => recoveryS ?? [],
    );
    const mean = seconds.reduce((sum: number, one: number) => sum + one, 0) / seconds.length;
    const kpi = await send("GET", "/kpi?period=2026-09");
    expect(kpi.body.figures.recovery.meanS).toBe(mean);
  });

  it("are of one's own tenant", async () => {
    const { person } = await openFilled();
    const { send } = await person("management", FOREIGN);
    const { body } = await send("GET", "/kpi/incidents?period=2026-09");
    expect(body.incidents).toEqual([]);
  });
});
