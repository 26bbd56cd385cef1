// A run of the rules' samples can be written down in the audit chain of the running service.
import { Command } from "commander";
import { afterEach, expect, it, vi } from "vitest";
import { createToken } from "../../../services/api/api-tokens.ts";
import { addRulesCommand } from "../../../services/cli/rules.ts";
import { FOREIGN, HOME, openWorld } from "../api/fixture.ts";

const RULES = "detectors/rules/heidewacht";
const SAMPLES = "test/detectors/rules/heidewacht";

afterEach(() => {
  process.exitCode = 0;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function openListening() {
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const world = await openWorld();
  const api = await world.api.listen({ host: "127.0.0.1", port: 0 });
  const { token } = await createToken(world.store, {
    ...{ tenant: HOME, name: "cli", scopes: ["rules:test"], createdBy: "x" },
    ...{ createdAt: world.now(), expiresAt: world.now() + 86_400_000 },
  });
  vi.stubEnv("HEIDEWACHT_TOKEN", token);
  const run = async (...words: string[]) => {
    const program = new Command("heidewacht").exitOverride();
    addRulesCommand(program, "de");
    const test = ["rules", "test", RULES, "--samples", SAMPLES, "--api", api];
    await program.parseAsync([...test, ...words], { from: "user" });
  };
  const records = async () =>
    (await world.store.readAudit(HOME, 1, 1000)).filter(({ action }) => action === "rules.test");
  return { run, records };
}

it("rules test writes down what came of it, only when it is told to", async () => {
  const { run, records } = await openListening();
  await run();
  expect(await records()).toEqual([]);
  await run("--record", "--tenant", HOME);
  const [record, ...more] = await records();
  expect(more).toEqual([]);
  expect(record).toMatchObject({ subject: "rules", payload: { failures: 0, faults: 0 } });
  expect(Number(record?.payload?.rules)).toBeGreaterThan(0);
  expect(Number(record?.payload?.samples)).toBeGreaterThan(1);
  await expect(run("--record", "--tenant", FOREIGN)).rejects.toMatchObject({
    code: "HW_FORBIDDEN",
  });
});
