// One whole trial: peers, a disk that can be filled, the course, the judge.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openQuota } from "../faults/quota.ts";
import { runCourse, type Told } from "./course.ts";
import { draw, FAULT_KINDS } from "./draw.ts";
import { judge, type Verdict } from "./judge.ts";
import { startPeers } from "./peers.ts";

const DISK_MEBIBYTES = 160;
const DUPLICATES_SHARE_MAX = 0.001;
const DAY_MS = 86_400_000;
const TOLD_EVERY_DAYS = 14;

export interface TrialOptions {
  readonly seed: string;
  readonly pages: number;
  readonly faults: number;
  /** A kind of faults; left out: all. */
  readonly only?: string | undefined;
  /** Of few pages, a single kill in the midst of sending is a large share. */
  readonly duplicatesShareMax?: number;
  readonly onProgress?: (text: string) => void;
}

export interface Trial {
  readonly verdict: Verdict;
  readonly told: Told;
  /** What may not be; empty: all is well. */
  readonly violations: readonly string[];
}

export async function tryPaging(options: TrialOptions): Promise<Trial> {
  const { seed, pages, faults, only, onProgress } = options;
  const { duplicatesShareMax = DUPLICATES_SHARE_MAX } = options;
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-paging-"));
  const dataDir = join(folder, "disk");
  mkdirSync(dataDir);
  const quota = openQuota(dataDir, DISK_MEBIBYTES);
  // Without the right to mount nothing can be filled; the other kinds are drawn more often then.
  const kinds = FAULT_KINDS.filter(
    (kind) => (kind !== "disk_full" || quota !== undefined) && (only ?? kind) === kind,
  );
  const clock = { at: 0 };
  const peers = await startPeers(folder, () => clock.at);
  let toldDay = 0;
  const progress = (at: number) => {
    const day = Math.floor(at / DAY_MS);
    if (day < toldDay + TOLD_EVERY_DAYS) return;
    toldDay = day;
    onProgress?.(`${new Date(at).toISOString().slice(0, 10)} ${peers.deliveries.length} pages`);
  };
  try {
    const drawn = draw(seed, pages, faults, kinds);
    const told = await runCourse({ drawn, peers, dataDir, quota, clock, onProgress: progress });
    const verdict = judge(told, peers.deliveries, peers.addresses);
    return { verdict, told, violations: violationsOf(verdict, duplicatesShareMax) };
  } finally {
    await peers.close();
    quota?.unmount();
    rmSync(folder, { recursive: true, force: true });
  }
}

function violationsOf(
  { lost, late, wrong, duplicates, deliveries }: Verdict,
  duplicatesShareMax: number,
): string[] {
  const share = deliveries === 0 ? 1 : duplicates / deliveries;
  return [
    ...(lost.length > 0 ? [`${lost.length} pages lost`] : []),
    ...(late.length > 0 ? [`${late.length} steps late`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} steps to the wrong person`] : []),
    ...(share > duplicatesShareMax ? [`${duplicates} of ${deliveries} pages came twice`] : []),
  ];
}
