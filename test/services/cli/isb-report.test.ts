// The command line makes, shows and verifies reports over the running API, and writes their files.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addReportCommand } from "../../../services/cli/isb-report.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { REPORT_KIND, reportId } from "../../../services/store/report.ts";
import { FOREIGN, HOME, openWorld } from "../api/fixture.ts";
import { at, incidentOf, stated } from "../kpi/incidents.ts";
import { catchPrinted } from "./printed.ts";

const printed = catchPrinted();

/** An API that listens, with an incident of October and a token in the environment. */
async function openListening() {
  const world = await openWorld();
  const incident = incidentOf("i1", {
    ...{ tenant: HOME, detectedAt: at("2026-10-05T07:00"), identifiedAt: at("2026-10-05T08:00") },
    recovered: stated("2026-10-05T11:00"),
  });
  await world.store.put(HOME, INCIDENT_KIND, "i1", incident);
  const api = await world.api.listen({ host: "127.0.0.1", port: 0 });
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["kpi:read", "report:read", "report:write"] },
    ...{ createdBy: "x", createdAt: world.now(), expiresAt: world.now() + 86_400_000 },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-reports-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = async (...words: string[]) => {
    printed.text = "";
    const program = new Command("heidewacht").exitOverride();
    program.configureOutput({ writeErr: () => undefined });
    addReportCommand(program, "de");
    await program.parseAsync(["report", ...words, "--api", api], { from: "user" });
    return printed.text;
  };
  return { world, run, incident, folder };
}

describe("heidewacht report", () => {
  it("prints the figures of a section, as every report says that it does", async () => {
    const { run } = await openListening();
    const text = await run("show", "2026-10", "--tenant", HOME, "--section", "3");
    expect(JSON.parse(text).figures.recovery.meanS).toBe(14_400);
  });

  it("publishes, tells a revision what changed, and says when nothing did", async () => {
    const { world, run, incident } = await openListening();
    expect(await run("list")).toContain("Noch kein Bericht");
    const create = ["create", "--period", "2026-10", "--tenant", HOME];
    expect(await run(...create)).toMatch(
      /^2026-10 ist veröffentlicht, Fassung 1, SHA-256 \w{64}$/m,
    );
    expect(await run(...create)).toContain("seit Fassung 1 hat sich nichts geändert");
    const later = { ...incident, recovered: stated("2026-10-05T12:00") };
    await world.store.put(HOME, INCIDENT_KIND, "i1", later);
    world.pass(60_000);
    expect(await run(...create)).toContain("kpi.figures.recovery.meanS: 14400 → 18000");
    expect(await run("list")).toMatch(/^2 +2026-10 +2 /m);
    expect(await run("verify")).toContain("2 Berichte, alle unverändert.");
    expect(await run("show", "--report", "1", "--section", "3")).toContain("14400");
  });

  it("publishes where only a period is given, as the strategy names the command", async () => {
    const { run, folder } = await openListening();
    const published = await run("--period", "2026-10", "--tenant", HOME);
    expect(published).toContain("2026-10 ist veröffentlicht, Fassung 1");
    await run("--period", "2026-10", "--draft", "--extract", "management", "--out", folder);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it("takes a word that is no command for none, and asks for the period", async () => {
    const { run } = await openListening();
    await expect(run("creat", "--period", "2026-10")).rejects.toMatchObject({
      code: "commander.excessArguments",
    });
    await expect(run()).rejects.toMatchObject({
      code: "commander.missingMandatoryOptionValue",
    });
    expect(await run("list")).toContain("Noch kein Bericht");
  });

  it("says with its exit code that the chain does not hold", async () => {
    const { world, run } = await openListening();
    await run("create", "--period", "2026-10");
    await world.store.remove(HOME, REPORT_KIND, reportId(1));
    expect(await run("verify")).toContain("fehlt");
    expect(process.exitCode).toBe(1);
  });

  it("writes the files of a draft and publishes nothing", async () => {
    const { run, folder } = await openListening();
    const out = join(folder, "neu");
    await run("create", "--period", "2026-10", "--draft", "--out", out);
    const stem = `isb-bericht-${HOME}-2026-10-entwurf`;
    expect(readdirSync(out).sort()).toEqual([
      `${stem}-a.pdf`,
      `${stem}-csv.tar`,
      `${stem}-dms.tar`,
      `${stem}-ua.pdf`,
      `${stem}.html`,
      `${stem}.json`,
    ]);
    expect(JSON.parse(readFileSync(join(out, `${stem}.json`), "utf8")).tenant.id).toBe(HOME);
    expect(
      readFileSync(join(out, `${stem}-a.pdf`))
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
    expect(await run("list")).toContain("Noch kein Bericht");
  });

  it("writes the extract for the staff council without a word on incidents", async () => {
    const { run, folder } = await openListening();
    const options = ["--draft", "--extract", "works-council", "--out", folder];
    await run("create", "--period", "2026-10", ...options);
    const path = join(folder, `isb-bericht-${HOME}-2026-10-personalrat-entwurf.html`);
    expect(existsSync(path)).toBe(true);
    const html = readFileSync(path, "utf8");
    expect(html).toContain("Auszug für den Personalrat");
    expect(html).not.toContain("Verschlüsselte Freigabe");
  });

  it.each([
    [["create", "--period", "2026-11"], "HW_REQUEST_INVALID"],
    [["create", "--period", "2026-10", "--draft"], "HW_USAGE"],
    [["create", "--period", "2026-10", "--tenant", FOREIGN], "HW_FORBIDDEN"],
    [["show"], "HW_USAGE"],
    [["show", "--report", "9"], "HW_NOT_FOUND"],
  ])("passes on that %s is refused", async (words, code) => {
    const { run } = await openListening();
    await expect(run(...words)).rejects.toMatchObject({ code });
  });
});
