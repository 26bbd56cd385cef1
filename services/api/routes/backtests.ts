// Backtests: rules over the archive or over lines that are sent along. One is started, watched, read and
// cancelled; it runs beside detection and never changes anything.
import { z } from "zod";
import {
  BACKTEST_BODY_BYTES_MAX,
  backtestBody,
  backtestJob,
  backtestList,
} from "../backtest-schemas.ts";
import { type Api, type ApiContext, answers, recordAudit } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import { idParams } from "../schemas.ts";

/** Registers `/backtests`. */
export function registerBacktestRoutes(api: Api, context: ApiContext): void {
  const { backtests } = context;
  const starting = { body: backtestBody, response: answers(backtestJob) };
  const options = { schema: starting, bodyLimit: BACKTEST_BODY_BYTES_MAX };
  api.post("/backtests", options, async (request) => {
    const principal = principalOf(request);
    const job = backtests.start(principal.tenant, request.body);
    const { ids, pack, range, lines } = request.body;
    await recordAudit(context, principal, "backtest.start", job.id, {
      rules: pack === true ? "all" : (ids ?? "text"),
      over: range ?? { characters: lines?.length ?? 0 },
    });
    return job;
  });

  api.get("/backtests", { schema: { response: answers(backtestList) } }, (request) => ({
    backtests: [...backtests.list(principalOf(request).tenant)],
  }));

  const reading = { params: idParams, response: answers(backtestJob) };
  api.get("/backtests/:id", { schema: reading }, (request) => {
    const job = backtests.get(principalOf(request).tenant, request.params.id);
    if (job === undefined) throw new ApiFault("HW_NOT_FOUND");
    return job;
  });

  const removing = { params: idParams, response: { 204: z.undefined() } };
  api.delete("/backtests/:id", { schema: removing }, async (request, reply) => {
    const principal = principalOf(request);
    const { id } = request.params;
    if (!backtests.remove(principal.tenant, id)) throw new ApiFault("HW_NOT_FOUND");
    await recordAudit(context, principal, "backtest.remove", id);
    return reply.code(204).send();
  });
}
