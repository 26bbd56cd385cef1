// How the query of GET /findings becomes a query of the store, and a stored finding a row of the list.
import type { z } from "zod";
import { ENTITY_TYPES } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { quietStates } from "../store/quiet-state.ts";
import type { SearchQuery, Versioned } from "../store/store.ts";
import { ApiFault } from "./faults.ts";
import type { FindingRow, findingsQuery } from "./schemas.ts";

type FindingsQuery = z.infer<typeof findingsQuery>;

const SORTS: Readonly<Record<FindingsQuery["sort"], SearchQuery["sort"][number]>> = {
  score: { field: "score", order: "desc" },
  level: { field: "levelRank", order: "desc" },
  lastEventAt: { field: "lastEventAt", order: "desc" },
  last: { field: "lastEventAt", order: "desc" },
  raisedAt: { field: "raisedAt", order: "desc" },
  first: { field: "firstEventAt", order: "asc" },
};

/**
 * The store's query; equal scores are ordered by the newest event.
 * @throws ApiFault HW_REQUEST_INVALID when the span is reversed
 */
export function findingSearch(query: FindingsQuery): SearchQuery {
  const {
    status,
    level,
    verdict,
    quiet,
    inhibitedBy,
    proposal,
    tactic,
    entity,
    detector,
    from,
    to,
    text,
    cursor,
  } = query;
  checkSpan(from, to);
  const terms = {
    ...(status === undefined ? {} : { status }),
    ...(level === undefined ? {} : { level }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(inhibitedBy === undefined ? {} : { inhibitedBy: [inhibitedBy] }),
    ...(proposal === undefined ? {} : { proposal: [proposal] }),
    ...(tactic === undefined ? {} : { tactic: [tactic] }),
    ...(entity === undefined ? {} : { entity: [entityValue(entity)] }),
    ...(detector === undefined ? {} : { detector: [detector] }),
  };
  const first = SORTS[query.sort];
  const byTime = first.field === "lastEventAt" ? [] : [SORTS.lastEventAt];
  const span = {
    ...(from === undefined ? {} : { gte: from }),
    ...(to === undefined ? {} : { lt: to }),
  };
  return {
    terms,
    ...(from === undefined && to === undefined ? {} : { ranges: { lastEventAt: span } }),
    ...(text === undefined || text.trim() === "" ? {} : { text }),
    sort: [first, ...byTime],
    limit: query.limit,
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** @throws ApiFault HW_REQUEST_INVALID when `to` is before `from` */
export function checkSpan(from: number | undefined, to: number | undefined): void {
  if (from !== undefined && to !== undefined && to < from) {
    throw new ApiFault("HW_REQUEST_INVALID", {
      place: "querystring/to",
      text: (m) => m.spanReversed,
    });
  }
}

/** `host:dc01` and `dc01` ask for the same; values with a colon of their own (IPv6) stay whole. */
function entityValue(given: string): string {
  const type = ENTITY_TYPES.find((name) => given.startsWith(`${name}:`));
  return type === undefined ? given : given.slice(type.length + 1);
}

/** The row that lists and the live stream show. */
export function findingRowOf({ id, version, document }: Versioned<Finding>): FindingRow {
  const { detector, verdict } = document;
  return {
    id,
    version,
    detectorId: detector.id,
    kind: detector.kind,
    title: detector.title,
    level: detector.level,
    score: document.score,
    status: document.status,
    ...(verdict === undefined ? {} : { verdict }),
    quiet: [...quietStates(document)],
    entities: document.entities,
    techniques: detector.techniques,
    tactics: detector.tactics,
    summary: document.summary,
    signalCount: document.signalCount,
    firstEventAt: document.firstEventAt,
    lastEventAt: document.lastEventAt,
    raisedAt: document.raisedAt,
  };
}
