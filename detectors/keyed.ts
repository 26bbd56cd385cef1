// What detectors that remember share: the observations that they get, in the order of event time, and what
// they raise. `services/detect` makes observations, `services/baseline` keeps the order and the state.
import type { Anomaly } from "./anomaly/anomaly.ts";
import type { DriftNotice } from "./anomaly/drift.ts";
import type { ScoreDrift } from "./anomaly/score-drift.ts";

/** What a keyed detector needs of one event. Holds pseudonyms, never identities. */
export interface Observation {
  /** Which detector it is for: for correlations the correlation's id. */
  readonly detector: string;
  /** All observations of one key meet in one place. */
  readonly key: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  /** The event's id; of a hit that a correlation raised: the signal's id. With `time` it gives the order. */
  readonly id: string;
  /** The rule that hit: its place in the correlation's list. */
  readonly rule: number;
  /** Values of the fields that the group is made of, in their order. */
  readonly group: readonly string[];
  /** What is counted or summed up; undefined where the event has no such field. */
  readonly value: string | undefined;
  readonly source: string;
  /** The events that a raised hit rests on, where this observation is one. */
  readonly rests?: readonly EventReference[];
  /** Where the value lately had another name: what was counted under that one is the same. */
  readonly formerValue?: string;
  /** Where the group lately had other names. */
  readonly renaming?: Renaming;
}

/** A group whose names changed lately, under both, and from when until when both are known. */
export interface Renaming {
  readonly former: readonly string[];
  readonly present: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly begin: number;
  readonly end: number;
  /**
   * Of an observation that comes under both names. `former`: windows that close later are not opened by it
   * any more. `present`: it is remembered, but raises nothing, the former group still does.
   */
  readonly copy?: "former" | "present";
}

/** An event in the archive. */
export interface EventReference {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  /** Place of the rule that hit it, in the list of the detector. */
  readonly rule: number;
}

/** A hit of a keyed detector. */
export interface Raised {
  readonly detector: string;
  readonly key: string;
  readonly group: readonly string[];
  /** Event time of the last event that it rests on; of a timer's: the time that it was set to. */
  readonly time: number;
  /** Begin of the window that was looked at. */
  readonly from: number;
  /** What was compared: number of events, of values, a sum …; of temporal rules the number of events. */
  readonly value: number;
  /** All that the window held; `events` may hold fewer. */
  readonly count: number;
  /** In the order of time, at most EVENTS_MAX: the oldest and the newest. */
  readonly events: readonly EventReference[];
  readonly source: string;
  /** Of the last observation. */
  readonly renaming?: Renaming;
  /** Of a model: what it says, or that the world around it has changed. */
  readonly told?:
    | { readonly anomaly: Anomaly }
    | { readonly notice: DriftNotice }
    | { readonly shift: ScoreDrift };
}

/** Events that a raised hit names. */
export const EVENTS_MAX = 20;

/** Parts that a detector's state is stored in, so that a snapshot holds what changed and not everything. */
export const STATE_SHARDS = 64;

/** The state of one kind of detectors over the keys that one process owns. */
export interface KeyedDetector {
  /** Observations come in the order (time, id), each once. */
  observe(observation: Observation): readonly Raised[];
  /** No observation before this time comes any more: timers until then go off, what is over is forgotten. */
  advance(time: number): readonly Raised[];
  /** Shards that changed since they were last stored. */
  changedShards(): readonly number[];
  /** The shard's whole state, to be stored in these pieces (each under 1 MiB); it counts as stored then. */
  store(shard: number): readonly Uint8Array[];
  /** Puts back what `store` gave. What belongs to rules that are gone or were changed is left out. */
  restore(shard: number, pieces: readonly Uint8Array[]): void;
  /** Keys that are remembered. */
  readonly keys: number;
  /** Keys that were forgotten before their time because there were too many. */
  readonly evicted: number;
  /** Observations that could not be judged, since the start. */
  readonly faults?: number;
  /** Of models: how their scores stand to those of before. */
  readonly drifts?: readonly ScoreDrift[];
}
