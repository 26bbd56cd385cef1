// GET /queue: what is to be worked on, proposed incidents and lone findings in one order.
import { type Api, type ApiContext, answers } from "../context.ts";
import { findingRowOf } from "../finding-search.ts";
import { principalOf } from "../guard.ts";
import { type QueueAnswer, queuePage, queueQuery } from "../proposal-schemas.ts";
import { type QueueItem, readQueue } from "../queue.ts";

/** Registers `/queue`. */
export function registerQueueRoutes(api: Api, { store }: ApiContext): void {
  const schema = { querystring: queueQuery, response: answers(queuePage) };
  api.get("/queue", { schema }, async (request) => {
    const { items, total, cursor } = await readQueue(
      store,
      principalOf(request).tenant,
      request.query,
    );
    return { items: items.map(rowOf), total, ...(cursor === undefined ? {} : { cursor }) };
  });
}

function rowOf(item: QueueItem): QueueAnswer["items"][number] {
  return item.type === "proposal"
    ? { type: "proposal", proposal: item.found.document }
    : { type: "finding", finding: findingRowOf(item.found) };
}
