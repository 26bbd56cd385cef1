// The queue: searching and reading findings, with their history, risk and events.
import type { Finding } from "../../store/finding.ts";
import { withMoves } from "../../store/identity-moves.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Versioned } from "../../store/store.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { auditHistory } from "../finding-history.ts";
import { findingRowOf, findingSearch } from "../finding-search.ts";
import { type Principal, principalOf } from "../guard.ts";
import {
  type FindingSummary,
  findingEvents,
  findingHistory,
  findingPage,
  findingSummary,
  findingsQuery,
  idParams,
  versionedFinding,
} from "../schemas.ts";
import { findingRisk } from "../silence-schemas.ts";
import { auditAnswer } from "./audit.ts";
import { eventAnswer } from "./events.ts";

/** Registers `/findings`. */
export function registerFindingRoutes(api: Api, context: ApiContext): void {
  registerReading(api, context);
  registerEvidence(api, context);
}

function registerReading(api: Api, context: ApiContext): void {
  const listing = { querystring: findingsQuery, response: answers(findingPage) };
  api.get("/findings", { schema: listing }, async (request) => {
    const { tenant } = principalOf(request);
    const query = await withMoves(context.store, tenant, findingSearch(request.query));
    const { hits, total, cursor } = await context.store.search(tenant, FINDING_KIND, query);
    return {
      findings: hits.map(findingRowOf),
      total,
      ...(cursor === undefined ? {} : { cursor }),
    };
  });

  const counting = { response: answers(findingSummary) };
  api.get("/findings/summary", { schema: counting }, (request) =>
    countFindings(context, principalOf(request).tenant),
  );

  const reading = { params: idParams, response: answers(versionedFinding) };
  api.get("/findings/:id", { schema: reading }, async (request) => {
    const found = await getFinding(context, principalOf(request), request.params.id);
    return { version: found.version, finding: found.document };
  });
}

function registerEvidence(api: Api, context: ApiContext): void {
  const schema = { params: idParams };
  const history = { ...schema, response: answers(findingHistory) };
  api.get("/findings/:id/history", { schema: history }, async (request) => {
    const principal = principalOf(request);
    const { id, document } = await getFinding(context, principal, request.params.id);
    const { tenant } = principal;
    const found = await auditHistory(context.store, tenant, id, document.raisedAt);
    return { entries: found.entries.map(auditAnswer), truncated: found.truncated };
  });

  const risk = { ...schema, response: answers(findingRisk) };
  api.get("/findings/:id/risk", { schema: risk }, async (request) => {
    const principal = principalOf(request);
    const { document } = await getFinding(context, principal, request.params.id);
    return context.triage.riskOf(principal.tenant, document);
  });

  const events = { ...schema, response: answers(findingEvents) };
  api.get("/findings/:id/events", { schema: events }, async (request) => {
    const principal = principalOf(request);
    const { document } = await getFinding(context, principal, request.params.id);
    const wanted = new Map(
      document.evidence.flatMap((one) => one.events).map((event) => [event.id, event.time]),
    );
    const found = await Promise.all(
      [...wanted].map(([id, time]) => context.archive.get(principal.tenant, id, time)),
    );
    const there = found.filter((event) => event !== undefined);
    return { events: there.map(eventAnswer), missing: wanted.size - there.length };
  });
}

/** @throws ApiFault HW_NOT_FOUND, for another tenant's finding too */
async function getFinding(
  context: ApiContext,
  principal: Principal,
  id: string,
): Promise<Versioned<Finding>> {
  const found = await context.store.get(principal.tenant, FINDING_KIND, id);
  if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
  return found;
}

async function countFindings(context: ApiContext, tenant: string): Promise<FindingSummary> {
  const status = ["new", "in_progress"];
  const quiet = ["none"];
  const [byStatus, byLevel, byQuiet] = await Promise.all([
    context.store.count(tenant, FINDING_KIND, "status", { terms: { quiet } }),
    context.store.count(tenant, FINDING_KIND, "level", { terms: { status, quiet } }),
    context.store.count(tenant, FINDING_KIND, "quiet", { terms: { status } }),
  ]);
  const inStatus = (value: Finding["status"]) => documentsOf(byStatus, value);
  const inLevel = (value: Finding["detector"]["level"]) => documentsOf(byLevel, value);
  return {
    total: byStatus.reduce((sum, one) => sum + one.documents, 0),
    status: {
      new: inStatus("new"),
      in_progress: inStatus("in_progress"),
      closed: inStatus("closed"),
    },
    level: {
      informational: inLevel("informational"),
      low: inLevel("low"),
      medium: inLevel("medium"),
      high: inLevel("high"),
      critical: inLevel("critical"),
    },
    quiet: {
      silenced: documentsOf(byQuiet, "silenced"),
      inhibited: documentsOf(byQuiet, "inhibited"),
      excepted: documentsOf(byQuiet, "excepted"),
      maintenance: documentsOf(byQuiet, "maintenance"),
    },
  };
}

function documentsOf(
  counted: readonly { readonly value: string; readonly documents: number }[],
  value: string,
): number {
  return counted.find((one) => one.value === value)?.documents ?? 0;
}
