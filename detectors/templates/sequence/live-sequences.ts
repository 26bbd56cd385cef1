// The sequence model as the detector of streams asks it: it comes, changes and goes while lines come, and what
// hosts write is what the next one is trained on.
import type { LiveModel } from "../../anomaly/live-model.ts";
import type { SequenceModel } from "./model.ts";
import type { Sign } from "./vocabulary.ts";

/** What a host wrote, one sentence after the other. */
export interface SequenceRow {
  readonly source: string;
  readonly host: string;
  /** Time of the last of them, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly signs: readonly Sign[];
  /** Whether nothing odd is among them. */
  readonly isUsual: boolean;
}

export interface LiveSequences extends LiveModel {
  /** The one that is asked now; undefined while there is none. */
  readonly model: SequenceModel | undefined;
  /** Told of each row; it decides what is remembered. */
  keep(row: SequenceRow): void;
}

/** No model, now and ever, and nothing is remembered. */
export const NO_SEQUENCES: LiveSequences = {
  ...{ state: "none", model: undefined },
  keep: () => undefined,
};
