// Writes the documents of proposed incidents from the findings that name them, as they are stored. Whoever
// changes such a finding has its proposed incident written anew; one without findings is removed.
import { isAppError } from "../../config/errors.ts";
import type { DetectorRecord } from "../store/detector-record.ts";
import type { Finding } from "../store/finding.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import { PROPOSAL_FINDINGS_MAX, PROPOSAL_KIND, type Proposal } from "../store/proposal.ts";
import type { Store } from "../store/store.ts";
import { dayOf } from "./days.ts";
import { recordOf } from "./detector-records.ts";
import { isBurst } from "./grouping.ts";
import type { SummaryLanguage } from "./messages.ts";
import { isNoisyDay } from "./neighbourhood.ts";
import { tellProposal } from "./proposal-story.ts";

const CONFLICT_RETRIES_MAX = 5;
/** One detector's findings are alike: a few stand for all. */
const BURST_FINDINGS_READ = 40;
const AT_ONCE = 32;

export interface ProposalTexts {
  /** IANA zone in which a tenant's stories tell times. */
  readonly timeZoneOf: (tenant: string) => string;
  readonly language: SummaryLanguage;
}

/** Ids of the proposed incidents that findings belong to. */
export function proposalsOf(findings: readonly Pick<Finding, "proposal">[]): string[] {
  return [...new Set(findings.flatMap(({ proposal }) => proposal ?? []))];
}

/** Writes the proposed incidents of these ids anew. */
export async function writeProposals(
  store: Store,
  tenant: string,
  ids: readonly string[],
  texts: ProposalTexts,
): Promise<void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(
      ids.slice(at, at + AT_ONCE).map((id) => writeProposal(store, tenant, id, texts)),
    );
  }
}

// Read before its findings: what is written never rests on an older state than what it replaces.
async function writeProposal(
  store: Store,
  tenant: string,
  id: string,
  texts: ProposalTexts,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(tenant, PROPOSAL_KIND, id);
    const next = await makeProposal(store, tenant, id, texts);
    try {
      if (next === undefined) {
        if (current !== undefined) await store.remove(tenant, PROPOSAL_KIND, id);
      } else if (current === undefined) await store.create(tenant, PROPOSAL_KIND, id, next);
      else if (JSON.stringify(current.document) !== JSON.stringify(next)) {
        await store.replace(tenant, PROPOSAL_KIND, id, next, current.version);
      }
      return;
    } catch (error) {
      const isRace = ["HW_CONFLICT", "HW_EXISTS", "HW_NOT_FOUND"] as const;
      if (!isRace.some((code) => isAppError(error, code)) || attempt >= CONFLICT_RETRIES_MAX) {
        throw error;
      }
    }
  }
}

async function makeProposal(
  store: Store,
  tenant: string,
  id: string,
  { timeZoneOf, language }: ProposalTexts,
): Promise<Proposal | undefined> {
  const terms = { proposal: [id] };
  const type = isBurst(id) ? "burst" : "chain";
  const page = await store.search(tenant, FINDING_KIND, {
    terms,
    sort: [
      { field: "score", order: "desc" },
      { field: "firstEventAt", order: "asc" },
    ],
    limit: type === "burst" ? BURST_FINDINGS_READ : PROPOSAL_FINDINGS_MAX,
  });
  if (page.total === 0) return undefined;
  const open = await store.search(tenant, FINDING_KIND, {
    terms: { ...terms, status: ["new", "in_progress"], quiet: ["none"], declared: [false] },
    sort: [],
    limit: 1,
  });
  const members = page.hits.map((hit) => hit.document);
  const isNoise = type === "burst" ? () => true : await noiseAmong(store, tenant, members);
  return tellProposal(
    { id, tenant, type, members, isNoise, findingCount: page.total, openCount: open.total },
    { timeZone: timeZoneOf(tenant), language },
  );
}

async function noiseAmong(
  store: Store,
  tenant: string,
  members: readonly Finding[],
): Promise<(finding: Finding) => boolean> {
  const records = new Map<string, DetectorRecord | undefined>();
  for (const { detector } of members) {
    if (!records.has(detector.id)) {
      records.set(detector.id, await recordOf(store, tenant, detector.id));
    }
  }
  return ({ detector, firstEventAt }) => {
    const days = records.get(detector.id)?.days ?? [];
    const day = days.find((one) => one.day === dayOf(firstEventAt));
    return day !== undefined && isNoisyDay(day);
  };
}
