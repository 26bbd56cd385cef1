// Writes the answer to a bulk request. It is as long as the request has items, up to some 20 MB: it is
// written in turns, so that other requests have theirs.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { AppError } from "../../config/errors.ts";
import { filterPaths, type ItemOutcome, itemResult } from "./elastic-reply.ts";

const ITEMS_PER_TURN = 2000;

/**
 * The answer as JSON.
 * @param refusal what became of all items that have no fault of their own
 * @param filter the request's `filter_path`
 */
export async function writeBulkAnswer(
  head: { readonly took: number; readonly errors: boolean },
  items: readonly ItemOutcome[],
  refusal: AppError | undefined,
  filter: unknown,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let from = 0; from < items.length; from += ITEMS_PER_TURN) {
    const results = items
      .slice(from, from + ITEMS_PER_TURN)
      .map((item) => itemResult({ ...item, fault: item.fault ?? refusal }));
    const list = listIn(filterPaths({ items: results }, filter));
    if (list !== "") pieces.push(Buffer.from(pieces.length === 0 ? list : `,${list}`));
    await nextTurn();
  }
  const shown = JSON.stringify(filterPaths(head, filter)).slice(0, -1);
  if (pieces.length === 0) return Buffer.from(`${shown}}`);
  const start = Buffer.from(`${shown}${shown === "{" ? "" : ","}"items":[`);
  return Buffer.concat([start, ...pieces, Buffer.from("]}")]);
}

// What is left of the items, without the brackets around them.
function listIn(answer: unknown): string {
  const items =
    typeof answer === "object" && answer !== null && "items" in answer ? answer.items : undefined;
  return Array.isArray(items) && items.length > 0 ? JSON.stringify(items).slice(1, -1) : "";
}
