// What is missing for a KPI, and what does not fit together, as work to do: each entry names the field and
// the step that fills it. A function of the incident and the time alone.
import { hasUnseenSignal, type Incident, incidentPlace, openActions } from "../store/incident.ts";
import type { CaseMessages } from "./case-messages.ts";
import type { IncidentStep } from "./incident-state.ts";

/** What each entry is about; the texts stand in the catalogue. */
export const WORK_KEYS = [
  "verdict",
  "detected",
  "identified",
  "compromise",
  "contained",
  "impact",
  "recovered",
  "action_open",
  "action_overdue",
  "action_confirm",
  "impact_after_containment",
  "disputed",
  "late_signal",
] as const;
export type WorkKey = (typeof WORK_KEYS)[number];

export interface WorkItem {
  readonly key: WorkKey;
  /** `missing`: a KPI leaves the incident out; `quality`: it is counted, but something looks wrong. */
  readonly kind: "missing" | "quality";
  readonly text: string;
  /** Path in the incident. */
  readonly field: string;
  /** The step that fills it. */
  readonly step: IncidentStep;
}

type Found = Omit<WorkItem, "text"> & { readonly text?: string };

/**
 * What people still have to say about an incident; for those that are in no KPI only what came after closing.
 * @param now ms UTC, for what is overdue
 */
export function missingForKpi(incident: Incident, now: number, messages: CaseMessages): WorkItem[] {
  if (incidentPlace(incident) !== "standing" || incident.exercise) return [];
  const isHarmless =
    incident.verdict === "false_positive" || incident.verdict === "benign_true_positive";
  return [
    // Whatever it was judged as: what is known now was not known then.
    ...(hasUnseenSignal(incident) ? [LATE_SIGNAL] : []),
    ...(isHarmless
      ? []
      : [
          ...missingTimes(incident),
          ...missingActions(incident, now, messages),
          ...flaws(incident),
        ]),
  ].map((found) => ({ ...found, text: found.text ?? messages.work[found.key] }));
}

const LATE_SIGNAL: Found = {
  ...{ key: "late_signal", kind: "quality", field: "lateSignals", step: "reopen" },
};

function missingTimes(incident: Incident): Found[] {
  const { firstCompromise, impact, contained, recovered } = incident;
  const found: Found[] = [];
  const missing = (key: WorkKey, field: string, step: IncidentStep) =>
    found.push({ key, kind: "missing", field, step });
  if (incident.verdict === "undetermined") missing("verdict", "verdict", "close");
  // Declared by a human before anything was raised: there is nothing to be done about that.
  if (incident.detectedAt === undefined) missing("detected", "findingIds", "findings/link");
  if (incident.identifiedAt === undefined) missing("identified", "identifiedAt", "findings/link");
  const isKnown = firstCompromise.at !== undefined || firstCompromise.method === "pre_compromise";
  if (!isKnown) missing("compromise", "firstCompromise", "compromise");
  if (contained?.at === undefined) missing("contained", "contained", "contain");
  if (Object.values(impact).includes("unknown")) missing("impact", "impact", "impact");
  if (recovered?.at === undefined) missing("recovered", "recovered", "recover");
  return found;
}

function missingActions(incident: Incident, now: number, messages: CaseMessages): Found[] {
  const { actions, correctiveCompletedAt, reopened } = incident;
  const open = openActions(incident);
  const listed = open.map(({ id, title, dueAt }): Found => {
    const key = dueAt !== undefined && dueAt < now ? "action_overdue" : "action_open";
    const text = `${messages.work[key]}: ${title}`;
    return { key, kind: "missing", text, field: `actions/${id}`, step: "actions/complete" };
  });
  const isUnconfirmed =
    open.length === 0 &&
    correctiveCompletedAt === undefined &&
    reopened.length > 0 &&
    actions.some(({ required, completedAt }) => required && completedAt !== undefined);
  return isUnconfirmed
    ? [{ key: "action_confirm", kind: "missing", field: "actions", step: "actions/add" }]
    : listed;
}

/** Told, and never refused: the facts may be so. */
function flaws({ firstImpactAt, contained, disputed }: Incident): Found[] {
  const isLate =
    firstImpactAt !== undefined && contained?.at !== undefined && firstImpactAt > contained.at;
  return [
    ...(isLate
      ? [
          {
            key: "impact_after_containment",
            kind: "quality",
            field: "firstImpactAt",
            step: "impact",
          } as const,
        ]
      : []),
    ...(disputed === undefined
      ? []
      : [
          {
            key: "disputed",
            kind: "quality",
            field: "firstCompromise",
            step: "compromise",
          } as const,
        ]),
  ];
}
