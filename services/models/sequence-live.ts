// The sequence model as the detector of streams asks it, and the rows that it gives on their way into the store, where
// the next training finds them.
import type { LiveSequences } from "../../detectors/templates/sequence/live-sequences.ts";
import { loadSequences, type SequenceModel } from "../../detectors/templates/sequence/model.ts";
import type { LiveKind } from "./live-slot.ts";
import { FLAGGED_FROM, oddnessOf } from "./sequence-examples.ts";
import { createSequenceRowWriter } from "./sequence-rows.ts";

/** It holds nothing that has to be given back. */
type Loaded = SequenceModel & { dispose(): void };

export const SEQUENCE_LIVE: LiveKind<Loaded, LiveSequences> = {
  name: "sequence",
  flaggedFrom: FLAGGED_FROM,
  load: (artefact) => ({ ...loadSequences(artefact), dispose: () => undefined }),
  open(place, { store, tenant }) {
    const writer = createSequenceRowWriter(store, tenant);
    const face: LiveSequences = {
      get model() {
        return place.active ?? place.shadow;
      },
      get state() {
        return place.state;
      },
      keep(row) {
        const { active, shadow } = place;
        if (shadow !== undefined)
          place.count(
            [row.host],
            active && Float64Array.of(oddnessOf(active, row.signs)),
            Float64Array.of(oddnessOf(shadow, row.signs)),
          );
        if (row.isUsual) writer.add(row);
      },
    };
    return { face, flush: () => writer.flush() };
  },
};
