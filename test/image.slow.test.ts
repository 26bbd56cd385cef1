// Follows the Dockerfile without Docker: makes each stage in a folder, with the project's own Node, then
// starts what came out as its user would: without rights, on read-only sources, with production
// dependencies alone. A package that only the development has is noticed here.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DockerfileStage, dockerfileStages, isIgnored } from "./support/dockerfile.ts";

const run = promisify(execFile);
const PROJECT = join(import.meta.dirname, "..");
const NOBODY = 65_534;
const stages = dockerfileStages(readFileSync(join(PROJECT, "Dockerfile"), "utf8"));
const ignored = readFileSync(join(PROJECT, ".dockerignore"), "utf8").trim().split("\n");

const folder = mkdtempSync(join(tmpdir(), "heidewacht-image-"));
const node = join(folder, "bin", "node");
const environment = { PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`, HOME: folder };
const children: ChildProcess[] = [];
let image = "";

beforeAll(async () => {
  chmodSync(folder, 0o755);
  mkdirSync(dirname(node));
  copyFileSync(process.execPath, node);
  for (const [index, stage] of stages.entries()) {
    image = join(folder, stage.name ?? `stage-${index}`);
    await makeStage(stage, image);
  }
  // Nothing in the image may be written, whoever runs it.
  await run("chmod", ["-R", "a-w,a+rX", image]);
});

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await run("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true });
});

async function makeStage(stage: DockerfileStage, target: string): Promise<void> {
  mkdirSync(target);
  for (const step of stage.steps) {
    if ("copy" in step) {
      for (const source of step.copy.sources) copy(step.copy, source, target);
    } else if (step.run.startsWith("npm ")) {
      // The registry is reached as this machine reaches it.
      const env = { ...process.env, PATH: environment.PATH, NODE_ENV: undefined };
      await run("sh", ["-c", step.run], { cwd: target, env });
    }
  }
}

function copy(
  { stage, target: to }: { stage: string | undefined; target: string },
  source: string,
  target: string,
): void {
  const from =
    stage === undefined ? join(PROJECT, source) : source.replace("/app", join(folder, stage));
  const at = to.endsWith("/") ? join(target, to, basename(source)) : join(target, to);
  const filter = (path: string) =>
    stage !== undefined || !isIgnored(path.slice(PROJECT.length + 1), ignored);
  cpSync(from, at, { recursive: true, filter });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts the image's program; its output comes with the promise that it is ready. */
async function start(variables: Readonly<Record<string, string>>, readyUrl: string) {
  const data = mkdtempSync(join(folder, "data-"));
  chmodSync(data, 0o777);
  const { entrypoint = [], command = [], environment: fixed = {} } = stages.at(-1) ?? {};
  const rights = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(node, [...entrypoint.slice(1), ...command, "--data", join(data, "d")], {
    cwd: image,
    env: { ...environment, ...fixed, HOME: data, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    ...rights,
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null) throw new Error(output);
        return (await fetch(readyUrl).catch(() => undefined))?.status;
      },
      { timeout: 120_000, interval: 200 },
    )
    .toBe(200);
  return child;
}

describe("the image", () => {
  it("holds production dependencies and no tests, keys or data", () => {
    expect(readdirSync(image).sort()).toEqual(
      [
        "LICENSE",
        "config",
        "dashboards",
        "detectors",
        "node_modules",
        "package.json",
        "services",
      ].sort(),
    );
    for (const name of ["vitest", "vite", "typescript", "react", "node"]) {
      expect(existsSync(join(image, "node_modules", name)), name).toBe(false);
    }
    expect(existsSync(join(image, "services/console/dist/index.html"))).toBe(true);
  });

  it("starts without rights on read-only files, is healthy, shows the console and ends orderly", async () => {
    const [port, input] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const child = await start(
      { HEIDEWACHT_CONSOLE__PORT: `${port}`, HEIDEWACHT_INPUTS__HTTP__PORT: `${input}` },
      `${url}/readyz`,
    );
    expect(await (await fetch(url)).text()).toContain("<title>");
    const [, script = ""] = stages.at(-1)?.healthCheck.slice(1) ?? [];
    await run(node, ["-e", script.replace(/:\d{4}\//, `:${port}/`)]);
    await expect(run(node, ["-e", script.replace(/:\d{4}\//, ":1/")])).rejects.toThrow();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("brings every package that its sources name", async () => {
    const named = new Set<string>();
    for (const root of ["config", "detectors", "services"]) {
      for (const name of readdirSync(join(image, root), { recursive: true, encoding: "utf8" })) {
        if (!name.endsWith(".ts") || (root === "services" && name.startsWith("console/"))) continue;
        const text = readFileSync(join(image, root, name), "utf8");
        // Types alone need no package when it runs.
        for (const [, type, one = ""] of text.matchAll(
          /^(?:import|export) (type )?[^;]*? from "([^."][^"]*)"/gm,
        )) {
          if (type === undefined && !one.startsWith("node:")) named.add(one);
        }
        for (const [, one = ""] of text.matchAll(/\bimport\("([^."][^"]*)"\)/g)) named.add(one);
      }
    }
    expect(named.size).toBeGreaterThan(15);
    expect([...named]).toEqual(expect.arrayContaining(["@elastic/elasticsearch", "fastify"]));
    const load = [...named].map((name) => `await import(${JSON.stringify(name)});`).join("\n");
    await run(node, ["--input-type=module", "-e", load], { cwd: image });
  });
});
