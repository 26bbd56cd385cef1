// Starts the process that runs the stage, tells it what to do, and kills it. What it tells by itself is kept:
// when a finding was first seen to be as it is.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Clock, Command, KeptFinding, Message } from "./commands.ts";

const PROCESS = fileURLToPath(new URL("stage-process.ts", import.meta.url));

export interface Driver {
  /** @throws where the process could not do it, or was killed meanwhile */
  ask(command: Exclude<Command, { kind: "start" }>): Promise<unknown>;
  /** kill -9 */
  kill(): Promise<void>;
}

export async function startDriver(
  start: Extract<Command, { kind: "start" }>,
  onChange: (finding: KeptFinding, at: number) => void,
): Promise<Driver> {
  const child = fork(PROCESS, { serialization: "advanced", execArgv: ["--no-warnings"] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let number = 0;
  child.on("message", (message) => {
    const told = message as Message; // Our own process says nothing else.
    if (told.kind === "changed") return onChange(told.finding, told.at);
    const asked = waiting.get(told.number);
    waiting.delete(told.number);
    if (told.kind === "done") asked?.resolve(told.result);
    else asked?.reject(new Error(told.reason));
  });
  child.on("exit", () => {
    for (const one of waiting.values()) one.reject(new Error("the process was killed"));
    waiting.clear();
  });
  const ask = (command: Command): Promise<unknown> => {
    const asked = Promise.withResolvers<unknown>();
    number += 1;
    waiting.set(number, asked);
    child.send({ number, command }, (error) => {
      if (error !== null) asked.reject(error);
    });
    return asked.promise;
  };
  await ask(start);
  return { ask, kill: () => killed(child) };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

export function clockOf(at: number, aheadMs: number): Clock {
  return { at, aheadMs };
}
