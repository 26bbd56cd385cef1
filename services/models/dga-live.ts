// The model of made names as the detector asks it: the version in force is heard, the one in the shadow is asked
// the same.
import type { LiveDga } from "../../detectors/anomaly/live-model.ts";
import { type DgaModel, loadDga } from "../../detectors/network/dga/model.ts";
import type { LiveKind } from "./live-slot.ts";

export const DGA_LIVE: LiveKind<DgaModel, LiveDga> = {
  name: "dga",
  // As the detector's own.
  flaggedFrom: 0.9,
  load: loadDga,
  open: (place) => ({
    face: {
      score(names) {
        const told = place.active?.score(names);
        const silent = place.shadow?.score(names);
        if (silent !== undefined) place.count(names, told, silent);
        return told ?? silent ?? new Float64Array(names.length);
      },
      get state() {
        return place.state;
      },
    },
  }),
};
