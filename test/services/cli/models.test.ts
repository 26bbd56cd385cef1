// `heidewacht models` against a running API: what it changes, what it prints, and what it refuses.
import { Command } from "commander";
import { describe, expect, it, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addModelsCommand } from "../../../services/cli/models.ts";
import { MODEL_COMPARISON_KIND } from "../../../services/store/model.ts";
import { HOME, openWorld, START } from "../api/fixture.ts";
import { catchPrinted } from "./printed.ts";

const printed = catchPrinted();

async function withApi() {
  const world = await openWorld();
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["rules:read", "models:write"], createdBy: "x" },
    ...{ createdAt: START, expiresAt: START + 86_400_000 },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const url = await world.api.listen({ host: "127.0.0.1", port: 0 });
  const run = async (...given: string[]): Promise<string> => {
    const program = new Command("heidewacht").exitOverride().configureOutput({
      writeErr: () => undefined,
    });
    addModelsCommand(program, "de");
    for (const one of program.commands[0]?.commands ?? []) {
      one.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    printed.text = "";
    await program.parseAsync(["models", ...given, "--api", url], { from: "user" });
    return printed.text;
  };
  return { ...world, run };
}

describe("heidewacht models", () => {
  it("trains, judges, promotes, goes back and lists", async () => {
    const { run, store } = await withApi();
    expect(await run("list")).toBe("Noch nichts gelernt: heidewacht models train dga\n");
    const trained = await run("train", "dga", "--days", "2");
    expect(trained).toContain("dga: Lernen fertig, Fassung 1\n");
    expect(trained).toContain("Nur 0 Namen des Hauses gelernt");
    expect(await run("evaluate", "dga")).toContain("dga: Prüfen fertig, Fassung 1\n");
    expect(await run("promote", "dga")).toBe("dga: Fassung 1 gilt\n");
    await run("train", "dga", "--seed", "2");
    const comparison = {
      ...{ tenant: HOME, active: 1, shadow: 2, since: START, changedAt: START, judged: 12_345 },
      ...{ activeFlagged: 3, shadowFlagged: 5, bothFlagged: 2 },
      ...{ onlyActive: ["a.example"], onlyShadow: ["b\u001b.example"] },
    };
    await store.put(HOME, MODEL_COMPARISON_KIND, "dga", comparison);
    const listed = await run("list");
    expect(listed).toMatch(/dga +1 {2}gilt/);
    expect(listed).toMatch(/dga +2 {2}läuft verdeckt/);
    expect(listed).toContain("Fassung 2 lief bei 12.345 Namen verdeckt mit.");
    expect(listed).toContain("Nur die geltende: a.example");
    expect(listed).not.toContain("\u001b");
    expect(await run("promote", "dga", "2")).toBe("dga: Fassung 2 gilt\n");
    expect(await run("rollback", "dga")).toBe("dga: Fassung 1 gilt\n");
    const json = JSON.parse(await run("list", "--json"));
    expect(json).toMatchObject({ models: [{ name: "dga", past: [] }], comparisons: { dga: {} } });
  });

  it("does not wait where nobody wants it to", async () => {
    const { run } = await withApi();
    expect(await run("train", "dga", "--detach")).toBe("dga: Lernen begonnen\n");
    expect(await run("list")).toContain("dga: Lernen läuft noch");
  });

  it("says where a training failed and what helps", async () => {
    const { run } = await withApi();
    await expect(run("train", "autoencoder")).rejects.toMatchObject({
      ...{ message: "autoencoder: Lernen ist fehlgeschlagen", place: "model autoencoder" },
      mend: expect.stringContaining("--days mehr Tage"),
    });
  });

  it.each([
    ["a model that there is not", ["train", "gpt"], "commander.invalidArgument"],
    ["to promote what was never trained", ["promote", "dga"], "HW_NOT_FOUND"],
    ["to learn from days that were not kept", ["train", "autoencoder"], "HW_TOO_FEW"],
    ["half a day", ["train", "dga", "--days", "0.5"], "commander.invalidArgument"],
    ["no version", ["promote", "dga", "x"], "commander.invalidArgument"],
  ])("refuses %s", async (_title, given, code) => {
    const { run } = await withApi();
    await expect(run(...given)).rejects.toMatchObject({ code });
  });
});
