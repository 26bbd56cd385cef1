// Scores account-days: what the detectors of logons, rarity and volume say of an account on a day, joined as
// the length of the vector of their −log10 tails, so that each kind of behaviour counts alike.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Activity } from "../../detectors/anomaly/activity.ts";
import type { AnomalyDetector } from "../../detectors/anomaly/anomaly.ts";
import { createLogons } from "../../detectors/anomaly/logons/logons.ts";
import { createRarity } from "../../detectors/anomaly/rarity/rarity.ts";
import { createVolume } from "../../detectors/anomaly/volume/volume.ts";
import { eventFiles, readActivities } from "./ueba-activities.ts";

const DAY_MS = 86_400_000;
/** Weaker than the product's own bar, so that days of which it says nothing have an order too. */
const TAIL_MAX = 0.05;

/**
 * Writes `id,score` for the account-days named in a csv of the folder (column `id`, `day:account`), or where
 * there is none for all account-days.
 */
export async function predictUeba(input: string, output: string): Promise<void> {
  const activities = await readActivities(eventFiles(input));
  const scores = scoreAccountDays(activities);
  const ids = wantedIds(input) ?? [...scores.keys()];
  const lines = ids.map((id) => `${id},${(scores.get(id) ?? 0).toPrecision(8)}`);
  writeFileSync(output, `id,score\n${lines.join("\n")}\n`);
}

/** Score of each account-day, `day:account`; higher is more unusual. */
export function scoreAccountDays(activities: readonly Activity[]): Map<string, number> {
  const detectors: readonly AnomalyDetector<Activity>[] = [
    createLogons({ tailMax: TAIL_MAX }),
    createRarity({ tailMax: TAIL_MAX }),
    createVolume({ tailMax: TAIL_MAX }),
  ];
  const best = new Map<string, number[]>();
  const first = Math.floor((activities[0]?.time ?? 0) / DAY_MS);
  for (const activity of activities) {
    if (activity.kind === "logon" || activity.kind === "process") {
      const id = `${Math.floor(activity.time / DAY_MS) - first}:${activity.account ?? ""}`;
      if (!best.has(id))
        best.set(
          id,
          detectors.map(() => 0),
        );
    }
    for (const [place, detector] of detectors.entries()) {
      for (const { entity, time, tail } of detector.observe(activity)) {
        if (entity.type !== "account") continue;
        const found = best.get(`${Math.floor(time / DAY_MS) - first}:${entity.value}`);
        if (found !== undefined) found[place] = Math.max(found[place] ?? 0, -Math.log10(tail));
      }
    }
  }
  return new Map([...best].map(([id, parts]) => [id, joined(parts)]));
}

/** The ids of the first csv that has some; labels beside them are not looked at. */
function wantedIds(input: string): readonly string[] | undefined {
  const folder = existsSync(input) && statSync(input).isFile() ? dirname(input) : input;
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".csv")) continue;
    const [head = "", ...rows] = readFileSync(join(folder, name), "utf8").split(/\r?\n/);
    const column = head.split(",").indexOf("id");
    const ids = rows.map((row) => row.split(",")[column] ?? "").filter((id) => id !== "");
    if (column >= 0 && ids.length > 0) return ids;
  }
  return undefined;
}

/** Length of the vector of −log10: the strongest counts most, so that two weak ones make no strong one. */
function joined(parts: readonly number[]): number {
  return Math.hypot(...parts);
}
