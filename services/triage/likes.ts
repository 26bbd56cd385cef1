// How verdicts on unusual things move what is like them: a false alarm lowers it in the queue, a true one
// raises it, within bounds, and a verdict that is taken back leaves nothing behind.
import { createFeedback, likenessOf, rankOf } from "../../detectors/anomaly/feedback.ts";
import { type DetectorRecord, LIKES_MAX } from "../store/detector-record.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";

/** Findings are large: not all are read at once. */
const ROWS_PER_PAGE = 20;
/** Of a moved rank, so that it can be written down and read again. */
const DIGITS = 3;

export type Likes = NonNullable<DetectorRecord["likes"]>;
export type Unusual = Pick<NonNullable<Finding["anomaly"]>, UnusualKey>;
type UnusualKey = "detector" | "kind" | "entity" | "tail" | "drivers";

/** What verdicts on its like come to. */
export interface Liked {
  /** Of the rank. */
  readonly factor: number;
  readonly truePositive: number;
  readonly falsePositive: number;
}

/** Undefined where nothing like it was judged. */
export function likedOf(anomaly: Unusual, likes: Likes | undefined): Liked | undefined {
  const same = (likes ?? []).filter(
    ({ detector, kind }) => detector === anomaly.detector && kind === anomaly.kind,
  );
  if (same.length === 0) return undefined;
  const feedback = createFeedback();
  for (const one of same) feedback.judge(one);
  const truePositive = same.filter(({ isTrue }) => isTrue).length;
  const factor = Number(feedback.factorOf(likenessOf(anomaly)).toPrecision(DIGITS));
  return { factor, truePositive, falsePositive: same.length - truePositive };
}

/** The digits of its improbability, moved by verdicts. */
export function rankWith(anomaly: Unusual, liked: Liked | undefined): number {
  return rankOf(anomaly, { factorOf: () => liked?.factor ?? 1 });
}

/** The verdicts in force on a model's findings, the newest first. */
export async function judgedLikes(store: Store, tenant: string, detector: string): Promise<Likes> {
  const likes: Likes = [];
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      terms: { detector: [detector], verdict: ["true_positive", "false_positive"] },
      sort: [{ field: "verdictAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, document } of page.hits) {
      if (document.anomaly === undefined) continue;
      const { entity, drivers, ...like } = likenessOf(document.anomaly);
      const isTrue = document.verdict?.verdict === "true_positive";
      likes.push({ finding: id, isTrue, ...like, entity: { ...entity }, drivers: [...drivers] });
    }
    cursor = page.cursor;
  } while (cursor !== undefined && likes.length < LIKES_MAX);
  return likes.slice(0, LIKES_MAX);
}
