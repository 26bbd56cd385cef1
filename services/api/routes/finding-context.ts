// What is known around a finding: registers, places, names of ATT&CK, the past, threat lists.
import { FINDING_KIND } from "../../store/kinds.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { findingContextAnswer } from "../finding-context-schemas.ts";
import { principalOf } from "../guard.ts";
import { idParams } from "../schemas.ts";

/** Registers `/findings/:id/context`. */
export function registerFindingContextRoutes(api: Api, context: ApiContext): void {
  const schema = { params: idParams, response: answers(findingContextAnswer) };
  api.get("/findings/:id/context", { schema }, async (request) => {
    const { tenant } = principalOf(request);
    const found = await context.store.get(tenant, FINDING_KIND, request.params.id);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    return context.findingContext(tenant, found);
  });
}
