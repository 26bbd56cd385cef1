// Runs the training of a model in a thread of its own, which is ended when it takes too long or too much.
import { Worker } from "node:worker_threads";
import { AppError } from "../../config/errors.ts";
import type { ModelResult, ModelTask } from "./model-work.ts";
import type { ModelAnswer } from "./model-worker.ts";

export interface ThreadLimits {
  readonly timeMs: number;
  /** Of JavaScript; what a backend computes with is bounded by the numbers of examples. */
  readonly heapMbMax: number;
}

const THREAD_LIMITS: ThreadLimits = { timeMs: 10 * 60_000, heapMbMax: 1024 };

/**
 * Does the task in a thread.
 * @throws AppError HW_UNAVAILABLE when it was ended at a limit; what the task throws; the reason of `signal`
 */
export async function runModelTask(
  task: ModelTask,
  signal: AbortSignal,
  limits: ThreadLimits = THREAD_LIMITS,
): Promise<ModelResult> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("model-worker.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMbMax },
  });
  const ended = Promise.withResolvers<ModelResult>();
  const refuse = (reason: string, cause?: unknown) =>
    ended.reject(new AppError("HW_UNAVAILABLE", reason, { place: `model ${task.model}`, cause }));
  const timer = setTimeout(
    () => refuse(`not ready after ${limits.timeMs / 1000} s`),
    limits.timeMs,
  );
  const abort = () => ended.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  worker.once("message", (answer: ModelAnswer) => {
    if ("result" in answer) ended.resolve(answer.result);
    else ended.reject(new AppError(answer.code, answer.reason, { place: `model ${task.model}` }));
  });
  worker.once("error", (error) => refuse(`the thread has failed: ${error}`, error));
  worker.once("exit", () => refuse("the thread has ended early"));
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    await worker.terminate();
  }
}
