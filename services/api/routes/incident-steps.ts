// The steps of an incident: one route each. Every one names the version that its author has seen.
import {
  assign,
  close,
  contain,
  edit,
  type IncidentEdit,
  recover,
  reopen,
  stateCompromise,
  stateImpact,
  watch,
} from "../../cases/incident-steps.ts";
import { settling } from "../../cases/incident-write.ts";
import { recordNotification } from "../../cases/notifications.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { checkAssignee } from "../finding-refusals.ts";
import { step } from "../incident-change.ts";
import {
  closeBody,
  compromiseBody,
  containBody,
  editBody,
  impactBody,
  incidentAnswer,
  incidentAssignBody,
  incidentWatchBody,
  notificationBody,
  recoverBody,
  reopenBody,
} from "../incident-schemas.ts";
import { idParams } from "../schemas.ts";

const changing = { params: idParams, response: answers(incidentAnswer) };

/** Registers what changes one incident by itself, below `/incidents/:id`. */
export function registerIncidentSteps(api: Api, context: ApiContext): void {
  registerPlain(api, context);
  registerTimes(api, context);
  registerEnds(api, context);
}

function registerPlain(api: Api, context: ApiContext): void {
  const editing = { ...changing, body: editBody };
  api.post("/incidents/:id/edit", { schema: editing }, (request) => {
    const { version: _, ...given } = request.body;
    const changes = given as IncidentEdit; // The schema leaves out what was not sent.
    return step(context, request, "incident.edit", (incident, { by }) =>
      edit(incident, changes, by),
    );
  });

  const assigning = { ...changing, body: incidentAssignBody };
  api.post("/incidents/:id/assign", { schema: assigning }, (request) => {
    const { assignee } = request.body;
    return step(context, request, "incident.assign", async (incident, { store, tenant, by }) => {
      await checkAssignee(store, tenant, assignee);
      return assign(incident, assignee ?? undefined, by);
    });
  });

  const watching = { ...changing, body: incidentWatchBody };
  api.post("/incidents/:id/watch", { schema: watching }, (request) =>
    step(context, request, "incident.watch", (incident, { by }) =>
      watch(incident, request.body.watching, by),
    ),
  );
}

function registerTimes(api: Api, context: ApiContext): void {
  const containing = { ...changing, body: containBody };
  api.post("/incidents/:id/contain", { schema: containing }, (request) => {
    const { version: _, downtimeS, ...statement } = request.body;
    return step(context, request, "incident.contain", (incident, { by }) =>
      contain(incident, statement, downtimeS, by),
    );
  });

  const recovering = { ...changing, body: recoverBody };
  api.post("/incidents/:id/recover", { schema: recovering }, (request) => {
    const { version: _, ...statement } = request.body;
    return step(context, request, "incident.recover", (incident, { by }, facts) =>
      settling((present) => recover(present, statement, by))(incident, facts),
    );
  });

  const hurting = { ...changing, body: impactBody };
  api.post("/incidents/:id/impact", { schema: hurting }, (request) => {
    const { impact, firstImpactAt } = request.body;
    return step(context, request, "incident.impact", (incident, { by }) =>
      stateImpact(incident, impact, firstImpactAt, by),
    );
  });

  const compromising = { ...changing, body: compromiseBody };
  api.post("/incidents/:id/compromise", { schema: compromising }, (request) => {
    const { version: _, ...compromise } = request.body;
    return step(context, request, "incident.compromise", (incident, { by }, facts) =>
      settling((present) => stateCompromise(present, compromise, by))(incident, facts),
    );
  });
}

function registerEnds(api: Api, context: ApiContext): void {
  const closing = { ...changing, body: closeBody };
  api.post("/incidents/:id/close", { schema: closing }, (request) => {
    const { version: _, ...given } = request.body;
    return step(context, request, "incident.close", (incident, { by }) =>
      close(incident, given, by),
    );
  });

  const reopening = { ...changing, body: reopenBody };
  api.post("/incidents/:id/reopen", { schema: reopening }, (request) =>
    step(context, request, "incident.reopen", (incident, { by }, facts) =>
      settling((present) => reopen(present, request.body.reason, by))(incident, facts),
    ),
  );

  const recording = { ...changing, body: notificationBody };
  api.post("/incidents/:id/notifications/record", { schema: recording }, (request) => {
    const { version: _, ...given } = request.body;
    return step(context, request, "incident.notification", (incident, { by }) =>
      recordNotification(incident, given, by),
    );
  });
}
