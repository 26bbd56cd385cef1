// Which pages began by themselves lately, one document a tenant: so that several processes together keep to
// the limit of a storm. Who stands in it has its place, also after a crash.
import { z } from "zod";
import { PRIORITIES } from "../../config/paging.ts";
import type { Kind } from "./store.ts";

/** The oldest ones go first. */
export const OPENINGS_KEPT_MAX = 200;
/** Each tenant has one document. */
export const OPENINGS_ID = "openings";

const openingSchema = z.object({
  finding: z.string(),
  /** Which one of the finding's. */
  opening: z.number().int(),
  priority: z.enum(PRIORITIES),
  /** ms UTC. */
  at: z.number(),
  proposal: z.string().optional(),
  /** It stands for the day's digest. */
  digest: z.boolean().optional(),
});
export type PagingOpening = z.infer<typeof openingSchema>;

const pagingOpeningsSchema = z.object({
  /** Oldest first. */
  openings: z.array(openingSchema).max(OPENINGS_KEPT_MAX),
});
export type PagingOpenings = z.infer<typeof pagingOpeningsSchema>;

export const PAGING_OPENINGS_KIND: Kind<PagingOpenings> = {
  name: "paging_openings",
  revision: 1,
  fields: {},
};
