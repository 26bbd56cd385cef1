// Starts the real Kafka and Elasticsearch that the suite "servers" tests against, and stops them behind it.
// Where HEIDEWACHT_TEST_KAFKA (host:port) and HEIDEWACHT_TEST_ELASTICSEARCH (URL) name running ones, those
// are used and left alone. HEIDEWACHT_TEST_VERAPDF names the folder in which veraPDF lies already.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Where they are taken, the next ones. */
const PORTS = { kafka: 19_392, elasticsearch: 19_410 } as const;

type ServerName = keyof typeof PORTS;
const NAMES = ["kafka", "elasticsearch"] as const satisfies readonly ServerName[];

/** What was fetched stays here. Elasticsearch runs as nobody, so the folder has to be reachable by all. */
const downloads = process.env.HEIDEWACHT_SERVERS_FOLDER ?? join(tmpdir(), "heidewacht-servers");
/** Data of this run; the process id tells later runs whose it was. */
const folder = join(downloads, `run-${process.pid}`);

export async function setup(): Promise<() => Promise<void>> {
  const given = takeFromEnvironment();
  process.env.TEST_VERAPDF = given.verapdf ?? join(downloads, "verapdf");
  const missing = NAMES.filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    removeAbandoned();
    // Also when the teardown is not reached: an interrupted run, a failed start.
    process.once("exit", () => {
      for (const name of missing) stop(folder, name);
      rmSync(folder, { recursive: true, force: true });
    });
  }
  const ports: Partial<Record<ServerName, string>> = {};
  for (const name of missing) ports[name] = await start(name);
  process.env.TEST_KAFKA = given.kafka ?? `127.0.0.1:${ports.kafka}`;
  process.env.TEST_ELASTICSEARCH = given.elasticsearch ?? `http://127.0.0.1:${ports.elasticsearch}`;
  return async () => {
    for (const name of missing) await run("bash", [script(name), "stop", join(folder, name)]);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Gives back the port that it listens on. */
async function start(name: ServerName): Promise<string> {
  const place = join(folder, name);
  const env = { ...process.env, DOWNLOADS: join(downloads, name) };
  const log = `${place}.log`;
  try {
    // Its own output goes to a file; what it inherits would keep this process waiting for it.
    const line = '"$0" fresh "$1" "$2" > "$3" 2>&1';
    await run("bash", ["-c", line, script(name), place, String(PORTS[name]), log], { env });
  } catch (cause) {
    throw new Error(`${name} does not start:\n${readFileSync(log, "utf8")}`, { cause });
  }
  return readFileSync(join(place, "port"), "utf8").trim();
}

function script(name: ServerName): string {
  return join(import.meta.dirname, `${name}.sh`);
}

function stop(place: string, name: ServerName): void {
  execFileSync("bash", [script(name), "kill", join(place, name)], { stdio: "ignore" });
}

/** What runs left behind that were killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(downloads)) {
    const id = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (!Number.isInteger(id) || isAlive(id)) continue;
    const place = join(downloads, name);
    for (const one of NAMES) stop(place, one);
    rmSync(place, { recursive: true, force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Of another user, and alive.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

// Taken out of the environment: what our own processes inherit with this beginning they take for settings.
function takeFromEnvironment() {
  const {
    HEIDEWACHT_TEST_KAFKA: kafka,
    HEIDEWACHT_TEST_ELASTICSEARCH: elasticsearch,
    HEIDEWACHT_TEST_VERAPDF: verapdf,
  } = process.env;
  delete process.env.HEIDEWACHT_TEST_KAFKA;
  delete process.env.HEIDEWACHT_TEST_ELASTICSEARCH;
  delete process.env.HEIDEWACHT_TEST_VERAPDF;
  delete process.env.HEIDEWACHT_SERVERS_FOLDER;
  return { kafka, elasticsearch, verapdf };
}
