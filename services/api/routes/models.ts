// Trained models: listing, training, judging, promoting and going back, and what the one in the shadow would
// have said. Who changes something stands in the audit chain with it.
import { z } from "zod";
import {
  MODEL_COMPARISON_KIND,
  MODEL_KIND,
  MODEL_NAMES,
  type Model,
  type ModelName,
} from "../../store/model.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import {
  comparisonAnswer,
  evaluateBody,
  modelAnswer,
  modelJob,
  modelList,
  promoteBody,
  rollbackBody,
  trainBody,
} from "../model-schemas.ts";
import { idParams } from "../schemas.ts";

/** Registers `/models`. */
export function registerModelRoutes(api: Api, context: ApiContext): void {
  const { store, models } = context;
  api.get("/models", { schema: { response: answers(modelList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const found = await Promise.all(MODEL_NAMES.map((name) => store.get(tenant, MODEL_KIND, name)));
    return {
      names: [...MODEL_NAMES],
      models: found.flatMap((one) => (one === undefined ? [] : [answerOf(one.document)])),
      jobs: [...models.jobs(tenant)],
    };
  });

  const comparing = { params: idParams, response: answers(comparisonAnswer) };
  api.get("/models/:id/comparison", { schema: comparing }, async (request) => {
    const { tenant } = principalOf(request);
    const found = await store.get(tenant, MODEL_COMPARISON_KIND, nameOf(request.params.id));
    if (found === undefined) return {};
    const { tenant: _tenant, ...comparison } = found.document;
    return { comparison };
  });

  const training = { params: idParams, body: trainBody, response: answers(modelJob) };
  api.post("/models/:id/train", { schema: training }, (request) => {
    const { tenant, actor } = principalOf(request);
    return models.train(tenant, nameOf(request.params.id), request.body, actor);
  });

  const judging = { params: idParams, body: evaluateBody, response: answers(modelJob) };
  api.post("/models/:id/evaluate", { schema: judging }, (request) => {
    const { tenant, actor } = principalOf(request);
    return models.evaluate(tenant, nameOf(request.params.id), request.body, actor);
  });

  const ending = { params: idParams, response: { 204: z.undefined() } };
  api.delete("/models/jobs/:id", { schema: ending }, async (request, reply) => {
    const principal = principalOf(request);
    const { id } = request.params;
    if (!models.cancel(principal.tenant, id)) throw new ApiFault("HW_NOT_FOUND");
    await recordAudit(context, principal, "model.cancel", id);
    return reply.code(204).send();
  });

  const promoting = { params: idParams, body: promoteBody, response: answers(modelAnswer) };
  api.post("/models/:id/promote", { schema: promoting }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { version } = request.body;
    return answerOf(await models.promote(tenant, nameOf(request.params.id), version, actor));
  });

  const back = { params: idParams, body: rollbackBody, response: answers(modelAnswer) };
  api.post("/models/:id/rollback", { schema: back }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const version = request.body?.version;
    return answerOf(await models.rollback(tenant, nameOf(request.params.id), version, actor));
  });
}

/** @throws ApiFault HW_NOT_FOUND */
function nameOf(id: string): ModelName {
  const name = MODEL_NAMES.find((one) => one === id);
  if (name === undefined) throw new ApiFault("HW_NOT_FOUND");
  return name;
}

function answerOf({ name, versions, past, changedAt }: Model): z.infer<typeof modelAnswer> {
  return { name, versions, past, changedAt };
}
