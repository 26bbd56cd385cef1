// Publishing freezes a report in a chain; a change makes a revision that says what changed; whatever is
// changed afterwards is found.
import { describe, expect, it } from "vitest";
import { collectReport } from "../../../services/report/collect.ts";
import { documentOf } from "../../../services/report/document/report-document.ts";
import { frozenData, publishedReports, publishReport } from "../../../services/report/publish.ts";
import { reportJson } from "../../../services/report/report.ts";
import { verifyReports } from "../../../services/report/verify.ts";
import { reportContext } from "../../../services/report-link.ts";
import {
  REPORT_KIND,
  REPORT_PART_KIND,
  reportHash,
  reportId,
} from "../../../services/store/report.ts";
import { at, incidentOf, stated, TENANT } from "../kpi/incidents.ts";
import { NOW, openReportStore, putIncidents, type ReportWorld } from "./report-world.ts";

const DAY_MS = 86_400_000;
const solved = incidentOf("i1", {
  detectedAt: at("2026-10-05T07:00"),
  identifiedAt: at("2026-10-05T08:00"),
  recovered: stated("2026-10-05T11:00"),
});

async function published({ parts, store }: ReportWorld, period = "2026-10", now = NOW) {
  const data = await collectReport(reportContext(parts, TENANT, period, now));
  return publishReport(data, {
    ...{ store, author: "Landkreis Beispiel", reference: undefined },
    by: { at: now, actor: "account-1" },
  });
}

describe("a published report", () => {
  it("keeps its data, whatever happens to the store's documents afterwards", async () => {
    const world = openReportStore();
    await putIncidents(world.store, [solved]);
    const report = await published(world);
    await putIncidents(world.store, [{ ...solved, exercise: true }]);
    const data = await frozenData(world.store, report);
    expect(data.sections.kpi.figures.recovery.meanS).toBe(14_400);
    const edition = { published: report, author: report.author, reference: undefined };
    const documents = [1, 2].map(() => JSON.stringify(documentOf(data, edition, "full")));
    expect(documents[0]).toBe(documents[1]);
    expect(JSON.parse(documents[0] ?? "").createdAt).toBe(NOW);
    expect(reportJson(await frozenData(world.store, report))).toBe(reportJson(data));
  });

  it("is written down in the audit chain, with its hash", async () => {
    const world = openReportStore();
    const report = await published(world);
    const [entry] = await world.store.readAudit(TENANT, 1, 1);
    expect(entry).toMatchObject({ action: "report.publish", subject: "2026-10" });
    expect(entry?.payload).toMatchObject({ hash: report.hash, dataHash: report.dataHash });
  });

  it("is not published again while it would say the same, however much time passes", async () => {
    const world = openReportStore();
    await putIncidents(world.store, [solved]);
    await published(world);
    await expect(published(world, "2026-10", NOW + 30 * DAY_MS)).rejects.toMatchObject({
      code: "HW_EXISTS",
    });
  });

  it("becomes a revision after a change, which tells figure by figure what changed", async () => {
    const world = openReportStore();
    await putIncidents(world.store, [solved]);
    const first = await published(world);
    await putIncidents(world.store, [{ ...solved, recovered: stated("2026-10-05T12:00") }]);
    const second = await published(world, "2026-10", NOW + DAY_MS);
    expect(second).toMatchObject({ sequence: 2, revision: 2, previousHash: first.hash });
    expect(second.differences).toContainEqual({
      ...{ figure: "kpi.figures.recovery.meanS", before: 14_400, now: 18_000 },
    });
    expect(second.differences.map(({ figure }) => figure)).toContain(
      "situation.incidents.rows[i1].recoveredAt",
    );
    const september = await published(world, "2026-09", NOW + DAY_MS);
    expect(september).toMatchObject({ sequence: 3, revision: 1, previousHash: second.hash });
  });

  it("can't be made of a period that has not ended", async () => {
    const world = openReportStore();
    await expect(published(world, "2026-11")).rejects.toMatchObject({ code: "HW_REQUEST_INVALID" });
    expect(await publishedReports(world.store, TENANT)).toEqual([]);
  });

  it("leaves no data behind where there is nothing to publish", async () => {
    const world = openReportStore();
    await published(world);
    const parts = async () =>
      (await world.store.search(TENANT, REPORT_PART_KIND, { sort: [], limit: 1 })).total;
    const before = await parts();
    const again = published(world, "2026-10", NOW + 60_000);
    await expect(again).rejects.toMatchObject({ code: "HW_EXISTS" });
    expect(await parts()).toBe(before);
  });

  it("keeps one chain when two publish at the same moment", async () => {
    const world = openReportStore();
    await Promise.all([published(world, "2026-09"), published(world, "2026-10")]);
    const all = await verifyReports(world.store, TENANT);
    expect(all.map(({ sequence, fault }) => [sequence, fault])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });
});

describe("the verification of reports", () => {
  it.each([
    [
      "data",
      async ({ store }: ReportWorld, dataHash: string) =>
        store.put(TENANT, REPORT_PART_KIND, `${dataHash}.0`, { text: "{}" }),
    ],
    [
      "head",
      async ({ store }: ReportWorld) => {
        const found = await store.get(TENANT, REPORT_KIND, reportId(1));
        if (found === undefined) throw new Error("it was published");
        await store.put(TENANT, REPORT_KIND, reportId(1), { ...found.document, author: "X" });
      },
    ],
    [
      "unaudited",
      async ({ store }: ReportWorld) => {
        const found = await store.get(TENANT, REPORT_KIND, reportId(1));
        if (found === undefined) throw new Error("it was published");
        const forged = { ...found.document, author: "X" };
        const hash = reportHash(forged);
        await store.put(TENANT, REPORT_KIND, reportId(1), { ...forged, hash });
      },
    ],
    ["missing", async ({ store }: ReportWorld) => store.remove(TENANT, REPORT_KIND, reportId(1))],
  ] as const)("finds what was done to it: %s", async (fault, tamper) => {
    const world = openReportStore();
    const { dataHash } = await published(world);
    expect(await verifyReports(world.store, TENANT)).toMatchObject([{ sequence: 1 }]);
    await tamper(world, dataHash);
    expect((await verifyReports(world.store, TENANT)).map((one) => one.fault)).toEqual([fault]);
  });

  it("finds that one of several was taken out", async () => {
    const world = openReportStore();
    await published(world, "2026-09");
    await published(world, "2026-10");
    await world.store.remove(TENANT, REPORT_KIND, reportId(1));
    const all = await verifyReports(world.store, TENANT);
    expect(all.map(({ sequence, fault }) => [sequence, fault])).toEqual([
      [2, "chain"],
      [1, "missing"],
    ]);
  });
});
