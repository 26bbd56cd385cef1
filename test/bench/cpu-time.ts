// CPU time of this process for a piece of work, and the middle of several measurements.

/** CPU-seconds that the work took, all threads of the process together; garbage before it is not counted. */
export async function cpuSeconds(work: () => void | Promise<void>): Promise<number> {
  collectGarbage();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Median, least and greatest of at least one number. */
export function spread(values: readonly number[]): { median: number; range: [number, number] } {
  const sorted = [...values].sort((a, b) => a - b);
  const [first] = sorted;
  const last = sorted.at(-1);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (first === undefined || last === undefined || middle === undefined) {
    throw new RangeError("no measurements");
  }
  return { median: middle, range: [rounded(first), rounded(last)] };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error("needs node --expose-gc");
  globalThis.gc();
}
