// Section 9: what the language model was asked and what of it held, what people made of it, signs that logs
// tried to steer it, outages, and the learnt models in force.
import { z } from "zod";
import { ANNOTATION_KIND, ANNOTATION_STATES } from "../../store/annotation.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { LLM_CALL_KIND, type LlmCallRecord } from "../../store/llm-call.ts";
import { isLlmOn } from "../../store/llm-switch.ts";
import { MODEL_KIND, MODEL_NAMES } from "../../store/model.ts";
import { SUSPICION_KIND, SUSPICION_KINDS } from "../../store/suspicion.ts";
import { endOf, isIn, type ReportContext } from "../context.ts";
import { durationsOf, durationsSchema } from "../durations.ts";
import { by, documentsOf, ranked, tally } from "../pages.ts";
import type { AuditCounts } from "./audit.ts";

/** Detectors that tell of logs that were written to steer whoever reads them (detectors/manipulation). */
const MANIPULATION_DETECTORS = ["instruction", "forgery", "markup"].map(
  (kind) => `heidewacht.manipulation.${kind}`,
);
/** Outcomes in which the model gave an answer at all. */
const ANSWERED: ReadonlySet<string> = new Set(["verified", "replaced"]);
/** Outcomes that say that the model's server was not there. */
const AWAY: ReadonlySet<string> = new Set([
  "unreachable",
  "timeout",
  "overloaded",
  "server_error",
  "circuit_open",
]);

const count = z.number().int();
const counted = z.array(z.object({ name: z.string(), n: count }));

export const aiSchema = z.object({
  calls: count,
  /** By outcome and by model, largest first. */
  byOutcome: counted,
  byModel: counted,
  verified: count,
  replaced: count,
  failed: count,
  /** Statements of the model, those that did not hold, and why. */
  claims: z.object({ total: count, dropped: count, byReason: counted }),
  /** Hidden characters taken out of log values. */
  removedCharacters: count,
  duration: durationsSchema,
  /** Stretches in which no call came through. */
  outages: z.object({ n: count, longestMs: z.number().nullable(), totalMs: z.number() }),
  /** What people made of answers, of those made in the period. */
  decisions: z.array(z.object({ state: z.enum(ANNOTATION_STATES), n: count })),
  /** Findings about logs that try to steer. */
  manipulations: count,
  suspicions: z.array(
    z.object({ kind: z.enum(SUSPICION_KINDS), reported: count, delivered: count }),
  ),
  switched: count,
  promotions: z.array(
    z.object({ name: z.enum(MODEL_NAMES), version: count, at: z.number(), hash: z.string() }),
  ),
  state: z.object({
    /** As configured; null: there is none. */
    model: z.string().nullable(),
    isOn: z.boolean(),
    learnt: z.array(
      z.object({
        name: z.enum(MODEL_NAMES),
        version: count,
        trainedAt: z.number(),
        hash: z.string(),
        recallAtFpr1pct: z.number(),
        auroc: z.number(),
      }),
    ),
  }),
});
export type AiData = z.infer<typeof aiSchema>;

export async function collectAi(context: ReportContext, audit: AuditCounts): Promise<AiData> {
  const { store, tenant, period, llmModel } = context;
  const span = { gte: period.from, lt: endOf(context) };
  const manipulations = await store.count(tenant.id, FINDING_KIND, "detector", {
    terms: { detector: MANIPULATION_DETECTORS },
    ranges: { raisedAt: span },
  });
  const states = await store.count(tenant.id, ANNOTATION_KIND, "state", {
    ranges: { createdAt: span },
  });
  return {
    ...(await callsOf(context)),
    decisions: ANNOTATION_STATES.map((state) => ({
      state,
      n: states.find(({ value }) => value === state)?.documents ?? 0,
    })),
    manipulations: manipulations.reduce((sum, { documents }) => sum + documents, 0),
    suspicions: await suspicionsOf(context),
    switched: audit.n("llm.switch"),
    ...(await modelsOf(context)),
    state: {
      model: llmModel ?? null,
      isOn: llmModel !== undefined && (await isLlmOn(store, tenant.id)),
      learnt: await learntOf(context),
    },
  };
}

async function callsOf(context: ReportContext) {
  const { store, tenant, period } = context;
  const outcomes = new Map<string, number>();
  const models = new Map<string, number>();
  const dropped = new Map<string, number>();
  const spans: number[] = [];
  const outage = outageWatch();
  const sums = { calls: 0, total: 0, removedCharacters: 0 };
  const query = { ranges: { at: { gte: period.from, lt: endOf(context) } }, sort: by("at") };
  for await (const call of documentsOf<LlmCallRecord>(store, tenant.id, LLM_CALL_KIND, query)) {
    sums.calls += 1;
    sums.total += call.verification?.total ?? 0;
    sums.removedCharacters += call.removedCharacters;
    tally(outcomes, call.outcome);
    tally(models, call.model);
    for (const [reason, n] of Object.entries(call.verification?.dropped ?? {}))
      tally(dropped, reason, n);
    if (ANSWERED.has(call.outcome)) spans.push(call.durationMs);
    outage.take(call.at, AWAY.has(call.outcome));
  }
  const n = (outcome: string) => outcomes.get(outcome) ?? 0;
  const byReason = ranked(dropped);
  return {
    calls: sums.calls,
    ...{ byOutcome: ranked(outcomes), byModel: ranked(models) },
    ...{ verified: n("verified"), replaced: n("replaced") },
    failed: sums.calls - n("verified") - n("replaced"),
    claims: { total: sums.total, dropped: byReason.reduce((sum, one) => sum + one.n, 0), byReason },
    removedCharacters: sums.removedCharacters,
    duration: durationsOf(spans),
    outages: outage.result(endOf(context)),
  };
}

/** From the first call that did not come through to the next one that did. */
function outageWatch() {
  const found: number[] = [];
  let since: number | undefined;
  return {
    take(at: number, isAway: boolean) {
      if (isAway) since ??= at;
      else if (since !== undefined) {
        found.push(at - since);
        since = undefined;
      }
    },
    result(end: number): AiData["outages"] {
      const all = since === undefined ? found : [...found, end - since];
      const totalMs = all.reduce((sum, one) => sum + one, 0);
      return { n: all.length, longestMs: all.length === 0 ? null : Math.max(...all), totalMs };
    },
  };
}

async function suspicionsOf(context: ReportContext): Promise<AiData["suspicions"]> {
  const { store, tenant, period } = context;
  const rows = SUSPICION_KINDS.map((kind) => ({ kind, reported: 0, delivered: 0 }));
  const ranges = { createdAt: { gte: period.from, lt: endOf(context) } };
  for await (const one of documentsOf(store, tenant.id, SUSPICION_KIND, {
    ranges,
    sort: by("createdAt"),
  })) {
    const row = rows.find(({ kind }) => kind === one.kind);
    if (row === undefined) continue;
    row.reported += 1;
    if (one.delivered.mail !== undefined || one.delivered.webhook !== undefined) row.delivered += 1;
  }
  return rows.filter(({ reported }) => reported > 0);
}

async function modelsOf(context: ReportContext): Promise<Pick<AiData, "promotions">> {
  const { store, tenant } = context;
  const promotions: AiData["promotions"] = [];
  for await (const { name, versions } of documentsOf(store, tenant.id, MODEL_KIND, {
    sort: by("name"),
  })) {
    for (const { version, promotedAt, hash } of versions) {
      if (promotedAt !== undefined && isIn(promotedAt, context))
        promotions.push({ name, version, at: promotedAt, hash });
    }
  }
  return { promotions };
}

async function learntOf({ store, tenant }: ReportContext): Promise<AiData["state"]["learnt"]> {
  const learnt: AiData["state"]["learnt"] = [];
  for await (const { name, versions } of documentsOf(store, tenant.id, MODEL_KIND, {
    sort: by("name"),
  })) {
    const active = versions.find(({ state }) => state === "active");
    if (active === undefined) continue;
    const { version, trainedAt, hash, metrics } = active;
    const { recallAtFpr1pct, auroc } = metrics;
    learnt.push({ name, version, trainedAt, hash, recallAtFpr1pct, auroc });
  }
  return learnt;
}
