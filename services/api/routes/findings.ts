// The queue: searching, reading and judging findings. Every change names the version it was made from, so
// that two people never overwrite each other, and is audited with its old and new value.
import { isAppError } from "../../../config/errors.ts";
import type { Finding } from "../../store/finding.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { Versioned } from "../../store/store.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { auditHistory } from "../finding-history.ts";
import { findingRowOf, findingSearch } from "../finding-search.ts";
import { type Principal, principalOf } from "../guard.ts";
import { judge, setStatus, undoVerdict } from "../judgement.ts";
import {
  type FindingSummary,
  findingEvents,
  findingHistory,
  findingPage,
  findingSummary,
  findingsQuery,
  idParams,
  statusBody,
  undoBody,
  type VersionedFinding,
  verdictBody,
  versionedFinding,
} from "../schemas.ts";
import { findingRisk } from "../silence-schemas.ts";
import { auditAnswer } from "./audit.ts";
import { eventAnswer } from "./events.ts";

/** Registers `/findings`. */
export function registerFindingRoutes(api: Api, context: ApiContext): void {
  registerReading(api, context);
  registerEvidence(api, context);
  registerChanges(api, context);
}

function registerReading(api: Api, context: ApiContext): void {
  const listing = { querystring: findingsQuery, response: answers(findingPage) };
  api.get("/findings", { schema: listing }, async (request) => {
    const { tenant } = principalOf(request);
    const query = findingSearch(request.query);
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

function registerChanges(api: Api, context: ApiContext): void {
  const changing = { params: idParams, response: answers(versionedFinding) };

  const judging = { ...changing, body: verdictBody };
  api.post("/findings/:id/verdict", { schema: judging }, (request) => {
    const { body } = request;
    const principal = principalOf(request);
    return change(
      context,
      principal,
      request.params.id,
      body.version,
      "finding.verdict",
      (present) => judge(present, body, context.clock(), principal.actor),
    );
  });

  const moving = { ...changing, body: statusBody };
  api.post("/findings/:id/status", { schema: moving }, async (request) => {
    const { status, version } = request.body;
    const principal = principalOf(request);
    const present = await getFinding(context, principal, request.params.id);
    const action = present.document.status === "closed" ? "finding.reopen" : "finding.status";
    return change(context, principal, present.id, version, action, (finding) =>
      setStatus(finding, status),
    );
  });

  const undoing = { ...changing, body: undoBody };
  api.post("/findings/:id/undo-verdict", { schema: undoing }, (request) => {
    const { version } = request.body;
    const action = "finding.undo_verdict";
    return change(context, principalOf(request), request.params.id, version, action, undoVerdict);
  });
}

/** Changes a finding from the version that its reader saw; a conflict answers with the present state. */
async function change(
  context: ApiContext,
  principal: Principal,
  id: string,
  version: number,
  action: string,
  next: (present: Finding) => Finding,
): Promise<VersionedFinding> {
  const { store } = context;
  const present = await getFinding(context, principal, id);
  if (present.version !== version) throw conflict(present);
  const changed = await store
    .replace(principal.tenant, FINDING_KIND, id, next(present.document), version)
    .catch(async (error: unknown) => {
      if (!isAppError(error, "HW_CONFLICT")) throw error;
      throw conflict(await getFinding(context, principal, id));
    });
  await recordAudit(context, principal, action, id, {
    before: judgedPart(present.document),
    after: judgedPart(changed.document),
  });
  await context.triage.findingChanged(principal.tenant, id);
  const now = await getFinding(context, principal, id);
  return { version: now.version, finding: now.document };
}

function conflict(present: Versioned<Finding>): ApiFault {
  return new ApiFault("HW_CONFLICT", {
    details: { version: present.version, finding: present.document },
  });
}

function judgedPart({ status, verdict }: Finding): Readonly<Record<string, unknown>> {
  return { status, ...(verdict === undefined ? {} : { verdict }) };
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
