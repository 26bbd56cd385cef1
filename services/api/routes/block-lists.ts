// Block lists: listing, proposing, approving, completing and withdrawing entries, the feeds that firewalls
// fetch, and what completed entries propose for an incident.
import { createHash } from "node:crypto";
import {
  approveBlock,
  blockState,
  completeBlock,
  feedOf,
  listBlocks,
  proposeBlock,
  withdrawBlock,
} from "../../cases/block-list.ts";
import type { Protected } from "../../cases/block-value.ts";
import { containmentProposals } from "../../cases/containment.ts";
import type { BlockEntry, BlockType } from "../../store/block-list.ts";
import {
  type BlockAnswer,
  blockAnswer,
  blockBody,
  blockList,
  completeBlockBody,
  containmentAnswer,
} from "../block-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { agreeBody, withdrawBody } from "../exception-schemas.ts";
import { principalOf } from "../guard.ts";
import { actorOf, refusable } from "../proposals.ts";
import { idParams } from "../schemas.ts";

const ENTRIES_LISTED_MAX = 1000;
const BLOCK_DAYS = 30;
const NOTHING_PROTECTED: Protected = { ownNetworks: [], ownDomains: [], critical: [] };

const FEEDS = [
  ["/feeds/addresses.txt", "address"],
  ["/feeds/domains.txt", "domain"],
  ["/feeds/hashes.txt", "hash"],
] as const satisfies readonly (readonly [string, BlockType])[];

/** Registers `/block-lists`, `/feeds` and the containment proposals of incidents. */
export function registerBlockListRoutes(api: Api, context: ApiContext): void {
  const { store } = context;
  api.get("/block-lists", { schema: { response: answers(blockList) } }, async (request) => {
    const { tenant } = principalOf(request);
    const at = context.clock();
    const { entries, truncated } = await listBlocks(store, tenant, ENTRIES_LISTED_MAX);
    return { at, entries: entries.map((one) => answerOf(one, at)), truncated };
  });

  const proposing = { params: idParams, response: answers(containmentAnswer) };
  api.get("/incidents/:id/containment-proposals", { schema: proposing }, (request) =>
    refusable(context, async () => {
      const { tenant } = principalOf(request);
      const { proposals, open } = await containmentProposals(store, tenant, request.params.id);
      return { proposals: [...proposals], open };
    }),
  );

  registerFeeds(api, context);
  registerChanges(api, context);
}

function registerFeeds(api: Api, context: ApiContext): void {
  for (const [path, type] of FEEDS) {
    api.get(path, async (request, reply) => {
      const { tenant } = principalOf(request);
      const shield = await shieldOf(context, tenant);
      const values = await feedOf(context.store, tenant, type, shield, context.clock());
      const body = values.map((value) => `${value}\n`).join("");
      const tag = `"${createHash("sha256").update(body).digest("base64url")}"`;
      reply.header("etag", tag).header("cache-control", "private, no-cache");
      const known = request.headers["if-none-match"];
      if (known !== undefined && namesTag(known, tag)) return reply.code(304).send();
      return reply.type("text/plain; charset=utf-8").send(body);
    });
  }
}

/** Whether If-None-Match names the tag, alone or in a list, weak or strong. */
function namesTag(header: string, tag: string): boolean {
  const named = header.split(",").map((one) => one.trim().replace(/^W\//, ""));
  return named.includes(tag) || named.includes("*");
}

function registerChanges(api: Api, context: ApiContext): void {
  const { store } = context;
  const told = ({ document }: { readonly document: BlockEntry }): BlockAnswer =>
    answerOf(document, context.clock());

  const proposing = { body: blockBody, response: answers(blockAnswer) };
  api.post("/block-lists", { schema: proposing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const { tenant } = principal;
      const days = request.body.days ?? context.options.blockLists?.days ?? BLOCK_DAYS;
      const by = await actorOf(context, principal);
      const shield = await shieldOf(context, tenant);
      return told(await proposeBlock(store, tenant, { ...request.body, days }, shield, by));
    }),
  );

  const approving = { params: idParams, body: agreeBody, response: answers(blockAnswer) };
  api.post("/block-lists/:id/approve", { schema: approving }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const { tenant } = principal;
      const by = await actorOf(context, principal);
      const { id } = request.params;
      const shield = await shieldOf(context, tenant);
      return told(await approveBlock(store, tenant, id, shield, by));
    }),
  );

  const completing = { params: idParams, body: completeBlockBody, response: answers(blockAnswer) };
  api.post("/block-lists/:id/complete", { schema: completing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = await actorOf(context, principal);
      const at = request.body.at ?? by.at;
      return told(await completeBlock(store, principal.tenant, request.params.id, at, by));
    }),
  );

  const withdrawing = { params: idParams, body: withdrawBody, response: answers(blockAnswer) };
  api.post("/block-lists/:id/withdraw", { schema: withdrawing }, (request) =>
    refusable(context, async () => {
      const principal = principalOf(request);
      const by = { ...(await actorOf(context, principal)), reason: request.body.reason };
      return told(await withdrawBlock(store, principal.tenant, request.params.id, by));
    }),
  );
}

async function shieldOf({ options }: ApiContext, tenant: string): Promise<Protected> {
  return options.blockLists?.protectedOf(tenant) ?? NOTHING_PROTECTED;
}

function answerOf(entry: BlockEntry, now: number): BlockAnswer {
  const { tenant: _tenant, ...rest } = entry;
  return { ...rest, state: blockState(entry, now) };
}
