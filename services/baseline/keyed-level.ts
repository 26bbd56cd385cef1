// Brings observations into the order of event time before a detector sees them. What comes later than the
// watermark allows is not lost: it goes to a lane of its own, with a watermark and a state of its own, so
// that a source that always delivers an hour late is still judged in itself. Pure: the same records in the
// same order give the same hits.
import type { ScoreDrift } from "../../detectors/anomaly/score-drift.ts";
import type { KeyedDetector, Observation, Raised } from "../../detectors/keyed.ts";
import { ObservationHeap } from "./observation-heap.ts";

/** The main lane and those for what comes late. */
const LANES_MAX = 4;
/** A late lane that gets nothing while the main one goes on for this long gives out what it holds. */
const LANE_QUIET_MS = 60_000;
/** … and is forgotten after this long. */
const LANE_FORGOTTEN_MS = 86_400_000;

export interface LevelOptions {
  readonly createDetector: () => KeyedDetector;
  /** How much older than the newest one an observation of a late lane may be. */
  readonly latenessMs: number;
  /** Observations that wait in a lane; beyond, the oldest don't wait any longer. */
  readonly pendingMax: number;
}

/** One lane as it is stored; its detector's state is stored apart. */
export interface LaneState {
  readonly watermark: number | null;
  readonly newest: number | null;
  readonly touchedAt: number | null;
}

interface Lane {
  readonly heap: ObservationHeap;
  readonly detector: KeyedDetector;
  /** What is older comes too late for this lane. */
  watermark: number;
  newest: number;
  /** Where the main lane stood when this one got its last observation. */
  touchedAt: number;
}

export class KeyedLevel {
  readonly #options: LevelOptions;
  #lanes: Lane[] = [];
  /** Observations that came after the main lane's watermark. */
  late = 0;
  /** … and were too late for every lane: not judged. */
  dropped = 0;
  /** Observations that were judged before their time because too many waited. */
  hurried = 0;

  constructor(options: LevelOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#lanes.reduce((sum, { heap }) => sum + heap.size, 0);
  }

  get keys(): number {
    return this.#lanes.reduce((sum, { detector }) => sum + detector.keys, 0);
  }

  get evicted(): number {
    return this.#lanes.reduce((sum, { detector }) => sum + detector.evicted, 0);
  }

  get faults(): number {
    return this.#lanes.reduce((sum, { detector }) => sum + (detector.faults ?? 0), 0);
  }

  /** Of what comes in time; late lanes have too little to compare. */
  get drifts(): readonly ScoreDrift[] {
    return this.#lanes[0]?.detector.drifts ?? [];
  }

  get watermark(): number {
    return this.#lanes[0]?.watermark ?? Number.NEGATIVE_INFINITY;
  }

  /** Takes an observation; hits that become certain by it are added to `raised`. */
  accept(observation: Observation, raised: Raised[]): void {
    for (let at = 0; at < LANES_MAX; at += 1) {
      const lane = this.#lane(at);
      if (observation.time < lane.watermark) continue;
      lane.heap.push(observation);
      lane.newest = Math.max(lane.newest, observation.time);
      if (at > 0) {
        this.late += 1;
        lane.touchedAt = this.watermark;
        release(lane, lane.newest - this.#options.latenessMs, raised);
      }
      while (lane.heap.size > this.#options.pendingMax) {
        this.hurried += 1;
        release(lane, (lane.heap.first?.time ?? 0) + 1, raised);
      }
      return;
    }
    this.dropped += 1;
  }

  /** Nothing before this time comes any more, except late. */
  advance(watermark: number, raised: Raised[]): void {
    const main = this.#lane(0);
    if (watermark <= main.watermark) return;
    release(main, watermark, raised);
    for (const lane of this.#lanes.slice(1)) {
      const quietMs = watermark - lane.touchedAt;
      if (quietMs >= LANE_FORGOTTEN_MS) release(lane, Number.MAX_SAFE_INTEGER, raised);
      else if (quietMs >= LANE_QUIET_MS) release(lane, lane.newest + 1, raised);
    }
    // Only from the end: the others keep their numbers.
    while (this.#lanes.length > 1 && this.#lanes.at(-1)?.watermark === Number.MAX_SAFE_INTEGER) {
      this.#lanes.pop();
    }
  }

  /** Nothing comes from anywhere for now: the late lanes need not wait either. */
  settle(raised: Raised[]): void {
    for (const lane of this.#lanes.slice(1)) release(lane, lane.newest + 1, raised);
  }

  /** The lanes, for a snapshot. */
  lanes(): readonly {
    readonly state: LaneState;
    readonly waiting: readonly Observation[];
    readonly detector: KeyedDetector;
  }[] {
    return this.#lanes.map(({ heap, detector, watermark, newest, touchedAt }) => ({
      state: {
        watermark: finite(watermark),
        newest: finite(newest),
        touchedAt: finite(touchedAt),
      },
      waiting: heap.items,
      detector,
    }));
  }

  /** Puts back a lane that a snapshot held; gives its detector, which is empty still. */
  restore(at: number, state: LaneState, waiting: readonly Observation[]): KeyedDetector {
    const lane = this.#lane(at);
    lane.watermark = state.watermark ?? Number.NEGATIVE_INFINITY;
    lane.newest = state.newest ?? Number.NEGATIVE_INFINITY;
    lane.touchedAt = state.touchedAt ?? Number.NEGATIVE_INFINITY;
    for (const observation of waiting) lane.heap.push(observation);
    return lane.detector;
  }

  #lane(at: number): Lane {
    let lane = this.#lanes[at];
    if (lane === undefined) {
      lane = {
        heap: new ObservationHeap(),
        detector: this.#options.createDetector(),
        watermark: Number.NEGATIVE_INFINITY,
        newest: Number.NEGATIVE_INFINITY,
        touchedAt: Number.NEGATIVE_INFINITY,
      };
      this.#lanes[at] = lane;
    }
    return lane;
  }
}

function release(lane: Lane, watermark: number, raised: Raised[]): void {
  if (watermark <= lane.watermark) return;
  lane.watermark = watermark;
  let last: Observation | undefined;
  for (let next = lane.heap.first; next !== undefined; next = lane.heap.first) {
    if (next.time >= watermark) break;
    lane.heap.pop();
    // Senders repeat what they are not sure of: it lies in the stream twice, and counts once. All of one time
    // are released together, so nothing need be remembered.
    if (last !== undefined && isSame(last, next)) continue;
    last = next;
    // Timers before it go off first, however far the watermark jumped.
    for (const one of lane.detector.advance(next.time)) raised.push(one);
    for (const one of lane.detector.observe(next)) raised.push(one);
  }
  for (const one of lane.detector.advance(watermark)) raised.push(one);
}

function isSame(a: Observation, b: Observation): boolean {
  if (a.time !== b.time || a.id !== b.id || a.rule !== b.rule) return false;
  return a.detector === b.detector && a.key === b.key;
}

// JSON knows no infinity.
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
