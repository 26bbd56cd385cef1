// What detects: the loaded rules and models with their hits, and the rules that could not be loaded.
import { type Api, type ApiContext, answers } from "../context.ts";
import { principalOf } from "../guard.ts";
import { rulesAnswer } from "../schemas.ts";

/** Registers `/rules`. */
export function registerRuleRoutes(api: Api, context: ApiContext): void {
  api.get("/rules", { schema: { response: answers(rulesAnswer) } }, (request) =>
    context.rules(principalOf(request).tenant),
  );
}
