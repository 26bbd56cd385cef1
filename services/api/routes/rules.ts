// What detects: the loaded rules and models with their hits, and the rules that could not be loaded.
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import { reloadAnswer } from "../reload-schema.ts";
import { ruleTestAnswer, ruleTestBody } from "../rule-test-schema.ts";
import { rulesAnswer } from "../schemas.ts";

/** Registers `/rules`. */
export function registerRuleRoutes(api: Api, context: ApiContext): void {
  api.get("/rules", { schema: { response: answers(rulesAnswer) } }, (request) =>
    context.rules(principalOf(request).tenant),
  );

  api.post("/rules/reload", { schema: { response: answers(reloadAnswer) } }, (request) => {
    if (context.reloadRules === undefined) throw new ApiFault("HW_NOT_FOUND");
    return context.reloadRules(principalOf(request));
  });

  const testing = { body: ruleTestBody, response: answers(ruleTestAnswer) };
  api.post("/rules/tests", { schema: testing }, async (request) => {
    await recordAudit(context, principalOf(request), "rules.test", "rules", request.body);
    return { recordedAt: context.clock() };
  });
}
