// What came of reading the rules anew.
import { z } from "zod";

const count = z.number().int();

export const reloadAnswer = z.discriminatedUnion("kind", [
  /** Numbers of rules and correlations. */
  z.object({ kind: z.literal("changed"), added: count, removed: count, changed: count }),
  z.object({ kind: z.literal("unchanged") }),
  /** The old rules hold on: why the new ones could not be taken. */
  z.object({ kind: z.literal("kept"), reason: z.string() }),
]);
export type ReloadAnswer = z.infer<typeof reloadAnswer>;
