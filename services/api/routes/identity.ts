// The name behind a pseudonym, for an incident: asked for by one person, approved by another one, readable
// by who asked for an hour. Every step is part of the audit chain; the name itself is nowhere but in the
// answer. Programs' tokens have no way in.
import { randomUUID } from "node:crypto";
import { IDENTITY_REQUEST_KIND, type IdentityRequest } from "../../store/identity.ts";
import { INCIDENT_KIND } from "../../store/kinds.ts";
import type { AuditInput } from "../../store/store.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { type Principal, principalOf } from "../guard.ts";
import { identityAnswer, identityRequestBody, identityRequestList } from "../identity-schemas.ts";
import { idParams } from "../schemas.ts";

const READABLE_MS = 60 * 60_000;
const LISTED_MAX = 200;
const APPROVE = "identity:approve";

/** Registers `/identity/requests`. */
export function registerIdentityRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  const making = { body: identityRequestBody, response: answers(identityAnswer) };
  api.post("/identity/requests", { schema: making }, async (request) => {
    const principal = principalOf(request);
    const { tenant, actor: requester } = principal;
    const { incident, reason, pseudonym } = request.body;
    if ((await store.get(tenant, INCIDENT_KIND, incident)) === undefined) {
      throw new ApiFault("HW_REQUEST_INVALID", { place: "body/incident" });
    }
    const id = randomUUID();
    const about = { id, requester, reason, incident, pseudonym };
    const asked: IdentityRequest = { ...about, state: "waiting", createdAt: context.clock() };
    const audit = auditOf(context, principal, "identity.request", asked);
    await store.create(tenant, IDENTITY_REQUEST_KIND, id, asked, audit);
    return asked;
  });

  const listing = { response: answers(identityRequestList) };
  api.get("/identity/requests", { schema: listing }, async (request) => {
    const { tenant, actor, capabilities } = principalOf(request);
    const mayApprove = capabilities.has(APPROVE);
    const { hits } = await store.search(tenant, IDENTITY_REQUEST_KIND, {
      sort: [{ field: "createdAt", order: "desc" }],
      limit: LISTED_MAX,
    });
    const all = hits.map(({ document }) => document);
    return { requests: all.filter(({ requester }) => mayApprove || requester === actor) };
  });

  const reading = { params: idParams, response: answers(identityAnswer) };
  api.get("/identity/requests/:id", { schema: reading }, async (request) => {
    const principal = principalOf(request);
    const { document } = await loaded(context, principal, request.params.id);
    const isOwn = document.requester === principal.actor;
    if (!isOwn && !principal.capabilities.has(APPROVE)) {
      throw new ApiFault("HW_NOT_FOUND");
    }
    const isReadable = isOwn && context.clock() < (document.readableUntil ?? 0);
    if (!isReadable) return document;
    const name = await context.resolveIdentity?.(principal.tenant, vaultId(document.pseudonym));
    if (name === undefined) return document;
    await store.appendAudit(
      principal.tenant,
      auditOf(context, principal, "identity.read", document),
    );
    return { ...document, name };
  });

  registerDecisions(api, context);
}

function registerDecisions(api: Api, context: ApiContext): void {
  const schema = { params: idParams, response: answers(identityAnswer) };
  for (const [path, state, action] of [
    ["approve", "approved", "identity.approve"],
    ["refuse", "refused", "identity.refuse"],
  ] as const) {
    api.post(`/identity/requests/:id/${path}`, { schema }, async (request) => {
      const principal = principalOf(request);
      const { document, version, id } = await loaded(context, principal, request.params.id);
      if (document.requester === principal.actor) throw new ApiFault("HW_FORBIDDEN");
      if (document.state !== "waiting") throw new ApiFault("HW_CONFLICT", { details: document });
      const decidedAt = context.clock();
      const decided: IdentityRequest = {
        ...{ ...document, state, decidedAt, decidedBy: principal.actor },
        ...(state === "approved" ? { readableUntil: decidedAt + READABLE_MS } : {}),
      };
      const audit = auditOf(context, principal, action, decided);
      const { tenant } = principal;
      await context.store.replace(tenant, IDENTITY_REQUEST_KIND, id, decided, version, audit);
      return decided;
    });
  }
}

async function loaded({ store }: ApiContext, { tenant }: Principal, id: string) {
  const found = await store.get(tenant, IDENTITY_REQUEST_KIND, id);
  if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
  return found;
}

/** The vault knows a SID by the pseudonym that its token is of. */
function vaultId(pseudonym: string): string {
  return pseudonym.replace(/^S-1-5-21-/, "konto-");
}

function auditOf(
  context: ApiContext,
  { actor }: Principal,
  action: string,
  { id, pseudonym, reason, incident, state }: IdentityRequest,
): AuditInput {
  const payload = { pseudonym, reason, incident, state };
  return { at: context.clock(), actor, action, subject: id, payload };
}
