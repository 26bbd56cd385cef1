// Steps of incidents of the past, by the functions that the API's routes call, under the same verbs.
import { addAction, completeAction, finishTask } from "../../cases/incident-actions.ts";
import { declareIncident, linkFindings } from "../../cases/incident-findings.ts";
import { mergeIncidents, splitIncident } from "../../cases/incident-merge.ts";
import {
  assign,
  close,
  contain,
  recover,
  reopen,
  stateImpact,
} from "../../cases/incident-steps.ts";
import type { By } from "../../cases/incident-times.ts";
import { type Desk, getIncident, settling, updateIncident } from "../../cases/incident-write.ts";
import { recordNotification } from "../../cases/notifications.ts";
import type { IncidentAct, PastStep } from "../../simulator/casework/past.ts";
import type { Incident } from "../../store/incident.ts";
import { SIMULATED_TAG } from "../../store/simulated.ts";
import type { PastNames } from "./past-records.ts";
import type { PastTarget } from "./write-past.ts";

type Declaring = Extract<IncidentAct, { readonly do: "declare" }>;
type Structural = Extract<IncidentAct, { readonly do: "link" | "merge" | "split" }>;
type Simple = Exclude<IncidentAct, Declaring | Structural>;

/** Verbs of the audit, as the routes have them. */
const VERBS: Readonly<Record<Simple["do"], string>> = {
  assign: "incident.assign",
  contain: "incident.contain",
  impact: "incident.impact",
  recover: "incident.recover",
  action: "incident.action",
  action_done: "incident.action_done",
  tasks_done: "incident.task_done",
  notify: "incident.notification",
  close: "incident.close",
  reopen: "incident.reopen",
};

export async function actInPast(
  { store, tenant }: Pick<PastTarget, "store" | "tenant">,
  names: PastNames,
  { at, by: actor, incident: key, act }: Extract<PastStep, { readonly kind: "incident" }>,
): Promise<void> {
  const by: By = { at, actor };
  const desk: Desk = { store, tenant, by };
  if (act.do === "declare") return declare(desk, names, key, act);
  const id = nameOf(names.incidents, key);
  if (act.do === "link" || act.do === "merge" || act.do === "split") {
    return restructure(desk, names, id, act);
  }
  // When a service was back is weighed against what was detected, as after any change of it.
  const isSettling = act.do === "recover" || act.do === "reopen";
  const step = (incident: Incident) => stepOf(incident, act, by);
  await updateIncident(desk, id, VERBS[act.do], isSettling ? settling(step) : step);
}

async function declare(desk: Desk, names: PastNames, key: string, { given }: Declaring) {
  const { findings, ...said } = given;
  const unknown = {
    confidentiality: "unknown",
    integrity: "unknown",
    availability: "unknown",
  } as const;
  const { id } = await declareIncident(desk, {
    ...said,
    findingIds: [...findings],
    impact: unknown,
    tags: [SIMULATED_TAG],
  });
  names.incidents.set(key, id);
  for (const finding of findings) names.linked.set(finding, id);
}

async function restructure(desk: Desk, names: PastNames, id: string, act: Structural) {
  const { version } = await getIncident(desk, id);
  if (act.do === "merge") {
    await mergeIncidents(desk, id, version, nameOf(names.incidents, act.source));
    return;
  }
  if (act.do === "link") {
    await linkFindings(desk, id, version, act.findings);
    for (const finding of act.findings) names.linked.set(finding, id);
    return;
  }
  const asked = act.parts.map(({ title, findings }) => ({ title, findingIds: findings }));
  const { parts } = await splitIncident(desk, id, version, asked);
  for (const [index, part] of parts.entries()) {
    names.incidents.set(act.parts[index]?.key ?? "", part.id);
  }
}

function stepOf(incident: Incident, act: Simple, by: By): Incident {
  switch (act.do) {
    case "assign":
      return assign(incident, by.actor, by);
    case "contain":
      return contain(incident, act.statement, act.downtimeS, by);
    case "impact":
      return stateImpact(incident, act.impact, act.firstAt, by);
    case "recover":
      return recover(incident, act.statement, by);
    case "action": {
      const { title, required: isRequired, dueAt } = act;
      return addAction(incident, { title, isRequired, dueAt }, by);
    }
    case "action_done":
      return completeAction(incident, actionOf(incident, act.title), by.at, by);
    case "tasks_done":
      return incident.tasks
        .filter(({ doneAt }) => doneAt === undefined)
        .reduce((next, { id }) => finishTask(next, id, by), incident);
    case "notify":
      return recordNotification(incident, act.notification, by);
    case "close":
      return close(incident, { verdict: act.verdict, reason: act.reason }, by);
    case "reopen":
      return reopen(incident, act.reason, by);
  }
}

function actionOf({ actions }: Incident, title: string): string {
  const found = actions.find((one) => one.title === title);
  if (found === undefined) throw new RangeError(`no such action: ${title}`);
  return found.id;
}

export function nameOf(names: ReadonlyMap<string, string>, key: string): string {
  const id = names.get(key);
  if (id === undefined) throw new RangeError(`the diary has not told of ${key} yet`);
  return id;
}
