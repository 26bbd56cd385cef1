// Who may do what: roles and their capabilities, token scopes, and for every route the capability that it
// asks for. The guard reads this table for each request; a route that is missing here does not start.

import { ANNOTATION_ACCESS } from "./annotation-access.ts";
import { INCIDENT_ACCESS } from "./incident-access.ts";
import { PAGING_ACCESS } from "./paging-access.ts";
import { REPORT_ACCESS } from "./report-access.ts";

export const CAPABILITIES = [
  "findings:read",
  "findings:write",
  "events:read",
  "rules:read",
  "rules:write",
  "rules:test",
  "models:write",
  "status:read",
  "audit:read",
  "kpi:read",
  "kpi:write",
  "report:read",
  "report:write",
  "accounts:write",
  "tokens:write",
  "shippers:write",
  "feeds:read",
  "llm:write",
  "identity:request",
  "identity:approve",
  "paging:write",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const ROLES = ["analyst", "admin", "isb", "management"] as const;
export type Role = (typeof ROLES)[number];

/**
 * `isb` reads everything and the audit chain, publishes reports and decides on names behind pseudonyms; `management` sees figures only, and
 * never a finding or an event.
 */
export const ROLE_CAPABILITIES: Readonly<Record<Role, readonly Capability[]>> = {
  analyst: [
    "findings:read",
    "findings:write",
    "events:read",
    "rules:read",
    "rules:test",
    "status:read",
    "kpi:read",
    "feeds:read",
    "identity:request",
    "paging:write",
  ],
  admin: [
    "findings:read",
    "findings:write",
    "events:read",
    "rules:read",
    "rules:test",
    "status:read",
    "kpi:read",
    "kpi:write",
    "report:read",
    "report:write",
    "rules:write",
    "models:write",
    "accounts:write",
    "tokens:write",
    "shippers:write",
    "feeds:read",
    "llm:write",
    "identity:request",
    "identity:approve",
    "paging:write",
  ],
  isb: [
    "findings:read",
    "events:read",
    "rules:read",
    "status:read",
    "audit:read",
    "kpi:read",
    "report:read",
    "report:write",
    "identity:request",
    "identity:approve",
  ],
  management: ["kpi:read"],
};

/** What a token for a program can be given. Accounts and tokens themselves are for people only. */
export const TOKEN_SCOPES = [
  "findings:read",
  "findings:write",
  "events:read",
  "rules:read",
  "rules:test",
  "models:write",
  "status:read",
  "kpi:read",
  "kpi:write",
  "report:read",
  "report:write",
  "shippers:write",
  "feeds:read",
] as const satisfies readonly Capability[];
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/**
 * `public`: everybody. `signed-in`: any account with a session, but no token. Else the capability.
 * `background` marks what a screen asks by itself: it does not keep a session alive.
 */
export interface RouteAccess {
  readonly access: "public" | "signed-in" | Capability;
  readonly background?: true;
}

/** Every route of the API, by method and path below `/api/v1`. */
export const ROUTE_ACCESS = {
  "POST /session": { access: "public" },
  "POST /session/setup": { access: "public" },
  "GET /session": { access: "signed-in", background: true },
  "DELETE /session": { access: "signed-in" },
  "POST /session/password": { access: "signed-in" },
  "GET /accounts": { access: "accounts:write" },
  "POST /accounts": { access: "accounts:write" },
  "PATCH /accounts/:id": { access: "accounts:write" },
  "GET /tokens": { access: "tokens:write" },
  "POST /tokens": { access: "tokens:write" },
  "DELETE /tokens/:id": { access: "tokens:write" },
  "GET /shippers": { access: "shippers:write" },
  "POST /shippers": { access: "shippers:write" },
  "DELETE /shippers/:id": { access: "shippers:write" },
  "GET /findings": { access: "findings:read" },
  "GET /findings/summary": { access: "findings:read", background: true },
  "GET /findings/:id": { access: "findings:read" },
  "GET /findings/:id/history": { access: "findings:read" },
  "GET /findings/:id/events": { access: "events:read" },
  "POST /findings/:id/verdict": { access: "findings:write" },
  "POST /findings/:id/status": { access: "findings:write" },
  "POST /findings/:id/undo-verdict": { access: "findings:write" },
  "POST /findings/:id/assign": { access: "findings:write" },
  "POST /findings/:id/tags": { access: "findings:write" },
  "POST /findings/:id/watch": { access: "findings:write" },
  "POST /findings/:id/tlp": { access: "findings:write" },
  "POST /findings/bulk/preview": { access: "findings:write" },
  "POST /findings/bulk": { access: "findings:write" },
  "GET /findings/bulk/:id": { access: "findings:write", background: true },
  "POST /findings/bulk/:id/undo": { access: "findings:write" },
  "GET /findings/:id/context": { access: "findings:read" },
  "GET /findings/:id/risk": { access: "findings:read" },
  "POST /findings/:id/suspicions": { access: "findings:write" },
  "GET /suspicions": { access: "findings:read" },
  ...ANNOTATION_ACCESS,
  "GET /queue": { access: "findings:read" },
  "GET /proposals/:id": { access: "findings:read" },
  "POST /proposals/:id/split": { access: "findings:write" },
  "POST /proposals/merge": { access: "findings:write" },
  "GET /groupings": { access: "findings:read" },
  "POST /groupings/:id/end": { access: "findings:write" },
  "GET /silences": { access: "findings:read" },
  "POST /silences/preview": { access: "findings:read" },
  "POST /silences": { access: "findings:write" },
  "POST /silences/:id/end": { access: "findings:write" },
  "POST /identity/requests": { access: "identity:request" },
  "GET /identity/requests": { access: "identity:request" },
  "GET /identity/requests/:id": { access: "identity:request" },
  "POST /identity/requests/:id/approve": { access: "identity:approve" },
  "POST /identity/requests/:id/refuse": { access: "identity:approve" },
  "GET /exceptions": { access: "findings:read" },
  "POST /exceptions/preview": { access: "findings:read" },
  "POST /exceptions": { access: "findings:write" },
  "POST /exceptions/:id/agree": { access: "findings:write" },
  "POST /exceptions/:id/withdraw": { access: "findings:write" },
  "GET /maintenance": { access: "findings:read" },
  "POST /maintenance/preview": { access: "findings:read" },
  "POST /maintenance": { access: "findings:write" },
  "POST /maintenance/:id/agree": { access: "findings:write" },
  "POST /maintenance/:id/end": { access: "findings:write" },
  "GET /block-lists": { access: "findings:read" },
  "POST /block-lists": { access: "findings:write" },
  "POST /block-lists/:id/approve": { access: "findings:write" },
  "POST /block-lists/:id/complete": { access: "findings:write" },
  "POST /block-lists/:id/withdraw": { access: "findings:write" },
  "GET /incidents/:id/containment-proposals": { access: "findings:read" },
  "GET /feeds/addresses.txt": { access: "feeds:read" },
  "GET /feeds/domains.txt": { access: "feeds:read" },
  "GET /feeds/hashes.txt": { access: "feeds:read" },
  ...INCIDENT_ACCESS,
  ...PAGING_ACCESS,
  "GET /events": { access: "events:read" },
  "GET /events/:id": { access: "events:read" },
  "GET /rules": { access: "rules:read" },
  "POST /rules/reload": { access: "rules:write" },
  "POST /rules/tests": { access: "rules:test" },
  "POST /backtests": { access: "rules:test" },
  "GET /backtests": { access: "rules:test" },
  "GET /backtests/:id": { access: "rules:test", background: true },
  "DELETE /backtests/:id": { access: "rules:test" },
  // Numbers and names of machines' queries: for those who see rules.
  "GET /models": { access: "rules:read", background: true },
  "GET /models/:id/comparison": { access: "rules:read", background: true },
  "DELETE /models/jobs/:id": { access: "models:write" },
  "POST /models/:id/train": { access: "models:write" },
  "POST /models/:id/evaluate": { access: "models:write" },
  "POST /models/:id/promote": { access: "models:write" },
  "POST /models/:id/rollback": { access: "models:write" },
  // Counts by day and detector, of no entity.
  "GET /anomalies/days": { access: "rules:read", background: true },
  "GET /anomalies/drift": { access: "rules:read", background: true },
  "GET /status": { access: "status:read", background: true },
  "GET /sources": { access: "status:read", background: true },
  "GET /kpi": { access: "kpi:read" },
  "GET /kpi/months": { access: "kpi:read" },
  "GET /kpi/targets": { access: "kpi:read" },
  // Rules and sources are named to those alone who may see rules.
  "GET /kpi/review": { access: "kpi:read" },
  "GET /kpi/incidents": { access: "kpi:read" },
  "GET /kpi/definitions": { access: "kpi:read" },
  "GET /kpi/periods": { access: "kpi:read" },
  "POST /kpi/periods": { access: "kpi:write" },
  // Names rules and sources, which those who see figures only don't.
  "GET /kpi/tuning": { access: "rules:read" },
  ...REPORT_ACCESS,
  // And the right that the board needs, see board-access.ts.
  "GET /boards/:board/panels/:panel": { access: "kpi:read", background: true },
  "GET /audit": { access: "audit:read" },
  "GET /stream": { access: "findings:read", background: true },
} as const satisfies Readonly<Record<string, RouteAccess>>;
export type RouteKey = keyof typeof ROUTE_ACCESS;

/** The table's key of a route; undefined when it is not in the table. */
export function routeKey(method: string, path: string): RouteKey | undefined {
  const key = `${method} ${path}`;
  return isRouteKey(key) ? key : undefined;
}

function isRouteKey(key: string): key is RouteKey {
  return Object.hasOwn(ROUTE_ACCESS, key);
}
