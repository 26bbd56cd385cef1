// docker-compose.yml before the real Docker Compose, which reads it without a Docker engine: fetched or
// built by test/servers/docker-compose.sh.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const FOLDER =
  process.env.HEIDEWACHT_SHIPPERS ??
  join(import.meta.dirname, "../node_modules/.cache/heidewacht-shippers");
const BUILD_MS = 900_000;

const folder = mkdtempSync(join(tmpdir(), "heidewacht-compose-"));
let program = "";

/** Standard output of `docker-compose …` at the project. */
async function compose(...args: string[]): Promise<string> {
  return (await run(program, args, { cwd: join(import.meta.dirname, "..") })).stdout;
}

beforeAll(async () => {
  const script = join(import.meta.dirname, "servers/docker-compose.sh");
  program = (await run("bash", [script, FOLDER])).stdout.trim();
}, BUILD_MS);

afterAll(() => rmSync(folder, { recursive: true }));

describe("docker compose config", () => {
  it("accepts the file as it is, before any key was made", async () => {
    const services = (await compose("config", "--services")).trim().split("\n");
    expect(services).toEqual(expect.arrayContaining(["kafka", "elasticsearch", "api"]));
    expect(services).not.toContain("llm");
  });

  it("accepts it with the language model", async () => {
    expect(await compose("--profile", "llm", "config", "--services")).toContain("llm");
  });

  it("puts the checksums of the shipper's key and of Prometheus' token into the settings", async () => {
    const file = join(folder, "env");
    const [key, token] = ["5".repeat(64), "6".repeat(64)];
    writeFileSync(file, `FLUENT_BIT_SHA256=${key}\nMETRICS_TOKEN_SHA256=${token}\n`);
    const settings = await compose("--env-file", file, "config");
    expect(settings).toContain(`"sha256": "${key}"`);
    expect(settings).toMatch(new RegExp(`METRICS_TOKEN_SHA256: .*${token}`));
  });

  it("refuses a key that is none of the specification", async () => {
    const broken = join(folder, "broken.yml");
    writeFileSync(broken, "services: { detect: { helthcheck: { disable: true } } }\n");
    const both = compose("-f", "docker-compose.yml", "-f", broken, "config", "-q");
    await expect(both).rejects.toThrow("helthcheck");
  });
});
