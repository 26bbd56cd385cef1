// How far an attack has come on an entity: the ATT&CK tactics of all findings of one day that share a
// host, account or address. A pure function of the set of findings, so that their order does not matter.
import { isAppError } from "../../config/errors.ts";
import { levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { rescore } from "./score.ts";

const DAY_MS = 86_400_000;
// A host with more findings a day than this is in a storm already; the newest ones tell its tactics.
const FINDINGS_PER_ENTITY_MAX = 500;
const CONFLICT_RETRIES_MAX = 5;

/** Brings the scores of all findings up to date that share an entity and a day with a changed one. */
export async function refreshProgress(
  store: Store,
  tenant: string,
  changed: readonly Finding[],
  isCriticalHost: (host: string) => boolean,
): Promise<void> {
  const touched = new Map<string, { value: string; day: number }>();
  for (const finding of changed) {
    for (const { value } of finding.entities) {
      const day = dayOf(finding);
      touched.set(`${day}/${value}`, { value, day });
    }
  }
  const affected = new Map<string, number>();
  const tacticsCache = new Map<string, Promise<readonly Finding[]>>();
  const findingsOf = (value: string, day: number): Promise<readonly Finding[]> => {
    const key = `${day}/${value}`;
    let known = tacticsCache.get(key);
    if (known === undefined) {
      known = searchEntity(store, tenant, value, day);
      tacticsCache.set(key, known);
    }
    return known;
  };
  for (const { value, day } of touched.values()) {
    for (const finding of await findingsOf(value, day)) affected.set(finding.id, day);
  }
  for (const [id, day] of affected) {
    await updateOne(store, tenant, id, isCriticalHost, async (finding) => {
      const tactics = new Set<string>();
      for (const { value } of finding.entities) {
        for (const other of await findingsOf(value, day)) collect(other, tactics);
      }
      collect(finding, tactics);
      return [...tactics].sort();
    });
  }
}

function dayOf(finding: Finding): number {
  return Math.floor(finding.firstEventAt / DAY_MS);
}

function collect(finding: Finding, into: Set<string>): void {
  if (levelRank(finding.detector.level) < levelRank("medium")) return;
  for (const tactic of finding.detector.tactics) into.add(tactic);
}

async function searchEntity(
  store: Store,
  tenant: string,
  value: string,
  day: number,
): Promise<readonly Finding[]> {
  const page = await store.search(tenant, FINDING_KIND, {
    terms: { entity: [value] },
    ranges: { firstEventAt: { gte: day * DAY_MS, lt: (day + 1) * DAY_MS } },
    sort: [{ field: "lastEventAt", order: "desc" }],
    limit: FINDINGS_PER_ENTITY_MAX,
  });
  return page.hits.map((hit) => hit.document);
}

// An analyst may change the finding at the same time: read, compute and write again until it holds.
async function updateOne(
  store: Store,
  tenant: string,
  id: string,
  isCriticalHost: (host: string) => boolean,
  tacticsOf: (finding: Finding) => Promise<readonly string[]>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(tenant, FINDING_KIND, id);
    if (current === undefined) return;
    const next = rescore(current.document, {
      tacticsOfEntity: await tacticsOf(current.document),
      criticalAsset: current.document.entities.some(
        (entity) => entity.type === "host" && isCriticalHost(entity.value),
      ),
    });
    if (JSON.stringify(next.scoreParts) === JSON.stringify(current.document.scoreParts)) return;
    try {
      await store.replace(tenant, FINDING_KIND, id, next, current.version);
      return;
    } catch (error) {
      if (!isAppError(error, "HW_CONFLICT") || attempt >= CONFLICT_RETRIES_MAX) throw error;
    }
  }
}
