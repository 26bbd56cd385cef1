// The golden vectors that lie beside the project, to the second: nine incidents with all edge cases.
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../../services/kpi/aggregate.ts";
import { alarmOf } from "../../../services/kpi/alarm.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { select } from "../../../services/kpi/selection.ts";
import type { Statistics } from "../../../services/store/kpi.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "./golden.ts";
import { at } from "./incidents.ts";

const inReferenceNames = ({ n, meanS, medianS, p90S, minS, maxS }: Statistics) => ({
  ...{ n, mean_s: meanS, median_s: medianS, p90_s: p90S, min_s: minS, max_s: maxS },
});

describe.runIf(isThere)("the golden vectors", () => {
  it("come out to the second", () => {
    const golden = readGolden();
    const contributions = golden.incidents.map((one) => contributionOf(incidentFrom(one)));
    const alarms = findingsFrom(golden.alarms).flatMap((finding) => alarmOf(finding) ?? []);
    // The vectors' period is a month in UTC.
    const span = { from: at("2026-10-01T00:00") / 1000, to: at("2026-11-01T00:00") / 1000 };
    const { corrective, identification, recovery, falseAlarms, containment, flags } = figuresOf(
      select(contributions, alarms, span),
      { span, scope: {}, now: span.to },
    );
    const unknown = identification.excluded.find(({ reason }) => reason === "start_unknown");
    expect({
      period: ["2026-10-01", "2026-11-01"],
      kpi1_corrective: inReferenceNames(corrective),
      kpi2_identification: {
        ...inReferenceNames(identification),
        unknown_compromise: unknown?.n ?? 0,
        of_which_detection: inReferenceNames(identification.detection),
        of_which_triage: inReferenceNames(identification.triage),
      },
      kpi3_recovery: {
        ...inReferenceNames(recovery),
        open_at_end: recovery.open.cases.map(({ id, ageS }) => ({ id, age_s: ageS })),
      },
      kpi4_false_alarms: {
        false_alarms: falseAlarms?.falseAlarms,
        incidents: falseAlarms?.incidents,
        per_incident: falseAlarms?.perIncident,
        precision: falseAlarms?.precision,
        precision_bounds: falseAlarms?.precisionBounds,
        benign_tp: falseAlarms?.benignTruePositives,
        duplicates: falseAlarms?.duplicates,
        undetermined: falseAlarms?.undetermined,
        unjudged: falseAlarms?.unjudged,
      },
      kpi5_contained: {
        n: containment.n,
        contained: containment.contained,
        share: containment.share,
        wilson95: containment.wilson95,
        impact_unknown: containment.impactUnknown,
      },
      data_quality: flags.map(({ id, flag }) => [id, flag.replaceAll("_", " ")]),
    }).toEqual(golden.expected);
    expect(recovery.open.lowerBoundMeanS).toBe(267_394.3);
    expect([corrective.values.length, recovery.values]).toEqual([4, []]);
  });
});
