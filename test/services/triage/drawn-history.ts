// Signals of a few detectors over some weeks, drawn from a seed: many come late, so that findings begin on
// other days than they did, days become noisy, and risks add up.
import type { Signal } from "../../../detectors/detector.ts";
import { createDraw } from "../../eval/storm/draw.ts";
import { HOUR_MS, stageSignal } from "./stage.ts";

const DAY_MINUTES = 24 * 60;
const HOSTS = ["h1", "h1", "h2", "h3", "n3"];
/** Of the day of a batch, from the first one on. */
const DAYS = [0, 0, 0, 1, 1, 2, -1, -3, 6, 12, 25];
/** Days by which a signal comes early or late in its batch. */
const LATE_DAYS = [-8, -6, -2, -1, 1];
/** From noon on; some of them close to midnight, where days end. */
const MINUTES = [0, 10, 50, 600, 630, 650, 700, -600, -700];
const NOISE_HOSTS = 9;

const DETECTORS = [
  { level: "high", tactic: "initial-access", windowHours: undefined },
  { level: "medium", tactic: "execution", windowHours: 24 },
  { level: "medium", tactic: "persistence", windowHours: 7 * 24 },
  { level: "low", tactic: "discovery", windowHours: 72 },
  { level: "medium", tactic: "lateral-movement", windowHours: undefined },
  { level: "critical", tactic: "impact", windowHours: undefined },
] as const;

/** Batches of signals, each signal once in its batch. */
export function drawHistory(seed: number, noisyShare: number): Signal[][] {
  const { share, whole, one } = createDraw(seed);
  return Array.from({ length: whole(4, 9) }, () => {
    const day = one(DAYS);
    const batch: Signal[] = [];
    if (share() < noisyShare) {
      const detector = whole(0, DETECTORS.length - 1);
      for (let host = 0; host < NOISE_HOSTS; host += 1) {
        batch.push(historySignal(detector, `n${host}`, day * DAY_MINUTES + whole(0, 200)));
      }
    }
    const size = whole(1, 5);
    for (let count = 0; count < size; count += 1) {
      const late = share() < 0.3 ? one(LATE_DAYS) : 0;
      const minute = (day + late) * DAY_MINUTES + one(MINUTES) + whole(0, 20);
      batch.push(historySignal(whole(0, DETECTORS.length - 1), one(HOSTS), minute));
    }
    return [...new Map(batch.map((signal) => [signal.id, signal])).values()];
  });
}

/** Of a detector by its number, so many minutes from the first noon on. */
export function historySignal(number: number, host: string, minute: number): Signal {
  const detector = DETECTORS[number];
  if (detector === undefined) throw new RangeError(`there is no detector ${number}`);
  const { level, tactic, windowHours } = detector;
  const signal = stageSignal(`r${number}`, host, level, minute);
  return {
    ...signal,
    detector: { ...signal.detector, tactics: [tactic] },
    ...(windowHours === undefined ? {} : { groupWindowMs: windowHours * HOUR_MS }),
  };
}
