// A series that falls silent: its pauses are learnt like any other value, and a pause that is still going on
// is judged by them.
import { AT } from "./layout.ts";
import { JUDGEMENT_MAX, surprise, surpriseOf } from "./tail-tracker.ts";

const GAPS_MIN = 100;
/** A silence is at least so many usual pauses long, and so long at all. */
const PAUSES_MIN = 5;
const SILENCE_MS_MIN = 120_000;
/** From this surprise on (6 in a million) nobody waits for the next value. */
const SURPRISE_MIN = 12;
const MEAN_GAPS = 100;

/** Learns that a value came at this time, milliseconds since 1970 UTC. */
export function hear(numbers: Float64Array, time: number): void {
  const last = numbers[AT.heard] ?? 0;
  if (time <= last) return;
  numbers[AT.heard] = time;
  const wasSilent = numbers[AT.isSilent] === 1;
  numbers[AT.isSilent] = 0;
  // The first value has no pause before it; a silence that was reported is no usual pause.
  if (last === 0 || wasSilent) return;
  const seen = numbers[AT.gapsSeen] ?? 0;
  const gap = time - last;
  surprise(numbers, AT.gaps, Math.log(gap), seen);
  const mean = numbers[AT.gapMean] ?? 0;
  numbers[AT.gapMean] = mean + (gap - mean) / Math.min(seen + 1, MEAN_GAPS);
  numbers[AT.gapsSeen] = seen + 1;
}

/**
 * Surprise (nats) of a series' having been silent until this time; 0 where it has not been for long enough,
 * or where that was said already: each silence is said once.
 */
export function newSilence(numbers: Float64Array, time: number): number {
  const seen = numbers[AT.gapsSeen] ?? 0;
  if (seen < GAPS_MIN || numbers[AT.isSilent] === 1) return 0;
  const gap = time - (numbers[AT.heard] ?? 0);
  if (gap < SILENCE_MS_MIN || gap < PAUSES_MIN * (numbers[AT.gapMean] ?? 0)) return 0;
  const surprised = surpriseOf(numbers, AT.gaps, Math.log(gap), seen, JUDGEMENT_MAX);
  if (surprised < SURPRISE_MIN) return 0;
  numbers[AT.isSilent] = 1;
  return surprised;
}
