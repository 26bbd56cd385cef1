// Answers to bulk requests are written in turns: nothing of them may differ from one that is written at once.
import { describe, expect, it } from "vitest";
import { AppError } from "../../../config/errors.ts";
import { writeBulkAnswer } from "../../../services/ingest/bulk-answer.ts";
import { filterPaths, itemResult } from "../../../services/ingest/elastic-reply.ts";

const FAULT = new AppError("HW_REQUEST_INVALID", "no object");
const itemsOf = (count: number) =>
  Array.from({ length: count }, (_one, at) => ({
    action: "create" as const,
    index: "logs",
    id: `b/${at}`,
    fault: at % 3000 === 7 ? FAULT : undefined,
  }));

describe("the answer to a bulk request", () => {
  it.each([undefined, "took", "errors,items.*.error", "items.*.status,items.*.error", "nothing"])(
    "is the same however long it is, filtered by %s",
    async (filter) => {
      const head = { took: 3, errors: true };
      for (const count of [1, 5001]) {
        const items = itemsOf(count);
        const written = await writeBulkAnswer(head, items, undefined, filter);
        const whole = filterPaths({ ...head, items: items.map(itemResult) }, filter);
        expect(JSON.parse(written.toString())).toEqual(JSON.parse(JSON.stringify(whole)));
      }
    },
  );
});
