// What a scan has found, as every output format needs it.
import type { Finding } from "../store/finding.ts";

/** Result of one scan. Times in ms. */
export interface ScanSummary {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  readonly events: number;
  readonly unparsed: number;
  readonly hits: number;
  readonly rules: number;
  readonly elapsedMs: number;
  /** Files or parts of files that could not be read, each with its place and reason. */
  readonly faults: readonly { readonly place: string; readonly reason: string }[];
}

/** Highest score first, then oldest, then id: the order of the queue. */
export function queueOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => b.score - a.score || a.firstEventAt - b.firstEventAt || (a.id < b.id ? -1 : 1),
  );
}
