// How the query of GET /incidents becomes a query of the store. Whose incidents are asked for can only be
// one's own: there is no list of somebody else's.
import type { z } from "zod";
import type { SearchQuery } from "../store/store.ts";
import { checkSpan } from "./finding-search.ts";
import type { incidentsQuery } from "./incident-schemas.ts";

/**
 * The store's query, newest first.
 * @throws ApiFault HW_REQUEST_INVALID when the span is reversed
 */
export function incidentSearch(query: z.infer<typeof incidentsQuery>, actor: string): SearchQuery {
  const { status, verdict, severity, category, place, tag, finding, from, to, text } = query;
  checkSpan(from, to);
  const span = {
    ...(from === undefined ? {} : { gte: from }),
    ...(to === undefined ? {} : { lt: to }),
  };
  return {
    terms: {
      place,
      ...(status === undefined ? {} : { status }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(severity === undefined ? {} : { severity }),
      ...(category === undefined ? {} : { category }),
      ...(tag === undefined ? {} : { tag: [tag] }),
      ...(finding === undefined ? {} : { finding: [finding] }),
      ...(query.mine === true ? { assignee: [actor] } : {}),
      ...(query.watching === true ? { watcher: [actor] } : {}),
    },
    ...(from === undefined && to === undefined ? {} : { ranges: { createdAt: span } }),
    ...(text === undefined || text.trim() === "" ? {} : { text }),
    sort: [{ field: query.sort, order: "desc" }],
    limit: query.limit,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  };
}
