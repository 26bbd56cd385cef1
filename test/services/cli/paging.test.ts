// `heidewacht paging`: what it prints of a configuration that is good and of one that is not, with the
// overrides that a store holds, and what it refuses.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../config/load.ts";
import { addConfigCommand } from "../../../services/cli/config.ts";
import { addPagingCommand } from "../../../services/cli/paging.ts";
import { startHeidewacht } from "../../../services/main.ts";
import { refusePagingFaults } from "../../../services/paging-check.ts";
import { DUTY_OVERRIDE_KIND } from "../../../services/store/duty-override.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { catchPrinted } from "./printed.ts";

const GOOD = `
tenants: [{ id: kreis, name: Landkreis }]
paging:
  channels:
    post: { kind: mail, host: mail.kreis.example, from: heidewacht@kreis.example }
    sms: { kind: gammu, configFile: gammu-smsdrc }
  tenants:
    kreis:
      people:
        anna:
          name: Bereitschaft 1
          contacts: [{ channel: post, to: anna@kreis.example }, { channel: sms, to: "+491701234568" }]
        bert:
          name: Bereitschaft 2
          contacts: [{ channel: post, to: bert@kreis.example }]
      schedules:
        nacht:
          title: Rufbereitschaft
          layers: [{ people: [anna, bert], begins: 2024-01-01T08:00 }]
      policies:
        dringend: { steps: [{ to: [{ schedule: nacht }] }] }
      routes: { p1: { policy: dringend }, p2: { policy: dringend }, p3: { none: true } }
`;

let folder: string;
const printed = catchPrinted();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hw-paging-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function configured(text: string): string {
  const file = join(folder, "heidewacht.yml");
  writeFileSync(file, text);
  return file;
}

async function run(text: string, ...given: string[]): Promise<string> {
  const program = new Command("heidewacht").exitOverride();
  addPagingCommand(program, "de");
  addConfigCommand(program, "de");
  printed.text = "";
  await program.parseAsync([...given, "--config", configured(text)], { from: "user" });
  return printed.text;
}

describe("paging check", () => {
  it("says that all is well, and that nothing is set up", async () => {
    expect(await run(GOOD, "paging", "check")).toBe("Alarmierung: in Ordnung\n");
    expect(await run("language: de\n", "paging", "check")).toBe(
      "Es ist keine Alarmierung eingerichtet (paging).\n",
    );
    expect(process.exitCode).toBeUndefined();
  });

  it("tells each fault with its place in the file and what to do, and fails", async () => {
    const text = await run(
      GOOD.replace("people: [anna, bert]", "people: [anna, dora]"),
      "paging",
      "check",
    );
    expect(text).toContain("Fehler: die Person dora gibt es nicht");
    expect(text).toMatch(
      /paging\.tenants\.kreis\.schedules\.nacht\.layers\.0\.people\.1 \(.*heidewacht\.yml:19:\d+\)/,
    );
    expect(text).toContain("Abhilfe: sie unter people eintragen");
    expect(text).toContain("Warnung: die Person bert kommt in keinem Dienstplan");
    expect(text).toContain("1 Fehler, 1 Warnung\n");
    expect(process.exitCode).toBe(1);
  });

  it("gives JSON for programs", async () => {
    const text = await run(
      GOOD.replace("people: [anna, bert]", "people: [anna]"),
      "paging",
      "check",
      "--json",
    );
    expect(JSON.parse(text)).toMatchObject([{ key: "person_unused", severity: "warning" }]);
    expect(process.exitCode).toBeUndefined();
  });
});

describe("a faulty configuration", () => {
  const faulty = GOOD.replace("people: [anna, bert]", "people: [anna, dora]")
    .replace("bert@kreis.example", "bert")
    .trim();

  it("is refused wherever one is taken, with all faults at once", async () => {
    const refused = { code: "HW_CONFIG_INVALID", message: expect.stringContaining("hat 2 Fehler") };
    await expect(run(faulty, "config", "check")).rejects.toMatchObject(refused);
    await expect(run(faulty, "paging", "duty")).rejects.toMatchObject(refused);
    const loaded = loadConfig(configured(faulty), {});
    const started = startHeidewacht(loaded, { logger: pino({ level: "silent" }) });
    await expect(started).rejects.toMatchObject(refused);
    expect(existsSync(join(folder, "data"))).toBe(false);
    expect(() => refusePagingFaults(loaded, Date.now())).toThrow(/heidewacht\.yml:18:\d+ +paging/);
  });

  it("is taken where it has warnings alone", async () => {
    const text = GOOD.replace("people: [anna, bert]", "people: [anna]");
    expect(await run(text, "config", "check")).toContain("in Ordnung");
  });
});

describe("paging duty", () => {
  it("names who is on duty, since and until when, and who is next", async () => {
    const text = await run(GOOD, "paging", "duty", "--at", "2026-10-25T02:30");
    expect(text).toContain("Dienst hat");
    expect(text).toMatch(
      /kreis +nacht +Bereitschaft 1 +2026-10-19 08:00 +2026-10-26 08:00 +Bereitschaft 2/,
    );
  });

  it("counts the overrides of the store", async () => {
    const at = Date.parse("2026-11-24T00:00:00Z");
    const store = openEmbeddedStore({ dataDir: join(folder, "data") });
    await store.create("kreis", DUTY_OVERRIDE_KIND, "o1", {
      ...{ id: "o1", tenant: "kreis", schedule: "nacht", person: "anna", reason: "Tausch" },
      ...{ from: at, until: at + 3_600_000, createdAt: at, createdBy: "account-7" },
    });
    await store.close();
    const given = ["paging", "duty", "--at", "2026-11-24T01:30+01:00", "--json"];
    expect(JSON.parse(await run(GOOD, ...given))).toEqual([
      {
        ...{ tenant: "kreis", schedule: "nacht", person: "anna", name: "Bereitschaft 1" },
        ...{ since: "2026-11-24 01:00", until: "2026-11-24 02:00" },
        ...{ next: "bert", nextName: "Bereitschaft 2" },
      },
    ]);
  });

  it("says so where there is nobody, or no schedule", async () => {
    const text = await run(GOOD, "paging", "duty", "--at", "2023-12-31T07:59");
    expect(text).toMatch(/niemand +2024-01-01 08:00 +Bereitschaft 1/);
    expect(await run("language: de\n", "paging", "duty")).toBe("Es gibt keinen Dienstplan.\n");
  });

  it.each([
    ["a schedule that there is not", ["--schedule", "tag"], "HW_NOT_FOUND"],
    ["a tenant without paging", ["--tenant", "stadt"], "HW_NOT_FOUND"],
    ["what is no time", ["--at", "morgen"], "HW_USAGE"],
  ])("refuses %s", async (_title, given, code) => {
    await expect(run(GOOD, "paging", "duty", ...given)).rejects.toMatchObject({ code });
  });
});

describe("paging ical", () => {
  it("writes the calendar to a file", async () => {
    const out = join(folder, "nacht.ics");
    const text = await run(GOOD, "paging", "ical", "--schedule", "nacht", "--out", out);
    expect(text).toMatch(/nacht\.ics: \d+ Schichten\n$/);
    const calendar = readFileSync(out, "utf8");
    expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(calendar).toContain("SUMMARY:Bereitschaft: Bereitschaft 2\r\n");
    const own = await run(GOOD, "paging", "ical", "--schedule", "nacht", "--person", "anna");
    expect(own).toContain("SUMMARY:Bereitschaft: Bereitschaft 1");
    expect(own).not.toContain("Bereitschaft 2\r\n");
  });

  it.each([
    ["a person that there is not", ["--person", "dora"], "HW_NOT_FOUND"],
    ["half a day", ["--days", "0.5"], "HW_USAGE"],
    ["ten years", ["--days", "3650"], "HW_USAGE"],
  ])("refuses %s", async (_title, given, code) => {
    const asked = run(GOOD, "paging", "ical", "--schedule", "nacht", ...given);
    await expect(asked).rejects.toMatchObject({ code });
  });

  it("asks for the tenant where several have the schedule", async () => {
    const both = GOOD.replace("name: Landkreis }", "name: Landkreis }, { id: stadt, name: Stadt }");
    const twice = `${both.replace("    kreis:\n", "    stadt: &one\n")}    kreis: *one\n`;
    const ask = (...more: string[]) => run(twice, "paging", "ical", "--schedule", "nacht", ...more);
    await expect(ask()).rejects.toMatchObject({ code: "HW_USAGE" });
    expect(await ask("--tenant", "stadt")).toContain("BEGIN:VEVENT");
  });
});
