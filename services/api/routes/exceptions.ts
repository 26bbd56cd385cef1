// Exceptions from false positives: listing, previewing, proposing, agreeing and withdrawing. Each change takes
// effect on the findings before the answer goes out.
import {
  agreeToException,
  exceptionState,
  listExceptions,
  previewException,
  proposeException,
  withdrawException,
} from "../../cases/exception.ts";
import type { Exception } from "../../store/exception.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import {
  agreeBody,
  type ExceptionAnswer,
  exceptionAnswer,
  exceptionBody,
  exceptionList,
  exceptionPreviewBody,
  hiddenPreview,
  withdrawBody,
} from "../exception-schemas.ts";
import { findingRowOf } from "../finding-search.ts";
import { principalOf } from "../guard.ts";
import { actorOf, checkOwner, refusable } from "../proposals.ts";
import { idParams } from "../schemas.ts";

const EXCEPTIONS_LISTED_MAX = 500;

/** Registers `/exceptions`. */
export function registerExceptionRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get("/exceptions", { schema: { response: answers(exceptionList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const at = context.clock();
    const hidden = await hiddenCounts(context, tenant);
    const { exceptions, truncated } = await listExceptions(store, tenant, EXCEPTIONS_LISTED_MAX);
    return { at, exceptions: exceptions.map((one) => answerOf(one, at, hidden)), truncated };
  });

  const previewing = { body: exceptionPreviewBody, response: answers(hiddenPreview) };
  api.post("/exceptions/preview", { schema: previewing }, (request) =>
    refusable(context, async () => {
      const { tenant } = principalOf(request);
      const preview = await previewException(store, tenant, request.body, context.clock());
      const { truePositives, examples, ...rest } = preview;
      return {
        ...rest,
        truePositives: truePositives.map(findingRowOf),
        examples: examples.map(findingRowOf),
      };
    }),
  );

  registerChanges(api, context);
}

function registerChanges(api: Api, context: ApiContext): void {
  const { store } = context;
  const settled = async (exception: Exception): Promise<ExceptionAnswer> => {
    const { tenant } = exception;
    await context.triage.exceptionChanged(tenant, exception);
    return answerOf(exception, context.clock(), await hiddenCounts(context, tenant));
  };

  const proposing = { body: exceptionBody, response: answers(exceptionAnswer) };
  api.post("/exceptions", { schema: proposing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const { tenant } = principal;
      await checkOwner(context, tenant, request.body.owner);
      const by = await actorOf(context, principal);
      return settled((await proposeException(store, tenant, request.body, by)).document);
    }),
  );

  const agreeing = { params: idParams, body: agreeBody, response: answers(exceptionAnswer) };
  api.post("/exceptions/:id/agree", { schema: agreeing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = await actorOf(context, principal);
      const { id } = request.params;
      return settled((await agreeToException(store, principal.tenant, id, by)).document);
    }),
  );

  const withdrawing = { params: idParams, body: withdrawBody, response: answers(exceptionAnswer) };
  api.post("/exceptions/:id/withdraw", { schema: withdrawing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = { ...(await actorOf(context, principal)), reason: request.body.reason };
      const { id } = request.params;
      return settled((await withdrawException(store, principal.tenant, id, by)).document);
    }),
  );
}

function answerOf(
  exception: Exception,
  now: number,
  hidden: ReadonlyMap<string, number>,
): ExceptionAnswer {
  const { tenant: _tenant, ...rest } = exception;
  const findings = hidden.get(exception.id) ?? 0;
  return { ...rest, state: exceptionState(exception, now), findings };
}

/** How many findings each exception hides: id → number. */
async function hiddenCounts(context: ApiContext, tenant: string): Promise<Map<string, number>> {
  const counted = await context.store.count(tenant, FINDING_KIND, "exceptedBy", {});
  return new Map(counted.map(({ value, documents }) => [value, documents]));
}
