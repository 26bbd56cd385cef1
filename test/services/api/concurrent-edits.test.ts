import { it } from "vitest";
import { checkConcurrentEdits } from "./concurrent-edits.ts";

it("loses none of 1,000 random concurrent edits of two analysts", async () => {
  await checkConcurrentEdits(1000, Date.now() % 1_000_000);
});
