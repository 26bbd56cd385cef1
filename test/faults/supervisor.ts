// Starts our processes and starts them again when they end, as a service manager would.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceName } from "../../config/services.ts";
import type { Cluster } from "../support/cluster.ts";
import type { ServiceProcess } from "../support/service-process.ts";

const RESTART_MS = 200;
/** What ends by itself soon after its start is started more slowly. */
const SOON_MS = 5000;
const RESTART_AGAIN_MS = 2000;
const STOP_MS_MAX = 60_000;

export interface Supervisor {
  readonly names: readonly string[];
  send(name: string, signal: NodeJS.Signals): void;
  /** kill -9; resolves when the next process was started. */
  kill(name: string): Promise<void>;
  /** Processes that ended though nobody killed them: name, exit code, and the end of what they wrote. */
  readonly endedAlone: readonly string[];
  /** SIGTERM to all. @returns those that did not end well */
  stop(): Promise<readonly string[]>;
}

interface Member {
  process: ServiceProcess;
  startedAt: number;
  isToBeKilled: boolean;
  /** Ends when this life has ended and the next has begun. */
  turn: Promise<void>;
}

/** Starts all. @param logFolder gets a file for each */
export function startSupervisor(
  cluster: Cluster,
  services: Readonly<Record<string, readonly ServiceName[]>>,
  logFolder: string,
): Supervisor {
  const members = new Map<string, Member>();
  const endedAlone: string[] = [];
  let isStopping = false;
  const spawn = (name: string): ServiceProcess =>
    cluster.start(name, services[name] ?? [], (text) =>
      appendFileSync(join(logFolder, `${name}.log`), text),
    );
  const watch = async (name: string, member: Member): Promise<void> => {
    const { code, signal, output } = await member.process.ended;
    if (isStopping) return;
    const isOurs = member.isToBeKilled && signal === "SIGKILL";
    if (!isOurs) endedAlone.push(`${name}: ${signal ?? code}\n${output.slice(-1500)}`);
    const isSoon = !isOurs && Date.now() - member.startedAt < SOON_MS;
    await sleep(isSoon ? RESTART_AGAIN_MS : RESTART_MS);
    if (isStopping) return;
    begin(name, spawn(name));
  };
  const begin = (name: string, process: ServiceProcess): void => {
    const turn = Promise.resolve();
    const member: Member = { process, startedAt: Date.now(), isToBeKilled: false, turn };
    member.turn = watch(name, member);
    members.set(name, member);
  };
  const memberOf = (name: string): Member => {
    const member = members.get(name);
    if (member === undefined) throw new Error(`no process ${name}`);
    return member;
  };
  for (const name of Object.keys(services)) begin(name, spawn(name));
  return {
    names: Object.keys(services),
    endedAlone,
    send: (name, signal) => memberOf(name).process.send(signal),
    async kill(name) {
      const member = memberOf(name);
      member.isToBeKilled = true;
      member.process.send("SIGKILL");
      await member.turn;
    },
    async stop() {
      isStopping = true;
      const ends = [...members].map(async ([name, { process }]) => {
        process.send("SIGCONT");
        process.send("SIGTERM");
        const timer = setTimeout(() => process.send("SIGKILL"), STOP_MS_MAX);
        const { code, signal, output } = await process.ended;
        clearTimeout(timer);
        return code === 0 ? [] : [`${name}: ${signal ?? code}\n${output.slice(-1500)}`];
      });
      return (await Promise.all(ends)).flat();
    },
  };
}
