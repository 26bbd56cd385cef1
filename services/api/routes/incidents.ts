// Incidents: declaring, searching and reading them, with what is missing for the KPIs and the legal clocks.
import { containmentProposals } from "../../cases/containment.ts";
import { declareIncident } from "../../cases/incident-findings.ts";
import { getIncident } from "../../cases/incident-write.ts";
import { notificationDraft } from "../../cases/notification-draft.ts";
import { INCIDENT_KIND } from "../../store/kinds.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { auditHistory } from "../finding-history.ts";
import { type Principal, principalOf } from "../guard.ts";
import {
  deskOf,
  incidentAnswerOf,
  incidentRowOf,
  profileOf,
  sayCaseFaults,
  workOf,
} from "../incident-answers.ts";
import {
  declareBody,
  draftAnswer,
  draftQuery,
  incidentAnswer,
  incidentPage,
  incidentsQuery,
  oneWork,
  openWork,
  pageQuery,
} from "../incident-schemas.ts";
import { incidentSearch } from "../incident-search.ts";
import { findingHistory, idParams } from "../schemas.ts";
import { auditAnswer } from "./audit.ts";
import { registerIncidentParts } from "./incident-parts.ts";
import { registerIncidentSteps } from "./incident-steps.ts";

/** Registers `/incidents`. */
export function registerIncidentRoutes(api: Api, context: ApiContext): void {
  registerLists(api, context);
  registerReading(api, context);
  registerIncidentSteps(api, context);
  registerIncidentParts(api, context);
}

function registerLists(api: Api, context: ApiContext): void {
  const { store } = context;
  const listing = { querystring: incidentsQuery, response: answers(incidentPage) };
  api.get("/incidents", { schema: listing }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const query = incidentSearch(request.query, actor);
    const { hits, total, cursor } = await store.search(tenant, INCIDENT_KIND, query);
    const incidents = hits.map((hit) => incidentRowOf(context, hit));
    return { incidents, total, ...(cursor === undefined ? {} : { cursor }) };
  });

  const declaring = { body: declareBody, response: answers(incidentAnswer) };
  api.post("/incidents", { schema: declaring }, async (request) => {
    const principal = principalOf(request);
    const declared = await sayCaseFaults(context, () =>
      declareIncident(deskOf(context, principal), request.body),
    );
    await context.triage.findingsChanged(principal.tenant, declared.document.findingIds);
    return incidentAnswerOf(context, declared);
  });

  const working = { querystring: pageQuery, response: answers(openWork) };
  api.get("/incidents/work", { schema: working }, async (request) => {
    const { tenant } = principalOf(request);
    const { hits, cursor } = await store.search(tenant, INCIDENT_KIND, {
      terms: { awaited: [true], place: ["standing"] },
      sort: [{ field: "createdAt", order: "asc" }],
      limit: request.query.limit,
      ...(request.query.cursor === undefined ? {} : { cursor: request.query.cursor }),
    });
    const incidents = hits.map(({ id, version, document }) => {
      const { title, severity } = document;
      return { id, version, title, severity, ...workOf(context, document) };
    });
    return { incidents, ...(cursor === undefined ? {} : { cursor }) };
  });
}

function registerReading(api: Api, context: ApiContext): void {
  const read = (principal: Principal, id: string) =>
    sayCaseFaults(context, () => getIncident(deskOf(context, principal), id));

  const reading = { params: idParams, response: answers(incidentAnswer) };
  api.get("/incidents/:id", { schema: reading }, async (request) =>
    incidentAnswerOf(context, await read(principalOf(request), request.params.id)),
  );

  const history = { params: idParams, response: answers(findingHistory) };
  api.get("/incidents/:id/history", { schema: history }, async (request) => {
    const principal = principalOf(request);
    const { id, document } = await read(principal, request.params.id);
    const { tenant } = principal;
    const found = await auditHistory(context.store, tenant, id, document.createdAt);
    return { entries: found.entries.map(auditAnswer), truncated: found.truncated };
  });

  const working = { params: idParams, response: answers(oneWork) };
  api.get("/incidents/:id/work", { schema: working }, async (request) => {
    const principal = principalOf(request);
    const { id, document } = await read(principal, request.params.id);
    const proposed = await containmentProposals(context.store, principal.tenant, id);
    const containment = { proposals: [...proposed.proposals], open: proposed.open };
    return { ...workOf(context, document), containment };
  });

  const drafting = { params: idParams, querystring: draftQuery, response: answers(draftAnswer) };
  api.get("/incidents/:id/notifications/draft", { schema: drafting }, async (request) => {
    const principal = principalOf(request);
    const { document } = await read(principal, request.params.id);
    const { clock } = request.query;
    const { language, tenantNames } = context.options;
    const about = {
      ...{ language, now: context.clock(), profile: profileOf(context, principal.tenant) },
      tenantName: tenantNames?.[principal.tenant] ?? principal.tenant,
    };
    return { clock, text: notificationDraft(document, clock, about) };
  });
}
