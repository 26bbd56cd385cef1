// Comments on findings and incidents: reading and writing, never changing.
import { addComment, type Comment, listComments } from "../../cases/comments.ts";
import { getIncident } from "../../cases/incident-write.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { type Principal, principalOf } from "../guard.ts";
import { deskOf, sayCaseFaults } from "../incident-answers.ts";
import { commentAnswer, commentBody, commentPage, pageQuery } from "../incident-schemas.ts";
import { idParams } from "../schemas.ts";

/** Registers `/findings/:id/comments` and `/incidents/:id/comments`. */
export function registerCommentRoutes(api: Api, context: ApiContext): void {
  registerFor(api, context, "finding", async ({ tenant }, id) => {
    if ((await context.store.get(tenant, FINDING_KIND, id)) === undefined) {
      throw new ApiFault("HW_NOT_FOUND");
    }
  });
  registerFor(api, context, "incident", async (principal, id) => {
    await sayCaseFaults(context, () => getIncident(deskOf(context, principal), id));
  });
}

function registerFor(
  api: Api,
  context: ApiContext,
  subjectKind: Comment["subjectKind"],
  requireSubject: (principal: Principal, id: string) => Promise<void>,
): void {
  const path = `/${subjectKind}s/:id/comments`;
  const schema = { params: idParams };
  const listing = { ...schema, querystring: pageQuery, response: answers(commentPage) };
  api.get(path, { schema: listing }, async (request) => {
    const principal = principalOf(request);
    const { id } = request.params;
    await requireSubject(principal, id);
    const desk = deskOf(context, principal);
    const page = await listComments(desk, { subjectKind, subjectId: id }, request.query);
    return {
      comments: page.hits.map(({ document }) => answerOf(document)),
      total: page.total,
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  });

  const writing = { ...schema, body: commentBody, response: answers(commentAnswer) };
  api.post(path, { schema: writing }, async (request) => {
    const principal = principalOf(request);
    const { id } = request.params;
    await requireSubject(principal, id);
    const subject = { subjectKind, subjectId: id };
    const desk = deskOf(context, principal);
    return answerOf((await addComment(desk, subject, request.body.text)).document);
  });
}

function answerOf({ id, text, at, by }: Comment) {
  return { id, text, at, by };
}
