// Corrective actions and tasks of an incident: pure. Heidewacht does none of them itself; people tell what
// they have done. When the required actions are all done, the time of the last one ends K1.
import { randomUUID } from "node:crypto";
import type { Finding } from "../store/finding.ts";
import type { Incident } from "../store/incident.ts";
import { CaseFault } from "./case-fault.ts";
import { requireStep, touched } from "./incident-state.ts";
import { full } from "./incident-steps.ts";
import { type By, checkPast, checkTimes, withCorrective } from "./incident-times.ts";

type Action = Incident["actions"][number];
type Task = Incident["tasks"][number];

const ACTIONS_MAX = 200;
const TASKS_MAX = 500;
const TITLE_CHARS_MAX = 300;

/** What an action or task begins with; times in ms UTC. */
export interface NewWork {
  readonly title: string;
  readonly dueAt?: number | undefined;
  readonly assignee?: string | undefined;
}

export function addAction(
  incident: Incident,
  { isRequired, ...work }: NewWork & { readonly isRequired: boolean },
  by: By,
): Incident {
  requireStep(incident, "actions/add");
  if (incident.actions.length >= ACTIONS_MAX) throw full("body");
  const action: Action = { ...begun(work, by), required: isRequired };
  return withCorrective(touched(incident, by, { actions: [...incident.actions, action] }));
}

/** @param completedAt ms UTC, not before the incident was identified */
export function completeAction(
  incident: Incident,
  id: string,
  completedAt: number,
  by: By,
): Incident {
  requireStep(incident, "actions/complete");
  checkPast(completedAt, by, "completedAt");
  const { identifiedAt } = incident;
  if (identifiedAt !== undefined && completedAt < identifiedAt) {
    throw new CaseFault(
      "HW_REQUEST_INVALID",
      "body/completedAt",
      (m) => m.completedBeforeIdentified,
    );
  }
  return changeAction(incident, id, by, (action) => ({ ...action, completedAt }));
}

/** It will not be done; it no longer holds back the end of K1. */
export function cancelAction(incident: Incident, id: string, by: By): Incident {
  requireStep(incident, "actions/cancel");
  return changeAction(incident, id, by, (action) => ({ ...action, cancelledAt: by.at }));
}

export function addTask(incident: Incident, work: NewWork, by: By): Incident {
  requireStep(incident, "tasks/add");
  return withTasks(incident, [{ ...begun(work, by), origin: "manual" }], by);
}

/** Takes over the steps that the rules of the linked findings recommend, each once. */
export function addPlaybookTasks(
  incident: Incident,
  findings: readonly Finding[],
  by: By,
): Incident {
  requireStep(incident, "tasks/playbook");
  const known = new Set(incident.tasks.map(({ rule, title }) => `${rule}\n${title}`));
  const steps: Task[] = [];
  for (const { detector } of findings) {
    for (const step of detector.response) {
      const title = step.slice(0, TITLE_CHARS_MAX);
      const key = `${detector.id}\n${title}`;
      if (known.has(key)) continue;
      known.add(key);
      steps.push({ ...begun({ title }, by), origin: "playbook", rule: detector.id });
    }
  }
  return withTasks(incident, steps, by);
}

/** Done by a human, who is named. */
export function finishTask(incident: Incident, id: string, by: By): Incident {
  requireStep(incident, "tasks/done");
  return changeTask(incident, id, by, (task) => {
    if (task.doneAt !== undefined) throw done();
    return { ...task, doneAt: by.at, doneBy: by.actor };
  });
}

/** It was not done after all. */
export function reopenTask(incident: Incident, id: string, by: By): Incident {
  requireStep(incident, "tasks/reopen");
  return changeTask(incident, id, by, ({ doneAt: _at, doneBy: _by, ...task }) => task);
}

function begun({ title, dueAt, assignee }: NewWork, by: By) {
  return {
    id: randomUUID(),
    title,
    createdAt: by.at,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(assignee === undefined ? {} : { assignee }),
  };
}

function changeAction(
  incident: Incident,
  id: string,
  by: By,
  change: (action: Action) => Action,
): Incident {
  const present = incident.actions.find((one) => one.id === id);
  if (present === undefined) throw missing("action");
  if (present.completedAt !== undefined || present.cancelledAt !== undefined) throw done();
  const changed = change(present);
  const actions = incident.actions.map((one) => (one.id === id ? changed : one));
  const next = withCorrective(touched(incident, by, { actions }));
  checkTimes(next);
  return next;
}

function changeTask(
  incident: Incident,
  id: string,
  by: By,
  change: (task: Task) => Task,
): Incident {
  const present = incident.tasks.find((one) => one.id === id);
  if (present === undefined) throw missing("task");
  const changed = change(present);
  return touched(incident, by, {
    tasks: incident.tasks.map((one) => (one.id === id ? changed : one)),
  });
}

function withTasks(incident: Incident, tasks: readonly Task[], by: By): Incident {
  if (incident.tasks.length + tasks.length > TASKS_MAX) throw full("body");
  return touched(incident, by, { tasks: [...incident.tasks, ...tasks] });
}

function missing(name: string): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", `body/${name}`, (m) => m.noSuchEntry);
}

function done(): CaseFault {
  return new CaseFault("HW_REQUEST_INVALID", "body", (m) => m.alreadyDone);
}
