// Keeps the records of detectors: how often they fire, as triage counts it, and how their findings were
// judged. When that moves the points of a score, open findings of the detector are scored anew.
import { isAppError } from "../../config/errors.ts";
import type { OpenPaging } from "../paging/open.ts";
import {
  DETECTOR_RECORD_KIND,
  type DetectorRecord,
  RECORD_DAYS_MAX,
} from "../store/detector-record.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { SearchQuery, Store } from "../store/store.ts";
import { dayOf, dayStart } from "./facts.ts";
import { judgedLikes, likedOf } from "./likes.ts";
import { confidencePart, keptContext, rescore } from "./score.ts";
import { rarityOn } from "./surroundings.ts";

const CONFLICT_RETRIES_MAX = 5;
const ROWS_PER_PAGE = 500;
const WRITES_AT_ONCE = 64;
/** Open findings of one detector that are scored anew at once; the newest. */
const RESCORED_MAX = 20_000;

type DayCount = DetectorRecord["days"][number];

/**
 * Writes how many findings detectors have on days.
 * @returns detectors whose findings of other, later days became more or less rare by it
 */
export async function countDays(
  store: Store,
  tenant: string,
  counts: ReadonlyMap<string, readonly DayCount[]>,
): Promise<Map<string, number[]>> {
  const later = new Map<string, number[]>();
  const count = async (detector: string, counted: readonly DayCount[]) => {
    const { before, after } = await change(store, tenant, detector, (record) => ({
      ...record,
      days: mergeDays(record.days, counted),
    }));
    const own = new Set(counted.map(({ day }) => day));
    const moved = after.days
      .map(({ day }) => day)
      .filter((day) => !own.has(day) && rarityOn(before, day) !== rarityOn(after, day));
    if (moved.length > 0) later.set(detector, moved);
  };
  const all = [...counts];
  for (let at = 0; at < all.length; at += WRITES_AT_ONCE) {
    await Promise.all(
      all.slice(at, at + WRITES_AT_ONCE).map(([detector, counted]) => count(detector, counted)),
    );
  }
  return later;
}

/**
 * Counts the verdicts on a detector's findings anew and scores its open findings by them.
 * @returns the findings that were changed
 */
export async function recountVerdicts(
  store: Store,
  tenant: string,
  detector: Finding["detector"],
  openPaging?: OpenPaging,
): Promise<Finding[]> {
  const terms = { detector: [detector.id] };
  const counted = await store.count(tenant, FINDING_KIND, "verdict", { terms });
  const countOf = (verdict: string) =>
    counted.find(({ value }) => value === verdict)?.documents ?? 0;
  const judged = {
    truePositive: countOf("true_positive"),
    falsePositive: countOf("false_positive"),
  };
  const likes = detector.kind === "anomaly" ? await judgedLikes(store, tenant, detector.id) : [];
  const { before, after } = await change(store, tenant, detector.id, ({ likes: _, ...record }) => {
    const moves =
      confidencePart(detector, record.scored).points !== confidencePart(detector, judged).points;
    const scored = moves ? judged : record.scored;
    return { ...record, judged, scored, ...(likes.length === 0 ? {} : { likes }) };
  });
  const restsOn = ({ scored, likes: known }: DetectorRecord) => JSON.stringify([scored, known]);
  if (restsOn(before) === restsOn(after)) return [];
  const query = { terms: { ...terms, status: ["new", "in_progress"] } };
  return rescoreFindings(store, tenant, after, query, openPaging);
}

/** Scores a detector's findings of a day anew. @returns the findings that were changed */
export async function rescoreDay(
  store: Store,
  tenant: string,
  detector: string,
  day: number,
  openPaging?: OpenPaging,
): Promise<Finding[]> {
  const record = await recordOf(store, tenant, detector);
  if (record === undefined) return [];
  const query = {
    terms: { detector: [detector] },
    ranges: { firstEventAt: { gte: dayStart(day), lt: dayStart(day + 1) } },
  };
  return rescoreFindings(store, tenant, record, query, openPaging);
}

export async function recordOf(
  store: Store,
  tenant: string,
  detector: string,
): Promise<DetectorRecord | undefined> {
  return (await store.get(tenant, DETECTOR_RECORD_KIND, detector))?.document;
}

async function change(
  store: Store,
  tenant: string,
  detector: string,
  next: (record: DetectorRecord) => DetectorRecord,
): Promise<{ before: DetectorRecord; after: DetectorRecord }> {
  const none = { truePositive: 0, falsePositive: 0 };
  for (let attempt = 1; ; attempt += 1) {
    const known = await store.get(tenant, DETECTOR_RECORD_KIND, detector);
    const before = known?.document ?? {
      id: detector,
      tenant,
      days: [],
      judged: none,
      scored: none,
    };
    const after = next(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return { before, after };
    try {
      if (known === undefined) await store.create(tenant, DETECTOR_RECORD_KIND, detector, after);
      else await store.replace(tenant, DETECTOR_RECORD_KIND, detector, after, known.version);
      return { before, after };
    } catch (error) {
      const isRace = isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_EXISTS");
      if (!isRace || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

function mergeDays(known: readonly DayCount[], counted: readonly DayCount[]): DayCount[] {
  const days = new Map(known.map((one) => [one.day, one]));
  for (const one of counted) days.set(one.day, one);
  return [...days.values()]
    .filter(({ findings }) => findings > 0)
    .sort((a, b) => a.day - b.day)
    .slice(-RECORD_DAYS_MAX);
}

async function rescoreFindings(
  store: Store,
  tenant: string,
  record: DetectorRecord,
  query: Pick<SearchQuery, "terms" | "ranges">,
  openPaging: OpenPaging = (finding) => finding,
): Promise<Finding[]> {
  const changed: Finding[] = [];
  let cursor: string | undefined;
  let read = 0;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      ...query,
      sort: [{ field: "lastEventAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const rescored = new Map<string, Finding>();
    const ids = page.hits.map(({ id }) => id);
    const results = await store.reviseAll(tenant, FINDING_KIND, ids, ({ id, document }) => {
      const next = openPaging(withRecord(document, record), document);
      if (isSame(document, next)) return undefined;
      rescored.set(id, next);
      return { document: next };
    });
    for (const [at, id] of ids.entries()) {
      const next = rescored.get(id);
      if (results[at] === "done" && next !== undefined) changed.push(next);
    }
    read += page.hits.length;
    cursor = page.cursor;
  } while (cursor !== undefined && read < RESCORED_MAX);
  return changed;
}

function withRecord(finding: Finding, record: DetectorRecord): Finding {
  const rarity = rarityOn(record, dayOf(finding.firstEventAt));
  return rescore(finding, {
    tacticsOfEntity: [],
    ...keptContext(finding),
    judged: record.scored,
    liked: finding.anomaly && likedOf(finding.anomaly, record.likes),
    rarity,
  });
}

/**
 * Reads, computes and writes until it holds: an analyst may change the finding at the same time.
 * @returns the finding as written; undefined when nothing was to be changed
 */
export async function changeFinding(
  store: Store,
  tenant: string,
  id: string,
  next: (finding: Finding) => Finding,
): Promise<Finding | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(tenant, FINDING_KIND, id);
    if (current === undefined) return undefined;
    const after = next(current.document);
    if (isSame(current.document, after)) return undefined;
    try {
      return (await store.replace(tenant, FINDING_KIND, id, after, current.version)).document;
    } catch (error) {
      if (!isAppError(error, "HW_CONFLICT") || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}

function isSame(before: Finding, after: Finding): boolean {
  return (
    before.proposal === after.proposal &&
    JSON.stringify(before.scoreParts) === JSON.stringify(after.scoreParts)
  );
}
