// Sign-in and sign-out, the first set-up, the own password. Every attempt is audited; a refusal says
// neither in words nor by its time whether the name exists.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { holdsSimulated } from "../../store/simulated-mark.ts";
import type { Versioned } from "../../store/store.ts";
import {
  passwordBody,
  type SessionAnswer,
  sessionAnswer,
  setupBody,
  signInBody,
} from "../account-schemas.ts";
import { checkCredentials, createAccount, isNameTaken, replaceAccount } from "../accounts.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { cookieName, identify, type PersonSession, principalOf } from "../guard.ts";
import { type Account, type StoredSession, SYSTEM_TENANT } from "../kinds.ts";
import { hashPassword, verifyPassword } from "../password.ts";
import { ROLE_CAPABILITIES } from "../permissions.ts";
import { csrfTokenOf } from "../secrets.ts";
import { endSession, endSessionsOf, openSession } from "../sessions.ts";
import { redeemSetupCode } from "../setup.ts";
import { createSignInLimits, type SignInLimits } from "../sign-in-limits.ts";

/** Registers `/session`. */
export function registerSessionRoutes(api: Api, context: ApiContext): void {
  const limits = createSignInLimits(api, context.limits);
  registerSignIn(api, context, limits);
  registerSetup(api, context, limits);
  registerPassword(api, context, limits);

  api.get("/session", { schema: { response: answers(sessionAnswer) } }, (request) =>
    sessionAnswerOf(context, personOf(request)),
  );

  api.delete(
    "/session",
    { schema: { response: { 204: z.undefined() } } },
    async (request, reply) => {
      const person = personOf(request);
      await endSession(context.store, person.id);
      context.streams.closeSessions([person.id]);
      await recordAudit(context, principalOf(request), "session.sign_out", person.account.id);
      return reply
        .clearCookie(cookieName(context.options.publicUrl), cookieAttributes(context))
        .code(204)
        .send();
    },
  );
}

function registerSignIn(api: Api, context: ApiContext, limits: SignInLimits): void {
  const schema = { body: signInBody, response: answers(sessionAnswer) };
  api.post("/session", { schema }, async (request, reply) => {
    const { name, password } = request.body;
    const address = request.ip;
    await limits.check(request, name);
    const { account, good } = await checkCredentials(context.store, name, password);
    if (account === undefined || !good) {
      // The name that was typed is not kept: it may be a password in the wrong field.
      const by = { tenant: account?.document.tenant ?? SYSTEM_TENANT, actor: "anonymous" };
      const subject = account?.id ?? "unknown";
      await recordAudit(context, by, "session.sign_in_failed", subject, { address });
      throw new ApiFault("HW_UNAUTHENTICATED", { text: (m) => m.signInFailed });
    }
    return startSession(context, request, reply, account);
  });
}

function registerSetup(api: Api, context: ApiContext, limits: SignInLimits): void {
  const schema = { body: setupBody, response: answers(sessionAnswer) };
  api.post("/session/setup", { schema }, async (request, reply) => {
    await limits.check(request, "");
    const { code, name, password } = request.body;
    const tenant = await redeemSetupCode(context.store, code, context.clock());
    if (tenant === undefined) {
      const by = { tenant: SYSTEM_TENANT, actor: "anonymous" };
      await recordAudit(context, by, "session.setup_failed", "setup", { address: request.ip });
      throw new ApiFault("HW_UNAUTHENTICATED", {
        text: (m) => m.setupRefused,
        mend: (m) => m.setupMend,
      });
    }
    const account = await createAccount(context.store, {
      tenant,
      name,
      password,
      role: "admin",
      passwordChangeDue: false,
      createdAt: context.clock(),
    }).catch((error: unknown) => {
      if (isNameTaken(error)) throw new ApiFault("HW_EXISTS", { text: (m) => m.nameTaken });
      throw error;
    });
    const by = { tenant, actor: account.id };
    await recordAudit(context, by, "account.create", account.id, { role: "admin", by: "setup" });
    return startSession(context, request, reply, account);
  });
}

function registerPassword(api: Api, context: ApiContext, limits: SignInLimits): void {
  const schema = { body: passwordBody, response: answers(sessionAnswer) };
  api.post("/session/password", { schema }, async (request, reply) => {
    const { id, document, version } = personOf(request).account;
    const { present, next } = request.body;
    await limits.check(request, document.name);
    if (!(await verifyPassword(present, document.passwordHash))) {
      await recordAudit(context, principalOf(request), "account.password_refused", id);
      throw new ApiFault("HW_REQUEST_INVALID", {
        place: "body/present",
        text: (m) => m.passwordWrong,
      });
    }
    if (next === present || next.toLowerCase() === document.name.toLowerCase()) {
      throw new ApiFault("HW_REQUEST_INVALID", { place: "body/next", text: (m) => m.passwordSame });
    }
    const changed = {
      ...document,
      passwordHash: await hashPassword(next),
      passwordChangeDue: false,
    };
    const account = await replaceAccount(context.store, id, changed, version);
    await recordAudit(context, principalOf(request), "account.password", id);
    context.streams.closeSessions(await endSessionsOf(context.store, id));
    return startSession(context, request, reply, account);
  });
}

/** Opens a fresh session (never the one that came with the request) and answers with it. */
async function startSession(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Versioned<Account>,
): Promise<SessionAnswer> {
  const before = await identify(context, request);
  if (before?.session !== undefined) {
    await endSession(context.store, before.session.id);
    context.streams.closeSessions([before.session.id]);
  }
  const { tenant } = account.document;
  const owner = { accountId: account.id, tenant };
  const opened = await openSession(context.store, owner, context.clock(), context.limits);
  reply.setCookie(cookieName(context.options.publicUrl), opened.secret, cookieAttributes(context));
  const by = { tenant, actor: account.id };
  await recordAudit(context, by, "session.sign_in", account.id, { address: request.ip });
  return sessionAnswerOf(context, {
    secret: opened.secret,
    account,
    stored: { document: opened.session },
  });
}

/** For setting and for clearing alike: browsers ignore a `__Host-` cookie that comes without `Secure`. */
function cookieAttributes({ options }: ApiContext) {
  const secure = options.publicUrl?.startsWith("https:") === true;
  return { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
}

async function sessionAnswerOf(
  context: ApiContext,
  person: Pick<PersonSession, "secret" | "account"> & {
    readonly stored: { readonly document: StoredSession };
  },
): Promise<SessionAnswer> {
  const { tenant, name, role, passwordChangeDue } = person.account.document;
  return {
    account: { id: person.account.id, name, role, roleName: context.messages.roles[role] },
    tenant,
    tenantName: context.options.tenantNames?.[tenant] ?? tenant,
    isSimulated: await holdsSimulated(context.store, tenant),
    csrfToken: csrfTokenOf(person.secret),
    capabilities: [...ROLE_CAPABILITIES[role]],
    passwordChangeDue,
    expiresAt: person.stored.document.expiresAt,
  };
}

/** The signed-in person; the guard lets tokens nowhere near these routes. */
function personOf(request: FastifyRequest): PersonSession {
  const { session } = principalOf(request);
  if (session === undefined) throw new ApiFault("HW_FORBIDDEN");
  return session;
}
