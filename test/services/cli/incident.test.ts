// `heidewacht incident` against a real API: declaring, handling, reading, what is asked and what is refused.
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addIncidentCommand } from "../../../services/cli/incident.ts";
import { askImpact, askStatement, createLineAsker } from "../../../services/cli/incident-ask.ts";
import { INCIDENT_MESSAGES } from "../../../services/cli/incident-messages.ts";
import { addFindings, findingOf, HOME, openWorld, START } from "../api/fixture.ts";

const text = INCIDENT_MESSAGES.de;
let output = "";
beforeEach(() => {
  output = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      output += String(chunk);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** An API with two findings, and the command that asks it. */
async function withApi() {
  const world = await openWorld();
  const confirmed = {
    status: "closed" as const,
    verdict: { verdict: "true_positive" as const, at: START - 1000, by: "x" },
  };
  await addFindings(world.store, [findingOf("a", confirmed), findingOf("b")]);
  const url = await world.api.listen({ port: 0, host: "127.0.0.1" });
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["findings:read", "findings:write"] },
    ...{ createdAt: START, createdBy: "x", expiresAt: START + 86_400_000 },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const run = async (...args: string[]): Promise<string> => {
    output = "";
    const program = new Command().exitOverride();
    addIncidentCommand(program, "de");
    await program.parseAsync(["incident", ...args, "--api", url], { from: "user" });
    return output;
  };
  const json = async (...args: string[]) => JSON.parse(await run(...args, "--json"));
  return { ...world, token, url, run, json };
}

const unknownImpact = ["confidentiality", "integrity", "availability"].flatMap((one) => [
  ...[`--${one}`, "unknown"],
]);
const DECLARE = [
  ...["declare", "--title", "Verschlüsselung", "--finding", "a", "b", "--method", "unknown"],
  ...unknownImpact,
];

describe("heidewacht incident", () => {
  it("declares, contains, recovers and closes, and shows what is missing", async () => {
    const { run, json } = await withApi();
    const { incident } = await json(...DECLARE);
    expect(incident).toMatchObject({ findingIds: ["a", "b"], severity: "high" });
    const id: string = incident.id;
    expect(await run("show", id)).toContain("Eindämmung fehlt: Zeit, Methode und Beleg angeben");
    expect(await run("work")).toContain(`${id}  Verschlüsselung`);
    const none = unknownImpact.map((one) => (one === "unknown" ? "none" : one));
    const at = new Date(START).toISOString();
    const timed = ["--at", at, "--method", "evidence", "--evidence", "a"];
    await run("compromise", id, "--at", "2026-11-20T08:58", "--method", "estimate");
    await run("contain", id, ...timed, ...none, "--downtime", "60");
    const recovered = await json("recover", id, ...timed, ...none, "--seen", "3");
    expect(recovered).toMatchObject({
      work: [],
      incident: {
        ...{
          firstCompromise: { at: START - 120_000 },
          contained: { at: START, evidenceIds: ["a"] },
        },
        ...{ containmentDowntimeS: 60, recovered: { at: START } },
      },
    });
    const { incident: acting } = await json("action", id, "--title", "Mehrfaktor");
    await run("action-done", id, "--action", acting.actions[0].id);
    await run("comment", id, "--text", "fertig");
    await run("close", id, "--verdict", "true_positive");
    const page = await run("reopen", id, "--reason", "noch einmal");
    expect(page).toContain("Behebung fehlt");
    expect(await run("list", "--status", "closed")).toBe("Keine Vorfälle.\n");
    expect(await run("list")).toContain("Verschl…");
  });

  it("merges and takes out again", async () => {
    const { json } = await withApi();
    const first = (await json(...DECLARE)).incident.id;
    const other = ["declare", "--title", "Zweiter", "--method", "unknown", ...unknownImpact];
    const second = (await json(...other)).incident.id;
    const merged = await json("merge", first, "--source", second);
    expect(merged.incident.mergedFrom).toMatchObject([{ id: second }]);
    expect((await json("unmerge", first, "--source", second)).incident.mergedFrom).toEqual([]);
  });

  it.each([
    ["nothing of the method", [...DECLARE.slice(0, 6), ...unknownImpact], "HW_USAGE", "--method"],
    ["no impact", DECLARE.slice(0, 8), "HW_USAGE", "--confidentiality"],
    [
      "no evidence",
      [...DECLARE.slice(0, 7), "evidence", "--at", "2026-11-20T08:00", ...unknownImpact],
      ...["HW_USAGE", "--evidence"],
    ],
    [
      "a time that is none",
      [...DECLARE.slice(0, 7), "estimate", "--at", "gestern", ...unknownImpact],
      ...["HW_USAGE", "gestern"],
    ],
    [
      "a time in the future",
      [...DECLARE.slice(0, 7), "estimate", "--at", "2036-11-20T08:00", ...unknownImpact],
      ...["HW_REQUEST_INVALID", "Zukunft"],
    ],
    ["an unknown incident", ["show", "x"], "HW_NOT_FOUND", "Vorfall"],
  ])("says what is wrong with %s", async (_name, args, code, message) => {
    const { run } = await withApi();
    const wrong = run(...args);
    await expect(wrong).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("changes nothing that was changed since it was seen", async () => {
    const { run, json } = await withApi();
    const { id } = (await json(...DECLARE)).incident;
    await run("action", id, "--title", "x");
    const late = run("close", id, "--verdict", "true_positive", "--seen", "1");
    await expect(late).rejects.toMatchObject({ code: "HW_CONFLICT" });
  });

  it("needs a token, from a file or the environment, and something that answers", async () => {
    const { run, token } = await withApi();
    vi.stubEnv("HEIDEWACHT_TOKEN", "");
    await expect(run("list")).rejects.toMatchObject({ code: "HW_USAGE" });
    const file = join(tmpdir(), `heidewacht-token-${process.pid}`);
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    expect(await run("list", "--token-file", file)).toBe("Keine Vorfälle.\n");
    writeFileSync(file, "hwt_falsch");
    await expect(run("list", "--token-file", file)).rejects.toMatchObject({
      code: "HW_UNAUTHENTICATED",
    });
    rmSync(file);
    vi.stubEnv("HEIDEWACHT_TOKEN", token);
    const program = new Command().exitOverride();
    addIncidentCommand(program, "de");
    const nobody = program.parseAsync(["incident", "list", "--api", "http://127.0.0.1:1"], {
      from: "user",
    });
    await expect(nobody).rejects.toMatchObject({ code: "HW_UNAVAILABLE" });
  });
});

describe("the questions", () => {
  const asking = (answers: string) => {
    const input = new PassThrough();
    const questions = new PassThrough();
    input.end(answers);
    return { asker: createLineAsker(text, { input, output: questions }), questions };
  };

  it("ask for method, time and evidence, then for what the attack did", async () => {
    const { asker, questions } = asking("5\n1\n2026-11-20T08:00Z\ne1, e2\n1\nlimited\n4\n");
    const stated = await askStatement({}, "askMethod", text, asker, Date.parse);
    expect(stated).toEqual({ method: "evidence", evidenceIds: ["e1", "e2"], at: START });
    expect(await askImpact({}, text, asker)).toEqual({
      ...{ confidentiality: "none", integrity: "limited", availability: "unknown" },
    });
    asker.close();
    expect(await textOf(questions.end())).toContain("„5“ steht nicht zur Wahl.");
  });

  it("leave out what was given, and the time of what is unknown", async () => {
    const { asker, questions } = asking("");
    const stated = await askStatement({ method: "unknown" }, "askMethod", text, asker, Date.parse);
    expect(stated).toEqual({ method: "unknown", evidenceIds: [] });
    expect(questions.read()).toBe(null);
    const open = askStatement({ method: "estimate" }, "askMethod", text, asker, Date.parse);
    await expect(open).rejects.toMatchObject({ code: "HW_USAGE" });
    asker.close();
  });
});
