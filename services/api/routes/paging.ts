// Paging as a whole: channels with their last proof of life, policies, what is open, the check of the
// configuration, the noise of the last weeks, and test pages.
import { randomUUID } from "node:crypto";
import { PRIORITIES } from "../../../config/paging.ts";
import { checkPaging } from "../../paging/check.ts";
import { readNoise } from "../../paging/noise.ts";
import { policyBoard, usedChannels } from "../../paging/policy-board.ts";
import { CHANNEL_PROOF_KIND } from "../../store/channel-proof.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { requestedTestPage, TEST_PAGE_KIND, type TestPage } from "../../store/test-page.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";
import { onCallOf, tenantPaging } from "../on-call-setup.ts";
import {
  checkAnswer,
  noiseAnswer,
  pagingAnswer,
  type TestPageAnswer,
  testPageAnswer,
  testPageBody,
  testPageList,
} from "../paging-schemas.ts";
import { idParams } from "../schemas.ts";

const OPEN_LISTED_MAX = 100;
const TEST_PAGES_LISTED_MAX = 50;
const NOISE_WEEKS = 8;
const WEEK_MS = 7 * 86_400_000;
/** One that is still on its way after this is no reason not to try again. */
const TEST_PAGE_MS = 10 * 60_000;
const UNDER_WAY = ["escalating", "quiet", "acknowledged"] as const;

/** Registers `/paging`. */
export function registerPagingRoutes(api: Api, context: ApiContext): void {
  const { clock, store, options } = context;
  api.get("/paging", { schema: { response: answers(pagingAnswer) } }, async (request) => {
    const { tenant } = principalOf(request);
    const own = tenantPaging(context.paging, tenant);
    const routes = own?.routes;
    const open = await openPages(context, tenant);
    return {
      ...{ at: clock(), isOn: own !== undefined, ...open },
      channels: await channelsOf(context, tenant),
      policies: policyBoard(onCallOf(context, tenant), routes),
      digest: PRIORITIES.filter((one) => routes !== undefined && "digest" in routes[one]),
    };
  });

  api.get("/paging/check", { schema: { response: answers(checkAnswer) } }, (request) => {
    const { tenant } = principalOf(request);
    const own = tenantPaging(context.paging, tenant);
    if (own === undefined || context.paging === undefined) return { at: clock(), faults: [] };
    const used = new Set(usedChannels(own));
    const channels = Object.entries(context.paging.config.channels);
    const config = {
      ...context.paging.config,
      tenants: { [tenant]: own },
      // Those of other administrations are none of its business.
      channels: Object.fromEntries(channels.filter(([name]) => used.has(name))),
    };
    const { timeZone } = onCallOf(context, tenant);
    const found = checkPaging({ paging: config, tenants: [{ id: tenant, timeZone }] }, clock());
    const faults = found.map(({ key, severity, path, says, mend }) => ({
      ...{ key, severity, path, message: says[options.language], mend: mend[options.language] },
    }));
    return { at: clock(), faults };
  });

  api.get("/paging/noise", { schema: { response: answers(noiseAnswer) } }, async (request) => {
    const { tenant } = principalOf(request);
    const own = tenantPaging(context.paging, tenant);
    const at = clock();
    if (own === undefined) return { at, weeks: [] };
    const span = { from: at - NOISE_WEEKS * WEEK_MS, until: at + 1 };
    const setup = { paging: own, timeZone: onCallOf(context, tenant).timeZone };
    const weeks = await readNoise(store, tenant, span, setup);
    return {
      ...{ at, budget: own.noiseBudgetPerWeek },
      weeks: weeks.map(({ budget: _budget, ...week }) => week),
    };
  });

  registerTestPages(api, context);
}

function registerTestPages(api: Api, context: ApiContext): void {
  const { clock, store } = context;
  const newest = (tenant: string, limit: number) =>
    store.search(tenant, TEST_PAGE_KIND, {
      sort: [{ field: "requestedAt", order: "desc" }],
      limit,
    });

  api.get(
    "/paging/test-pages",
    { schema: { response: answers(testPageList) } },
    async (request) => {
      const { hits } = await newest(principalOf(request).tenant, TEST_PAGES_LISTED_MAX);
      return { at: clock(), testPages: hits.map(({ document }) => answerOf(document)) };
    },
  );

  const reading = { params: idParams, response: answers(testPageAnswer) };
  api.get("/paging/test-pages/:id", { schema: reading }, async (request) => {
    const found = await store.get(principalOf(request).tenant, TEST_PAGE_KIND, request.params.id);
    if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
    return answerOf(found.document);
  });

  const asking = { body: testPageBody, response: answers(testPageAnswer) };
  api.post("/paging/test-pages", { schema: asking }, async (request) => {
    const { tenant, actor } = principalOf(request);
    const target = request.body;
    checkTarget(context, tenant, target);
    const at = clock();
    const { hits } = await newest(tenant, 1);
    const isRunning = hits.some(
      ({ document }) => document.state !== "done" && document.requestedAt > at - TEST_PAGE_MS,
    );
    if (isRunning) throw new ApiFault("HW_CONFLICT", { text: (m) => m.onCall.testRunning });
    const id = randomUUID();
    const asked = requestedTestPage({ id, tenant, requestedAt: at, requestedBy: actor, target });
    await store.create(tenant, TEST_PAGE_KIND, id, asked, {
      ...{ at, actor, action: "paging.test", subject: id, payload: { target } },
    });
    return answerOf(asked);
  });
}

/** @throws ApiFault HW_REQUEST_INVALID when the tenant has no such target */
function checkTarget(context: ApiContext, tenant: string, target: TestPageAnswer["target"]): void {
  const own = tenantPaging(context.paging, tenant);
  const known =
    own === undefined
      ? false
      : "policy" in target
        ? Object.hasOwn(own.policies, target.policy)
        : "person" in target
          ? Object.hasOwn(own.people, target.person)
          : usedChannels(own).includes(target.channel);
  if (known) return;
  throw new ApiFault("HW_REQUEST_INVALID", { place: "body", text: (m) => m.onCall.targetUnknown });
}

async function openPages({ store }: ApiContext, tenant: string) {
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { pagingState: UNDER_WAY, status: ["new", "in_progress"] },
    sort: [
      { field: "pagingPriority", order: "asc" },
      { field: "pagingRequestedAt", order: "asc" },
    ],
    limit: OPEN_LISTED_MAX,
  });
  const counted = await store.count(tenant, FINDING_KIND, "pagingGatheredIn", {
    terms: { pagingState: ["gathered"] },
  });
  const told = new Map(counted.map(({ value, documents }) => [value, documents]));
  const open = page.hits.flatMap(({ id, document: { paging, detector } }) => {
    if (paging === undefined) return [];
    const { priority, state, requestedAt, dueAt, policy, round, step } = paging;
    const gathers = told.get(id);
    const base = { finding: id, title: detector.title, priority, state, requestedAt, round, step };
    return [
      {
        ...base,
        ...(dueAt === undefined ? {} : { dueAt }),
        ...(policy === undefined ? {} : { policy }),
        ...(gathers === undefined ? {} : { gathers }),
      },
    ];
  });
  return { open, truncated: page.cursor !== undefined };
}

async function channelsOf({ store, paging }: ApiContext, tenant: string) {
  const own = tenantPaging(paging, tenant);
  const channels = paging?.config.channels ?? {};
  const known = (own === undefined ? [] : usedChannels(own)).filter((one) =>
    Object.hasOwn(channels, one),
  );
  return Promise.all(
    known.map(async (id) => {
      const { kind, leavesHouse } = channels[id] ?? { kind: "", leavesHouse: false };
      const found = await store.get(tenant, CHANNEL_PROOF_KIND, id);
      if (found === undefined) return { id, kind, leavesHouse };
      const { channel: _channel, kind: _kind, ...proof } = found.document;
      return { id, kind, leavesHouse, proof };
    }),
  );
}

function answerOf({ tenant: _tenant, leaseUntil: _lease, ...page }: TestPage): TestPageAnswer {
  const { target } = page;
  return { ...page, target: "channel" in target ? { channel: target.channel } : target };
}
