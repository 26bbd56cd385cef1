// `heidewacht start` as a process of its own, to be killed.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { imageNodeOptions } from "./image-options.ts";

const COMMAND = fileURLToPath(new URL("../../services/cli/heidewacht.ts", import.meta.url));
const OUTPUT_CHARACTERS_MAX = 20_000;

export interface ServiceProcess {
  /** Resolves when it says that it runs; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** How it ended, with the end of what it wrote. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly output: string;
  }>;
  send(signal: NodeJS.Signals): void;
  /** Undefined when it could not be started at all. */
  readonly pid: number | undefined;
}

/**
 * Starts the service with a configuration file, or some of its services only.
 * @param onOutput given all that it writes
 */
export function startService(
  configFile: string,
  services: readonly string[] = [],
  onOutput: (text: string) => void = () => undefined,
): ServiceProcess {
  const some = services.length === 0 ? [] : ["--services", services.join(",")];
  const child = spawn(process.execPath, [COMMAND, "start", "--config", configFile, ...some], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", NODE_OPTIONS: imageNodeOptions() },
  });
  let output = "";
  const opened = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      onOutput(text);
      output = (output + text).slice(-OUTPUT_CHARACTERS_MAX);
      if (output.includes('"services":[')) opened.resolve();
    });
  }
  const ended = new Promise<Awaited<ServiceProcess["ended"]>>((resolve) => {
    child.once("close", (code, signal) => {
      resolve({ code, signal, output });
      opened.reject(new Error(`ended with ${signal ?? code} before it was ready:\n${output}`));
    });
  });
  // Whoever waits for it is told; a process that is killed during its start is no surprise here.
  opened.promise.catch(() => undefined);
  return { pid: child.pid, ready: opened.promise, ended, send: (signal) => sendTo(child, signal) };
}

// By its id, and only while it is ours: a process that has ended may have lent its id to another.
function sendTo(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(child.pid, signal);
}
