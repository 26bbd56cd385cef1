// The autoencoder's network as its detector asks it, and the days that it gives on their way into the store, where
// the next training finds them.
import type { LiveAutoencoder } from "../../detectors/anomaly/autoencoder/live-autoencoder.ts";
import {
  type AutoencoderModel,
  loadAutoencoder,
} from "../../detectors/anomaly/autoencoder/model.ts";
import type { FinishedWindow } from "../../detectors/anomaly/autoencoder/windows.ts";
import { FLAGGED_FROM, relativeSizes } from "./autoencoder-examples.ts";
import { createDayRowWriter } from "./day-rows.ts";
import type { LiveKind } from "./live-slot.ts";

export const AUTOENCODER_LIVE: LiveKind<AutoencoderModel, LiveAutoencoder> = {
  name: "autoencoder",
  flaggedFrom: FLAGGED_FROM,
  load: loadAutoencoder,
  open(place, { store, tenant }) {
    const writer = createDayRowWriter(store, tenant, "autoencoder");
    const face: LiveAutoencoder = {
      expect(rows, days) {
        const { active, shadow } = place;
        const asked = active ?? shadow;
        if (asked === undefined) return undefined;
        const expected = asked.expected(rows, days.length);
        if (shadow !== undefined) {
          const { length } = days;
          const silent = shadow === asked ? expected : shadow.expected(rows, length);
          place.count(
            days.map(labelOf),
            active && relativeSizes(active, rows, expected, length),
            relativeSizes(shadow, rows, silent, length),
          );
        }
        return { expected, residuals: asked.residuals };
      },
      keep: (days) => writer.add(days),
      get state() {
        return place.state;
      },
    };
    return { face, flush: () => writer.flush() };
  },
};

/** Of accounts only the number is told: what nobody is told of is no list of people either. */
function labelOf({ entity, from }: Pick<FinishedWindow, "entity" | "from">): string {
  return entity.type === "account" ? "" : `${entity.value} ${dayText(from)}`;
}

/** A day beyond any calendar has no name. */
function dayText(time: number): string {
  const day = new Date(time);
  return Number.isNaN(day.getTime()) ? "" : day.toISOString().slice(0, 10);
}
