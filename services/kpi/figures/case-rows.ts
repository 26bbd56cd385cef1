// The set `case`: one row an incident and phase, at the moment of the phase, with the durations that the KPIs
// of that moment are made of. An incident that is in no KPI has none.
import type { FigureDimension, FigureRow } from "../../store/figure-row.ts";
import type { Contribution } from "../contribution.ts";
import type { Selection } from "../selection.ts";
import { present } from "./kpi-rows.ts";

const MS = 1000;

/** What was identified, recovered or corrected in a span. */
export function caseRows(
  tenant: string,
  { identified, recovered, completed }: Selection,
): FigureRow[] {
  const row = (
    phase: string,
    one: Contribution,
    at: number | undefined,
    measures: Readonly<Record<string, number | undefined>>,
  ): FigureRow[] =>
    at === undefined
      ? []
      : [
          {
            ...{ tenant, set: "case", at: at * MS },
            dimensions: dimensionsOf(phase, one),
            measures: present(measures),
          },
        ];
  return [
    ...identified.flatMap((one) =>
      row("identified", one, one.identifiedAt, {
        identificationS: one.identification.seconds,
        detectionS: one.identification.parts?.detection,
        triageS: one.identification.parts?.triage,
      }),
    ),
    ...recovered.flatMap((one) =>
      row("recovered", one, one.recoveredAt, {
        recoveryS: one.recovery.seconds,
        contained: containedOf(one),
      }),
    ),
    ...completed.flatMap((one) =>
      row("corrected", one, one.completedAt, { correctiveS: one.corrective.seconds }),
    ),
  ];
}

/**
 * What is not recovered now, with its age since the identification: the same incidents and ages as in the KPI
 * document of the running month.
 * @param unrecovered of a span that reaches to now or beyond
 * @param now seconds UTC
 * @param at where the rows stand, seconds UTC: the running hour, so that every span up to now shows them
 */
export function openRows(
  tenant: string,
  unrecovered: readonly Contribution[],
  now: number,
  at: number,
): FigureRow[] {
  return unrecovered.flatMap((one): FigureRow[] => {
    if (one.identifiedAt === undefined || one.identifiedAt > now) return [];
    return [
      {
        ...{ tenant, set: "case", at: at * MS },
        dimensions: dimensionsOf("open", one),
        measures: { ageS: now - one.identifiedAt },
      },
    ];
  });
}

function dimensionsOf(
  phase: string,
  { id, severity, category }: Contribution,
): Partial<Record<FigureDimension, string>> {
  return { phase, incident: id, severity, category };
}

function containedOf({ containment }: Contribution): number | undefined {
  if (containment === "impact_unknown") return undefined;
  return containment === "contained" ? 1 : 0;
}
