// Examples for the model of made names: which usual names and drawn families it learns from, which are held
// out, and what a model is worth on those.
import { createHash } from "node:crypto";
import { drawFamilies, type Family } from "../../detectors/network/dga/families.ts";
import type { DgaModel } from "../../detectors/network/dga/model.ts";
import { parseName } from "../../detectors/network/dga/name.ts";
import { ownUsualNames } from "../../detectors/network/dga/usual-names.ts";
import type { ModelMetrics } from "../store/model.ts";
import { holdOutMetrics } from "./hold-out-metrics.ts";

/** One of so many usual names is held out. */
const HOLD_OUT = 5;
const HOLD_OUT_FAMILIES = 42;
const HOLD_OUT_NAMES = 50;
/** Families that are held out are drawn from another seed. */
const HOLD_OUT_SEED = 1_000_003;
/** As the detector's own. */
const FLAGGED_FROM = 0.9;

export interface DgaExamples {
  readonly learnt: readonly string[];
  readonly heldOut: readonly string[];
  /** Of `learnt` and `heldOut` those that are of our own making. */
  readonly own: number;
}

/**
 * Parts usual names by their hash, so that a name stays on its side whatever others come. Where a site has
 * few names of its own, names of our making are put beside them.
 */
export function dgaExamples(site: readonly string[]): DgaExamples {
  const wanted = new Set(site);
  const more = ownUsualNames().filter((name) => !wanted.has(name));
  const own = site.length >= more.length ? [] : [...new Set(more)];
  const all = [...wanted, ...own];
  return {
    learnt: all.filter((name) => !isHeldOut(name)),
    // Where the site has names, those alone say what the model is worth there.
    heldOut: (site.length > 0 ? [...wanted] : own).filter(isHeldOut),
    own: own.length,
  };
}

/** Families that no training draws. */
export function heldOutFamilies(usual: readonly string[], seed: number): Family[] {
  const labels = usual.map((name) => parseName(name).label);
  return drawFamilies(HOLD_OUT_FAMILIES, HOLD_OUT_NAMES, labels, HOLD_OUT_SEED + seed);
}

/** How the model tells these apart. */
export function dgaMetrics(
  model: Pick<DgaModel, "score">,
  usual: readonly string[],
  families: readonly Family[],
): ModelMetrics {
  const made = families.flatMap(({ names }) => names);
  return holdOutMetrics(model.score(usual), model.score(made), FLAGGED_FROM);
}

function isHeldOut(name: string): boolean {
  return (createHash("sha256").update(name).digest()[0] ?? 0) % HOLD_OUT === 0;
}
