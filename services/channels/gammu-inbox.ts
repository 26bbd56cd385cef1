// Answers from the inbox folder of Gammu's SMS daemon. A file that was read is moved away only after its answer
// was taken, so that a restart asks for none twice and misses none.
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ChannelAnswer, ChannelFault } from "./channel.ts";
import { codeOf } from "./faults.ts";
import { receivedNumber, receivedText } from "./gammu-spool.ts";
import { smsAnswer } from "./sms-answers.ts";

const POLL_MS = 1000;
/** What was read lies here, for whoever has to look something up; then it goes. */
const READ_FOLDER = "gelesen";
const READ_KEPT_MS = 14 * 86_400_000;
const FORGET_MS = 3_600_000;
const FILE_BYTES_MAX = 100_000;
const FILES_PER_POLL_MAX = 1000;
/** What the system says of folders that won't come by themselves. */
const SET_UP = ["ENOENT", "ENOTDIR", "EACCES", "EPERM"];

export interface InboxOptions {
  readonly folder: string;
  readonly onAnswer: (answer: ChannelAnswer) => Promise<void>;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

/**
 * Reads until the signal aborts.
 * @throws ChannelFault misconfigured, where the folder is missing or closed to us
 */
export async function listenToInbox(options: InboxOptions): Promise<void> {
  const { folder, signal, pollMs = POLL_MS } = options;
  const readFolder = join(folder, READ_FOLDER);
  /** A file is whole when it looked the same a poll ago; the daemon writes it in its place. */
  let seen = new Map<string, string>();
  let forgottenAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      await mkdir(readFolder, { recursive: true, mode: 0o770 });
      seen = await pollOnce(options, readFolder, seen);
      if (Math.abs(Date.now() - forgottenAt) >= FORGET_MS) {
        forgottenAt = Date.now();
        await forgetOld(readFolder, forgottenAt - READ_KEPT_MS);
      }
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && SET_UP.includes(code)) {
        throw new ChannelFault("misconfigured", `inbox folder ${code}`);
      }
      // A full disk and the like pass; what was not moved is read again.
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function pollOnce(
  { folder, onAnswer, signal }: InboxOptions,
  readFolder: string,
  seen: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => receivedNumber(name) !== undefined);
  const looks = new Map<string, string>();
  for (const name of names.sort().slice(0, FILES_PER_POLL_MAX)) {
    if (signal.aborted) break;
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    const look = `${size} ${mtimeMs}`;
    looks.set(name, look);
    if (seen.get(name) !== look) continue;
    const answer =
      size > FILE_BYTES_MAX ? undefined : answerIn(name, await readFile(path), mtimeMs);
    if (answer !== undefined && !(await isTaken(answer, onAnswer))) continue;
    await rename(path, join(readFolder, name));
  }
  return looks;
}

/** One that can't be taken now stays where it is, and keeps no other one waiting. */
async function isTaken(
  answer: ChannelAnswer,
  onAnswer: InboxOptions["onAnswer"],
): Promise<boolean> {
  try {
    await onAnswer(answer);
    return true;
  } catch {
    // Whoever takes answers tells what went wrong there.
    return false;
  }
}

/** @param at when it was put there: the name holds the time of the telephone network, in no zone */
function answerIn(name: string, bytes: Buffer, at: number): ChannelAnswer | undefined {
  return smsAnswer(receivedNumber(name) ?? "", receivedText(name, bytes), Math.round(at));
}

async function forgetOld(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < before) await rm(path, { force: true });
  }
}
