// How well the beacon detector finds command and control: on recorded flows with drawn beacons among them,
// and on days of our own from seeds by which no setting was chosen.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBeaconDetector } from "../../../detectors/network/beacon/beacon.ts";
import type { Figure } from "../../bench/figure.ts";
import { drawDay } from "../../detectors/network/beacon/county-flows.ts";
import { predictBeacon } from "../../predict/beacon.ts";
import { sharedDataOrSkip } from "../../support/shared-data.ts";
import { readCsv } from "../csv.ts";
import { recallByGroup, type Scored, scoreBinary } from "./binary-score.ts";

const RATE = 0.001;
const SEEDS = 20;
const FIRST_SEED = 1000;

export async function evaluateBeacon(): Promise<Figure[]> {
  const figures = [ownDays()];
  const data = sharedDataOrSkip("eval:anomaly beacon", "anomaly/beacon");
  if (data !== undefined) figures.unshift(await recorded(data));
  return figures;
}

async function recorded(data: string): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "heidewacht-beacon-"));
  try {
    const output = join(folder, "scores.csv");
    const before = process.cpuUsage();
    await predictBeacon(data, output);
    const used = process.cpuUsage(before);
    const rows = (path: string) => readCsv(readFileSync(path, "utf8"));
    const scores = new Map(rows(output).map(({ id, score }) => [id, Number(score)]));
    const items: Scored[] = rows(join(data, "labels.csv")).map(({ id, label, group }) => ({
      score: scores.get(id) ?? Number.NEGATIVE_INFINITY,
      isPositive: label === "1",
      group: group ?? "",
    }));
    const { recall, auroc, threshold } = scoreBinary(items, RATE);
    return {
      figure: "beacon.recall_at_fpr_0_1pct",
      value: recall,
      unit: "share",
      more: {
        auroc,
        groups: recallByGroup(items, threshold),
        pairs: items.length,
        cpuSeconds: (used.user + used.system) / 1e6,
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The worst of twenty days; each with beacons of all kinds, three of a kind. */
function ownDays(): Figure {
  const recalls: number[] = [];
  const all: Scored[] = [];
  const found: Scored[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    const { flows, beacons } = drawDay(seed, { hosts: 250, destinations: 600, beaconsOfKind: 3 });
    const detector = createBeaconDetector();
    for (const flow of flows) detector.observe(flow);
    const items: Scored[] = [];
    for (const { from, to, score } of detector.scores()) {
      const kind = beacons.get(`${from}>${to}`);
      items.push({ score, isPositive: kind !== undefined, group: kind ?? "" });
    }
    const { recall, threshold } = scoreBinary(items, RATE);
    recalls.push(recall);
    all.push(...items);
    found.push(...items.map((item) => ({ ...item, score: item.score >= threshold ? 1 : 0 })));
  }
  return {
    figure: "beacon.own_days_recall_at_fpr_0_1pct",
    value: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    unit: "share",
    more: {
      worst: Math.min(...recalls),
      days: SEEDS,
      kinds: recallByGroup(found, 1),
      n: all.length,
    },
  };
}
