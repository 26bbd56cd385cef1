// Where an incident stands, and what its page offers next.
import type { Incident, Step, WorkItem } from "../api/case-contract.ts";

/** In the order in which they come; the last one reached is shown. */
export const PHASES = ["declared", "contained", "recovered", "closed"] as const;
export type Phase = (typeof PHASES)[number] | "merged" | "split";

/** The phase of an incident; one that others stand for is in none of its own. */
export function phaseOf(
  incident: Pick<Incident, "status" | "contained" | "recovered" | "mergedInto" | "splitInto">,
): Phase {
  if (incident.mergedInto !== undefined) return "merged";
  if (incident.splitInto.length > 0) return "split";
  if (incident.status === "closed") return "closed";
  if (incident.recovered?.at !== undefined) return "recovered";
  return incident.contained?.at === undefined ? "declared" : "contained";
}

/** Dialogs that an incident's page can open. */
const DIALOGS = [
  "contain",
  "recover",
  "impact",
  "compromise",
  "close",
  "reopen",
  "edit",
  "findings/link",
  "actions/add",
  "tasks/add",
  "evidence/add",
  "merge",
  "split",
] as const satisfies readonly Step[];
export type DialogStep = (typeof DIALOGS)[number];

/** The dialog that fills what is missing; undefined: it is done in a list of the page. */
export function dialogFor({ step }: Pick<WorkItem, "step">): DialogStep | undefined {
  return DIALOGS.find((one) => one === step);
}

/** The action that an entry of the work is about: `actions/<id>`. */
export function actionOf({ field }: Pick<WorkItem, "field">): string | undefined {
  return field.startsWith("actions/") ? field.slice("actions/".length) : undefined;
}
