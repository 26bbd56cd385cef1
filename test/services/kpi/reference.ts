// The five KPIs once more, straight from their definitions over whole documents: slow, plain, and without a
// line of the calculator. Every number that the calculator gives is compared with it.
import type { Finding } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";

export interface Scope {
  readonly severity?: string | undefined;
  readonly category?: string | undefined;
}

const sec = (ms: number) => Math.floor(ms / 1000);

/** [n, mean, median, p90, min, max] */
function numbers(list: number[]) {
  if (list.length === 0) return [0, null, null, null, null, null];
  const s = [...list].sort((a, b) => a - b);
  // By counting: the least value that at least this share does not exceed.
  const rank = (share: number) => s.find((v) => s.filter((w) => w <= v).length >= share * s.length);
  let sum = 0;
  for (const v of s) sum += v;
  return [s.length, Math.round((sum / s.length) * 10) / 10, rank(0.5), rank(0.9), s[0], s.at(-1)];
}

function mean(list: number[]) {
  return numbers(list)[1];
}

function wilson(k: number, n: number) {
  if (n === 0) return null;
  const z = 1.959963985;
  const p = k / n;
  const d = 1 + (z * z) / n;
  const c = (p + (z * z) / (2 * n)) / d;
  const h = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / d;
  return [four(Math.max(0, c - h)), four(Math.min(1, c + h))];
}

function four(x: number) {
  return Math.round(x * 10_000) / 10_000;
}

const share = (a: number, b: number) => (b === 0 ? null : four(a / b));

/**
 * @param from ms UTC, as `to`; half-open
 * @param now ms UTC
 */
export function reference(
  incidents: readonly Incident[],
  findings: readonly Finding[],
  [from, to]: readonly [number, number],
  now: number,
  scope: Scope = {},
) {
  const P0 = sec(from);
  const P1 = sec(to);
  const end = Math.min(P1, sec(now));
  const inPeriod = (t: number | undefined) => t !== undefined && sec(t) >= P0 && sec(t) < P1;
  const mine = incidents.filter(
    (i) =>
      (scope.severity === undefined || i.severity === scope.severity) &&
      (scope.category === undefined || i.category === scope.category),
  );
  const counted = mine.filter(
    (i) =>
      i.verdict === "true_positive" &&
      !i.exercise &&
      i.mergedInto === undefined &&
      i.splitInto.length === 0,
  );
  const k1: number[] = [];
  const k1Open: number[] = [];
  let withoutAction = 0;
  const k2: number[] = [];
  const k2d: number[] = [];
  const k2t: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  let estimated = 0;
  let pre = 0;
  let unknownStart = 0;
  let negativeStart = 0;
  const k3: number[] = [];
  const k3Open: number[] = [];
  let undetected = 0;
  let negativeRecovery = 0;
  let reopened = 0;
  let recoveredAll = 0;
  let known = 0;
  let contained = 0;
  let impactUnknown = 0;
  for (const i of counted) {
    const required = i.actions.filter((a) => a.required && a.cancelledAt === undefined);
    let done: number | undefined;
    if (required.length > 0 && required.every((a) => a.completedAt !== undefined)) {
      done = Math.max(...required.map((a) => a.completedAt ?? 0));
    }
    const idt = i.identifiedAt;
    if (inPeriod(done) && done !== undefined && idt !== undefined && sec(done) >= sec(idt)) {
      k1.push(sec(done) - sec(idt));
    }
    if (inPeriod(idt) && required.length === 0) withoutAction += 1;
    if (
      required.length > 0 &&
      idt !== undefined &&
      sec(idt) <= end &&
      sec(idt) < P1 &&
      (done === undefined || sec(done) >= P1)
    ) {
      k1Open.push(end - sec(idt));
    }
    if (inPeriod(idt) && idt !== undefined) {
      const { method, at, earliest, latest } = i.firstCompromise;
      if (method === "pre_compromise") {
        pre += 1;
        for (const list of [k2, k2d, k2t, low, high]) list.push(0);
      } else if (method === "unknown" || at === undefined) {
        unknownStart += 1;
      } else if (sec(at) > sec(idt)) {
        negativeStart += 1;
      } else {
        k2.push(sec(idt) - sec(at));
        if (method === "estimate") {
          estimated += 1;
          low.push(sec(idt) - sec(latest ?? at));
          high.push(sec(idt) - sec(earliest ?? at));
        } else {
          low.push(sec(idt) - sec(at));
          high.push(sec(idt) - sec(at));
        }
        const de = i.detectedAt;
        if (de !== undefined && sec(at) <= sec(de) && sec(de) <= sec(idt)) {
          k2d.push(sec(de) - sec(at));
          k2t.push(sec(idt) - sec(de));
        }
      }
    }
    const re = i.recovered?.at;
    if (inPeriod(re) && re !== undefined) {
      recoveredAll += 1;
      if (i.reopened.length > 0) reopened += 1;
      if (i.detectedAt === undefined) undetected += 1;
      else if (sec(re) < sec(i.detectedAt)) negativeRecovery += 1;
      else k3.push(sec(re) - sec(i.detectedAt));
      const { confidentiality: c, integrity: n, availability: a } = i.impact;
      const hasDamage = [c, n, a].includes("limited") || [c, n, a].includes("significant");
      if (!hasDamage && [c, n, a].includes("unknown")) impactUnknown += 1;
      else {
        known += 1;
        const isContained = i.contained?.at !== undefined && i.firstImpactAt === undefined;
        if (!hasDamage && isContained) contained += 1;
      }
    }
    if (idt !== undefined && sec(idt) < P1 && sec(idt) <= end) {
      if (re === undefined || sec(re) >= P1) k3Open.push(end - sec(idt));
    }
  }
  const shown = findings.filter(
    (f) =>
      (scope.severity === undefined || f.detector.level === scope.severity) &&
      (f.verdict !== undefined ||
        (f.silencedBy ?? []).length + (f.inhibitedBy ?? []).length + (f.exceptedBy ?? []).length ===
          0),
  );
  const count = (verdict: string) =>
    shown.filter((f) => f.verdict?.verdict === verdict && inPeriod(f.verdict.at)).length;
  const [fp, tp, und] = [count("false_positive"), count("true_positive"), count("undetermined")];
  const identified = counted.filter((i) => inPeriod(i.identifiedAt)).length;
  return {
    k1: numbers(k1),
    k1Open: [k1Open.length, mean([...k1, ...k1Open])],
    withoutAction,
    k2: numbers(k2),
    k2d: numbers(k2d),
    k2t: numbers(k2t),
    interval: estimated === 0 ? null : [mean(low), mean(high)],
    excluded2: [unknownStart, negativeStart],
    pre,
    k3: numbers(k3),
    k3Open: [k3Open.length, mean([...k3, ...k3Open])],
    openAges: k3Open.sort((a, b) => b - a).slice(0, 100),
    excluded3: [undetected, negativeRecovery],
    reopened: [reopened, share(reopened, recoveredAll)],
    k4:
      scope.category !== undefined
        ? null
        : {
            ...{ fp, tp, und, identified },
            perIncident: share(fp, identified),
            precision: share(tp, tp + fp),
            bounds:
              tp + fp + und === 0
                ? null
                : [share(tp, tp + fp + und), share(tp + und, tp + fp + und)],
            rest: [count("benign_true_positive"), count("duplicate")],
            unjudged: shown.filter(
              (f) => sec(f.raisedAt) < P1 && (f.verdict === undefined || sec(f.verdict.at) >= P1),
            ).length,
          },
    k5: [known, contained, share(contained, known), wilson(contained, known), impactUnknown],
  };
}
