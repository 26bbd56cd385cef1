// How many attacks are among the three highest account-days per scored day, and how many of the worst kind:
// on the behaviour set, and on draws of our own county from seeds by which no setting was chosen.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "../../bench/figure.ts";
import { drawCounty } from "../../detectors/anomaly/behaviour/county-days.ts";
import { predictUeba, scoreAccountDays } from "../../predict/ueba.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";

const ALERTS_PER_DAY = 3;
const FIRST_SEED = 2000;
const DRAWS = 5;
const COUNTY = { accounts: 250, days: 30, attackDays: 10, attacksOfKind: 3 };

interface Item {
  readonly id: string;
  readonly score: number;
  /** Kind of attack; empty: none. */
  readonly kind: string;
}

export async function evaluateUeba(): Promise<Figure[]> {
  const figures = [ownDraws()];
  const data = sharedDataOrSkip("eval:anomaly ueba", "anomaly/ueba");
  if (data !== undefined) figures.unshift(...(await recorded(data)));
  return figures;
}

async function recorded(data: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-ueba-"));
  try {
    const output = join(folder, "scores.csv");
    const before = process.cpuUsage();
    await predictUeba(data, output);
    const used = process.cpuUsage(before);
    const rows = (path: string) => readCsv(readFileSync(path, "utf8"));
    const scores = new Map(rows(output).map(({ id, score }) => [id, Number(score)]));
    const items = rows(join(data, "labels.csv")).map(({ id = "", label, kind = "" }) => ({
      ...{ id, score: scores.get(id) ?? Number.NEGATIVE_INFINITY },
      kind: label === "1" ? kind : "",
    }));
    const { recall, kinds } = recallAtBudget(items);
    const more = { kinds, items: items.length, cpuSeconds: (used.user + used.system) / 1e6 };
    return [
      { figure: "ueba.recall_at_3_per_day", value: recall, unit: "share", more },
      {
        ...{ figure: "ueba.recall_worst_kind", value: Math.min(...Object.values(kinds)) },
        ...{ unit: "share", more: { kinds } },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ownDraws(): Figure {
  const recalls: number[] = [];
  const kinds = new Map<string, number[]>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + DRAWS; seed += 1) {
    const { activities, attacks } = drawCounty(seed, COUNTY);
    const begin = COUNTY.days - COUNTY.attackDays;
    const items = [...scoreAccountDays(activities)]
      .filter(([id]) => Number(id.split(":")[0]) >= begin)
      .map(([id, score]) => ({ id, score, kind: attacks.get(id) ?? "" }));
    const found = recallAtBudget(items);
    recalls.push(found.recall);
    for (const [kind, recall] of Object.entries(found.kinds))
      kinds.set(kind, [...(kinds.get(kind) ?? []), recall]);
  }
  const means = [...kinds].map(([kind, values]) => [kind, mean(values)] as const);
  return {
    ...{ figure: "ueba.own_draws_recall_at_3_per_day", value: mean(recalls), unit: "share" },
    more: { worst: Math.min(...recalls), draws: DRAWS, kinds: Object.fromEntries(means) },
  };
}

/** Share of attacks among the highest three times the number of days; equal scores in the order of the ids. */
function recallAtBudget(items: readonly Item[]): {
  readonly recall: number;
  readonly kinds: Readonly<Record<string, number>>;
} {
  const days = new Set(items.map(({ id }) => id.split(":")[0]));
  const sorted = [...items].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const top = new Set(sorted.slice(0, ALERTS_PER_DAY * days.size));
  const counts = new Map<string, [number, number]>();
  for (const item of items.filter(({ kind }) => kind !== "")) {
    const count = counts.get(item.kind) ?? [0, 0];
    counts.set(item.kind, [count[0] + (top.has(item) ? 1 : 0), count[1] + 1]);
  }
  const all = [...counts.values()];
  const total = all.reduce((sum, [, of]) => sum + of, 0);
  return {
    recall: all.reduce((sum, [found]) => sum + found, 0) / total,
    kinds: Object.fromEntries([...counts].map(([kind, [found, of]]) => [kind, found / of])),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
