// Maintenance windows: listing, previewing, planning, agreeing and ending. Each change takes effect on the
// findings before the answer goes out.
import {
  agreeToMaintenance,
  endMaintenance,
  listMaintenance,
  maintenanceState,
  planMaintenance,
  previewMaintenance,
} from "../../cases/maintenance.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { type Maintenance, nextTurn } from "../../store/maintenance.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import {
  agreeBody,
  endMaintenanceBody,
  hiddenPreview,
  type MaintenanceAnswer,
  maintenanceAnswer,
  maintenanceBody,
  maintenanceList,
  maintenancePreviewBody,
} from "../exception-schemas.ts";
import { findingRowOf } from "../finding-search.ts";
import { principalOf } from "../guard.ts";
import { actorOf, checkOwner, refusable } from "../proposals.ts";
import { idParams } from "../schemas.ts";

const WINDOWS_LISTED_MAX = 500;
const TIME_ZONE = "Europe/Berlin";

/** Registers `/maintenance`. */
export function registerMaintenanceRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get("/maintenance", { schema: { response: answers(maintenanceList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const at = context.clock();
    const hidden = await hiddenCounts(context, tenant);
    const { maintenance, truncated } = await listMaintenance(store, tenant, WINDOWS_LISTED_MAX);
    return { at, maintenance: maintenance.map((one) => answerOf(one, at, hidden)), truncated };
  });

  const previewing = { body: maintenancePreviewBody, response: answers(hiddenPreview) };
  api.post("/maintenance/preview", { schema: previewing }, async (request) => {
    const { tenant } = principalOf(request);
    const preview = await previewMaintenance(store, tenant, request.body, context.clock());
    const { truePositives, examples, ...rest } = preview;
    return {
      ...rest,
      truePositives: truePositives.map(findingRowOf),
      examples: examples.map(findingRowOf),
    };
  });

  registerChanges(api, context);
}

function registerChanges(api: Api, context: ApiContext): void {
  const { store, options } = context;
  const settled = async (maintenance: Maintenance): Promise<MaintenanceAnswer> => {
    const { tenant } = maintenance;
    await context.triage.maintenanceChanged(tenant, maintenance);
    return answerOf(maintenance, context.clock(), await hiddenCounts(context, tenant));
  };

  const planning = { body: maintenanceBody, response: answers(maintenanceAnswer) };
  api.post("/maintenance", { schema: planning }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const { tenant } = principal;
      await checkOwner(context, tenant, request.body.owner);
      const by = await actorOf(context, principal);
      const timeZone = options.timeZoneOf?.(tenant) ?? TIME_ZONE;
      return settled((await planMaintenance(store, tenant, request.body, timeZone, by)).document);
    }),
  );

  const agreeing = { params: idParams, body: agreeBody, response: answers(maintenanceAnswer) };
  api.post("/maintenance/:id/agree", { schema: agreeing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = await actorOf(context, principal);
      const { id } = request.params;
      return settled((await agreeToMaintenance(store, principal.tenant, id, by)).document);
    }),
  );

  const ending = {
    ...{ params: idParams, body: endMaintenanceBody },
    response: answers(maintenanceAnswer),
  };
  api.post("/maintenance/:id/end", { schema: ending }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = { ...(await actorOf(context, principal)), withdraw: request.body.withdraw };
      const { id } = request.params;
      return settled((await endMaintenance(store, principal.tenant, id, by)).document);
    }),
  );
}

function answerOf(
  maintenance: Maintenance,
  now: number,
  hidden: ReadonlyMap<string, number>,
): MaintenanceAnswer {
  const { tenant: _tenant, ...rest } = maintenance;
  const next = nextTurn(maintenance, now);
  return {
    ...rest,
    state: maintenanceState(maintenance, now),
    ...(next === undefined ? {} : { next }),
    findings: hidden.get(maintenance.id) ?? 0,
  };
}

/** How many findings each window hides: id → number. */
async function hiddenCounts(context: ApiContext, tenant: string): Promise<Map<string, number>> {
  const counted = await context.store.count(tenant, FINDING_KIND, "maintenanceBy", {});
  return new Map(counted.map(({ value, documents }) => [value, documents]));
}
