// What a run tells: figures as JSON lines, a table for people, and what is wrong one by one.
import { printFigure } from "../bench/figure.ts";
import type { Balance } from "./balance.ts";

const SHOWN = 20;
const startedAt = Date.now();

/** Says how it goes on, beside the figures. */
export function tell(text: string): void {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const clock = new Date().toISOString().slice(11, 19);
  process.stderr.write(`[${clock} ${String(seconds).padStart(4)} s] ${text}\n`);
}

/** How long one fault or pair took from its end until all was processed again. */
export interface Recovered {
  readonly kind: string;
  readonly faults: number;
  readonly seconds: number;
}

/** Prints all figures. @param labels go with the sums */
export function printFigures(
  recovered: readonly Recovered[],
  balance: Balance,
  labels: Readonly<Record<string, unknown>>,
): void {
  const injected = recovered.reduce((sum, { faults }) => sum + faults, 0);
  printFigure("faults.injected", injected, "faults", labels);
  const { events, findings, verdicts } = balance;
  printFigure("faults.events_lost", events.lost.length, "events");
  printFigure("faults.events_twice", events.twice.length, "events");
  printFigure("faults.findings_lost", findings.lost.length, "findings");
  printFigure("faults.findings_twice", findings.twice.length, "findings");
  printFigure("faults.findings_different", findings.different.length, "findings");
  printFigure("faults.verdicts_lost", verdicts.lost.length, "verdicts");
  printFigure("faults.verdicts_twice", verdicts.twice.length, "verdicts");
  printFigure("faults.verdicts_unaudited", verdicts.unaudited.length, "verdicts");
  for (const [kind, list] of byKind(recovered)) {
    const { median, max, n } = summary(list);
    printFigure("faults.recovery_s", median, "s", { kind, median, max, n });
  }
}

/** The same for people. */
export function tableOf(recovered: readonly Recovered[]): string {
  const rows = [...byKind(recovered)].map(([kind, list]) => {
    const { median, max, n } = summary(list);
    return [kind, String(n), median.toFixed(1), max.toFixed(1)];
  });
  const lines = [["recovery of", "n", "median s", "max s"], ...rows];
  return lines
    .map(([kind = "", ...rest]) => kind.padEnd(28) + rest.map((one) => one.padStart(10)).join(""))
    .join("\n");
}

/** One line for each sort of fault in the balance; empty when nothing is wrong. */
export function wrongsOf({ events, findings, verdicts, broken }: Balance): string[] {
  const sorts = {
    "events lost": events.lost,
    "events twice": events.twice,
    "findings lost": findings.lost,
    "findings twice": findings.twice,
    "findings different": findings.different,
    "verdicts lost": verdicts.lost,
    "verdicts twice": verdicts.twice,
    broken,
  };
  return Object.entries(sorts)
    .filter(([, list]) => list.length > 0)
    .map(([sort, list]) => `${sort} (${list.length}): ${list.slice(0, SHOWN).join(", ")}`);
}

function byKind(recovered: readonly Recovered[]): [string, number[]][] {
  const kinds = new Map<string, number[]>();
  for (const { kind, seconds } of recovered) {
    const list = kinds.get(kind);
    if (list === undefined) kinds.set(kind, [seconds]);
    else list.push(seconds);
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
}

function summary(seconds: readonly number[]) {
  const sorted = seconds.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
  return { median, max: sorted.at(-1) ?? 0, n: sorted.length };
}
