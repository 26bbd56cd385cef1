// The three sentences, over real figures of incidents and alarms: little, nothing, outliers, better here and
// worse there, targets just met. Both languages, never a person.
import { describe, expect, it } from "vitest";
import type { KpiTarget } from "../../../config/kpi.ts";
import { type PeriodReview, sentencesOf } from "../../../services/cases/kpi-sentences.ts";
import type { Alarm } from "../../../services/kpi/alarm.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { KpiLedger } from "../../../services/kpi/ledger.ts";
import { namedPeriod } from "../../../services/kpi/period.ts";
import { reviewOf } from "../../../services/kpi/review.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { actionOf, at, impactOf, incidentOf, stated } from "../kpi/incidents.ts";

const ZONE = "Europe/Berlin";
const NOW = at("2026-11-15T12:00");
const HOUR_MS = 3_600_000;

/** Hours of each of the three durations; left out: it has none. */
interface Hours {
  readonly k1?: number;
  readonly k2?: number;
  readonly k3?: number;
}

let next = 0;
function incident(month: string, { k1, k2, k3 }: Hours, changes: Partial<Incident> = {}): Incident {
  next += 1;
  const start = at(`2026-${month}-10T08:00`);
  const time = (hours: number) => new Date(start + hours * HOUR_MS).toISOString().slice(0, 19);
  return incidentOf(`V-${next}`, {
    ...{ detectedAt: start, identifiedAt: start, contained: stated(time(0)) },
    impact: impactOf("none"),
    ...(k2 === undefined ? {} : { firstCompromise: stated(time(-k2)) }),
    ...(k3 === undefined ? {} : { recovered: stated(time(k3)) }),
    ...(k1 === undefined ? {} : { actions: [actionOf("a", time(k1))] }),
    ...changes,
  });
}
const several = (count: number, month: string, hours: Hours, changes: Partial<Incident> = {}) =>
  Array.from({ length: count }, () => incident(month, hours, changes));

interface World {
  readonly incidents?: readonly Incident[];
  /** False alarms by month. */
  readonly falseAlarms?: Readonly<Record<string, number>>;
  readonly target?: Partial<KpiTarget>;
  readonly rules?: PeriodReview["alarms"]["rule"];
  readonly period?: string;
}

function review({
  incidents = [],
  falseAlarms = {},
  target,
  rules = [],
  period = "2026-10",
}: World) {
  next = 0;
  const ledger = new KpiLedger(ZONE);
  for (const one of incidents) ledger.setIncident(contributionOf(one));
  for (const [month, count] of Object.entries(falseAlarms)) {
    for (let n = 0; n < count; n += 1) {
      const seconds = at(`2026-${month}-10T08:00`) / 1000;
      const id = `${month}-${n}`;
      const alarm: Alarm = {
        ...{ id, level: "high", raisedAt: seconds, verdict: "false_positive", judgedAt: seconds },
        ...{ rule: "r", title: "R", isModel: false, sources: [], acknowledgedAt: undefined },
      };
      ledger.setAlarm(id, alarm);
    }
  }
  return reviewOf({
    ...{ ledger, tenant: "t", period: namedPeriod(period, ZONE), now: NOW },
    targets: target === undefined ? [] : [{ validFrom: "2026-01-01", ...target }],
    alarms: { rule: rules, source: [] },
  });
}
const german = (world: World) => sentencesOf(review(world), "de");

describe("the sentence about times", () => {
  it("names the outlier that explains a worse mean, and what it were without", () => {
    const outlier = incident("10", { k3: 64 }, { severity: "critical" });
    const incidents = [...several(5, "09", { k3: 4 }), ...several(5, "10", { k3: 4 }), outlier];
    expect(german({ incidents })[0]).toBe(
      "Im Oktober 2026 stieg die Zeit von der Erkennung bis zur Behebung (K3) gegenüber September 2026 von " +
        `4 h auf 14 h (n = 6, davor 5), was ein einziger Vorfall erklärt (${outlier.id}, Schadsoftware, ` +
        "Schwere kritisch, 2 Tage 16 h): ohne ihn wären es 4 h; für eine Tendenz von K1 (n = 0, davor 0) " +
        "und K2 (n = 0, davor 0) gibt es zu wenige Werte.",
    );
  });

  it("names the outlier of the month before that made this one look good", () => {
    const outlier = incident("09", { k3: 64 });
    const incidents = [...several(5, "09", { k3: 4 }), ...several(5, "10", { k3: 4 }), outlier];
    expect(german({ incidents })[0]).toContain(
      `sank die Zeit von der Erkennung bis zur Behebung (K3) gegenüber September 2026 von 14 h auf 4 h (n = 5, davor 6), weil davor ein einziger Vorfall das Mittel gehoben hatte (${outlier.id},`,
    );
  });

  it("names an incident by as much of its id as tells it apart", () => {
    const long = (start: string) => ({ id: `${start}-4a51-8a58-3a7f5f1f6c11` });
    const outlier = incident("10", { k3: 64 }, { severity: "critical", ...long("3f2a9c1b-77d0") });
    const other = incident("10", { k3: 4 }, long("3f2a9c1b-78d0"));
    const before = several(5, "09", { k3: 4 });
    const [times] = german({
      incidents: [...before, ...several(4, "10", { k3: 4 }), other, outlier],
    });
    expect(times).toContain("was ein einziger Vorfall erklärt (3f2a9c1b-77, Schadsoftware");
  });

  it("says better in one and worse in the other, the greater change first", () => {
    const incidents = [
      ...several(5, "09", { k1: 10, k2: 10, k3: 10 }),
      ...several(5, "10", { k1: 10, k2: 5, k3: 12 }),
    ];
    expect(german({ incidents })[0]).toBe(
      "Im Oktober 2026 sank die Zeit bis zur Identifizierung (K2) gegenüber September 2026 von 10 h auf 5 h " +
        "(n = 5, davor 5), ohne dass ein Vorfall, eine Schwere oder eine Art das überwiegend erklärt; " +
        "die Zeit von der Erkennung bis zur Behebung (K3) stieg von 10 h auf 12 h; " +
        "die Dauer der Korrekturmaßnahmen (K1) blieb bei 10 h.",
    );
  });

  it("names a severity with what it contributes", () => {
    const incidents = [
      ...several(6, "09", { k3: 4 }),
      ...several(3, "10", { k3: 4 }),
      ...several(3, "10", { k3: 20 }, { severity: "critical" }),
    ];
    expect(german({ incidents })[0]).toContain(
      "wozu Vorfälle der Schwere „kritisch“ +8 h beitragen (n = 3, davor 0)",
    );
  });

  it.each([4, 1])("tells no trend of %i values", (count) => {
    const incidents = [...several(6, "09", { k3: 4 }), ...several(count, "10", { k3: 40 })];
    const [times] = german({ incidents });
    expect(times).toContain("gibt es für eine Tendenz der Zeiten zu wenige Werte");
    expect(times).toContain(`K3 (n = ${count}, davor 6)`);
    expect(times).not.toMatch(/stieg|sank/);
  });

  it("says when nothing happened, and what was before", () => {
    expect(german({})[0]).toBe(
      "Im Oktober 2026 wurde kein Vorfall identifiziert, behoben oder in seinen Maßnahmen abgeschlossen, der eine Zeit hat.",
    );
    expect(german({ incidents: several(2, "09", { k3: 4 }) })[0]).toContain(
      "im Zeitraum davor waren es K1 0, K2 0, K3 2.",
    );
  });

  it.each([
    ["2026-11", "Bisher im November 2026"],
    ["2026-Q3", "Im 3. Quartal 2026"],
    ["2026", "Bisher im Jahr 2026"],
    ["2026-10-25", "Am 25. Oktober 2026"],
  ])("names the period %s", (period, words) => {
    expect(german({ period })[0]).toMatch(new RegExp(`^${words} `));
  });
});

describe("the sentence about false alarms and containment", () => {
  const incidents = [...several(5, "09", { k3: 4 }), ...several(5, "10", { k3: 4 })];
  const noisy = [{ name: "lolbin-powershell", now: 18, before: 2 }];
  it.each<[string, World, string]>([
    [
      "names the rule that made them",
      { incidents, falseAlarms: { "09": 5, "10": 20 }, rules: noisy },
      "Auf einen Vorfall kamen 4 Fehlalarme (K4), davor 1, überwiegend wegen der Regel „lolbin-powershell“ (18 Fehlalarme, davor 2); vor",
    ],
    [
      "names none to those who may not see rules",
      { incidents, falseAlarms: { "09": 5, "10": 20 }, rules: [{ now: 18, before: 2 }] },
      "überwiegend wegen einer einzigen Regel (18 Fehlalarme, davor 2)",
    ],
    [
      "says that it is spread",
      { incidents, falseAlarms: { "09": 5, "10": 20 } },
      "davor 1, über mehrere Regeln und Quellen verteilt",
    ],
    [
      "says that it is the incidents that became fewer",
      { incidents: [...incidents, ...several(5, "09", {})], falseAlarms: { "09": 20, "10": 20 } },
      "davor 2, weil es weniger Vorfälle gab (5, davor 10)",
    ],
    [
      "says that nothing changed",
      { incidents, falseAlarms: { "09": 5, "10": 5 } },
      "Auf einen Vorfall kamen wie davor 1 Fehlalarme (K4); ",
    ],
    [
      "tells no trend of few incidents",
      { incidents: several(2, "10", { k3: 4 }), falseAlarms: { "10": 9 } },
      "9 Fehlalarme kamen auf 2 Vorfälle (K4: 4,5), für eine Tendenz sind es zu wenige Vorfälle",
    ],
    [
      "has alarms without incidents",
      { falseAlarms: { "10": 9 } },
      "Es gab 9 Fehlalarme und keinen Vorfall; ob",
    ],
    [
      "has nothing at all",
      {},
      "Es gab weder Fehlalarme noch Vorfälle; ob Vorfälle vor Schadenseintritt eingedämmt wurden (K5), ist für keinen behobenen bekannt.",
    ],
    [
      "tells containment with both counts",
      {
        incidents: [...incidents, ...several(5, "10", { k3: 1 }, { impact: impactOf("limited") })],
      },
      "vor Schadenseintritt eingedämmt wurden 5 von 10 (K5: 50 %), davor 5 von 5 (100 %).",
    ],
    [
      "tells few containments as few",
      { incidents: several(1, "10", { k3: 4 }) },
      "eingedämmt wurde 1 von 1 (K5: 100 %), davor gab es keinen Wert, zu wenige für eine Tendenz.",
    ],
  ])("%s", (_, world, text) => {
    expect(german(world)[1]).toContain(text);
  });
});

describe("the sentence about targets", () => {
  const done = several(5, "10", { k3: 4, k2: 10 });
  it.each<[string, World, string]>([
    ["are not there", { incidents: done }, "Ziele sind nicht festgelegt; kein Vorfall ist offen."],
    [
      "are just met",
      { incidents: done, target: { recoveryHours: 4, identificationHours: 10 } },
      "Alle 2 Ziele sind erreicht; kein Vorfall ist offen.",
    ],
    [
      "are missed",
      { incidents: done, target: { recoveryHours: 3, identificationHours: 10 } },
      "1 von 2 Zielen ist erreicht; verfehlt ist K3 (4 h statt höchstens 3 h); kein",
    ],
    [
      "are missed by a share",
      {
        incidents: several(2, "10", { k3: 4 }, { impact: impactOf("limited") }),
        target: { containedShare: 0.8 },
      },
      "0 von 1 Ziel sind erreicht; verfehlt ist K5 (0 % statt mindestens 80 %)",
    ],
    ["have no value", { target: { recoveryHours: 3 } }, "für K3 gibt es keinen Wert"],
    [
      "are at risk by what is open",
      { incidents: [...done, incident("10", {})], target: { recoveryHours: 4 } },
      "Das eine Ziel ist erreicht; durch offene Vorfälle gefährdet ist K3; offen ist 1 Vorfall (V-",
    ],
  ])("says that they %s", (_, world, text) => {
    expect(german(world)[2]).toContain(text);
  });

  it("tells the oldest open incident at the end of the period", () => {
    const open = incident("09", {});
    const [, , targets] = german({ incidents: [open, incident("10", {})] });
    expect(targets).toContain(
      `offen sind 2 Vorfälle, der älteste (${open.id}) seit 51 Tagen 15 h.`,
    );
  });
});

describe("all sentences", () => {
  it("are three, in both languages, and the same for the same figures", () => {
    const world = {
      incidents: [...several(5, "09", { k3: 4, k2: 1 }), ...several(6, "10", { k3: 9, k2: 1 })],
      falseAlarms: { "09": 3, "10": 30 },
      target: { recoveryHours: 8, containedShare: 0.5 },
    };
    const made = review(world);
    expect(sentencesOf(made, "de")).toEqual(sentencesOf(review(world), "de"));
    const english = sentencesOf(made, "en");
    expect(english[0]).toMatch(
      /^In October 2026 the time from detection to recovery \(K3\) rose from 4 h to 9 h/,
    );
    expect(english[1]).toContain("There were 5 false alarms per incident");
    expect(english[2]).toContain("missed: K3 (9 h instead of at most 8 h)");
    for (const text of [...english, ...sentencesOf(made, "de")]) {
      expect(text).toMatch(/^[A-Z\d].*[^.]\.$/);
      expect(text).not.toMatch(/account|undefined|NaN|null|Infinity/);
    }
  });
});
