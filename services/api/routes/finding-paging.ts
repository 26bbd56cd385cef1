// Paging of one finding: who was called and who is next, and the answer of somebody who is signed in.
import { answer } from "../../paging/answers.ts";
import { findingBoard } from "../../paging/finding-board.ts";
import { type Recorded, recordAnswer } from "../../paging/record-answer.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { PageAnswer } from "../../store/paging.ts";
import { nameKey } from "../accounts.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { type Principal, principalOf } from "../guard.ts";
import { onCallOf, tenantPaging } from "../on-call-setup.ts";
import { findingPagingAnswer, pageAnswerBody } from "../paging-schemas.ts";
import { idParams } from "../schemas.ts";

/** Registers `/findings/:id/paging` and its answer. */
export function registerFindingPagingRoutes(api: Api, context: ApiContext): void {
  const reading = { params: idParams, response: answers(findingPagingAnswer) };
  api.get("/findings/:id/paging", { schema: reading }, (request) => {
    const { tenant } = principalOf(request);
    return boardOf(context, tenant, request.params.id);
  });

  const answering = {
    ...{ params: idParams, body: pageAnswerBody },
    response: answers(findingPagingAnswer),
  };
  api.post("/findings/:id/page-answer", { schema: answering }, async (request) => {
    const principal = principalOf(request);
    const { id } = request.params;
    const { tenant, actor } = principal;
    const at = context.clock();
    const person = personBehind(context, principal);
    const given: PageAnswer = {
      ...{ kind: request.body.kind, at, account: actor, via: "console" },
      ...(person === undefined ? {} : { person }),
    };
    const about = { tenant, finding: id };
    refuse(await recordAnswer(context.store, about, { actor, at }, () => given));
    return boardOf(context, tenant, id);
  });
}

async function boardOf(context: ApiContext, tenant: string, id: string) {
  const found = await context.store.get(tenant, FINDING_KIND, id);
  if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
  const at = context.clock();
  const board = await findingBoard(context.store, onCallOf(context, tenant), found.document, at);
  const given = { kind: "acknowledged", at, via: "console" } as const;
  const next = answer(found.document, given, at);
  return { ...board, isAwaited: next !== undefined && next !== found.document.paging };
}

/** Configured person whose account answers; a program is nobody. */
function personBehind(context: ApiContext, { tenant, session }: Principal): string | undefined {
  const name = session?.account.document.name;
  if (name === undefined) return undefined;
  const people = Object.entries(tenantPaging(context.paging, tenant)?.people ?? {});
  return people.find(
    ([, { account }]) => account !== undefined && nameKey(account) === nameKey(name),
  )?.[0];
}

function refuse(recorded: Recorded): void {
  if (recorded === "missing") throw new ApiFault("HW_NOT_FOUND");
  if (recorded === "not_paged") {
    throw new ApiFault("HW_CONFLICT", { text: (m) => m.onCall.notPaged });
  }
  if (recorded !== "written") {
    throw new ApiFault("HW_CONFLICT", { text: (m) => m.onCall.nothingAwaited });
  }
}
