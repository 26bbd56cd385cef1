// The report's data come out of the store as it is, its KPIs are those of the KPI stage, and what is not
// known is told as such.
import { describe, expect, it } from "vitest";
import { createKpiLink } from "../../../services/kpi-link.ts";
import { collectReport } from "../../../services/report/collect.ts";
import type { ReportSource } from "../../../services/report/context.ts";
import { dataHashOf, reportDataSchema, reportJson } from "../../../services/report/report.ts";
import { reportContext } from "../../../services/report-link.ts";
import { EXCEPTION_KIND, type Exception } from "../../../services/store/exception.ts";
import { IDENTITY_REQUEST_KIND } from "../../../services/store/identity.ts";
import { LLM_CALL_KIND } from "../../../services/store/llm-call.ts";
import { SIMULATED_TAG } from "../../../services/store/simulated.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "../kpi/golden.ts";
import { actionOf, at, findingOf, incidentOf, judged, stated, TENANT } from "../kpi/incidents.ts";
import { NOW, openReportStore, putFindings, putIncidents } from "./report-world.ts";

const OCTOBER = "2026-10";

async function collected(world: ReturnType<typeof openReportStore>, period = OCTOBER) {
  return collectReport(reportContext(world.parts, TENANT, period, NOW));
}

describe.runIf(isThere)("the golden histories in a report", () => {
  it("give the very figures of the KPI service, by period, month, severity and category", async () => {
    const world = openReportStore();
    const golden = readGolden();
    await putIncidents(world.store, golden.incidents.map(incidentFrom));
    await putFindings(world.store, findingsFrom(golden.alarms));
    const data = await collected(world, "2026-Q4");
    const timeZoneOf = () => "UTC";
    const kpi = createKpiLink({ store: world.store, timeZoneOf, now: () => NOW });
    const figures = async (period: string, scope = {}) =>
      (await kpi.figures(TENANT, kpi.period(TENANT, { period }), scope)).figures;
    expect(data.sections.kpi.figures).toEqual(await figures("2026-Q4"));
    const [october] = data.sections.kpi.months;
    const reference = await figures(OCTOBER);
    expect(october).toMatchObject({
      name: OCTOBER,
      correctiveS: reference.corrective.meanS,
      identificationS: reference.identification.meanS,
      recoveryS: reference.recovery.meanS,
      falseAlarms: reference.falseAlarms?.falseAlarms,
      containedShare: reference.containment.share,
    });
    for (const severity of data.sections.kpi.bySeverity) {
      const found = await figures("2026-Q4", { severity: severity.name });
      expect(severity.recoveryS).toBe(found.recovery.meanS);
      expect(severity.open).toBe(found.recovery.open.n);
    }
    const sum = data.sections.kpi.byCategory.reduce((all, { identified }) => all + identified, 0);
    expect(sum).toBe(data.sections.kpi.figures.falseAlarms?.incidents);
  });
});

describe("the data of a report", () => {
  it("are what the schema says, and the same for the same store and moment", async () => {
    const world = openReportStore();
    await putIncidents(world.store, [incidentOf("i1", { identifiedAt: at("2026-10-05T08:00") })]);
    const [one, other] = [await collected(world), await collected(world)];
    expect(reportDataSchema.parse(one)).toEqual(one);
    expect(reportJson(one)).toBe(reportJson(other));
    expect(dataHashOf(one)).toBe(dataHashOf(other));
  });

  it("list an incident that something happened to in the period, or that is open at its end", async () => {
    const world = openReportStore();
    const old = { createdAt: at("2026-08-01T00:00") };
    await putIncidents(world.store, [
      incidentOf("in", { identifiedAt: at("2026-10-05T08:00"), tags: [SIMULATED_TAG] }),
      incidentOf("still-open", { ...old, identifiedAt: at("2026-08-01T08:00") }),
      incidentOf("over", {
        ...{ ...old, identifiedAt: at("2026-08-01T08:00") },
        recovered: stated("2026-08-02T08:00"),
      }),
      incidentOf("later", { createdAt: at("2026-11-02T08:00") }),
      incidentOf("drill", { exercise: true, createdAt: at("2026-10-09T08:00") }),
    ]);
    const { incidents } = (await collected(world)).sections.situation;
    expect(incidents.rows.map(({ id, leftOut }) => [id, leftOut])).toEqual([
      ["drill", "exercise"],
      ["still-open", null],
      ["in", null],
    ]);
    expect(incidents).toMatchObject({ exercises: 1, simulated: 1, notListed: 0 });
  });

  it("tell open measures with their delay and whether somebody has them, never who", async () => {
    const world = openReportStore();
    const late = { ...actionOf("late"), dueAt: at("2026-10-10T00:00"), assignee: "account-7" };
    await putIncidents(world.store, [
      incidentOf("i1", {
        identifiedAt: at("2026-10-05T08:00"),
        actions: [late, actionOf("done", "2026-10-09T08:00"), actionOf("free")],
      }),
      incidentOf("drill", { exercise: true, actions: [actionOf("exercise")] }),
    ]);
    const { measures } = (await collected(world)).sections;
    expect(measures).toMatchObject({ completed: 1, overdue: 1 });
    expect(measures.open.map((one) => [one.action, one.isOverdue, one.isAssigned])).toEqual([
      ["late", true, true],
      ["free", false, false],
    ]);
    expect(JSON.stringify(measures)).not.toContain("account-7");
  });

  it("judge each legal clock by when its report was sent", async () => {
    const world = openReportStore({
      tenants: [
        {
          ...{ id: TENANT, name: "Landkreis Beispiel", timeZone: "UTC" },
          legalClocks: { clocks: ["gdpr_art33"] },
        },
      ],
    });
    const sent = (text: string) => ({
      ...{ id: text, clock: "gdpr_art33" as const, outcome: "sent" as const, sentAt: at(text) },
      ...{ authority: "LfD", recordedAt: at(text), by: "account-1" },
    });
    const identifiedAt = at("2026-10-05T08:00");
    await putIncidents(world.store, [
      incidentOf("prompt", { identifiedAt, notifications: [sent("2026-10-06T08:00")] }),
      incidentOf("late", { identifiedAt, notifications: [sent("2026-10-09T08:00")] }),
      incidentOf("forgotten", { identifiedAt }),
    ]);
    const { legal } = (await collected(world)).sections;
    expect(legal.rows.map(({ incident, outcome }) => [incident, outcome])).toEqual([
      ["forgotten", "overdue"],
      ["late", "late"],
      ["prompt", "in_time"],
    ]);
    expect(legal.byClock[0]).toMatchObject({ started: 3, inTime: 1, late: 1, overdue: 1 });
  });

  it("count requests for names by reason, and who has only one pair of eyes", async () => {
    const world = openReportStore();
    const asked = {
      ...{ requester: "account-1", reason: "legal_duty" as const, incident: "i1" },
      ...{ pseudonym: "konto-1", createdAt: at("2026-10-05T08:00") },
    };
    const decided = { decidedAt: at("2026-10-05T09:00"), state: "approved" as const };
    const requests = [
      { ...asked, ...decided, id: "r1", decidedBy: "account-2" },
      { ...asked, ...decided, id: "r2", decidedBy: "account-1" },
      { ...asked, id: "r3", state: "waiting" as const },
    ];
    for (const one of requests) {
      await world.store.put(TENANT, IDENTITY_REQUEST_KIND, one.id, one);
    }
    const { requests: told, ...rest } = (await collected(world)).sections.privacy;
    expect(told).toMatchObject({ asked: 3, approved: 2, waiting: 1, withoutSecondPerson: 1 });
    expect(told.byReason).toEqual([{ reason: "legal_duty", asked: 3, approved: 2 }]);
    expect(rest.exports).toEqual({ reports: { n: 0, last: null }, audit: null, backups: null });
    expect(rest.deletions.events).toBeNull();
  });

  it("count what the program deleted, saved, gave out and tried, each with its last audit entry", async () => {
    const world = openReportStore();
    const tested = { rules: 9, samples: 20, failures: 0, faults: 0, untested: 1 };
    for (const [day, action, payload] of [
      ["2026-09-30", "retention.delete", { events: 1000 }],
      ["2026-10-03", "retention.delete", { events: 40 }],
      ["2026-10-04", "retention.delete", { events: 2 }],
      ["2026-10-05", "backup.create", { rows: 7 }],
      ["2026-10-06", "audit.export", { entries: 5 }],
      ["2026-10-07", "rules.test", { ...tested, failures: 3 }],
      ["2026-10-08", "rules.test", tested],
      ["2026-11-01", "backup.create", { rows: 8 }],
    ] as const) {
      const entry = { at: at(`${day}T08:00`), actor: "system", action, subject: "x", payload };
      await world.store.appendAudit(TENANT, entry);
    }
    const { privacy, detection, controls } = (await collected(world)).sections;
    const last = (day: string, entry: number) => ({ at: at(`${day}T08:00`), entry });
    expect(privacy.deletions.events).toEqual({ n: 2, last: last("2026-10-04", 3), events: 42 });
    expect(privacy.exports.backups).toEqual({ n: 1, last: last("2026-10-05", 4) });
    expect(privacy.exports.audit).toEqual({ n: 1, last: last("2026-10-06", 5) });
    expect(detection.ruleTests).toEqual({ n: 2, last: last("2026-10-08", 7), ...tested });
    const shown = controls.rows.find(({ id }) => id === "A.8.13")?.evidence;
    expect(shown).toEqual([{ key: "backups", section: "8" }]);
  });

  it("tell the gaps of a source in the hours of the period, whenever they ended", async () => {
    const world = openReportStore();
    const resumed = async (source: string, from: string, until: string) => {
      const [lastReceivedAt, resumedAt] = [at(from), at(until)];
      const payload = { source, lastReceivedAt, resumedAt, silentMinutes: 1 };
      const entry = { at: resumedAt + 9000, actor: "system", subject: "f1", payload };
      await world.store.appendAudit(TENANT, { ...entry, action: "source.resumed" });
    };
    await resumed("mail", "2026-09-01T00:00", "2026-09-02T00:00");
    await resumed("mail", "2026-09-30T22:00", "2026-10-01T03:00");
    const old = { at: at("2026-10-05T10:00"), actor: "system", subject: "f1" };
    await world.store.appendAudit(TENANT, {
      ...{ ...old, action: "source.resumed" },
      payload: { source: "firewall", silentMinutes: 90 },
    });
    await resumed("mail", "2026-10-10T08:00", "2026-10-10T10:00");
    await resumed("mail", "2026-10-10T08:00", "2026-10-10T10:00");
    await resumed("proxy", "2026-10-31T23:00", "2026-11-02T00:00");
    const source = (name: string, silentSince?: string): ReportSource => ({
      ...{ name, state: "silent", inputs: [], records: 1, failed: 0 },
      ...{ firstSeenAt: at("2026-01-01T00:00"), lastSeenAt: at("2026-10-31T21:00") },
      ...(silentSince === undefined ? {} : { silentSince: at(silentSince) }),
    });
    const parts = {
      ...world.parts,
      sources: async () => [source("dc", "2026-10-31T21:00"), source("vpn", "2026-11-03T00:00")],
    };
    const { gaps } = (await collected({ ...world, parts })).sections.sources;
    expect(gaps.bySource).toEqual([
      { source: "dc", gaps: 1, hours: 3, longestHours: 3 },
      { source: "firewall", gaps: 1, hours: 1.5, longestHours: 1.5 },
      { source: "mail", gaps: 2, hours: 5, longestHours: 3 },
      { source: "proxy", gaps: 1, hours: 1, longestHours: 1 },
    ]);
    expect(gaps.rows.map(({ source: name, until, entry }) => [name, until, entry])).toEqual([
      ["mail", at("2026-10-01T03:00"), 2],
      ["firewall", at("2026-10-05T10:00"), 3],
      ["mail", at("2026-10-10T10:00"), 4],
      ["dc", null, null],
      ["proxy", null, null],
    ]);
  });

  it("name no account as a rule: titles of accumulated risk name one", async () => {
    const world = openReportStore();
    const { detector, ...finding } = findingOf("risk-1", {
      ...{ raisedAt: at("2026-10-05T08:00") },
      ...judged("false_positive", "2026-10-05T09:00"),
    });
    const title = "Risiko-Häufung auf Konto konto-4qvm76h3";
    await putFindings(world.store, [
      { ...finding, detector: { ...detector, id: "heidewacht-risk", title } },
    ]);
    const data = await collected(world);
    expect(data.sections.detection.rules).toMatchObject([
      { name: "heidewacht-risk", title: null, falseAlarms: 1 },
    ]);
    expect(JSON.stringify(data)).not.toContain("konto-4qvm76h3");
  });

  it("count an exception as it stood at the end of the period, whoever agreed to it later", async () => {
    const world = openReportStore();
    const proposed = {
      ...{ proposedAt: at("2026-10-05T08:00"), proposedBy: "account-1", truePositives: ["f1"] },
      needs: ["true_positives" as const],
    };
    const made = (id: string, agreed: string | undefined): Exception => ({
      ...{
        id,
        tenant: TENANT,
        detector: "rule-1",
        title: "Regel",
        finding: "f1",
        reason: "geklärt",
      },
      matchers: [{ field: "host.name", operator: "equals", value: "ws1" }],
      ...{ from: at("2026-10-05T08:00"), until: at("2027-10-05T08:00"), owner: "account-1" },
      consent:
        agreed === undefined ? proposed : { ...proposed, agreedAt: at(agreed), agreedBy: "a-2" },
    });
    for (const one of [
      made("x1", "2026-10-06T08:00"),
      made("x2", "2026-11-03T08:00"),
      made("x3", undefined),
    ]) {
      await world.store.put(TENANT, EXCEPTION_KIND, one.id, one);
    }
    const { exceptions } = (await collected(world)).sections.detection;
    expect(exceptions).toMatchObject({ active: 1, waiting: 2 });
    expect(exceptions.rows.map((row) => [row.id, row.state, row.hasConsent])).toEqual([
      ["x1", "active", true],
      ["x2", "waiting", false],
      ["x3", "waiting", false],
    ]);
  });

  it("tell what the model was asked, what of it held, and when it was away", async () => {
    const world = openReportStore();
    const call = (id: string, time: string, outcome: string) => ({
      ...{ id, tenant: TENANT, at: at(time), subject: "finding:f1", task: "summary", outcome },
      ...{ promptHash: "x", promptChars: 10, model: "klein", sampling: {}, attempts: 1 },
      ...{ durationMs: 2000, removedCharacters: 1 },
      ...(outcome === "verified" ? { verification: { total: 4, dropped: { number: 1 } } } : {}),
    });
    for (const one of [
      call("c1", "2026-10-05T08:00", "verified"),
      call("c2", "2026-10-05T09:00", "unreachable"),
      call("c3", "2026-10-05T09:10", "circuit_open"),
      call("c4", "2026-10-05T09:30", "replaced"),
    ]) {
      await world.store.put(TENANT, LLM_CALL_KIND, one.id, one);
    }
    const { ai } = (await collected(world)).sections;
    expect(ai).toMatchObject({ calls: 4, verified: 1, replaced: 1, failed: 2 });
    expect(ai.claims).toEqual({ total: 4, dropped: 1, byReason: [{ name: "number", n: 1 }] });
    expect(ai.outages).toEqual({ n: 1, longestMs: 1_800_000, totalMs: 1_800_000 });
    expect(ai.state).toMatchObject({ model: null, isOn: false });
  });

  it("measure from the alarm to the first verdict, and say that nobody was or would be paged", async () => {
    const world = openReportStore();
    const raisedAt = at("2026-10-05T08:00");
    await putFindings(world.store, [
      findingOf("f1", { raisedAt, ...judged("false_positive", "2026-10-05T08:10") }),
      findingOf("f2", { raisedAt, ...judged("true_positive", "2026-10-05T09:00") }),
      findingOf("f3", { raisedAt }),
    ]);
    const { response, situation } = (await collected(world)).sections;
    expect(response.judged).toEqual({ n: 2, medianS: 600, p90S: 3600, maxS: 3600 });
    expect(response.paging).toMatchObject({ byPriority: [], tests: [], duty: [] });
    expect(response.paging.state.isConfigured).toBe(false);
    expect(situation.findings).toMatchObject({ raised: 3, byLevel: [{ name: "high", n: 3 }] });
  });

  it("find the head of the audit chain at the end of the period, and whether it holds", async () => {
    const world = openReportStore();
    for (const [day, action] of [
      ["2026-09-30", "rules.changed"],
      ["2026-10-03", "rules.changed"],
      ["2026-10-04", "identity.read"],
      ["2026-11-04", "rules.changed"],
    ] as const) {
      const entry = { at: at(`${day}T08:00`), actor: "system", action, subject: "x", payload: {} };
      await world.store.appendAudit(TENANT, entry);
    }
    const { integrity, detection, privacy } = (await collected(world)).sections;
    expect(integrity.headAtEnd).toMatchObject({ sequence: 3, at: at("2026-10-04T08:00") });
    expect(integrity.state).toMatchObject({ brokenAt: null, head: { sequence: 4 } });
    expect([integrity.entries, detection.ruleChanges, privacy.requests.read]).toEqual([2, 1, 1]);
  });

  it("show evidence for a requirement where there is some, and none where there is not", async () => {
    const world = openReportStore();
    await putIncidents(world.store, [incidentOf("i1", { identifiedAt: at("2026-10-05T08:00") })]);
    const { rows } = (await collected(world)).sections.controls;
    const of = (id: string) => rows.find((row) => row.id === id)?.evidence.map(({ key }) => key);
    expect(of("A.5.26")).toEqual(["incidents", "kpi"]);
    expect(of("A.5.17")).toEqual([]);
    expect(rows.every(({ isConfirmed }) => !isConfirmed)).toBe(true);
  });
});
