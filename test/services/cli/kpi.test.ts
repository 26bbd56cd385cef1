// The command line shows and publishes what the running API gives.
import { Command } from "commander";
import { describe, expect, it, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addKpiCommand } from "../../../services/cli/kpi.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { FOREIGN, HOME, openWorld, START, type World } from "../api/fixture.ts";
import { at, incidentOf, stated } from "../kpi/incidents.ts";
import { catchPrinted } from "./printed.ts";

const printed = catchPrinted();

const TARGETS = [
  { validFrom: "2026-01-01", recoveryHours: 24, reason: "Beschluss" },
  { validFrom: "2026-10-01", recoveryHours: 12, containedShare: 0.8 },
];

/** An API that listens, with an incident of September and a token in the environment. */
async function openListening(): Promise<{
  world: World;
  run: (...words: string[]) => Promise<string>;
}> {
  const world = await openWorld({}, {}, TARGETS);
  world.pass(Math.max(0, at("2026-11-15T12:00") - START));
  const incident = incidentOf("i1", {
    ...{ tenant: HOME, detectedAt: at("2026-09-10T08:00"), identifiedAt: at("2026-09-10T09:00") },
    recovered: stated("2026-09-10T12:00"),
  });
  await world.store.put(HOME, INCIDENT_KIND, "i1", incident);
  const api = await world.api.listen({ host: "127.0.0.1", port: 0 });
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["kpi:read", "kpi:write"], createdBy: "x" },
    ...{ createdAt: world.now(), expiresAt: world.now() + 86_400_000 },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const run = async (...words: string[]) => {
    printed.text = "";
    const program = new Command("heidewacht").exitOverride();
    program.configureOutput({ writeErr: () => undefined });
    addKpiCommand(program, "de");
    await program.parseAsync(["kpi", ...words, "--api", api], { from: "user" });
    return printed.text;
  };
  return { world, run };
}

describe("heidewacht kpi", () => {
  it("shows figures with what they mean and what was left out", async () => {
    const { run } = await openListening();
    const text = await run("show", "2026-09");
    expect(text).toMatch(/K3 .*\s1\s+4 h\s+4 h\s+4 h\s+0/);
    expect(text).toContain("0 Fehlalarme, 1 Vorfall");
    expect(text).toContain("K2 Beginn unbekannt: 1");
    expect(text).toContain("Definitionen, Fassung 1");
    expect(JSON.parse(await run("show", "2026-09", "--json")).figures.recovery.meanS).toBe(14_400);
    expect(await run("show", "2026-09", "--severity", "low")).not.toContain("4 h");
  });

  it("shows figures of the tenant that is named, or none", async () => {
    const { run } = await openListening();
    expect(await run("show", "2026-09", "--tenant", HOME)).toContain("0 Fehlalarme, 1 Vorfall");
    for (const words of [["show", "2026-09"], ["months"], ["periods"]]) {
      const refused = run(...words, "--tenant", FOREIGN);
      await expect(refused).rejects.toMatchObject({ code: "HW_FORBIDDEN" });
    }
  });

  it("shows the target of the period and whether it is met", async () => {
    const { run } = await openListening();
    const text = await run("show", "2026-09");
    expect(text).toContain("Ziele seit 2026-01-01:");
    expect(text).toContain("K3 höchstens 1 d: Ziel erreicht (4 h)");
    expect(text).toContain("K1 kein Ziel festgelegt");
    expect(await run("show", "2026-10")).toContain("K3 höchstens 12 h: kein Wert");
    expect(await run("show", "2025-12")).toContain("Ziele: keine festgelegt");
    expect(await run("show", "2026-09", "--severity", "high")).not.toContain("Ziel");
  });

  it("lists the targets, the one in force marked", async () => {
    const { run } = await openListening();
    const text = await run("targets");
    expect(text).toMatch(/^2026-01-01 .*1 d .*Beschluss/m);
    expect(text).toMatch(/^2026-10-01 .*12 h .*80 % .*gilt/m);
  });

  it("publishes a period and tells later what has changed", async () => {
    const { world, run } = await openListening();
    expect(await run("periods")).toContain("Noch kein Zeitraum");
    expect(await run("publish", "2026-09")).toMatch(
      /^2026-09 ist veröffentlicht, SHA-256 [0-9a-f]{64}$/m,
    );
    expect(await run("periods")).toMatch(/^2026-09 {2}unverändert {2}[0-9a-f]{64}$/m);
    await world.store.put(HOME, INCIDENT_KIND, "i1", {
      ...incidentOf("i1", { tenant: HOME, exercise: true }),
      ...{ createdAt: at("2026-09-10T09:00"), identifiedAt: at("2026-09-10T09:00") },
    });
    world.pass(60_000);
    const text = await run("periods");
    expect(text).toContain("revidiert");
    expect(text).toContain("all recovery.meanS: 14400 → null");
  });

  it.each([
    [["publish", "2026-11"], "HW_REQUEST_INVALID"],
    [["publish", "gestern"], "HW_REQUEST_INVALID"],
    [["show", "2026-13"], "HW_REQUEST_INVALID"],
  ])("passes on that %s is refused", async (words, code) => {
    const { run } = await openListening();
    await expect(run(...words)).rejects.toMatchObject({ code });
  });

  it("explains the figures and lists the months", async () => {
    const { run } = await openListening();
    expect(await run("definitions")).toContain("K5 Vor Schadenseintritt eingedämmt");
    expect(await run("months")).toContain("MTTD");
  });
});
