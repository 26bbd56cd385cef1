// Short messages by a modem of the house, which Gammu's SMS daemon drives: put into its outbox folder, or
// handed to its own command. Handed over means queued there; the daemon tries again by itself.
import { execFile } from "node:child_process";
import { access, constants, open, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../config/errors.ts";
import type { ChannelConfigOf } from "../../config/paging-channels.ts";
import { type AnsweringChannel, ChannelFault } from "./channel.ts";
import type { ChannelFiles } from "./channel-files.ts";
import { codeOf } from "./faults.ts";
import { listenToInbox } from "./gammu-inbox.ts";
import { type SpoolMessage, spoolFile, spoolName } from "./gammu-spool.ts";
import { telephoneNumber } from "./sms-answers.ts";
import { smsText } from "./sms-text.ts";

/** Three parts of 153. */
const SEPTETS_MAX = 459;
const OUTPUT_BYTES_MAX = 1024 * 1024;
const SET_UP = ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS"];

type GammuConfig = ChannelConfigOf<"gammu">;

/** @throws AppError HW_CONFIG_INVALID where a folder is missing from the configuration */
export function openGammu(
  config: GammuConfig,
  files: ChannelFiles,
  place: string,
): AnsweringChannel {
  const { way, inboxFolder, outboxFolder, timeoutMs } = config;
  if (way === "files" && outboxFolder === undefined) {
    throw new AppError("HW_CONFIG_INVALID", `${place}.outboxFolder fehlt`, {
      place: `${place}.outboxFolder`,
      mend: "den Ordner angeben, der in gammu-smsdrc als outboxpath steht, oder way: command wählen",
    });
  }
  const outbox = files.at(outboxFolder ?? "");
  return {
    kind: config.kind,
    async send(outgoing, signal) {
      const { id, page, to } = outgoing;
      const number = to === undefined ? undefined : telephoneNumber(to);
      if (number === undefined) throw new ChannelFault("refused", "no telephone number");
      const text = smsText(outgoing);
      const { priority, raisedAt } = page;
      const message = { id, priority, raisedAt, number, text };
      if (way === "files") return { reference: await put(outbox, message, signal) };
      return { reference: await inject(config, files, message, signal) };
    },
    async probe(signal) {
      if (way === "files") await mayWrite(outbox);
      else await run(config.command, ["--version"], "", { timeoutMs, signal });
    },
    async listen(onAnswer, signal) {
      if (inboxFolder === undefined) return;
      await listenToInbox({ folder: files.at(inboxFolder), onAnswer, signal });
    },
    async close() {
      // Nothing stays open between two messages.
    },
  };
}

/** Under a name that the daemon passes over until the file is whole and on disk. */
async function put(folder: string, message: SpoolMessage, signal: AbortSignal): Promise<string> {
  const name = spoolName(message);
  const hidden = join(folder, `.${name}`);
  try {
    signal.throwIfAborted();
    // The daemon may run under another account of the folder's group.
    const file = await open(hidden, "w", 0o660);
    try {
      await file.writeFile(spoolFile(message));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(hidden, join(folder, name));
    return name.replace(message.number, "…");
  } catch (error) {
    await rm(hidden, { force: true }).catch(() => undefined);
    throw fileFault(error, signal);
  }
}

async function mayWrite(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw fileFault(error, undefined);
  }
}

function fileFault(error: unknown, signal: AbortSignal | undefined): ChannelFault {
  if (signal?.aborted === true) return new ChannelFault("unreachable", "aborted");
  const code = codeOf(error) ?? "unknown";
  const kind = SET_UP.includes(code) ? "misconfigured" : "unreachable";
  return new ChannelFault(kind, `outbox folder ${code}`);
}

async function inject(
  { configFile, command, timeoutMs }: GammuConfig,
  files: ChannelFiles,
  { number, text }: SpoolMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const own = configFile === undefined ? [] : ["-c", files.at(configFile)];
  const args = [...own, "TEXT", number, "-autolen", String(SEPTETS_MAX)];
  // By its input, for everybody on the machine may read a command's arguments.
  const output = await run(command, args, text, { timeoutMs, signal });
  const path = /Written message with ID (\S.*)/.exec(output)?.[1]?.trim();
  if (path === undefined) return undefined;
  return basename(path).replace(number, "…").slice(0, 200);
}

/** Without a shell; what it says goes into no fault, as it holds the number. */
function run(
  command: string,
  args: readonly string[],
  input: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = {
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: OUTPUT_BYTES_MAX,
    } as const;
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    const child = execFile(command, args, { ...limits, signal, env }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (signal.aborted) reject(new ChannelFault("unreachable", "aborted"));
      else reject(commandFault(error, timeoutMs));
    });
    // It may end before it has read; its exit tells more.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function commandFault(
  error: Error & { readonly code?: unknown; readonly killed?: unknown },
  timeoutMs: number,
): ChannelFault {
  if (error.killed === true) return new ChannelFault("unreachable", `timeout ${timeoutMs} ms`);
  // Not found, not executable, or it could not read its configuration or reach its folders.
  const code = codeOf(error) ?? `exit ${String(error.code)}`;
  return new ChannelFault("misconfigured", `command ${code}`);
}
