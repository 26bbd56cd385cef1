// Numenta's benchmark score (NAB 1.1, profile `standard`), for alarms at a fixed threshold: early detection
// inside a labelled window counts most, alarms outside cost, windows without one cost most.

/** One scored series: its alarms and the labelled windows, as row numbers, ends included. */
export interface ScoredSeries {
  readonly name: string;
  readonly rows: number;
  readonly alarms: readonly number[];
  readonly windows: readonly (readonly [number, number])[];
}

/** What the alarms came to. */
export interface NabScore {
  /** 0: nothing found and nothing alarmed; 100: each window at its first row and nothing else. */
  readonly score: number;
  readonly windows: number;
  readonly found: number;
  readonly falseAlarms: number;
}

const FALSE_ALARM_WEIGHT = 0.11;
/** The first rows are not judged: 15 % of the series, of at most 5,000. */
const PROBATION_SHARE = 0.15;
const PROBATION_ROWS_MAX = 750;

/** Score over all series together. Formula: Lavin and Ahmad 2015, arXiv 1510.03336, section III. */
export function scoreNab(all: readonly ScoredSeries[]): NabScore {
  let sum = 0;
  let windows = 0;
  let found = 0;
  let falseAlarms = 0;
  for (const { rows, alarms, windows: own } of all) {
    const probation = Math.min(Math.floor(PROBATION_SHARE * rows), PROBATION_ROWS_MAX);
    const best = own.map(() => -1);
    for (const alarm of alarms.filter((row) => row >= probation)) {
      const at = own.findIndex(([from, to]) => alarm >= from && alarm <= to);
      const window = own[at];
      if (window === undefined) {
        const before = own.findLast(([, to]) => to < alarm);
        const past = before === undefined ? 4 : (alarm - before[1]) / (before[1] - before[0]);
        sum += FALSE_ALARM_WEIGHT * sigmoid(past);
        falseAlarms += 1;
        continue;
      }
      const place = -(window[1] - alarm + 1) / (window[1] - window[0] + 1);
      best[at] = Math.max(best[at] ?? -1, sigmoid(place) / sigmoid(-1));
    }
    for (const credit of best) {
      sum += credit;
      if (credit > -1) found += 1;
    }
    windows += own.length;
  }
  return { score: (100 * (sum + windows)) / (2 * windows), windows, found, falseAlarms };
}

function sigmoid(place: number): number {
  return place > 3 ? -1 : 2 / (1 + Math.exp(5 * place)) - 1;
}
