// Silences: listing, previewing, making and ending them. Each change is written with its audit entry and
// takes effect on the findings before the answer goes out.
import { randomUUID } from "node:crypto";
import { SILENCE_KIND } from "../../store/kinds.ts";
import type { Silence } from "../../store/silence.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import { idParams } from "../schemas.ts";
import {
  endSilenceBody,
  previewBody,
  silenceAnswer,
  silenceBody,
  silenceList,
  silencePreview,
} from "../silence-schemas.ts";
import {
  endSilence,
  hiddenFindings,
  listSilences,
  previewSilence,
  silenceAnswerOf,
  silenceSpan,
} from "../silences.ts";

const SILENCES_LISTED_MAX = 500;

/** Registers `/silences`. */
export function registerSilenceRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get("/silences", { schema: { response: answers(silenceList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const at = context.clock();
    const hidden = await hiddenFindings(store, tenant);
    const { silences, truncated } = await listSilences(store, tenant, SILENCES_LISTED_MAX);
    return {
      at,
      silences: silences.map((one) => silenceAnswerOf(one, at, hidden.get(one.id) ?? 0)),
      truncated,
    };
  });

  const previewing = { body: previewBody, response: answers(silencePreview) };
  api.post("/silences/preview", { schema: previewing }, (request) => {
    const { matchers, from, until } = request.body;
    const now = context.clock();
    const asked = { matchers, from: from ?? now, until };
    return previewSilence(store, principalOf(request).tenant, asked, now);
  });

  registerChanges(api, context);
}

function registerChanges(api: Api, context: ApiContext): void {
  const { store } = context;
  const answer = async (silence: Silence) => {
    const hidden = await hiddenFindings(store, silence.tenant);
    return silenceAnswerOf(silence, context.clock(), hidden.get(silence.id) ?? 0);
  };

  const making = { body: silenceBody, response: answers(silenceAnswer) };
  api.post("/silences", { schema: making }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const { matchers, reason, ...span } = request.body;
    const createdAt = context.clock();
    const { from, until } = silenceSpan(span, createdAt);
    const id = randomUUID();
    const silence = { id, tenant, matchers, from, until, reason, createdAt, createdBy: actor };
    await store.create(tenant, SILENCE_KIND, id, silence, {
      ...{ at: createdAt, actor, action: "silence.create", subject: id },
      payload: { matchers, from, until, reason },
    });
    await context.triage.silenceChanged(tenant, silence);
    return answer(silence);
  });

  const ending = { params: idParams, body: endSilenceBody, response: answers(silenceAnswer) };
  api.post("/silences/:id/end", { schema: ending }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const present = await store.get(tenant, SILENCE_KIND, request.params.id);
    if (present === undefined) throw new ApiFault("HW_NOT_FOUND");
    const { withdraw } = request.body;
    const at = context.clock();
    const silence = endSilence(present.document, { at, actor, withdraw });
    const { endedAt } = silence;
    await store.replace(tenant, SILENCE_KIND, present.id, silence, present.version, {
      ...{ at, actor, action: "silence.end", subject: present.id },
      payload: { endedAt, withdraw },
    });
    await context.triage.silenceChanged(tenant, silence);
    return answer(silence);
  });
}
