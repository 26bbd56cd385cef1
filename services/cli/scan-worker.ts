// A worker thread of `heidewacht scan --jobs`: takes one file after the other, posts what it finds.
import { parentPort, workerData } from "node:worker_threads";
import { isAppError, messageOf } from "../../config/errors.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { createScanThread, type ScanPart, type ScanSettings } from "./scan-thread.ts";

export type ToWorker = { readonly file: string } | { readonly stop: true };
export type FromWorker =
  | { readonly kind: "ready"; readonly rules: number; readonly faults: number }
  | { readonly kind: "part"; readonly part: ScanPart }
  | {
      readonly kind: "done";
      readonly file: string;
      readonly fault?: { readonly place: string; readonly reason: string };
    };

guardProcessRegexes();
// scan-run.ts starts this file with these settings and a port.
const thread = await createScanThread(workerData as ScanSettings);
const port = parentPort;
const post = (message: FromWorker) => port?.postMessage(message);

port?.on("message", (message: ToWorker) => {
  if ("stop" in message) port.close();
  else void scan(message.file);
});
post({ kind: "ready", rules: thread.rules, faults: thread.faults.length });

async function scan(file: string): Promise<void> {
  try {
    for await (const part of thread.scanFile(file, new AbortController().signal)) {
      post({ kind: "part", part });
    }
    post({ kind: "done", file });
  } catch (error) {
    const place = (isAppError(error) ? error.place : undefined) ?? file;
    post({ kind: "done", file, fault: { place, reason: messageOf(error) } });
  }
}
