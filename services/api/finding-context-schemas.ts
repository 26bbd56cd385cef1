// The answer of GET /findings/:id/context: each part known, late or failed.
import { z } from "zod";
import { CONTEXT_PARTS } from "../cases/finding-context.ts";

function partOf<Value extends z.ZodType>(value: Value) {
  return z.discriminatedUnion("state", [
    z.object({ state: z.literal("known"), value }),
    z.object({ state: z.enum(["late", "failed"]) }),
  ]);
}

export const findingContextAnswer = z.object({
  assets: partOf(CONTEXT_PARTS.assets),
  addresses: partOf(CONTEXT_PARTS.addresses),
  attack: partOf(CONTEXT_PARTS.attack),
  earlier: partOf(CONTEXT_PARTS.earlier),
  detector: partOf(CONTEXT_PARTS.detector),
  intelligence: partOf(CONTEXT_PARTS.intelligence),
});
