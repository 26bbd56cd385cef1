// What the store knows of the past around a finding: earlier findings on its entities, and how often its
// detector fired and how that was judged. Counted by verdict, never by who gave one.
import { type Finding, VERDICTS } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store, Versioned } from "../store/store.ts";
import type { ContextSources } from "./finding-context.ts";

const DAYS = 30;
const DAY_MS = 86_400_000;
const EARLIER_SHOWN_MAX = 10;

/** @param now ms UTC */
export function findingPast(
  store: Store,
  now: () => number,
): Pick<ContextSources, "earlier" | "detector"> {
  return {
    earlier: (tenant, finding) => earlierFindings(store, tenant, finding),
    detector: (tenant, finding) => firedAndJudged(store, tenant, finding, now()),
  };
}

async function earlierFindings(store: Store, tenant: string, { document }: Versioned<Finding>) {
  const entity = [...new Set(document.entities.map(({ value }) => value))];
  if (entity.length === 0) return { total: 0, findings: [] };
  const { hits, total } = await store.search(tenant, FINDING_KIND, {
    terms: { entity },
    ranges: { raisedAt: { lt: document.raisedAt } },
    sort: [{ field: "raisedAt", order: "desc" }],
    limit: EARLIER_SHOWN_MAX,
  });
  const findings = hits.map(({ id, document: { detector, verdict, status, raisedAt, score } }) => ({
    ...{ id, title: detector.title, level: detector.level, status, raisedAt, score },
    ...(verdict === undefined ? {} : { verdict: verdict.verdict }),
  }));
  return { total, findings };
}

async function firedAndJudged(
  store: Store,
  tenant: string,
  { document }: Versioned<Finding>,
  now: number,
) {
  const query = {
    terms: { detector: [document.detector.id] },
    ranges: { raisedAt: { gte: now - DAYS * DAY_MS } },
  };
  const [byStatus, byVerdict] = await Promise.all([
    store.count(tenant, FINDING_KIND, "status", query),
    store.count(tenant, FINDING_KIND, "verdict", query),
  ]);
  const sum = (counted: typeof byStatus) => counted.reduce((all, one) => all + one.documents, 0);
  const countOf = (verdict: string) =>
    byVerdict.find(({ value }) => value === verdict)?.documents ?? 0;
  return {
    days: DAYS,
    findings: sum(byStatus),
    unjudged: Math.max(0, sum(byStatus) - sum(byVerdict)),
    verdicts: countsOf(countOf),
  };
}

function countsOf(countOf: (verdict: string) => number) {
  const [truePositive, benign, falsePositive, duplicate, undetermined] = VERDICTS;
  return {
    [truePositive]: countOf(truePositive),
    [benign]: countOf(benign),
    [falsePositive]: countOf(falsePositive),
    [duplicate]: countOf(duplicate),
    [undetermined]: countOf(undetermined),
  };
}
