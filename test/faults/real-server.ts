// A real Kafka or Elasticsearch of our own, to be killed, stopped and started again, with a disk of its own.
import { spawn } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openQuota, type Quota } from "./quota.ts";

const DEATH_POLL_MS = 50;
const SCRIPTS = new URL("../servers/", import.meta.url).pathname;
const DOWNLOADS = process.env.HEIDEWACHT_SERVERS_FOLDER ?? join(tmpdir(), "heidewacht-servers");

export interface RealServer {
  readonly name: "kafka" | "elasticsearch";
  readonly port: number;
  /** Undefined where no disk of limited size can be had. */
  readonly quota: Quota | undefined;
  /** Resolves when it answers. */
  start(): Promise<void>;
  isRunning(): boolean;
  send(signal: NodeJS.Signals): void;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

export interface RealServerOptions {
  readonly name: RealServer["name"];
  /** Reachable by every user. */
  readonly folder: string;
  readonly port: number;
  readonly diskMebibytes: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Prepares the server; nothing runs yet. */
export function createRealServer(options: RealServerOptions): RealServer {
  const { name, folder, port } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const quota = openQuota(join(folder, "data"), options.diskMebibytes);
  // What only its own processes have among their arguments; the launcher of Elasticsearch has the first.
  const marks =
    name === "kafka"
      ? [join(folder, "server.properties")]
      : [`-Des.path.conf=${join(folder, "config")}`, `-Djava.io.tmpdir=${join(folder, "tmp")}`];
  const send = (signal: NodeJS.Signals) => {
    for (const id of processesWith(marks)) process.kill(id, signal);
  };
  const kill = async () => {
    for (let ids = processesWith(marks); ids.length > 0; ids = processesWith(marks)) {
      send("SIGKILL");
      await sleep(DEATH_POLL_MS);
    }
  };
  return {
    name,
    port,
    quota,
    start: () => run(options),
    isRunning: () => processesWith(marks).length > 0,
    send,
    kill,
    async remove() {
      await kill();
      quota?.unmount();
    },
  };
}

function run({ name, folder, port, env }: RealServerOptions): Promise<void> {
  const log = openSync(join(folder, "script.log"), "a");
  // Its own output goes to a file; what it inherits would keep this process waiting for it.
  const child = spawn("bash", [join(SCRIPTS, `${name}.sh`), "start", folder, String(port)], {
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH ?? "", DOWNLOADS: join(DOWNLOADS, name), ...env },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else {
        const told = readFileSync(join(folder, "script.log"), "utf8").slice(-3000);
        reject(new Error(`${name} does not start:\n${told}`));
      }
    });
  });
}

// By their arguments: an id from before may have gone to a stranger.
function processesWith(marks: readonly string[]): number[] {
  const ids: number[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const given = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      const isJava = given[0]?.endsWith("java") === true;
      if (isJava && marks.some((mark) => given.includes(mark))) ids.push(Number(entry));
    } catch {
      // Ended since it was listed.
    }
  }
  return ids;
}
