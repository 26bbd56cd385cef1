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
import { dayOf, dayStart } from "./days.ts";
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
 * Writes how many findings detectors have on days. In the same write it is noted which days became more or
 * less rare by it, so that whoever goes on after a crash scores them; `settleDays` takes the note away.
 * @param own days that are scored anew in any case
 * @returns days whose findings are to be scored anew, by detector
 */
export async function countDays(
  store: Store,
  tenant: string,
  counts: ReadonlyMap<string, readonly DayCount[]>,
  own: ReadonlySet<number>,
): Promise<Map<string, readonly number[]>> {
  const due = new Map<string, readonly number[]>();
  const count = async (detector: string, counted: readonly DayCount[]) => {
    const { after } = await change(store, tenant, detector, (record) => {
      const next = { ...record, days: mergeDays(record.days, counted) };
      const moved = next.days
        .map(({ day }) => day)
        .filter((day) => !own.has(day) && rarityOn(record, day) !== rarityOn(next, day));
      return withDue(next, [...(record.due ?? []), ...moved]);
    });
    if (after.due !== undefined) due.set(detector, after.due);
  };
  const all = [...counts];
  for (let at = 0; at < all.length; at += WRITES_AT_ONCE) {
    await Promise.all(
      all.slice(at, at + WRITES_AT_ONCE).map(([detector, counted]) => count(detector, counted)),
    );
  }
  return due;
}

/** Notes that the findings of these days were scored anew. */
export async function settleDays(
  store: Store,
  tenant: string,
  detector: string,
  days: readonly number[],
): Promise<void> {
  await change(store, tenant, detector, (record) =>
    withDue(
      record,
      (record.due ?? []).filter((day) => !days.includes(day)),
    ),
  );
}

function withDue({ due: _, ...record }: DetectorRecord, days: readonly number[]): DetectorRecord {
  const due = [...new Set(days)].sort((a, b) => a - b);
  return due.length === 0 ? record : { ...record, due };
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
): Promise<readonly Finding[]> {
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
  const { changed } = await rescoreFindings(store, tenant, after, query, openPaging);
  return changed;
}

/** Scores a detector's findings of a day anew. */
export async function rescoreDay(
  store: Store,
  tenant: string,
  detector: string,
  day: number,
  openPaging?: OpenPaging,
): Promise<Rescored> {
  const record = await recordOf(store, tenant, detector);
  if (record === undefined) return { changed: [], proposals: new Set() };
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

interface Rescored {
  readonly changed: readonly Finding[];
  /** Of all that were looked at: before a crash some may have been scored, but not their proposed incidents. */
  readonly proposals: ReadonlySet<string>;
}

async function rescoreFindings(
  store: Store,
  tenant: string,
  record: DetectorRecord,
  query: Pick<SearchQuery, "terms" | "ranges">,
  openPaging: OpenPaging = (finding) => finding,
): Promise<Rescored> {
  const changed: Finding[] = [];
  const proposals = new Set<string>();
  let cursor: string | undefined;
  let read = 0;
  do {
    const page = await store.search(tenant, FINDING_KIND, {
      ...query,
      sort: [{ field: "lastEventAt", order: "desc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      if (document.proposal !== undefined) proposals.add(document.proposal);
    }
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
  return { changed, proposals };
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
    before.leftDays?.join() === after.leftDays?.join() &&
    JSON.stringify(before.scoreParts) === JSON.stringify(after.scoreParts)
  );
}
