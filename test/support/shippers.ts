// Real log shippers for the tests of the inputs: has them fetched once (test/servers/shippers.sh), starts
// them with their own folders and libraries, and ends each by its process id.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

const FETCH = join(import.meta.dirname, "../servers/shippers.sh");
const PROGRAMS = join(import.meta.dirname, "../servers");
const FOLDER =
  process.env.HEIDEWACHT_SHIPPERS ??
  join(import.meta.dirname, "../../node_modules/.cache/heidewacht-shippers");
const DEBIAN = join(FOLDER, "debian");
const DEBIAN_LIBRARIES = join(DEBIAN, "usr/lib/x86_64-linux-gnu");
const OUTPUT_CHARACTERS_MAX = 20_000;
/** A program that was asked to end and doesn't is ended for it. */
const END_MS = 5000;

/** Certificates of the tests, by file name. */
export const tlsFile = (name: string): string => join(import.meta.dirname, "../fixtures/tls", name);

interface Program {
  readonly path: string;
  readonly first?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const debianEnv = {
  LD_LIBRARY_PATH: [
    DEBIAN_LIBRARIES,
    join(DEBIAN_LIBRARIES, "systemd"),
    join(DEBIAN, "lib/x86_64-linux-gnu"),
    join(DEBIAN, "usr/lib/syslog-ng"),
  ].join(":"),
};
const debian = (path: string, ...first: string[]): Program => ({
  path: join(DEBIAN, path),
  first,
  env: debianEnv,
});
const python = (name: string): Program => ({
  path: "python3",
  first: [join(PROGRAMS, name)],
  env: { PYTHONPATH: join(FOLDER, "python"), PYTHONDONTWRITEBYTECODE: "1" },
});

const SHIPPERS = {
  rsyslogd: debian("usr/sbin/rsyslogd", "-M", join(DEBIAN_LIBRARIES, "rsyslog"), "-n"),
  "syslog-ng": debian(
    "usr/sbin/syslog-ng",
    ...["--module-path", join(DEBIAN, "usr/lib/syslog-ng/3.38"), "-F", "--no-caps"],
  ),
  logger: debian("usr/bin/logger"),
  journalctl: debian("bin/journalctl"),
  "systemd-journal-remote": debian("lib/systemd/systemd-journal-remote"),
  "systemd-journal-upload": debian("lib/systemd/systemd-journal-upload"),
  "python-bulk": python("python-bulk.py"),
  pylogbeat: python("python-lumberjack.py"),
  "python-otlp": python("python-otlp.py"),
  pygelf: python("python-gelf.py"),
  "splunk-handler": python("python-splunk.py"),
  "go-bulk": { path: join(FOLDER, "go-bulk"), env: {} },
  "go-lumberjack": { path: join(FOLDER, "go-lumberjack"), env: {} },
} as const satisfies Readonly<Record<string, Program>>;

export type ShipperName = keyof typeof SHIPPERS;

let fetched: Promise<void> | undefined;
const running = new Set<ChildProcess>();
// A test that ran out of time leaves its programs behind.
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Has the shippers fetched; what is there already is kept.
 * @throws Error with what the script said when one can't be had
 */
export function fetchShippers(): Promise<void> {
  fetched ??= finish(startProcess("bash", [FETCH, FOLDER], {})).then(
    () => undefined,
    (cause) => {
      throw new Error(`the shippers can't be fetched: ${cause.message}`, { cause });
    },
  );
  return fetched;
}

/** A program at work. */
export interface Shipper extends AsyncDisposable {
  /** The end of what it wrote, and of what went wrong. */
  output(): string;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a shipper that goes on until it is stopped. */
export function startShipper(name: ShipperName, args: readonly string[]): Shipper {
  const { child, output } = startNamed(name, args);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await closed;
    clearTimeout(timer);
  };
  return { output, stop, [Symbol.asyncDispose]: stop };
}

/**
 * Runs a shipper to its end.
 * @param input what it reads from its standard input
 * @returns its standard output
 * @throws Error with its messages when it ends badly
 */
export function runShipper(
  name: ShipperName,
  args: readonly string[],
  input: string | Buffer = "",
): Promise<string> {
  const run = startNamed(name, args);
  run.child.stdin?.on("error", () => undefined).end(input);
  return finish(run);
}

/** A folder of its own for a shipper's files, gone with the test. */
export function shipperFolder(): Disposable & {
  readonly path: string;
  write(name: string, text: string | Buffer): string;
} {
  const path = mkdtempSync(join(tmpdir(), "shipper-"));
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly result: () => string;
}

function startNamed(name: ShipperName, args: readonly string[]): Run {
  const { path, first = [], env }: Program = SHIPPERS[name];
  return startProcess(path, [...first, ...args], env);
}

function startProcess(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Run {
  const child = spawn(path, args, { stdio: "pipe", env: { ...process.env, ...env } });
  running.add(child);
  child.once("close", () => running.delete(child));
  let output = "";
  let result = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    result += text;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_CHARACTERS_MAX);
    });
  }
  child.on("error", (error) => {
    output += error.message;
  });
  return { child, output: () => output, result: () => result };
}

async function finish({ child, output, result }: Run): Promise<string> {
  child.stdin?.end();
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve).once("error", () => resolve(null));
  });
  if (code === 0) return result();
  throw new Error(`${child.spawnfile} ended with ${child.signalCode ?? code}:\n${output()}`);
}
