// A thread that trains or judges one model and ends: neither its time nor its memory are those of the threads
// that score.
import { parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, isAppError, messageOf } from "../../config/errors.ts";
import { openBackend } from "../../detectors/anomaly/backend.ts";
import { doModelTask, type ModelResult, type ModelTask } from "./model-work.ts";

export type ModelAnswer =
  | { readonly result: ModelResult }
  | { readonly code: ErrorCode; readonly reason: string };

// train-in-thread.ts starts this file with a task.
const task = workerData as ModelTask;
const answer = (message: ModelAnswer) => parentPort?.postMessage(message);
const stepsMs = task.kind === "train" ? task.stepsMs : undefined;
try {
  const backend = await openBackend(task.backend);
  const end = performance.now() + (stepsMs ?? Number.POSITIVE_INFINITY);
  answer({ result: doModelTask(task, backend, () => performance.now() >= end) });
} catch (error) {
  answer({ code: isAppError(error) ? error.code : "HW_INTERNAL", reason: messageOf(error) });
}
