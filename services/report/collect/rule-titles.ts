// Titles of detectors by their ids: of the rules in force, else as their newest finding tells it, because a
// rule that is gone or switched off has still raised what the period knows of it.
import { RISK_DETECTOR } from "../../store/finding.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { ReportContext } from "../context.ts";

/** Null where neither knows it. */
export type RuleTitles = (id: string) => Promise<string | null>;

export async function ruleTitles({ store, tenant, rules }: ReportContext): Promise<RuleTitles> {
  const known = new Map<string, string | null>(
    (await rules()).rules.map(({ id, title }) => [id, title]),
  );
  // Of accumulated risk each finding's title names an account or a host.
  known.set(RISK_DETECTOR, null);
  return async (id) => {
    const title = known.get(id);
    if (title !== undefined) return title;
    const { hits } = await store.search(tenant.id, FINDING_KIND, {
      ...{ terms: { detector: [id] }, sort: [{ field: "raisedAt", order: "desc" }], limit: 1 },
    });
    const found = hits[0]?.document.detector.title ?? null;
    known.set(id, found);
    return found;
  };
}
