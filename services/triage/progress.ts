// How far an attack has come on an entity: the ATT&CK tactics of all findings of one day that share a
// host, account or address. A function of the set of findings, so that their order does not matter.
import { isAppError } from "../../config/errors.ts";
import { levelRank } from "../../detectors/detector.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { RISK_DETECTOR } from "./risk-finding.ts";
import { rescore } from "./score.ts";

const DAY_MS = 86_400_000;
// A host with more findings a day than this is in a storm already; the newest ones tell its tactics.
const FINDINGS_PER_ENTITY_MAX = 500;
const ENTITIES_REMEMBERED_MAX = 50_000;
const CONFLICT_RETRIES_MAX = 5;

export interface Progress {
  /** Brings the scores of the changed findings up to date, and of those that share an entity and day. */
  refresh(tenant: string, changed: readonly Finding[]): Promise<void>;
  /** Somebody else may have written findings meanwhile: all is read from the store anew. */
  forget(): void;
}

/**
 * Remembers the tactics per entity and day, so that a finding that adds none costs no search. What is
 * not remembered (after a start) is read from the store, and everything that depends on it is refreshed.
 */
export function createProgress(store: Store, isCriticalHost: (host: string) => boolean): Progress {
  let remembered = new Map<string, Set<string>>();
  // Entities whose findings this process has brought up to date once: a crash may have come between the
  // writing of a finding and the refreshing of the others.
  let refreshed = new Set<string>();
  const tacticsOf = async (tenant: string, day: number, entity: string): Promise<Set<string>> => {
    const key = keyOf(tenant, day, entity);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const tactics = new Set<string>();
    for (const one of await searchEntity(store, tenant, entity, day)) collect(one, tactics);
    remembered.set(key, tactics);
    return tactics;
  };
  const forget = () => {
    remembered = new Map();
    refreshed = new Set();
  };
  return {
    forget,
    async refresh(tenant, changed) {
      if (remembered.size > ENTITIES_REMEMBERED_MAX) forget();
      const affected = new Set<string>();
      for (const finding of changed) {
        affected.add(finding.id);
        const day = dayOf(finding);
        for (const { value } of finding.entities) {
          const tactics = await tacticsOf(tenant, day, value);
          const before = tactics.size;
          collect(finding, tactics);
          const key = keyOf(tenant, day, value);
          if (tactics.size === before && refreshed.has(key)) continue;
          refreshed.add(key);
          for (const other of await searchEntity(store, tenant, value, day)) {
            if (other.detector.id !== RISK_DETECTOR) affected.add(other.id);
          }
        }
      }
      for (const id of affected) {
        await updateOne(store, tenant, id, isCriticalHost, async (finding) => {
          const all = new Set<string>();
          collect(finding, all);
          for (const { value } of finding.entities) {
            for (const one of await tacticsOf(tenant, dayOf(finding), value)) all.add(one);
          }
          return [...all].sort();
        });
      }
    },
  };
}

function keyOf(tenant: string, day: number, entity: string): string {
  return `${tenant}/${day}/${entity}`;
}

function dayOf(finding: Finding): number {
  return Math.floor(finding.firstEventAt / DAY_MS);
}

// A finding about accumulated risk is made of others, which are counted by themselves.
function collect(finding: Finding, into: Set<string>): void {
  if (finding.detector.id === RISK_DETECTOR) return;
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
