// Keys for programs: API tokens with scopes, and the keys of shippers. A key is shown once, in the answer
// that made it.
import { z } from "zod";
import type { Versioned } from "../../store/store.ts";
import {
  newShipperAnswer,
  newTokenAnswer,
  shipperBody,
  shipperList,
  tokenBody,
  tokenList,
} from "../account-schemas.ts";
import { createToken, listTokens, removeToken } from "../api-tokens.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import type { StoredShipper, StoredToken } from "../kinds.ts";
import { idParams } from "../schemas.ts";
import { createShipper, listShippers, removeShipper } from "../shipper-keys.ts";

const DAY_MS = 86_400_000;

/** Registers `/tokens`. */
export function registerTokenRoutes(api: Api, context: ApiContext): void {
  api.get("/tokens", { schema: { response: answers(tokenList) } }, async (request) => {
    const tokens = await listTokens(context.store, principalOf(request).tenant);
    return { tokens: tokens.map(tokenAnswerOf) };
  });

  const creating = { body: tokenBody, response: answers(newTokenAnswer) };
  api.post("/tokens", { schema: creating }, async (request) => {
    const principal = principalOf(request);
    const { name, scopes, validDays } = request.body;
    if (scopes.some((scope) => !principal.capabilities.has(scope))) {
      throw new ApiFault("HW_FORBIDDEN", { place: "body/scopes", text: (m) => m.scopeBeyond });
    }
    const createdAt = context.clock();
    const made = {
      tenant: principal.tenant,
      name,
      scopes: [...new Set(scopes)],
      createdAt,
      createdBy: principal.actor,
      expiresAt: createdAt + validDays * DAY_MS,
    };
    const { id, token } = await createToken(context.store, made);
    await recordAudit(context, principal, "token.create", id, { scopes, validDays });
    return { id, name, scopes: made.scopes, createdAt, expiresAt: made.expiresAt, token };
  });

  const deleting = { params: idParams, response: { 204: z.undefined() } };
  api.delete("/tokens/:id", { schema: deleting }, async (request, reply) => {
    const principal = principalOf(request);
    const { id } = request.params;
    const removed = await removeToken(context.store, principal.tenant, id);
    if (!removed) throw new ApiFault("HW_NOT_FOUND");
    await recordAudit(context, principal, "token.remove", id);
    return reply.code(204).send();
  });
}

/** Registers `/shippers`. */
export function registerShipperRoutes(api: Api, context: ApiContext): void {
  api.get("/shippers", { schema: { response: answers(shipperList) } }, async (request) => {
    const shippers = await listShippers(context.store, principalOf(request).tenant);
    return { shippers: shippers.map(shipperAnswerOf) };
  });

  const creating = { body: shipperBody, response: answers(newShipperAnswer) };
  api.post("/shippers", { schema: creating }, async (request) => {
    const principal = principalOf(request);
    const given = { ...request.body, createdAt: context.clock() };
    const { id, key } = await createShipper(context.store, {
      ...given,
      tenant: principal.tenant,
      createdBy: principal.actor,
    });
    await recordAudit(context, principal, "shipper.create", id, { source: given.source });
    return { id, key, ...given };
  });

  const deleting = { params: idParams, response: { 204: z.undefined() } };
  api.delete("/shippers/:id", { schema: deleting }, async (request, reply) => {
    const principal = principalOf(request);
    const { id } = request.params;
    const removed = await removeShipper(context.store, principal.tenant, id);
    if (!removed) throw new ApiFault("HW_NOT_FOUND");
    await recordAudit(context, principal, "shipper.remove", id);
    return reply.code(204).send();
  });
}

function tokenAnswerOf({ id, document }: Versioned<StoredToken>) {
  const { name, scopes, createdAt, expiresAt } = document;
  return { id, name, scopes: [...scopes], createdAt, expiresAt };
}

function shipperAnswerOf({ id, document }: Versioned<StoredShipper>) {
  const { source, format, timeZone, ndigClass, createdAt } = document;
  return {
    ...{ id, source, timeZone, createdAt },
    ...(format === undefined ? {} : { format }),
    ...(ndigClass === undefined ? {} : { ndigClass }),
  };
}
