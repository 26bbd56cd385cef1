// Scheduled reports: each run once, a missed one made up, what failed tried again without delivering twice.
import pino from "pino";
import { describe, expect, it } from "vitest";
import { configSchema } from "../../../config/schema.ts";
import { previousPeriod, runDue, type ScheduleParts } from "../../../services/report/schedule.ts";
import { type PublishedReport, REPORT_KIND, reportId } from "../../../services/store/report.ts";
import { at, TENANT } from "../kpi/incidents.ts";
import { openReportStore } from "./report-world.ts";

const QUARTERLY = {
  ...{ cron: "0 6 1 1,4,7,10 *", period: "previous_quarter" as const, tenant: TENANT },
  ...{ mail: ["isb@kreis.example"], folder: "berichte" },
};

/**
 * A schedule with a clock, and what it did; `failing` fails as long as it says so. Whenever it publishes,
 * something has changed.
 */
function openSchedule() {
  const { store } = openReportStore();
  const done: string[] = [];
  let revision = 0;
  const world = { time: at("2026-09-30T12:00"), failing: "" };
  const faults: string[] = [];
  const step = async (name: string) => {
    if (world.failing !== "" && name.startsWith(world.failing)) throw new Error("away");
    done.push(name);
  };
  const parts: ScheduleParts = {
    ...{ store, schedules: [QUARTERLY], timeZoneOf: () => "Europe/Berlin" },
    now: () => world.time,
    logger: pino({ level: "error" }, { write: (line: string) => faults.push(line) }),
    async publish(_tenant, period) {
      await step(`publish ${period}`);
      revision += 1;
      const about = { sequence: revision, revision, publishedAt: world.time };
      // The schedule hands it on and reads its place and revision.
      const report = { ...about, period: { name: period } } as PublishedReport;
      await store.create(TENANT, REPORT_KIND, reportId(revision), report);
      return report;
    },
    mail: (report, to) => step(`mail ${to.join(" ")}, revision ${report.revision}`),
    file: (report, folder) => step(`file ${folder}, revision ${report.revision}`),
  };
  const look = async (text: string) => {
    world.time = at(text);
    await runDue(parts);
  };
  return { parts, done, faults, world, look };
}

const WHOLE_RUN = [
  ...["publish 2026-Q3", "file berichte, revision 1", "mail isb@kreis.example, revision 1"],
];

describe("a scheduled report", () => {
  it("runs once, on the tenant's clock", async () => {
    const { done, look } = openSchedule();
    await look("2026-09-30T12:00");
    await look("2026-10-01T03:59");
    expect(done).toEqual([]);
    await look("2026-10-01T04:00");
    await look("2026-10-01T04:01");
    await look("2026-12-24T04:01");
    expect(done).toEqual(WHOLE_RUN);
  });

  it("is made up once where nothing ran at its time", async () => {
    const { done, look } = openSchedule();
    await look("2026-09-30T12:00");
    await look("2026-10-04T17:23");
    await look("2026-10-04T17:24");
    expect(done).toEqual(WHOLE_RUN);
  });

  it("does not reach back before it was configured", async () => {
    const { done, look } = openSchedule();
    await look("2026-10-01T04:01");
    await look("2026-10-01T04:02");
    expect(done).toEqual([]);
  });

  it("is tried again after a failure, and delivers one revision to all, once", async () => {
    const { done, world, look } = openSchedule();
    await look("2026-09-30T12:00");
    world.failing = "mail";
    await look("2026-10-01T04:00");
    await look("2026-10-01T04:01");
    expect(done).toEqual(WHOLE_RUN.slice(0, 2));
    world.failing = "";
    await look("2026-10-01T04:06");
    expect(done).toEqual(WHOLE_RUN);
  });

  it("is begun by one of two processes, and that is no fault", async () => {
    const { parts, done, faults, world } = openSchedule();
    await Promise.all([runDue(parts), runDue(parts)]);
    world.time = at("2026-10-01T04:00");
    await Promise.all([runDue(parts), runDue(parts)]);
    expect(done).toEqual(WHOLE_RUN);
    expect(faults).toEqual([]);
  });
});

describe("the period of a run", () => {
  it.each([
    ["previous_quarter", "2026-01-01T05:00", "2025-Q4"],
    ["previous_quarter", "2026-05-15T05:00", "2026-Q1"],
    ["previous_month", "2026-01-31T05:00", "2025-12"],
    ["previous_month", "2026-10-31T23:30", "2026-10"],
  ] as const)("%s of %s is %s", (period, text, expected) => {
    expect(previousPeriod(period, at(text), "Europe/Berlin")).toBe(expected);
  });
});

describe("the configuration of a schedule", () => {
  const withSchedule = (schedule: object, mail?: object) =>
    configSchema.safeParse({
      tenants: [{ id: TENANT, name: "Landkreis Beispiel" }],
      report: { schedule: [schedule], ...(mail === undefined ? {} : { mail }) },
    });

  it("takes a folder, or receivers with a mail server", () => {
    expect(withSchedule({ ...QUARTERLY, mail: [] }).success).toBe(true);
    const mail = { host: "mail.kreis.example", from: "heidewacht@kreis.example" };
    expect(withSchedule(QUARTERLY, mail).success).toBe(true);
  });

  it.each([
    ["receivers without a mail server", QUARTERLY],
    ["neither folder nor receivers", { ...QUARTERLY, mail: [], folder: undefined }],
    ["another tenant", { ...QUARTERLY, mail: [], tenant: "anderswo" }],
    ["what is no cron expression", { ...QUARTERLY, mail: [], cron: "jeden Montag" }],
    ["a minute that there is not", { ...QUARTERLY, mail: [], cron: "61 6 1 * *" }],
  ])("refuses %s", (_what, schedule) => {
    expect(withSchedule(schedule).success).toBe(false);
  });
});
