// Section 6: how fast people looked, whether pages reached somebody, and whether somebody was on duty. It
// tells of priorities, channels and schedules; no figure is of a person.
import { z } from "zod";
import { PRIORITIES } from "../../../config/paging.ts";
import { uncoveredSpans } from "../../paging/duty/coverage.ts";
import { readOverrides } from "../../paging/duty/overrides.ts";
import { CHANNEL_PROOF_KIND } from "../../store/channel-proof.ts";
import type { Finding } from "../../store/finding.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import type { FindingPaging } from "../../store/paging.ts";
import { TEST_PAGE_KIND } from "../../store/test-page.ts";
import { endOf, type ReportContext } from "../context.ts";
import { durationsOf, durationsSchema } from "../durations.ts";
import { by, documentsOf } from "../pages.ts";

const TEST_PAGES_LISTED_MAX = 500;
const count = z.number().int();

const prioritySchema = z.object({
  priority: z.enum(PRIORITIES),
  findings: count,
  /** Somebody accepted it. */
  accepted: count,
  /** A step after the first one was begun. */
  escalated: count,
  /** All steps were gone through and nobody accepted. */
  exhausted: count,
  /** From the moment at which it was to be paged. */
  acceptance: durationsSchema,
});

const channelSchema = z.object({
  channel: z.string(),
  pages: count,
  handedOver: count,
  failed: count,
});

const testSchema = z.object({
  at: z.number(),
  /** `schedule`: the monthly one. */
  by: z.enum(["schedule", "hand"]),
  target: z.string(),
  isDone: z.boolean(),
  contacts: count,
  handedOver: count,
  slowestMs: z.number().nullable(),
});

export const responseSchema = z.object({
  /** From the alarm to its first verdict, of what was judged in the period. */
  judged: durationsSchema,
  paging: z.object({
    byPriority: z.array(prioritySchema),
    byChannel: z.array(channelSchema),
    tests: z.array(testSchema),
    /** Hours without anybody, with the schedules as they are configured now; none without them. */
    duty: z.array(
      z.object({
        schedule: z.string(),
        title: z.string(),
        hours: z.number(),
        gapHours: z.number(),
        gaps: count,
      }),
    ),
    state: z.object({
      channels: z.array(
        z.object({
          channel: z.string(),
          kind: z.string(),
          handedOverAt: z.number().nullable(),
          probedAt: z.number().nullable(),
          faultAt: z.number().nullable(),
          circuit: z.enum(["closed", "open", "half_open"]),
        }),
      ),
      /** Whether somebody would be paged today; what was in the period is told all the same. */
      isConfigured: z.boolean(),
    }),
  }),
});
export type ResponseData = z.infer<typeof responseSchema>;
type PagingData = ResponseData["paging"];

const HOUR_MS = 3_600_000;

export async function collectResponse(context: ReportContext): Promise<ResponseData> {
  return {
    judged: await judgedDurations(context),
    paging: await pagingOf(context),
  };
}

async function judgedDurations(context: ReportContext) {
  const { store, tenant, period } = context;
  const spans: number[] = [];
  const ranges = { verdictAt: { gte: period.from, lt: endOf(context) } };
  const query = { ranges, sort: by("verdictAt") };
  for await (const finding of documentsOf(store, tenant.id, FINDING_KIND, query)) {
    const first = finding.verdictHistory[0] ?? finding.verdict;
    if (first !== undefined && first.at >= finding.raisedAt)
      spans.push(first.at - finding.raisedAt);
  }
  return durationsOf(spans);
}

async function pagingOf(context: ReportContext): Promise<PagingData> {
  const { store, tenant, period } = context;
  const priorities = new Map(PRIORITIES.map((name) => [name, emptyPriority()]));
  const channels = new Map<string, z.infer<typeof channelSchema>>();
  const ranges = { pagingRequestedAt: { gte: period.from, lt: endOf(context) } };
  const query = { ranges, sort: by("pagingRequestedAt") };
  for await (const { paging } of documentsOf<Finding>(store, tenant.id, FINDING_KIND, query)) {
    if (paging === undefined) continue;
    const own = priorities.get(paging.priority);
    if (own !== undefined) addFinding(own, paging);
    addPages(channels, paging);
  }
  return {
    byPriority: [...priorities]
      .filter(([, { findings }]) => findings > 0)
      .map(([priority, { spans, ...counts }]) => ({
        ...{ priority, ...counts },
        acceptance: durationsOf(spans),
      })),
    byChannel: [...channels.values()].sort((one, other) => (one.channel < other.channel ? -1 : 1)),
    tests: await testsOf(context),
    duty: await dutyOf(context),
    state: { channels: await channelsOf(context), isConfigured: context.paging !== undefined },
  };
}

function emptyPriority() {
  return { findings: 0, accepted: 0, escalated: 0, exhausted: 0, spans: [] as number[] };
}

function addFinding(own: ReturnType<typeof emptyPriority>, paging: FindingPaging): void {
  own.findings += 1;
  const accepted = paging.answers.find(
    ({ kind, at }) => kind === "acknowledged" && at >= paging.requestedAt,
  );
  if (accepted !== undefined) {
    own.accepted += 1;
    own.spans.push(accepted.at - paging.requestedAt);
  }
  if (paging.pages.some(({ step, round }) => step > 0 || round > 0)) own.escalated += 1;
  if (paging.ended === "exhausted") own.exhausted += 1;
}

function addPages(channels: Map<string, z.infer<typeof channelSchema>>, { pages }: FindingPaging) {
  for (const { channel, state } of pages) {
    const own = channels.get(channel) ?? { channel, pages: 0, handedOver: 0, failed: 0 };
    own.pages += 1;
    if (state === "handed_over") own.handedOver += 1;
    if (state === "failed") own.failed += 1;
    channels.set(channel, own);
  }
}

async function testsOf(context: ReportContext): Promise<PagingData["tests"]> {
  const { store, tenant, period } = context;
  const rows: PagingData["tests"] = [];
  const ranges = { requestedAt: { gte: period.from, lt: endOf(context) } };
  const query = { ranges, sort: by("requestedAt") };
  for await (const test of documentsOf(store, tenant.id, TEST_PAGE_KIND, query)) {
    if (rows.length >= TEST_PAGES_LISTED_MAX) break;
    const results = test.results ?? [];
    const taken = results.filter(({ state }) => state === "handed_over");
    const slowest = Math.max(...taken.map(({ tookMs = 0 }) => tookMs));
    rows.push({
      at: test.requestedAt,
      by: test.requestedBy === "schedule" ? "schedule" : "hand",
      // A person's test is told as one, not whose.
      target:
        "policy" in test.target
          ? test.target.policy
          : "channel" in test.target
            ? test.target.channel
            : "person",
      isDone: test.state === "done",
      ...{ contacts: results.length, handedOver: taken.length },
      slowestMs: taken.length === 0 ? null : slowest,
    });
  }
  return rows;
}

async function dutyOf(context: ReportContext): Promise<PagingData["duty"]> {
  const { store, tenant, period, paging } = context;
  if (paging === undefined) return [];
  const span = { from: period.from, until: endOf(context) };
  if (span.from >= span.until || Object.keys(paging.schedules).length === 0) return [];
  const overrides = await readOverrides(store, tenant.id, paging, span);
  return Object.entries(paging.schedules).map(([id, schedule]) => {
    const gaps = uncoveredSpans(schedule, overrides.get(id) ?? [], span, tenant.timeZone);
    const gapMs = gaps.reduce((sum, { from, until }) => sum + until - from, 0);
    return {
      ...{ schedule: id, title: schedule.title },
      hours: (span.until - span.from) / HOUR_MS,
      ...{ gapHours: gapMs / HOUR_MS, gaps: gaps.length },
    };
  });
}

async function channelsOf({ store, tenant }: ReportContext) {
  const rows: PagingData["state"]["channels"] = [];
  const query = { sort: by("changedAt") };
  for await (const proof of documentsOf(store, tenant.id, CHANNEL_PROOF_KIND, query)) {
    rows.push({
      ...{ channel: proof.channel, kind: proof.kind, circuit: proof.circuit },
      handedOverAt: proof.handedOverAt ?? null,
      probedAt: proof.probedAt ?? null,
      faultAt: proof.fault?.at ?? null,
    });
  }
  return rows.sort((one, other) => (one.channel < other.channel ? -1 : 1));
}
