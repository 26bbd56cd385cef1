// What the model in the shadow would flag beside the active one, counted while both are asked the same.
import type { ModelComparison } from "../store/model.ts";

const EXAMPLES_MAX = 20;
const EXAMPLE_CHARS_MAX = 120;
/** Without a version in the shadow there is nothing to compare. */
export type Compared = Pick<ModelComparison, "active" | "shadow">;

export interface ComparisonTally {
  /** `active` is missing where no version is active yet. What has an empty label is counted, and no example. */
  count(
    labels: readonly string[],
    active: Float64Array | undefined,
    shadow: Float64Array,
    now: number,
  ): void;
  readonly comparison: ModelComparison;
}

/**
 * Goes on with `before` where that was about the same versions.
 * @param flaggedFrom scores from here on count as flagged
 */
export function createComparison(
  tenant: string,
  versions: Compared,
  before: ModelComparison | undefined,
  now: number,
  flaggedFrom: number,
): ComparisonTally {
  const isSame = before?.active === versions.active && before?.shadow === versions.shadow;
  let comparison: ModelComparison =
    isSame && before !== undefined
      ? before
      : {
          ...{ ...versions, tenant, since: now, changedAt: now, judged: 0 },
          ...{ activeFlagged: 0, shadowFlagged: 0, bothFlagged: 0 },
          ...{ onlyActive: [], onlyShadow: [] },
        };
  return {
    count(labels, active, shadow, at) {
      const added = { activeFlagged: 0, shadowFlagged: 0, bothFlagged: 0 };
      const onlyActive: string[] = [];
      const onlyShadow: string[] = [];
      labels.forEach((label, place) => {
        const byActive = (active?.[place] ?? 0) >= flaggedFrom;
        const byShadow = (shadow[place] ?? 0) >= flaggedFrom;
        if (byActive) added.activeFlagged += 1;
        if (byShadow) added.shadowFlagged += 1;
        if (byActive && byShadow) added.bothFlagged += 1;
        else if (label === "") return;
        else if (byActive) onlyActive.push(label.slice(0, EXAMPLE_CHARS_MAX));
        else if (byShadow) onlyShadow.push(label.slice(0, EXAMPLE_CHARS_MAX));
      });
      comparison = {
        ...comparison,
        changedAt: at,
        judged: comparison.judged + labels.length,
        activeFlagged: comparison.activeFlagged + added.activeFlagged,
        shadowFlagged: comparison.shadowFlagged + added.shadowFlagged,
        bothFlagged: comparison.bothFlagged + added.bothFlagged,
        onlyActive: [...comparison.onlyActive, ...onlyActive].slice(-EXAMPLES_MAX),
        onlyShadow: [...comparison.onlyShadow, ...onlyShadow].slice(-EXAMPLES_MAX),
      };
    },
    get comparison() {
      return comparison;
    },
  };
}
