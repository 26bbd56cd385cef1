// Keeps up to date what each finding's place among the others comes to: its score and its proposed
// incident. After each change the days around it are grouped anew, as a whole; only differences are written.
import type { OpenPaging } from "../paging/open.ts";
import type { DetectorRecord } from "../store/detector-record.ts";
import type { Finding } from "../store/finding.ts";
import type { Grouping } from "../store/proposal.ts";
import { PROPOSAL_KIND } from "../store/proposal.ts";
import type { Store } from "../store/store.ts";
import { dayOf, dayStart } from "./days.ts";
import { changeFinding, countDays, recordOf, rescoreDay, settleDays } from "./detector-records.ts";
import type { FindingFact } from "./facts.ts";
import { createFindingMemory, type FindingMemory } from "./finding-memory.ts";
import { groupFindings } from "./grouping.ts";
import { type Neighbourhood, neighbourhoodOf } from "./neighbourhood.ts";
import { type ProposalTexts, proposalsOf, writeProposals } from "./proposals.ts";
import { decisionsIn, type Region, regionOf } from "./region.ts";
import { keptContext, rescore } from "./score.ts";
import { type Place, type Surroundings, surroundingsOf } from "./surroundings.ts";

const WRITES_AT_ONCE = 64;
const PROPOSALS_CHECKED_MAX = 1000;
const ROUNDS_MAX = 3;

export interface OutlookOptions extends ProposalTexts {
  readonly isCriticalHost: (host: string) => boolean;
  readonly openPaging?: OpenPaging;
}

export interface Outlook {
  /** Brings up to date what depends on these findings, which are given as they are stored. */
  refresh(tenant: string, changed: readonly Finding[]): Promise<void>;
  /** The same for the findings of these times, ms UTC: after a decision of people. */
  regroup(tenant: string, times: readonly number[]): Promise<void>;
  /** Somebody else may have written findings meanwhile: all is read from the store anew. */
  forget(): void;
}

interface Parts {
  readonly store: Store;
  readonly memory: FindingMemory;
  /** Tenant and detector → record, as it was last read. */
  readonly records: Map<string, DetectorRecord | undefined>;
  readonly options: OutlookOptions;
}

interface Change {
  /** That findings begin on now, or began on before. */
  readonly days: ReadonlySet<number>;
  readonly findings: readonly Finding[];
  /** Proposed incidents that have to be written anew. */
  readonly proposals: Set<string>;
  /** Detector → days elsewhere whose findings it has scored anew. */
  readonly settled: Map<string, readonly number[]>;
}

export function createOutlook(store: Store, options: OutlookOptions): Outlook {
  const parts: Parts = {
    ...{ store, options },
    memory: createFindingMemory(store),
    records: new Map(),
  };
  return {
    forget() {
      parts.memory.forget();
      parts.records.clear();
    },
    async refresh(tenant, findings) {
      if (findings.length === 0) return;
      const days = new Set(
        findings.flatMap(({ firstEventAt, leftDays = [] }) => [dayOf(firstEventAt), ...leftDays]),
      );
      await refreshDays(tenant, parts, {
        days,
        findings,
        proposals: new Set(),
        settled: new Map(),
      });
    },
    async regroup(tenant, times) {
      if (times.length === 0) return;
      const days = new Set(times.map(dayOf));
      await refreshDays(tenant, parts, {
        days,
        findings: [],
        proposals: new Set(),
        settled: new Map(),
      });
    },
  };
}

async function refreshDays(tenant: string, parts: Parts, change: Change): Promise<void> {
  const { store, memory, options } = parts;
  for (let round = 1; ; round += 1) {
    const region = await regionOf(store, tenant, change.days);
    await readFindings(tenant, parts, region, change);
    await writeRegion(tenant, parts, region, change);
    // People may have decided something meanwhile, and have grouped by what stood here before.
    const after = await decisionsIn(store, tenant, region.all);
    if (idsOf(after) === idsOf(region.decisions) || round >= ROUNDS_MAX) break;
    memory.forget();
  }
  await writeProposals(store, tenant, [...change.proposals], options);
  // The last of all writes: until then a crash leaves notes of what is still to be done.
  for (const [detector, days] of change.settled) await settleDays(store, tenant, detector, days);
  await forgetLeftDays(tenant, parts, change);
}

function idsOf(decisions: readonly Grouping[]): string {
  return decisions.map(({ id }) => id).join("\n");
}

/** Brings the region's facts up to date; finds what a crash may have left of proposed incidents. */
async function readFindings(
  tenant: string,
  { store, memory }: Parts,
  region: Region,
  change: Change,
): Promise<void> {
  const read = await memory.load(tenant, region.all);
  memory.take(tenant, change.findings);
  for (const proposal of proposalsOf(change.findings)) change.proposals.add(proposal);
  for (const day of read) {
    const page = await store.search(tenant, PROPOSAL_KIND, {
      ranges: { firstEventAt: { gte: dayStart(day), lt: dayStart(day + 1) } },
      sort: [{ field: "firstEventAt", order: "asc" }],
      limit: PROPOSALS_CHECKED_MAX,
    });
    const written = new Set(page.hits.map(({ id }) => id));
    for (const id of written) change.proposals.add(id);
    const named = proposalsOf(memory.facts(tenant, [day])).filter((id) => !written.has(id));
    for (const id of named.slice(0, PROPOSALS_CHECKED_MAX)) change.proposals.add(id);
  }
}

async function writeRegion(
  tenant: string,
  parts: Parts,
  region: Region,
  change: Change,
): Promise<void> {
  const facts = parts.memory.facts(tenant, region.all);
  const around = neighbourhoodOf(facts);
  const due = await countDetectors(tenant, parts, region, around, change);
  const members = groupFindings(facts, around, region.decisions);
  const own = facts.filter(({ day }) => region.own.has(day));
  const look = async (asked: readonly FindingFact[]): Promise<Surroundings> => {
    await readRecords(tenant, parts, asked);
    return surroundingsOf(facts, around, members, (id) => parts.records.get(`${tenant}\n${id}`));
  };
  const outdated = (asked: readonly FindingFact[], { placeOf, isUpToDate }: Surroundings) =>
    asked.filter((fact) => !isUpToDate(fact, placeOf(fact)));
  const wrong = outdated(own, await look(own));
  // What is written rests on records as they are now, not as they were when the day was read.
  for (const { detector } of wrong) parts.records.delete(`${tenant}\n${detector}`);
  await writePlaces(tenant, parts, wrong, await look(wrong), change);
  for (const { id } of change.findings) {
    const proposal = members.get(id);
    if (proposal !== undefined) change.proposals.add(proposal);
  }
  const { openPaging } = parts.options;
  for (const [detector, days] of due) {
    for (const day of days) {
      const rescored = await rescoreDay(parts.store, tenant, detector, day, openPaging);
      const { changed, proposals } = rescored;
      parts.memory.take(tenant, changed);
      for (const proposal of proposals) change.proposals.add(proposal);
    }
    change.settled.set(detector, days);
  }
}

/**
 * Writes down how often the detectors of changed findings fired: on all days that were read, so that nothing
 * wrong stays beside what changed.
 * @returns days whose findings are to be scored anew, by detector
 */
async function countDetectors(
  tenant: string,
  { store, records }: Parts,
  { own, all }: Region,
  around: Neighbourhood,
  change: Change,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const detectors = new Set(change.findings.map(({ detector }) => detector.id));
  const counts = new Map(
    [...detectors].map((detector) => [
      detector,
      [...all].map((day) => ({ day, ...around.detectorDay({ detector, day }) })),
    ]),
  );
  for (const detector of detectors) records.delete(`${tenant}\n${detector}`);
  return countDays(store, tenant, counts, own);
}

async function readRecords(
  tenant: string,
  { store, records }: Parts,
  facts: readonly FindingFact[],
): Promise<void> {
  for (const detector of new Set(facts.map((fact) => fact.detector))) {
    const key = `${tenant}\n${detector}`;
    if (!records.has(key)) records.set(key, await recordOf(store, tenant, detector));
  }
}

async function writePlaces(
  tenant: string,
  { store, memory, options }: Parts,
  wrong: readonly FindingFact[],
  { placeOf }: Surroundings,
  change: Change,
): Promise<void> {
  for (let at = 0; at < wrong.length; at += WRITES_AT_ONCE) {
    const written = await Promise.all(
      wrong.slice(at, at + WRITES_AT_ONCE).map(async (fact) => {
        const place = placeOf(fact);
        for (const one of [fact.proposal, place.proposal]) {
          if (one !== undefined) change.proposals.add(one);
        }
        return changeFinding(store, tenant, fact.id, (finding) => {
          const placed = withPlace(finding, place, options.isCriticalHost);
          return options.openPaging?.(placed, finding) ?? placed;
        });
      }),
    );
    memory.take(
      tenant,
      written.filter((finding) => finding !== undefined),
    );
  }
}

function withPlace(
  finding: Finding,
  place: Place,
  isCriticalHost: (host: string) => boolean,
): Finding {
  const { proposal, ...rest } = finding;
  const next: Finding = place.proposal === undefined ? rest : { ...rest, proposal: place.proposal };
  const { tacticsOfEntity = [] } = keptContext(finding);
  return rescore(next, {
    tacticsOfEntity: place.tactics ?? tacticsOfEntity,
    criticalAsset: finding.entities.some(
      ({ type, value }) => type === "host" && isCriticalHost(value),
    ),
    judged: place.judged,
    rarity: place.rarity,
    liked: place.liked,
  });
}

async function forgetLeftDays(
  tenant: string,
  { store }: Parts,
  { days, findings }: Change,
): Promise<void> {
  const moved = findings.filter(({ leftDays }) => leftDays !== undefined);
  for (let at = 0; at < moved.length; at += WRITES_AT_ONCE) {
    await Promise.all(
      moved.slice(at, at + WRITES_AT_ONCE).map(({ id }) =>
        changeFinding(store, tenant, id, ({ leftDays = [], ...finding }) => {
          const left = leftDays.filter((day) => !days.has(day));
          return left.length === 0 ? finding : { ...finding, leftDays: left };
        }),
      ),
    );
  }
}
