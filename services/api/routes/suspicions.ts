// One key for analysts: reports that a log seems to steer the language model, that people are treated
// differently, or that it is wrong. The report is stored at once and sent behind it.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { listSuspicions, reportSuspicion } from "../../cases/suspicion-report.ts";
import { shownValue } from "../../llm/clean.ts";
import { createTokens } from "../../privacy/tokens.ts";
import { SUSPICION_KINDS, suspicionSchema } from "../../store/suspicion.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";
import { pageQuery } from "../incident-schemas.ts";
import { idParams, listParam } from "../schemas.ts";

const COMMENT_CHARACTERS_MAX = 2000;

const suspicionBody = z.strictObject({
  kind: z.enum(SUSPICION_KINDS),
  comment: z.string().trim().max(COMMENT_CHARACTERS_MAX).default(""),
  /** The suggestion that is meant, where there are several. */
  annotation: z.string().max(200).optional(),
});
const suspicionAnswer = z.object({
  id: z.string(),
  kind: z.enum(SUSPICION_KINDS),
  finding: z.string(),
  createdAt: z.number(),
  /** What goes out of what was seen. */
  seen: z.array(z.object({ field: z.string(), sign: z.string(), excerpt: z.string() })),
  pending: z.boolean(),
});

const suspicionsQuery = pageQuery.extend({
  kind: listParam(SUSPICION_KINDS).optional(),
  finding: z.string().max(200).optional(),
});
/** Newest first. Who reported it stands in the audit alone, and how often it was tried concerns nobody. */
const suspicionPage = z.object({
  suspicions: z.array(
    suspicionSchema.omit({ tenant: true, createdBy: true, attempts: true, nextAt: true }),
  ),
  total: z.number().int(),
  cursor: z.string().optional(),
});

/** Registers `/findings/:id/suspicions` and `/suspicions`. */
export function registerSuspicionRoutes(api: Api, context: ApiContext): void {
  const schema = { params: idParams, body: suspicionBody, response: answers(suspicionAnswer) };
  api.post("/findings/:id/suspicions", { schema }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { kind, comment, annotation } = request.body;
    const tokens = createTokens();
    const { id, finding, createdAt, seen, pending } = await reportSuspicion(
      context.store,
      tenant,
      { id: randomUUID(), finding: request.params.id, kind, comment, annotation },
      { at: context.clock(), actor },
      (text) => shownValue(tokens.text(text)),
    );
    return { id, kind, finding, createdAt, seen, pending };
  });

  const listing = { querystring: suspicionsQuery, response: answers(suspicionPage) };
  api.get("/suspicions", { schema: listing }, async (request) => {
    const { tenant } = principalOf(request);
    const { hits, total, cursor } = await listSuspicions(context.store, tenant, request.query);
    const suspicions = hits.map(({ document }) => document);
    return { suspicions, total, ...(cursor === undefined ? {} : { cursor }) };
  });
}
