// A worker thread of `heidewacht scan --jobs`: reads its share of the rules, takes one file after the other,
// posts what it finds.
import { parentPort, workerData } from "node:worker_threads";
import { isAppError, messageOf } from "../../config/errors.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { type RuleShare, readRuleShare, sharedRules } from "./scan-rules.ts";
import {
  createScanThread,
  type ScanPart,
  type ScanSettings,
  type ScanThread,
} from "./scan-thread.ts";

/** What a worker is started with. */
export interface WorkerStart {
  readonly settings: ScanSettings;
  /** Its number, from 0, and how many there are. */
  readonly index: number;
  readonly of: number;
}
export type ToWorker =
  | { readonly shares: readonly RuleShare[] }
  | { readonly file: string }
  | { readonly stop: true };
export type FromWorker =
  | { readonly kind: "share"; readonly share: RuleShare }
  | { readonly kind: "ready"; readonly rules: number; readonly faults: number }
  | { readonly kind: "part"; readonly part: ScanPart }
  | {
      readonly kind: "done";
      readonly file: string;
      readonly fault?: { readonly place: string; readonly reason: string };
    };

guardProcessRegexes();
// scan-run.ts starts this file with these settings and a port.
const { settings, index, of } = workerData as WorkerStart;
const port = parentPort;
const post = (message: FromWorker) => port?.postMessage(message);
let thread: ScanThread | undefined;

port?.on("message", (message: ToWorker) => {
  if ("stop" in message) port.close();
  else if ("shares" in message) void load(message.shares);
  else if (thread !== undefined) void scan(thread, message.file);
});
post({ kind: "share", share: await readRuleShare(settings.rulePaths, index, of) });

async function load(shares: readonly RuleShare[]): Promise<void> {
  thread = await createScanThread(settings, sharedRules(shares));
  post({ kind: "ready", rules: thread.rules, faults: thread.faults.length });
}

async function scan(ready: ScanThread, file: string): Promise<void> {
  try {
    for await (const part of ready.scanFile(file, new AbortController().signal)) {
      post({ kind: "part", part });
    }
    post({ kind: "done", file });
  } catch (error) {
    const place = (isAppError(error) ? error.place : undefined) ?? file;
    post({ kind: "done", file, fault: { place, reason: messageOf(error) } });
  }
}
