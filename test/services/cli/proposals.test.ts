// The commands of exceptions, maintenance windows and block lists against a running API: what they change,
// what they print, and what they refuse before they ask.
import { Command } from "commander";
import { describe, expect, it, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addBlockListsCommand } from "../../../services/cli/block-lists.ts";
import { addExceptionsCommand } from "../../../services/cli/exceptions.ts";
import { addMaintenanceCommand } from "../../../services/cli/maintenance.ts";
import { addFindings, findingOf, HOME, openWorld, START } from "../api/fixture.ts";
import { catchPrinted } from "./printed.ts";

const HOUR_MS = 3_600_000;

const printed = catchPrinted();

async function withApi() {
  const world = await openWorld();
  const verdict = { verdict: "false_positive", reason: "logic", at: START, by: "x" } as const;
  await addFindings(world.store, [findingOf("fp", { status: "closed", verdict })]);
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["findings:read", "findings:write"], createdBy: "x" },
    ...{ createdAt: START, expiresAt: START + 24 * HOUR_MS },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const url = await world.api.listen({ host: "127.0.0.1", port: 0 });
  return async (...given: string[]): Promise<string> => {
    const program = new Command("heidewacht").exitOverride();
    addExceptionsCommand(program, "de");
    addMaintenanceCommand(program, "de");
    addBlockListsCommand(program, "de");
    printed.text = "";
    await program.parseAsync([...given, "--api", url], { from: "user" });
    return printed.text;
  };
}

describe("heidewacht exceptions", () => {
  it("previews, proposes, lists and withdraws", async () => {
    const run = await withApi();
    const match = ["--match", "host.name~fs*"];
    await expect(run("exceptions", "preview", "fp", ...match)).rejects.toMatchObject({
      code: "HW_REQUEST_INVALID",
    });
    const fitting = ["--match", "entity=host:fs01"];
    expect(await run("exceptions", "preview", "fp", ...fitting)).toContain("1 Befunde");
    const reason = ["--reason", "Verteilsoftware"];
    const made = await run("exceptions", "propose", "fp", ...fitting, ...reason);
    expect(made).toMatch(/^[0-9a-f-]{36} {2}gilt\n$/);
    const id = made.slice(0, 36);
    expect(await run("exceptions", "list")).toContain("Sicherungen gelöscht");
    const all = JSON.parse(await run("exceptions", "list", "--json"));
    expect(all.exceptions).toMatchObject([{ id, state: "active" }]);
    expect(await run("exceptions", "withdraw", id, "--reason", "Irrtum")).toContain(
      "zurückgenommen",
    );
  });
});

describe("heidewacht maintenance", () => {
  it("plans a series, lists it with its next turn, and ends it", async () => {
    const run = await withApi();
    const span = ["--from", "2026-11-20T09:00:00+01:00", "--until", "2026-12-20T09:00:00+01:00"];
    const turn = ["--every", "week", "--weekday", "2", "--time", "22:00", "--minutes", "90"];
    const rest = ["--match", "source=dc", "--reason", "Umzug"];
    const made = await run("maintenance", "plan", ...span, ...turn, ...rest);
    expect(made).toContain("geplant");
    const { maintenance } = JSON.parse(await run("maintenance", "list", "--json"));
    expect(maintenance).toMatchObject([
      { next: { from: Date.parse("2026-11-24T22:00:00+01:00") } },
    ]);
    expect(await run("maintenance", "end", made.slice(0, 36), "--withdraw")).toContain("beendet");
  });

  const plan = ["maintenance", "plan", "--reason", "x", "--match", "source=dc"];
  const from = ["--from", "2026-11-20T09:00:00Z"];
  it.each([
    ["a time without a zone", ["--from", "2026-11-20T09:00:00", "--until", "2026-11-20T10:00:00Z"]],
    ["half a repetition", [...from, "--until", "2026-12-20T10:00:00Z", "--every", "week"]],
    ["what is no matcher", [...from, "--until", "2026-11-20T10:00:00Z", "--match", "dc"]],
  ])("refuses %s", async (_title, more) => {
    const run = await withApi();
    await expect(run(...plan, ...more)).rejects.toMatchObject({ code: "HW_USAGE" });
  });
});

describe("heidewacht block-lists", () => {
  it("proposes, tells that a second person is needed, and withdraws", async () => {
    const run = await withApi();
    const asked = ["--type", "domain", "--finding", "fp", "--reason", "Schadsoftware"];
    const made = await run("block-lists", "propose", "evil.example", ...asked);
    expect(made).toContain("wartet auf Zustimmung");
    const id = made.slice(0, 36);
    expect(await run("block-lists", "list")).toContain("evil.example");
    await expect(run("block-lists", "complete", id)).rejects.toMatchObject({ code: "HW_CONFLICT" });
    const gone = await run("block-lists", "withdraw", id, "--reason", "Irrtum");
    expect(gone).toContain("zurückgenommen");
  });
});
