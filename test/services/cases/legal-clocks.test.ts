// Time limits of reports: spans, months, nights on which the clock is changed, warnings given once.
import { describe, expect, it } from "vitest";
import { checkLegalClocks } from "../../../services/cases/check-legal-clocks.ts";
import { declareIncident } from "../../../services/cases/incident-findings.ts";
import {
  type ClockProfile,
  dueWarnings,
  readClocks,
} from "../../../services/cases/legal-clocks.ts";
import { notificationDraft } from "../../../services/cases/notification-draft.ts";
import type { Incident, Notification } from "../../../services/store/incident.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { HOME } from "../api/fixture.ts";
import { HOUR, incidentOf, NOW, newIncident, openDesk } from "./incident-fixture.ts";

const PROFILE: ClockProfile = {
  clocks: [
    ...(["gdpr_art33", "nis2_early_warning", "nis2_notification"] as const),
    ...(["nis2_final_report", "ndig_26"] as const),
  ],
  ndigHours: undefined,
  timeZone: "Europe/Berlin",
};
const iso = (text: string) => Date.parse(text);
const sentAt = (at: number, clock: Notification["clock"]): Notification => ({
  ...{ id: "n", clock, outcome: "sent", sentAt: at, authority: "BSI", recordedAt: at, by: "anna" },
});
const reading = (incident: Incident, now: number, clock: string, profile = PROFILE) =>
  readClocks(incident, profile, now).find((one) => one.clock === clock);

describe("a legal clock", () => {
  it.each([
    ["gdpr_art33", 0, "running", 0],
    ["gdpr_art33", 36 * HOUR - 1, "running", 49],
    ["gdpr_art33", 36 * HOUR, "warn50", 50],
    ["gdpr_art33", 57.6 * HOUR, "warn80", 80],
    ["gdpr_art33", 72 * HOUR - 1, "warn80", 99],
    ["gdpr_art33", 72 * HOUR, "overdue", 100],
    ["nis2_early_warning", 12 * HOUR, "warn50", 50],
    ["nis2_early_warning", 24 * HOUR, "overdue", 100],
    ["nis2_notification", 40 * HOUR, "warn50", 55],
    ["nis2_final_report", 1000 * HOUR, "waiting", undefined],
    ["ndig_26", 1000 * HOUR, "running", undefined],
  ])("%s after %d ms is %s", (clock, ms, state, percent) => {
    expect(reading(incidentOf(), NOW + ms, clock)).toMatchObject({ state });
    expect(reading(incidentOf(), NOW + ms, clock)?.percent).toBe(percent);
  });

  it.each([
    ["the night with an hour more", "2026-10-23T18:00:00+02:00", "2026-10-26T17:00:00+01:00"],
    ["the night with an hour less", "2027-03-26T18:00:00+01:00", "2027-03-29T19:00:00+02:00"],
  ])("counts 72 hours over %s", (_name, from, due) => {
    const incident = incidentOf({ identifiedAt: iso(from) });
    expect(reading(incident, NOW, "gdpr_art33")?.dueAt).toBe(iso(due));
  });

  it.each([
    ["2027-01-31T10:00:00+01:00", "2027-02-28T10:00:00+01:00"],
    ["2028-01-31T10:00:00+01:00", "2028-02-29T10:00:00+01:00"],
    ["2026-10-15T10:00:00+02:00", "2026-11-15T10:00:00+01:00"],
    ["2027-02-28T02:30:00+01:00", "2027-03-28T03:30:00+02:00"],
    ["2026-12-31T23:59:00+01:00", "2027-01-31T23:59:00+01:00"],
  ])("of a month that begins %s ends %s", (from, due) => {
    const notifications = [sentAt(iso(from), "nis2_notification")];
    const incident = incidentOf({ identifiedAt: iso(from) - HOUR, notifications });
    expect(reading(incident, iso(from), "nis2_final_report")).toMatchObject({
      ...{ state: "running", startedAt: iso(from), dueAt: iso(due) },
    });
  });

  it("has the hours that the administration sets for § 26 NDIG", () => {
    const clock = reading(incidentOf(), NOW, "ndig_26", { ...PROFILE, ndigHours: 6 });
    expect(clock?.dueAt).toBe(NOW + 6 * HOUR);
  });

  it("is done with what a human wrote down, even late, and begins nothing that was not sent", () => {
    const notRequired = { ...sentAt(NOW, "nis2_notification"), outcome: "not_required" as const };
    const notifications = [sentAt(NOW + 100 * HOUR, "gdpr_art33"), notRequired];
    const incident = incidentOf({ notifications });
    expect(reading(incident, NOW + 200 * HOUR, "gdpr_art33")?.state).toBe("done");
    expect(reading(incident, NOW + 200 * HOUR, "nis2_final_report")?.state).toBe("waiting");
  });

  it.each<[string, Partial<Incident>]>([
    ["an exercise", { exercise: true }],
    ["a false alarm", { verdict: "false_positive" }],
    ["what was authorised", { verdict: "benign_true_positive" }],
    ["what others stand for", { mergedInto: "x" }],
    ["what has been split", { splitInto: ["x", "y"] }],
  ])("does not run for %s", (_name, changes) => {
    expect(readClocks(incidentOf(changes), PROFILE, NOW + 1000 * HOUR)).toEqual([]);
    expect(dueWarnings(incidentOf(changes), PROFILE, NOW + 1000 * HOUR)).toEqual([]);
  });
});

describe("warnings", () => {
  const profileOf = () => ({ ...PROFILE, clocks: ["gdpr_art33"] as const });

  it("are given at 50, 80 and 100 percent, each once, in the incident and in the audit chain", async () => {
    const { store, desk } = await openDesk();
    const { id } = await declareIncident(desk(), newIncident());
    const given: string[] = [];
    for (const hours of [1, 36, 36, 58, 60, 72, 73, 400]) {
      const round = await checkLegalClocks(store, [HOME], profileOf, NOW + hours * HOUR);
      given.push(...round.map(({ percent }) => `${percent} after ${hours} h`));
    }
    expect(given).toEqual(["50 after 36 h", "80 after 58 h", "100 after 72 h"]);
    const found = await store.get(HOME, INCIDENT_KIND, id);
    expect(found?.document.clockWarnings?.map(({ percent }) => percent)).toEqual([50, 80, 100]);
    const entries = await store.readAudit(HOME, 1, 100);
    expect(entries.filter(({ action }) => action === "incident.legal_clock")).toMatchObject([
      { actor: "system", subject: id, payload: { clock: "gdpr_art33", percent: 50 } },
      { payload: { percent: 80 } },
      { payload: { percent: 100 } },
    ]);
  });

  it("that were due while nothing ran are given at the next start, by one of several processes", async () => {
    const { store, desk } = await openDesk();
    await declareIncident(desk(), newIncident());
    const rounds = await Promise.all(
      [1, 2, 3].map(() => checkLegalClocks(store, [HOME], profileOf, NOW + 100 * HOUR)),
    );
    const later = await checkLegalClocks(store, [HOME], profileOf, NOW + 101 * HOUR);
    const percents = [...rounds.flat(), ...later].map(({ percent }) => percent);
    expect(percents.sort((a, b) => a - b)).toEqual([50, 80, 100]);
  });
});

describe("a draft", () => {
  const draft = (incident: Incident, clock: Notification["clock"]) =>
    notificationDraft(incident, clock, {
      ...{ tenantName: "Landkreis Lüneburg", profile: PROFILE, language: "de", now: NOW },
    });

  it("is filled with facts, and names what people have to add", () => {
    const text = draft(
      incidentOf({
        detectedAt: NOW - HOUR,
        contained: { at: NOW + HOUR, method: "evidence", evidenceIds: ["e"] },
        containmentDowntimeS: 600,
        notifications: [sentAt(NOW + HOUR, "nis2_early_warning")],
      }),
      "gdpr_art33",
    );
    expect(text.split("\n").slice(0, 10)).toEqual([
      "Meldung nach Art. 33 DSGVO (Entwurf, von einem Menschen zu prüfen und abzusenden)",
      "",
      "Meldende Stelle: Landkreis Lüneburg",
      "Aktenzeichen: incident-1",
      "Frist: 23.11.2026, 13:00 MEZ",
      "Art des Vorfalls: Schadsoftware",
      "Schwere: hoch",
      "Erste Kompromittierung: nicht bekannt",
      "Erkannt: 20.11.2026, 12:00 MEZ",
      "Identifiziert: 20.11.2026, 13:00 MEZ",
    ]);
    expect(text).toContain("Eingedämmt: 20.11.2026, 14:00 MEZ (belegt)");
    expect(text).toContain("Ausfall durch die Eindämmung: 10 Minuten");
    expect(text).toContain("Frühere Meldungen: NIS-2-Frühwarnung, 20.11.2026, 14:00 MEZ");
    expect(text).toContain("- wahrscheinliche Folgen: ____");
  });

  it.each(PROFILE.clocks)("of %s holds nothing that people or logs have written", (clock) => {
    const secret = "Erika Mustermann";
    const text = draft(
      incidentOf({
        ...{ title: secret, description: secret, tags: [secret], assignee: secret },
        findingIds: [secret],
        contained: { at: NOW, method: "evidence", evidenceIds: [secret], reason: secret },
        actions: [{ id: "a", title: secret, required: true, createdAt: NOW, assignee: secret }],
        notifications: [{ ...sentAt(NOW, "ndig_26"), authority: secret, comment: secret }],
      }),
      clock,
    );
    expect(text).not.toContain("Mustermann");
  });
});
