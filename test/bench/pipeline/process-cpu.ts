// CPU-seconds that processes have used, by their ids, as Linux counts them.
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second for programs, whatever its own clock is. */
const TICKS_PER_SECOND = 100;
/** Places of user and system time behind the command's closing bracket (proc_pid_stat(5)). */
const USER = 11;
const SYSTEM = 12;

/** User and system time of a process with all its threads, in seconds. */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND;
}

/** What each process used while the work ran, by its name. */
export async function cpuDuring(
  pids: Readonly<Record<string, number>>,
  work: () => Promise<void>,
): Promise<Record<string, number>> {
  const before = new Map(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]));
  await work();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      Number((cpuSecondsOf(pid) - (before.get(name) ?? 0)).toFixed(2)),
    ]),
  );
}
