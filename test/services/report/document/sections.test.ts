// What the sections say in words is true of the period and of today: what once was there is told although
// nothing is set up any more, and what is set up is told although nothing happened.
import { describe, expect, it } from "vitest";
import { collectReport } from "../../../../services/report/collect.ts";
import { documentOf } from "../../../../services/report/document/report-document.ts";
import type { ReportData } from "../../../../services/report/report.ts";
import { csvFiles } from "../../../../services/report-document/csv.ts";
import { reportContext } from "../../../../services/report-link.ts";
import { LLM_CALL_KIND, type LlmCallRecord } from "../../../../services/store/llm-call.ts";
import { actionOf, at, findingOf, incidentOf, TENANT } from "../../kpi/incidents.ts";
import {
  NOW,
  openReportStore,
  putFindings,
  putIncidents,
  type ReportWorld,
} from "../report-world.ts";
import { sectionText } from "./section-text.ts";

async function collected({ parts }: ReportWorld): Promise<ReportData> {
  return collectReport(reportContext(parts, TENANT, "2026-10", NOW));
}

async function putPaged({ store }: ReportWorld): Promise<void> {
  const requestedAt = at("2026-10-05T08:00");
  const page = {
    ...{ id: "p1", round: 0, step: 0, channel: "mail", contact: 0, state: "handed_over" as const },
    ...{ dueAt: requestedAt, attempts: 1 },
  };
  const paging = {
    ...{ priority: "p1" as const, state: "acknowledged" as const, opening: 0, requestedAt },
    ...{ round: 0, step: 0, pages: [page] },
    answers: [
      { kind: "acknowledged" as const, at: requestedAt + 120_000, via: "console" as const },
    ],
  };
  await putFindings(store, [findingOf("f1", { paging })]);
}

async function putCall({ store }: ReportWorld): Promise<void> {
  const call: LlmCallRecord = {
    ...{ id: "c1", tenant: TENANT, at: at("2026-10-05T08:00"), subject: "finding:f1" },
    ...{ task: "summary", outcome: "verified", promptHash: "x", promptChars: 10, model: "klein" },
    ...{ sampling: {}, attempts: 1, durationMs: 2000, removedCharacters: 0 },
    verification: { total: 4, dropped: {} },
  };
  await store.put(TENANT, LLM_CALL_KIND, call.id, call);
}

const ROUTE = { policy: "alle" };
const PAGING = {
  paging: {
    channels: { mail: { kind: "mail", host: "mail.kreis.example", from: "hw@kreis.example" } },
    tenants: {
      [TENANT]: {
        people: { team: { name: "Team", contacts: [{ channel: "mail", to: "it@kreis.example" }] } },
        policies: { alle: { steps: [{ to: [{ person: "team" }] }] } },
        routes: { p1: ROUTE, p2: ROUTE, p3: ROUTE, p4: ROUTE },
      },
    },
  },
};
const MODEL = { llm: { url: "http://127.0.0.1:11434/v1", model: "gross" } };

describe("section 6", () => {
  it("tells of pages of the period although nobody is paged today", async () => {
    const world = openReportStore();
    await putPaged(world);
    const text = sectionText(await collected(world), "6");
    expect(text).toContain("alarmiert wurde: 1, Meldungen dazu: 1.");
    expect(text).toContain("Zurzeit ist für den Mandanten keine Alarmierung eingerichtet.");
    expect(text).toContain("P1 | 1 | 1 | 0 | 0 | 2 min");
    expect(text).toContain("mail | 1 | 1 | 0");
    expect(text).toContain("Besetzung der Dienstpläne: kein Nachweis");
  });

  it("tells that there was nothing to page although somebody would be paged", async () => {
    const world = openReportStore(PAGING);
    const text = sectionText(await collected(world), "6");
    expect(text).toContain("Im Zeitraum wurde niemand alarmiert.");
    expect(text).toContain("Zurzeit ist für den Mandanten eine Alarmierung eingerichtet.");
    expect(text).toContain("Kein Probealarm im Zeitraum: kein Nachweis.");
  });

  it("has no tables of nothing where nobody is or was paged", async () => {
    const text = sectionText(await collected(openReportStore()), "6");
    expect(text).toContain("Im Zeitraum wurde niemand alarmiert.");
    expect(text).toContain("Zurzeit ist für den Mandanten keine Alarmierung eingerichtet.");
    expect(text).not.toContain("Zustellung nach Kanal");
  });
});

describe("section 9", () => {
  it("tells of calls of the period although there is no model today", async () => {
    const world = openReportStore();
    await putCall(world);
    const text = sectionText(await collected(world), "9");
    expect(text).toContain("Zurzeit ist kein Sprachmodell eingerichtet.");
    expect(text).toContain("Aufrufe: 1; Antwort geprüft und gezeigt: 1");
    expect(text).toContain("klein | 1");
    expect(text).not.toContain("Ein Sprachmodell ist nicht eingerichtet");
  });

  it("tells which model is set up although it was not asked", async () => {
    const text = sectionText(await collected(openReportStore(MODEL)), "9");
    expect(text).toContain("Im Zeitraum wurde kein Sprachmodell gefragt: keine Daten.");
    expect(text).toContain("Zurzeit eingerichtetes Sprachmodell: gross, eingeschaltet.");
  });
});

describe("incidents", () => {
  it("are named by as much of their id as tells them apart, and by all of it in the CSV", async () => {
    const world = openReportStore();
    const ids = [
      "3f2a9c1b-77d0-4a51-8a58-3a7f5f1f6c11",
      "3f2a9c1b-78d0-4a51-8a58-3a7f5f1f6c11",
      "00000000-78d0-4a51-8a58-3a7f5f1f6c11",
    ];
    const identifiedAt = at("2026-10-05T08:00");
    const actions = [actionOf("a1")];
    await putIncidents(
      world.store,
      ids.map((id) => incidentOf(id, { identifiedAt, actions })),
    );
    const data = await collected(world);
    for (const number of ["2", "3", "11"]) {
      const text = sectionText(data, number);
      for (const short of ["3f2a9c1b-77", "3f2a9c1b-78", "00000000"]) expect(text).toContain(short);
      expect(text).not.toContain("-4a51-");
    }
    const document = documentOf(data, { author: "X", reference: undefined }, "full");
    for (const name of ["vorfaelle.csv", "offene-vorfaelle.csv", "massnahmen.csv"]) {
      const csv = csvFiles(document).find((file) => file.name === name)?.content ?? "";
      for (const id of ids) expect(csv).toContain(id);
    }
  });
});
