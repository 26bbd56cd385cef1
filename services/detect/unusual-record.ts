// The activities and lines of a batch as records for the keyed stage: all of a tenant meet in one partition, because what
// is rare or usual is a matter of all its accounts and machines together.
import type { Observation } from "../../detectors/keyed.ts";
import type { OutgoingRecord } from "../bus/bus.ts";
import { createObservationBlock } from "../bus/observation-block.ts";
import type { ObservationCount, RawPlace } from "./observe.ts";

/** Anomaly detectors stand on the lowest level: they look at events. */
const LEVEL = 0;

export interface ActivityBlocks {
  /** For the anomaly detectors. `count` numbers all observations of one raw record. */
  add(observation: Observation, place: RawPlace, count: ObservationCount): void;
  /**
   * Puts out what was added since. To be called before other observations of the same raw partition go out: who
   * reads them takes what stands before the last one for a repetition.
   */
  end(): void;
}

/** Blocks of activities of one raw partition, put out behind what stands in `out`. */
export function createActivityBlocks(partition: number, out: OutgoingRecord[]): ActivityBlocks {
  const block = createObservationBlock({ origin: `raw/${partition}`, level: LEVEL });
  const end = () => {
    const record = block.take();
    if (record !== undefined) out.push(record);
  };
  return {
    add(observation, { offset, appendedAt, clock }, count) {
      block.add({ offset, index: count.index, appendedAt, clock }, observation);
      count.index += 1;
      if (block.isFull) end();
    },
    end,
  };
}
