// The language model itself: the tenant's switch, and the log of its calls for those who watch over it.
import { LLM_CALL_KIND } from "../../store/llm-call.ts";
import { withDecision } from "../../store/llm-decision.ts";
import { isLlmOn, switchLlm } from "../../store/llm-switch.ts";
import { callPage, callsQuery, switchAnswer, switchBody } from "../annotation-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";

/** Registers `/llm`. */
export function registerLlmRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  const asking = { response: answers(switchAnswer) };
  api.get("/llm/switch", { schema: asking }, async (request) => ({
    on: await isLlmOn(store, principalOf(request).tenant),
  }));

  const switching = { body: switchBody, response: answers(switchAnswer) };
  api.put("/llm/switch", { schema: switching }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { on } = request.body;
    await switchLlm(store, tenant, on, { at: context.clock(), actor });
    return { on };
  });

  const listing = { querystring: callsQuery, response: answers(callPage) };
  api.get("/llm/calls", { schema: listing }, async (request) => {
    const { tenant } = principalOf(request);
    const { from, to, limit, cursor } = request.query;
    const page = await store.search(tenant, LLM_CALL_KIND, {
      ranges: { at: { gte: from, ...(to === undefined ? {} : { lt: to }) } },
      sort: [{ field: "at", order: "asc" }],
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const calls = page.hits.map(({ document }) => withDecision(store, document));
    return {
      calls: await Promise.all(calls),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  });
}
