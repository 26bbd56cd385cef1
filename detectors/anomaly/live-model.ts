// A model that comes, changes and goes while a detector runs: the detector asks whatever is there now, learns
// what is usual from it, and is heard only where people have put the model into force.
import type { DgaModel } from "../network/dga/model.ts";
import type { Activity } from "./activity.ts";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";

/** In the `shadow` a model is asked, but nobody is told. */
export type ModelState = "none" | "shadow" | "active";

/** A model of a tenant as it is now. */
export interface LiveModel {
  readonly state: ModelState;
}

/** The model of made names as it is now. */
export interface LiveDga extends LiveModel, Pick<DgaModel, "score"> {}

/** The detector while there is a model: without one nothing is looked at. What it remembers is kept while there is none. */
export function whileModelled(
  model: LiveModel,
  detector: AnomalyDetector<Activity>,
): AnomalyDetector<Activity> {
  const told = (said: readonly Anomaly[]) => (model.state === "active" ? said : []);
  return {
    observe: (activity) => (model.state === "none" ? [] : told(detector.observe(activity))),
    advance: (time) => (model.state === "none" ? [] : told(detector.advance(time))),
    store: () => detector.store(),
    restore: (pieces) => detector.restore(pieces),
    takeScores: () => detector.takeScores?.() ?? [],
    peekScores: () => detector.peekScores?.() ?? [],
    get keys() {
      return detector.keys;
    },
    get evicted() {
      return detector.evicted;
    },
  };
}
