// The tenant's audit chain, page by page in its order. It can't be searched by account: it proves what
// happened, it does not watch people.
import type { AuditEntry } from "../../store/store.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";
import { auditPage, auditQuery } from "../schemas.ts";

/** Registers `/audit`. */
export function registerAuditRoutes(api: Api, context: ApiContext): void {
  const schema = { querystring: auditQuery, response: answers(auditPage) };
  api.get("/audit", { schema }, async (request) => {
    const { from, limit } = request.query;
    const entries = await context.store.readAudit(principalOf(request).tenant, from, limit);
    const last = entries.at(-1);
    return {
      entries: entries.map(auditAnswer),
      ...(last === undefined || entries.length < limit ? {} : { next: last.sequence + 1 }),
    };
  });
}

/** An entry as the API gives it. */
export function auditAnswer(entry: AuditEntry) {
  const { sequence, at, actor, action, subject, payload, hash } = entry;
  return { sequence, at, actor, action, subject, hash, ...(payload ? { payload } : {}) };
}
