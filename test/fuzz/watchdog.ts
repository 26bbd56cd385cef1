// Watches the fuzzer from a second thread: an input that never comes to an end can't be told by the thread
// that it holds. The worker keeps it and ends the process.
import { writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { z } from "zod";

const INPUT_BYTES_MAX = 4 * 1024 * 1024;
const HELD_MS = 20_000;
const LOOK_MS = 1000;
/** Two numbers before the input: how many inputs there were, and the length of the one at hand. */
const HEAD_BYTES = 8;

const sharedSchema = z.object({ shared: z.instanceof(SharedArrayBuffer) });

export interface Watchdog {
  /** To be told before each input. */
  watch(input: Buffer): void;
}

/** Starts the second thread. It doesn't keep the process alive. */
export function startWatchdog(): Watchdog {
  const shared = new SharedArrayBuffer(HEAD_BYTES + INPUT_BYTES_MAX);
  const head = new Int32Array(shared, 0, 2);
  const bytes = new Uint8Array(shared, HEAD_BYTES);
  new Worker(new URL(import.meta.url), { workerData: { shared } }).unref();
  return {
    watch(input) {
      bytes.set(input.subarray(0, INPUT_BYTES_MAX));
      head[1] = Math.min(input.length, INPUT_BYTES_MAX);
      head[0] = (head[0] ?? 0) + 1;
    },
  };
}

function look(shared: SharedArrayBuffer): void {
  const head = new Int32Array(shared, 0, 2);
  let last = -1;
  let since = Date.now();
  setInterval(() => {
    const now = head[0] ?? 0;
    if (now !== last) {
      last = now;
      since = Date.now();
      return;
    }
    if (Date.now() - since < HELD_MS) return;
    const path = join(tmpdir(), "heidewacht-fuzz-held.bin");
    writeFileSync(path, new Uint8Array(shared, HEAD_BYTES, head[1]));
    writeSync(2, `input ${now} held the thread for ${HELD_MS} ms; it is kept in ${path}\n`);
    process.kill(process.pid, "SIGKILL");
  }, LOOK_MS);
}

if (!isMainThread) look(sharedSchema.parse(workerData).shared);
