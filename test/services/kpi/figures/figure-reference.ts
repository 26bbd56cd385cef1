// The rows of hours, days and paging once more, straight from their definitions over whole findings: slow,
// plain, and without a line of the calculator.
import type { Finding } from "../../../../services/store/finding.ts";

const sec = (ms: number) => Math.floor(ms / 1000);
const ZONE = "Europe/Berlin";

const wasShown = ({ verdict, silencedBy, inhibitedBy, exceptedBy }: Finding) =>
  verdict !== undefined ||
  [silencedBy, inhibitedBy, exceptedBy].every((by) => by === undefined || by.length === 0);

function takenUp({ takenUpAt, verdict, verdictHistory, paging }: Finding): number | undefined {
  const times: number[] = [];
  if (takenUpAt !== undefined) times.push(takenUpAt);
  for (const one of verdictHistory) times.push(one.at);
  if (verdict !== undefined) times.push(verdict.at);
  for (const { kind, at } of paging?.answers ?? []) if (kind === "acknowledged") times.push(at);
  return times.length === 0 ? undefined : sec(Math.min(...times));
}

function numbers(list: number[]) {
  const sorted = list.toSorted((a, b) => a - b);
  const rank = (share: number) =>
    sorted.find((one) => sorted.filter((other) => other <= one).length >= share * sorted.length);
  const mean = list.reduce((sum, one) => sum + one, 0) / list.length;
  return {
    n: list.length,
    mean: list.length === 0 ? undefined : Math.round(mean * 10) / 10,
    median: rank(0.5),
    p90: rank(0.9),
  };
}

/** Numbers of [from, to), in seconds UTC; the queue is that of its end, or of the end of the running hour. */
export function referenceOf(findings: readonly Finding[], from: number, to: number, now: number) {
  const shown = findings.filter(wasShown);
  const isIn = (at: number | undefined) => at !== undefined && at >= from && at < to;
  const last = Math.min(to, Math.floor(now / 3600) * 3600 + 3600);
  const judgedAt = ({ verdict }: Finding) => verdict && sec(verdict.at);
  const queue = shown.filter((one) => {
    const end = judgedAt(one);
    return sec(one.raisedAt) < last && (end === undefined || end >= last);
  });
  const waits = (timeOf: (one: Finding) => number | undefined) =>
    numbers(
      shown.flatMap((one) => {
        const at = timeOf(one);
        if (at === undefined || !isIn(at) || at < sec(one.raisedAt)) return [];
        return [at - sec(one.raisedAt)];
      }),
    );
  const raised = shown.filter((one) => isIn(sec(one.raisedAt)));
  return {
    raised: raised.length,
    judged: shown.filter((one) => isIn(judgedAt(one))).length,
    acknowledged: shown.filter((one) => isIn(takenUp(one))).length,
    queue: queue.length,
    queueOldestS:
      queue.length === 0
        ? undefined
        : Math.max(0, Math.min(to, now) - Math.min(...queue.map((one) => sec(one.raisedAt)))),
    acknowledge: waits(takenUp),
    judge: waits(judgedAt),
    anomalies: raised.filter(({ detector }) => detector.kind === "anomaly").length,
  };
}

/** Seconds UTC of a local midnight. */
export function midnight(date: string): number {
  return sec(Temporal.PlainDate.from(date).toZonedDateTime(ZONE).epochMilliseconds);
}
