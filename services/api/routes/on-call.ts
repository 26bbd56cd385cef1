// Duty: who has it now, shifts and gaps of the next weeks, and overrides of them.
import { dutyNow, dutyWeeks, personOf } from "../../paging/duty-board.ts";
import { endOverride, makeOverride } from "../../paging/swap-duty.ts";
import { DUTY_OVERRIDE_KIND, type DutyOverride, endOfOverride } from "../../store/duty-override.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import {
  type OverrideAnswer,
  onCallAnswer,
  overrideAnswer,
  overrideBody,
  overrideList,
  shiftsAnswer,
  shiftsQuery,
} from "../on-call-schemas.ts";
import { onCallOf } from "../on-call-setup.ts";
import { idParams } from "../schemas.ts";

const OVERRIDES_LISTED_MAX = 200;

/** Registers `/on-call` but for the calendars. */
export function registerOnCallRoutes(api: Api, context: ApiContext): void {
  const { clock, store } = context;
  api.get("/on-call", { schema: { response: answers(onCallAnswer) } }, async (request) => {
    const { tenant } = principalOf(request);
    return dutyNow(store, onCallOf(context, tenant), clock());
  });

  const looking = { querystring: shiftsQuery, response: answers(shiftsAnswer) };
  api.get("/on-call/shifts", { schema: looking }, async (request) => {
    const { tenant } = principalOf(request);
    return dutyWeeks(store, onCallOf(context, tenant), clock(), request.query.weeks);
  });

  registerOverrides(api, context);
}

function registerOverrides(api: Api, context: ApiContext): void {
  const { clock, store } = context;
  const answerOf = (tenant: string, override: DutyOverride): OverrideAnswer => {
    const { tenant: _tenant, ...rest } = override;
    const personName = personOf(onCallOf(context, tenant), override.person).name;
    return { ...rest, personName, state: stateOf(override, clock()) };
  };

  api.get(
    "/on-call/overrides",
    { schema: { response: answers(overrideList) } },
    async (request) => {
      const { tenant } = principalOf(request);
      const page = await store.search(tenant, DUTY_OVERRIDE_KIND, {
        sort: [{ field: "createdAt", order: "desc" }],
        limit: OVERRIDES_LISTED_MAX,
      });
      return {
        at: clock(),
        overrides: page.hits.map(({ document }) => answerOf(tenant, document)),
      };
    },
  );

  const making = { body: overrideBody, response: answers(overrideAnswer) };
  api.post("/on-call/overrides", { schema: making }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { paging } = onCallOf(context, tenant);
    const by = { at: clock(), actor };
    const made = await makeOverride(store, tenant, request.body, paging, by);
    if ("id" in made) return answerOf(tenant, made);
    const [fault = "reason_missing"] = made;
    throw new ApiFault("HW_REQUEST_INVALID", {
      text: (m) => m.onCall.overrides[fault],
      details: made,
    });
  });

  const ending = { params: idParams, response: answers(overrideAnswer) };
  api.delete("/on-call/overrides/:id", { schema: ending }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const ended = await endOverride(store, tenant, request.params.id, { at: clock(), actor });
    if (ended === undefined) throw new ApiFault("HW_NOT_FOUND");
    if (ended === "over") throw new ApiFault("HW_CONFLICT", { text: (m) => m.onCall.overrideOver });
    return answerOf(tenant, ended);
  });
}

function stateOf(override: DutyOverride, now: number): OverrideAnswer["state"] {
  if (now >= endOfOverride(override) || endOfOverride(override) === override.from) return "over";
  return now < override.from ? "planned" : "running";
}
