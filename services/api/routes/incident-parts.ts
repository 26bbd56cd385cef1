// What an incident consists of: findings, corrective actions, tasks, evidence, and other incidents.
import {
  addAction,
  addPlaybookTasks,
  addTask,
  cancelAction,
  completeAction,
  finishTask,
  reopenTask,
} from "../../cases/incident-actions.ts";
import { addEvidence, handOver } from "../../cases/incident-evidence.ts";
import { linkFindings, readFindings, unlinkFindings } from "../../cases/incident-findings.ts";
import {
  mergeIncidents,
  splitIncident,
  unmergeIncident,
  unsplitIncident,
} from "../../cases/incident-merge.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { checkAssignee } from "../finding-refusals.ts";
import { incidentAnswerOf } from "../incident-answers.ts";
import { flow, step } from "../incident-change.ts";
import {
  actionBody,
  cancelBody,
  completeBody,
  evidenceBody,
  handOverBody,
  incidentAnswer,
  linkBody,
  mergeBody,
  splitAnswer,
  splitBody,
  taskBody,
  taskChangeBody,
  versionBody,
} from "../incident-schemas.ts";
import { idParams } from "../schemas.ts";

const changing = { params: idParams, response: answers(incidentAnswer) };

/** Registers the parts, below `/incidents/:id`. */
export function registerIncidentParts(api: Api, context: ApiContext): void {
  registerFindings(api, context);
  registerActions(api, context);
  registerTasks(api, context);
  registerEvidence(api, context);
  registerMerging(api, context);
}

function registerFindings(api: Api, context: ApiContext): void {
  const linking = { ...changing, body: linkBody };
  api.post("/incidents/:id/findings/link", { schema: linking }, (request) => {
    const { version, findingIds } = request.body;
    return flow(context, request, async (desk) => {
      const linked = await linkFindings(desk, request.params.id, version, findingIds);
      await context.triage.findingsChanged(desk.tenant, findingIds);
      return linked;
    });
  });
  api.post("/incidents/:id/findings/unlink", { schema: linking }, (request) => {
    const { version, findingIds } = request.body;
    return flow(context, request, async (desk) => {
      const unlinked = await unlinkFindings(desk, request.params.id, version, findingIds);
      await context.triage.findingsChanged(desk.tenant, findingIds);
      return unlinked;
    });
  });
}

function registerActions(api: Api, context: ApiContext): void {
  const adding = { ...changing, body: actionBody };
  api.post("/incidents/:id/actions/add", { schema: adding }, (request) => {
    const { version: _, required, ...work } = request.body;
    return step(context, request, "incident.action", async (incident, { store, tenant, by }) => {
      await checkAssignee(store, tenant, work.assignee ?? null);
      return addAction(incident, { ...work, isRequired: required }, by);
    });
  });

  const completing = { ...changing, body: completeBody };
  api.post("/incidents/:id/actions/complete", { schema: completing }, (request) => {
    const { action, completedAt } = request.body;
    return step(context, request, "incident.action_done", (incident, { by }) =>
      completeAction(incident, action, completedAt ?? by.at, by),
    );
  });

  const cancelling = { ...changing, body: cancelBody };
  api.post("/incidents/:id/actions/cancel", { schema: cancelling }, (request) =>
    step(context, request, "incident.action_cancelled", (incident, { by }) =>
      cancelAction(incident, request.body.action, by),
    ),
  );
}

function registerTasks(api: Api, context: ApiContext): void {
  const adding = { ...changing, body: taskBody };
  api.post("/incidents/:id/tasks/add", { schema: adding }, (request) => {
    const { version: _, ...work } = request.body;
    return step(context, request, "incident.task", async (incident, { store, tenant, by }) => {
      await checkAssignee(store, tenant, work.assignee ?? null);
      return addTask(incident, work, by);
    });
  });

  const taking = { ...changing, body: versionBody };
  api.post("/incidents/:id/tasks/playbook", { schema: taking }, (request) =>
    step(context, request, "incident.playbook", async (incident, desk) =>
      addPlaybookTasks(incident, await readFindings(desk, incident.findingIds), desk.by),
    ),
  );

  const finishing = { ...changing, body: taskChangeBody };
  api.post("/incidents/:id/tasks/done", { schema: finishing }, (request) =>
    step(context, request, "incident.task_done", (incident, { by }) =>
      finishTask(incident, request.body.task, by),
    ),
  );
  api.post("/incidents/:id/tasks/reopen", { schema: finishing }, (request) =>
    step(context, request, "incident.task_reopened", (incident, { by }) =>
      reopenTask(incident, request.body.task, by),
    ),
  );
}

function registerEvidence(api: Api, context: ApiContext): void {
  const adding = { ...changing, body: evidenceBody };
  api.post("/incidents/:id/evidence/add", { schema: adding }, (request) => {
    const { version: _, collectedAt, ...given } = request.body;
    return step(context, request, "incident.evidence", (incident, { by }) =>
      addEvidence(incident, { ...given, collectedAt: collectedAt ?? by.at }, by),
    );
  });

  const handing = { ...changing, body: handOverBody };
  api.post("/incidents/:id/evidence/hand-over", { schema: handing }, (request) => {
    const { evidence, action, comment } = request.body;
    return step(context, request, "incident.custody", (incident, { by }) =>
      handOver(incident, evidence, { action, comment }, by),
    );
  });
}

function registerMerging(api: Api, context: ApiContext): void {
  const merging = { ...changing, body: mergeBody };
  api.post("/incidents/:id/merge", { schema: merging }, (request) => {
    const { version, source } = request.body;
    return flow(context, request, (desk) =>
      mergeIncidents(desk, request.params.id, version, source),
    );
  });
  api.post("/incidents/:id/unmerge", { schema: merging }, (request) => {
    const { version, source } = request.body;
    return flow(context, request, (desk) =>
      unmergeIncident(desk, request.params.id, version, source),
    );
  });

  const splitting = { params: idParams, body: splitBody, response: answers(splitAnswer) };
  api.post("/incidents/:id/split", { schema: splitting }, async (request) => {
    const { version, parts } = request.body;
    let made: Awaited<ReturnType<typeof splitIncident>>["parts"] = [];
    const answer = await flow(context, request, async (desk) => {
      const done = await splitIncident(desk, request.params.id, version, parts);
      made = done.parts;
      return done.whole;
    });
    return { ...answer, parts: made.map((part) => incidentAnswerOf(context, part)) };
  });

  const joining = { ...changing, body: versionBody };
  api.post("/incidents/:id/unsplit", { schema: joining }, (request) =>
    flow(context, request, (desk) =>
      unsplitIncident(desk, request.params.id, request.body.version),
    ),
  );
}
