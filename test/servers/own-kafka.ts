// A Kafka broker of one test's own, for what can't be done to the broker that all share: ending it, other
// listeners, rights, several nodes.
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, "kafka.sh");

export interface OwnKafka {
  /** `host:port`, without TLS and sign-in. */
  readonly address: string;
  /** Goes on with the data where there is some; resolves when the port answers. */
  start(): Promise<void>;
  /** kill -9, at once. */
  kill(): void;
  /** Id of the cluster, once it was started; another node joins with it. */
  clusterId(): string;
  /** Ends it and deletes its data. */
  dispose(): void;
}

/**
 * @param port the next one has to be free as well
 * @param settings of server.properties, over those of kafka.sh
 * @param clusterId makes it a node of a cluster that is there already
 */
export function ownKafka(
  port: number,
  settings: Readonly<Record<string, string>> = {},
  clusterId = "",
): OwnKafka {
  const folder = mkdtempSync(join(tmpdir(), "hw-kafka-"));
  const more = join(folder, "more.properties");
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(more, lines.join(""));
  const servers = process.env.HEIDEWACHT_SERVERS_FOLDER ?? join(tmpdir(), "heidewacht-servers");
  const env = { ...process.env, DOWNLOADS: join(servers, "kafka"), MORE: more, CLUSTER: clusterId };
  return {
    address: `127.0.0.1:${port}`,
    async start() {
      // Its own output goes to a file; what it inherits would keep this process waiting for it.
      const line = '"$0" start "$1" "$2" > "$1.log" 2>&1';
      try {
        await run("bash", ["-c", line, SCRIPT, folder, String(port)], { env });
      } catch (cause) {
        throw new Error(readFileSync(`${folder}.log`, "utf8"), { cause });
      }
    },
    kill: () => process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL"),
    clusterId() {
      const text = readFileSync(join(folder, "data", "meta.properties"), "utf8");
      return /^cluster\.id=(.+)$/m.exec(text)?.[1] ?? "";
    },
    dispose() {
      if (existsSync(folder))
        execFileSync("bash", [SCRIPT, "kill", folder], { stdio: "ignore", env });
      rmSync(folder, { recursive: true, force: true });
      rmSync(`${folder}.log`, { force: true });
    },
  };
}
