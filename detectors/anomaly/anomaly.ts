// What every anomaly detector says when something is unusual, and how it is asked: one shape for all models,
// so that one alarm budget, one explanation and one snapshot serve them all.
import type { Entity } from "../detector.ts";
import type { EventReference } from "../keyed.ts";
import type { Score } from "./scores.ts";

/** A feature that drove an anomaly, with what was expected and what was seen. */
export interface Driver {
  /** Stable name, e.g. `logons.new_hosts`; its German and English words stand in the detector's catalogue. */
  readonly feature: string;
  readonly seen: number | string;
  /** What is usual: a number, or the usual values, most frequent first. Undefined: never seen at all. */
  readonly expected: number | readonly string[] | undefined;
  /** Upper or lower end of what is usual, where it is a number. */
  readonly limit?: number | undefined;
  /** Whom it is compared with: the entity's own past, or its peer group. */
  readonly against: "own" | "peers" | "all";
  /** Part of the whole deviation that this feature makes, 0 to 1. */
  readonly share: number;
}

/** A small picture: the series of the feature that drove it, with the band of what was expected. */
export interface Picture {
  readonly feature: string;
  /** Time of the first value, milliseconds since 1970 UTC, and the distance of two. */
  readonly from: number;
  readonly stepMs: number;
  readonly values: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Something unusual of one entity in one window. Holds pseudonyms, never identities; never of a person. */
export interface Anomaly {
  /** Folder of the detector: `volume`, `rarity`, `logons`, `templates`, … */
  readonly detector: string;
  /** What of it, e.g. `spray_then_success`; chooses the sentence that explains it. */
  readonly kind: string;
  readonly entity: Entity;
  /** The window that was looked at, milliseconds since 1970 UTC. */
  readonly from: number;
  readonly time: number;
  /**
   * How probable something at least as unusual is where nothing is wrong, 0 < tail ≤ 1, calibrated against
   * the past: comparable over all detectors.
   */
  readonly tail: number;
  /** The largest share first. */
  readonly drivers: readonly Driver[];
  /** In the order of time, at most `EVENTS_MAX` (detectors/keyed.ts). */
  readonly events: readonly EventReference[];
  readonly picture?: Picture | undefined;
  readonly source: string;
}

/** A detector over a stream in the order of event time. `I` is what it looks at. */
export interface AnomalyDetector<I> {
  /** In the order (time, id), each once. What is unusual is said as soon as that is sure. */
  observe(input: I): readonly Anomaly[];
  /** Nothing before this time comes any more: windows until then are judged, what is over is forgotten. */
  advance(time: number): readonly Anomaly[];
  /** The whole state, in pieces under 1 MiB each. The same state gives the same bytes. */
  store(): readonly Uint8Array[];
  /** Puts back what `store` gave; throws `HW_STORE_CORRUPT` or `HW_STORE_VERSION` (config/errors.ts). */
  restore(pieces: readonly Uint8Array[]): void;
  /**
   * The tails of all that was judged since this was last asked, usual things among them: drift is seen in
   * them. Left out where a detector judges single things that have no usual.
   */
  readonly takeScores?: () => readonly Score[];
  /** The tails of the running day so far: a flood of findings in it may be a shift that shows already. */
  readonly peekScores?: () => readonly Score[];
  /** Keys that are remembered: bounded by the detector's options. */
  readonly keys: number;
  /** Keys forgotten before their time because there were too many. */
  readonly evicted: number;
}
