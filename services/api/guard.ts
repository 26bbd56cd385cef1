// Stands before every route of /api/v1: finds out who is asking (session cookie or token), for which tenant,
// and whether the table of permissions lets them; guards changes by cookie against forged requests.
import assert from "node:assert/strict";
import type { FastifyRequest } from "fastify";
import type { Versioned } from "../store/store.ts";
import { getAccount } from "./accounts.ts";
import { findToken, isTokenAlive } from "./api-tokens.ts";
import type { ApiContext } from "./context.ts";
import { ApiFault } from "./faults.ts";
import type { Account, StoredSession } from "./kinds.ts";
import { type Capability, ROLE_CAPABILITIES, type RouteAccess } from "./permissions.ts";
import { csrfTokenOf, hashSecret, sameText } from "./secrets.ts";
import { findSession, touchSession } from "./sessions.ts";
import { isSetupOpen } from "./setup.ts";
import { TENANT_HEADER } from "./tenant-header.ts";

/** Who is asking. Everything that they see and do belongs to `tenant`. */
export interface Principal {
  /** Opaque: the account's or token's id. */
  readonly actor: string;
  readonly tenant: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** Undefined for tokens. */
  readonly session: PersonSession | undefined;
}

export interface PersonSession {
  readonly id: string;
  readonly secret: string;
  readonly stored: Versioned<StoredSession>;
  readonly account: Versioned<Account>;
}

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal | undefined;
  }
  interface FastifyContextConfig {
    guarded?: RouteAccess;
  }
}

const SESSION_SECRET = /^[\w-]{43}$/;
const FEEDS = "feeds:read" satisfies Capability;
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Name of the session cookie: with TLS the browser itself keeps it to this host and path. */
export function cookieName(publicUrl: string | undefined): string {
  return publicUrl?.startsWith("https:") === true ? "__Host-hw_session" : "hw_session";
}

/** The one who asks, in a handler behind the guard. */
export function principalOf(request: FastifyRequest): Principal {
  assert(request.principal !== undefined, "the route is public");
  return request.principal;
}

/** Makes the hook that runs before every route of /api/v1. */
export function createGuard(context: ApiContext) {
  return async (request: FastifyRequest): Promise<void> => {
    const guarded = request.routeOptions.config.guarded;
    assert(guarded !== undefined, "the route is not in the table of permissions");
    checkOrigin(context, request);
    if (guarded.access === "public") return;
    const principal = await identify(context, request);
    if (principal === undefined) throw await unauthenticated(context, guarded.access);
    checkTenant(principal, request.headers[TENANT_HEADER]);
    checkAccess(principal, guarded.access);
    if (principal.session !== undefined) {
      checkCsrf(request, principal.session);
      if (guarded.background !== true) {
        await touchSession(context.store, principal.session.stored, context.clock());
      }
    }
    request.principal = principal;
  };
}

/** Who is asking; a token wins over a cookie. */
export async function identify(
  context: ApiContext,
  request: FastifyRequest,
): Promise<Principal | undefined> {
  const { authorization } = request.headers;
  if (authorization === undefined) return identifyPerson(context, request);
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const sent = bearer ?? basicPassword(authorization);
  if (sent === undefined) return undefined;
  const token = await findToken(context.store, sent, context.clock());
  if (token === undefined) return undefined;
  const { tenant } = token.document;
  const scopes = token.document.scopes.filter((scope) => bearer !== undefined || FEEDS === scope);
  return { actor: token.id, tenant, capabilities: new Set(scopes), session: undefined };
}

// Many firewalls fetch lists with a name and a password only: the token is the password then, and opens
// nothing but the lists, because browsers send such a password along by themselves.
function basicPassword(authorization: string): string | undefined {
  const coded = /^Basic +([A-Za-z0-9+/=]{1,500})$/i.exec(authorization)?.[1];
  if (coded === undefined) return undefined;
  const text = Buffer.from(coded, "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : text.slice(colon + 1);
}

async function identifyPerson(
  context: ApiContext,
  request: FastifyRequest,
): Promise<Principal | undefined> {
  const secret = request.cookies[cookieName(context.options.publicUrl)];
  if (secret === undefined || !SESSION_SECRET.test(secret)) return undefined;
  const id = hashSecret(secret);
  const stored = await findSession(context.store, id, context.clock(), context.limits);
  if (stored === undefined) return undefined;
  const account = await getAccount(context.store, stored.document.accountId);
  if (account === undefined || account.document.disabled) return undefined;
  return {
    actor: account.id,
    tenant: account.document.tenant,
    capabilities: new Set(ROLE_CAPABILITIES[account.document.role]),
    session: { id, secret, stored, account },
  };
}

/** Whether who opened a connection may still have it; asking does not keep a session alive. */
export async function stillIn(
  context: ApiContext,
  principal: Principal,
  capability: Capability,
): Promise<boolean> {
  const { store, limits } = context;
  const now = context.clock();
  if (principal.session === undefined) return isTokenAlive(store, principal.actor, now);
  const stored = await findSession(store, principal.session.id, now, limits);
  const account = await getAccount(store, principal.actor);
  if (stored === undefined || account === undefined || account.document.disabled) return false;
  return ROLE_CAPABILITIES[account.document.role].includes(capability);
}

/** Tells the sign-in screen whether the first account is still missing. */
async function unauthenticated(
  context: ApiContext,
  access: RouteAccess["access"],
): Promise<ApiFault> {
  if (access !== "signed-in") return new ApiFault("HW_UNAUTHENTICATED");
  const setup = await isSetupOpen(context.store);
  return new ApiFault("HW_UNAUTHENTICATED", { details: { setup } });
}

/** @throws ApiFault HW_FORBIDDEN where another tenant is named than the account's or token's */
export function checkTenant({ tenant }: Principal, named: unknown): void {
  if (named === undefined || named === tenant) return;
  throw new ApiFault("HW_FORBIDDEN", { place: "tenant", text: (m) => m.otherTenant });
}

function checkAccess(principal: Principal, access: RouteAccess["access"]): void {
  const { session } = principal;
  if (access === "signed-in" || access === "public") {
    if (session === undefined) throw new ApiFault("HW_FORBIDDEN");
    return;
  }
  if (session?.account.document.passwordChangeDue === true) {
    throw new ApiFault("HW_FORBIDDEN", {
      text: (m) => m.passwordDue,
      mend: (m) => m.passwordDueMend,
    });
  }
  if (!principal.capabilities.has(access)) throw new ApiFault("HW_FORBIDDEN");
}

/** Browsers say where a change comes from; another site's page is refused even before the cookie counts. */
function checkOrigin(context: ApiContext, request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  const { publicUrl } = context.options;
  const given = URL.parse(origin);
  const good =
    publicUrl === undefined ? given?.host === host : given?.origin === new URL(publicUrl).origin;
  if (!good) throw forged();
}

function checkCsrf(request: FastifyRequest, session: PersonSession): void {
  if (SAFE_METHODS.has(request.method)) return;
  const sent = request.headers["x-csrf-token"];
  if (request.headers.origin === undefined || typeof sent !== "string") throw forged();
  if (!sameText(sent, csrfTokenOf(session.secret))) throw forged();
}

function forged(): ApiFault {
  return new ApiFault("HW_FORBIDDEN", { text: (m) => m.csrf, mend: (m) => m.csrfMend });
}
