// Section 5: which logs were to come and which came. What is known of a source is its present state; how it
// fared in the period is known by its gaps and by the findings that told of silence and unreadable lines.
import { z } from "zod";
import { FINDING_KIND } from "../../store/kinds.ts";
import { endOf, type ReportContext } from "../context.ts";
import { gapsSchema, type gapsTaker } from "./gaps.ts";

/** Rules of the starter pack that tell that a source fell silent, and that a log can't be read. */
const SILENCE_RULE = "2c29cae9-456c-43c1-af7d-53e9b2af5e9c";
const UNREADABLE_RULE = "c7985b0f-699c-4af6-a34d-59a1608559e2";
/** Beyond it a clock counts as wrong (BSI OPS.1.1.5.A4). */
const SKEW_MS_MAX = 5000;

const number = z.number().nullable();
const count = z.number().int();

const sourceSchema = z.object({
  name: z.string(),
  state: z.enum(["never", "silent", "unreadable", "clock", "learning", "well"]),
  inputs: z.array(z.string()),
  ndigClass: number,
  dataClass: z.string().nullable(),
  firstSeenAt: number,
  lastSeenAt: number,
  records: count,
  failed: count,
  parseShare: number,
  lagMedianMs: number,
  lagMaxMs: number,
  skewMs: number,
  silentSince: number,
});

export const sourcesSchema = z.object({
  /** Findings of the period. */
  silences: count,
  unreadable: count,
  gaps: gapsSchema,
  state: z.object({
    expected: count,
    seen: count,
    silent: count,
    withoutClass: count,
    wrongClock: count,
    sources: z.array(sourceSchema),
  }),
});
export type SourcesData = z.infer<typeof sourcesSchema>;

export async function collectSources(
  context: ReportContext,
  gaps: ReturnType<typeof gapsTaker>,
): Promise<SourcesData> {
  const { store, tenant, period } = context;
  const found = await context.sources();
  const raised = await store.count(tenant.id, FINDING_KIND, "detector", {
    terms: { detector: [SILENCE_RULE, UNREADABLE_RULE] },
    ranges: { raisedAt: { gte: period.from, lt: endOf(context) } },
  });
  const of = (rule: string) => raised.find(({ value }) => value === rule)?.documents ?? 0;
  const sources = found.map((one) => ({
    ...{ name: one.name, state: one.state, inputs: [...one.inputs] },
    ndigClass: one.ndigClass ?? null,
    dataClass: one.dataClass ?? null,
    firstSeenAt: one.firstSeenAt ?? null,
    lastSeenAt: one.lastSeenAt ?? null,
    ...{ records: one.records, failed: one.failed },
    parseShare: one.parseShare ?? null,
    lagMedianMs: one.lagMedianMs ?? null,
    lagMaxMs: one.lagMaxMs ?? null,
    skewMs: one.skewMs ?? null,
    silentSince: one.silentSince ?? null,
  }));
  return {
    silences: of(SILENCE_RULE),
    unreadable: of(UNREADABLE_RULE),
    gaps: gaps.result(found),
    state: {
      // What the configuration binds, by an input or a key.
      expected: sources.filter(({ inputs }) => inputs.length > 0).length,
      seen: sources.filter(({ lastSeenAt }) => lastSeenAt !== null).length,
      silent: sources.filter(({ state }) => state === "silent").length,
      withoutClass: sources.filter(({ ndigClass }) => ndigClass === null).length,
      wrongClock: sources.filter(({ skewMs }) => Math.abs(skewMs ?? 0) > SKEW_MS_MAX).length,
      sources,
    },
  };
}
