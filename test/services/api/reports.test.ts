// Reports over the API: drafts, publishing, files and verification, who may do what, and that one tenant
// never sees another one's.
import { describe, expect, it } from "vitest";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { at, incidentOf, stated } from "../kpi/incidents.ts";
import { FOREIGN, HOME, openWorld, START } from "./fixture.ts";

/** An API with an incident of October that is solved. */
async function openReports() {
  const world = await openWorld();
  const incident = incidentOf("i1", {
    ...{ tenant: HOME, title: "Geheimer Titel" },
    ...{ detectedAt: at("2026-10-05T07:00"), identifiedAt: at("2026-10-05T08:00") },
    recovered: stated("2026-10-05T11:00"),
  });
  await world.store.put(HOME, INCIDENT_KIND, "i1", incident);
  return world;
}

describe("reports over the API", () => {
  it("are drafted, published once, and listed", async () => {
    const world = await openReports();
    const { send } = await world.person("isb");
    const draft = await send("GET", "/reports/draft?period=2026-10&section=3");
    expect(draft.body.data.figures.recovery.meanS).toBe(14_400);
    expect((await send("GET", "/reports")).body).toEqual({ reports: [] });
    const published = await send("POST", "/reports", { period: "2026-10", tenant: HOME });
    expect(published.body).toMatchObject({ sequence: 1, revision: 1, publishedAt: START });
    const again = await send("POST", "/reports", { period: "2026-10" });
    expect([again.status, again.body.error.code]).toEqual([409, "HW_EXISTS"]);
    const list = await send("GET", "/reports");
    expect(list.body.reports).toMatchObject([{ sequence: 1, isLatest: true, changes: 0 }]);
    const check = await send("GET", "/reports/verification");
    expect(check.body).toMatchObject({ isIntact: true, reports: [{ sequence: 1 }] });
    expect((await send("GET", "/reports/1/data?section=2")).body.data.incidents.rows).toHaveLength(
      1,
    );
  });

  it.each([
    ["json", "application/json", '"schemaVersion":1'],
    ["html", "text/html; charset=utf-8", "Bericht zur Informationssicherheit"],
    ["csv", "application/x-tar", "vorfaelle.csv"],
  ])(
    "hand out the same bytes of a published %s twice, and write that down",
    async (form, type, part) => {
      const world = await openReports();
      const { send } = await world.person("isb");
      await send("POST", "/reports", { period: "2026-10" });
      const first = await send("GET", `/reports/1/files/${form}`);
      world.pass(600_000);
      const second = await send("GET", `/reports/1/files/${form}`);
      const text = typeof first.body === "string" ? first.body : JSON.stringify(first.body);
      expect(first.headers["content-type"]).toBe(type);
      expect(first.headers["content-disposition"]).toContain("attachment");
      expect(text).toContain(part);
      expect(first.body).toEqual(second.body);
      const entries = await world.store.readAudit(HOME, 1, 100);
      expect(entries.filter(({ action }) => action === "report.export")).toHaveLength(2);
    },
  );

  it("give the management the list and the short form, and neither data nor the whole", async () => {
    const world = await openReports();
    await (await world.person("admin")).send("POST", "/reports", { period: "2026-10" });
    const { send } = await world.person("management");
    expect((await send("GET", "/reports")).status).toBe(200);
    const summary = await send("GET", "/reports/1/summary/html");
    expect(summary.body).toContain("Kurzfassung");
    expect(summary.body).not.toContain("Geheimer Titel");
    for (const path of [
      "/reports/1/files/html",
      "/reports/1/data",
      "/reports/draft?period=2026-10",
    ]) {
      expect((await send("GET", path)).status).toBe(403);
    }
  });

  it("tell a revision what changed", async () => {
    const world = await openReports();
    const { send } = await world.person("isb");
    await send("POST", "/reports", { period: "2026-10" });
    await world.store.remove(HOME, INCIDENT_KIND, "i1");
    world.pass(60_000);
    const revised = await send("POST", "/reports", { period: "2026-10" });
    expect(revised.body).toMatchObject({ sequence: 2, revision: 2 });
    expect((await send("GET", "/reports/2")).body.differences).toContainEqual({
      ...{ figure: "kpi.figures.recovery.n", before: 1, now: 0 },
    });
    const list = await send("GET", "/reports");
    const shown = list.body.reports.map((one: { isLatest: boolean }) => one.isLatest);
    expect(shown).toEqual([true, false]);
  });

  it("are of the own tenant alone", async () => {
    const world = await openReports();
    await (await world.person("isb")).send("POST", "/reports", { period: "2026-10" });
    const { send } = await world.person("isb", FOREIGN);
    expect((await send("GET", "/reports")).body).toEqual({ reports: [] });
    expect((await send("GET", "/reports/1/data")).status).toBe(404);
    const named = await send("POST", "/reports", { period: "2026-10", tenant: HOME });
    expect([named.status, named.body.error.code]).toEqual([403, "HW_FORBIDDEN"]);
  });

  it.each([
    ["POST", "/reports", { period: "2026-11" }, 422],
    ["POST", "/reports", { period: "gestern" }, 422],
    ["GET", "/reports/draft?period=2026-13", undefined, 422],
    ["GET", "/reports/draft?period=2026-10&section=13", undefined, 422],
    ["GET", "/reports/99", undefined, 404],
    ["GET", "/reports/99/files/html", undefined, 404],
    ["GET", "/reports/draft/files/docx?period=2026-10", undefined, 422],
    ["GET", "/reports/draft/files/csv?period=2026-10&table=nichts", undefined, 404],
    ["GET", "/reports/draft/files/json?period=2026-10&extract=works-council", undefined, 422],
    ["GET", "/reports/draft/files/json?period=2026-10&extract=management", undefined, 422],
  ])("refuse %s %s", async (method, path, body, status) => {
    const world = await openReports();
    const { send } = await world.person("isb");
    expect((await send(method, path, body)).status).toBe(status);
  });
});
