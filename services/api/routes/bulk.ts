// Changing many findings at once: first a preview that freezes the selection, then exactly that set as a job
// that survives a restart, and for ten minutes the way back.
import type { z } from "zod";
import { type BulkJob, UNDO_MS } from "../../cases/bulk-job.ts";
import { forgetOldJobs, jobOf, startBulk, undoBulk } from "../../cases/bulk-jobs.ts";
import { previewBulk } from "../../cases/bulk-preview.ts";
import { createBulkRunner } from "../../cases/bulk-run.ts";
import { withMoves } from "../../store/identity-moves.ts";
import {
  bulkJobAnswer,
  bulkPreviewAnswer,
  bulkPreviewBody,
  bulkStartBody,
} from "../bulk-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { checkAssignee, sayRefusals } from "../finding-refusals.ts";
import { findingRowOf, findingSearch } from "../finding-search.ts";
import { principalOf } from "../guard.ts";
import { idParams } from "../schemas.ts";

/** What a process has begun and left is gone on with by whichever looks next. */
const LOOK_MS = 60_000;

/** Registers `/findings/bulk`. */
export function registerBulkRoutes(api: Api, context: ApiContext): void {
  const { store, clock, triage } = context;
  const onError = (error: unknown) => api.log.error({ err: error }, "a bulk change failed");
  const runner = createBulkRunner({ store, clock, follow: triage.findingsChanged, onError });
  const resume = () => void runner.resume().catch(onError);
  let timer: NodeJS.Timeout | undefined;
  api.addHook("onListen", async () => {
    resume();
    timer = setInterval(resume, LOOK_MS).unref();
  });
  api.addHook("preClose", async () => {
    clearInterval(timer);
    await runner.close();
  });

  registerPreview(api, context);

  const starting = { body: bulkStartBody, response: answers(bulkJobAnswer) };
  api.post("/findings/bulk", { schema: starting }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { job: id, setHash } = request.body;
    const by = { at: clock(), actor };
    const job = await sayRefusals(() => startBulk(store, tenant, { id, setHash }, by));
    runner.start(tenant, id);
    return answerOf(job);
  });

  const byId = { params: idParams, response: answers(bulkJobAnswer) };
  api.get("/findings/bulk/:id", { schema: byId }, async (request) => {
    const { tenant } = principalOf(request);
    const { document } = await sayRefusals(() => jobOf(store, tenant, request.params.id));
    return answerOf(document);
  });

  api.post("/findings/bulk/:id/undo", { schema: byId }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { id } = request.params;
    const job = await sayRefusals(() => undoBulk(store, tenant, id, { at: clock(), actor }));
    runner.start(tenant, id);
    return answerOf(job);
  });
}

function registerPreview(api: Api, { store, clock }: ApiContext): void {
  const previewing = { body: bulkPreviewBody, response: answers(bulkPreviewAnswer) };
  api.post("/findings/bulk/preview", { schema: previewing }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { change, filter, ids } = request.body;
    // Neither would be all findings, both would be neither.
    if ((filter === undefined) === (ids === undefined))
      throw new ApiFault("HW_REQUEST_INVALID", { place: "body/filter" });
    const at = clock();
    await forgetOldJobs(store, tenant, at);
    const found = findingSearch({ ...filter, sort: "score", limit: 1 });
    const { terms, ranges, text } = await withMoves(store, tenant, found);
    const search = {
      ...(terms === undefined ? {} : { terms }),
      ...(ranges === undefined ? {} : { ranges }),
      ...(text === undefined ? {} : { text }),
    };
    const asked = { change, ...(ids === undefined ? { filter: search } : { ids }) };
    const { job, sample, warnings } = await sayRefusals(async () => {
      if (change.type === "assign") await checkAssignee(store, tenant, change.assignee);
      return previewBulk(store, tenant, asked, { at, actor });
    });
    const { id, total, setHash } = job;
    return { job: id, total, setHash, sample: sample.map(findingRowOf), warnings };
  });
}

function answerOf(job: BulkJob): z.infer<typeof bulkJobAnswer> {
  const { tenant: _tenant, beatAt: _beatAt, ...rest } = job;
  const position = (job.undo ?? job.apply)?.position ?? 0;
  const finishedAt = job.state === "done" ? job.apply?.finishedAt : undefined;
  return {
    ...rest,
    progress: position / job.chunks,
    ...(finishedAt === undefined ? {} : { undoUntil: finishedAt + UNDO_MS }),
  };
}
