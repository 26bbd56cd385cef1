// The calculator's figures in the words of the plain reference, so that both can be compared whole.
import type { KpiFigures, Statistics } from "../../../services/store/kpi.ts";

const numbers = (one: Statistics) => [one.n, one.meanS, one.medianS, one.p90S, one.minS, one.maxS];

/** The calculator's figures in the reference's words. */
export function comparable({
  corrective,
  identification,
  recovery,
  falseAlarms,
  containment,
}: KpiFigures) {
  const count = (
    { excluded }: Pick<KpiFigures["recovery"], "excluded">,
    wanted: KpiFigures["recovery"]["excluded"][number]["reason"],
  ) => excluded.find(({ reason }) => reason === wanted)?.n ?? 0;
  const interval = identification.estimateInterval;
  return {
    k1: numbers(corrective),
    k1Open: [corrective.open.n, corrective.open.lowerBoundMeanS],
    withoutAction: count(corrective, "no_required_action"),
    k2: numbers(identification),
    k2d: numbers(identification.detection),
    k2t: numbers(identification.triage),
    interval: interval && [interval.lowMeanS, interval.highMeanS],
    excluded2: [count(identification, "start_unknown"), count(identification, "negative")],
    pre: identification.preCompromise,
    k3: numbers(recovery),
    k3Open: [recovery.open.n, recovery.open.lowerBoundMeanS],
    openAges: recovery.open.cases.map(({ ageS }) => ageS),
    excluded3: [count(recovery, "not_detected"), count(recovery, "negative")],
    reopened: [recovery.reopened.n, recovery.reopened.share],
    k4: falseAlarms && {
      ...{ fp: falseAlarms.falseAlarms, tp: falseAlarms.truePositives },
      ...{ und: falseAlarms.undetermined, identified: falseAlarms.incidents },
      perIncident: falseAlarms.perIncident,
      precision: falseAlarms.precision,
      bounds: falseAlarms.precisionBounds,
      rest: [falseAlarms.benignTruePositives, falseAlarms.duplicates],
      unjudged: falseAlarms.unjudged,
    },
    k5: [
      ...[containment.n, containment.contained, containment.share, containment.wilson95],
      containment.impactUnknown,
    ],
  };
}
